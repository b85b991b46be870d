//! The Planner–Worker–Judge state machine.
//!
//! (board, command, now, ids) → changes. Pure: no input or output, no clock, no randomness; the same
//! arguments always give the same change set, which is what replay rests on. One transition a file under
//! `transitions/`, one campaign command a file under `campaign/`, plan editing under `plan`, a change of a plan in force under `merge`.
//!
//! Never here: storing, calling, waiting, or asking a model.

mod campaign;
mod command;
mod given;
pub mod merge;
#[cfg(test)]
mod mutation;
mod new_task;
pub mod plan;
mod refusal;
mod review_item;
mod step;
mod transitions;

pub use campaign::{CampaignCommand, decide_campaign};
pub use command::{AnotherPlan, Command, Resolution};
pub use given::Given;
pub use refusal::Refusal;
pub use transitions::{Decided, decide, why_no_replay};
