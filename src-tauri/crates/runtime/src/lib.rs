//! Runs what the engine decides.
//!
//! Here: workers (the Think–Act–Observe loop), judges, the outbox executor, the keeper of times, and the
//! desk through which people act. Everything is a loop over stored state: killing the process anywhere
//! loses nothing but time. Never here: SQL, HTTP, a provider's wire format, or a rule (policy has those).

mod act;
mod desk;
mod error;
mod failing;
mod house;
mod judging;
mod parts;
mod planning;
mod recalling;
mod records;
mod replanning;
mod run;
mod runtime;
mod services;
mod standing_out;
mod worker;

pub use chimera_crew::Bounds;
pub use chimera_guard::mask_records;
/// The SOUL.md of the agent that a newcomer may begin with.
pub use chimera_skills::starter::SOUL as STARTER_SOUL;
/// Who pays for a question to a model.
pub use chimera_spending::Account;
pub use desk::{
    Caller, DecisionInput, DecisionOutcome, EditCheck, FeedProbe, FleetGauge, NewCampaign,
    Reconciliation, ReplayLimits, Seen, SoulDiagnostic, SoulField, opened_feed_files,
};
pub use error::{ErrorKind, RuntimeError};
pub use parts::Parts;
pub use runtime::Runtime;
pub use worker::{Hands, Question, Spent, think};
