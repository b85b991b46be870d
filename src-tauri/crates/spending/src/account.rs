//! Who pays for a call.
//!
//! Never here: what is left of it (the ledger knows).

use chimera_domain::{
    campaign::Campaign,
    id::{AttemptId, TaskId},
    money::Usd,
    spend::CallRole,
};

/// Who pays for calls, and how much at most.
#[derive(Clone, Debug)]
pub struct Account {
    /// What is asked for.
    pub role: CallRole,
    /// Whose daily budget binds, if any.
    pub campaign: Option<Box<Campaign>>,
    /// Whose cap binds, over all its attempts.
    pub task: Option<TaskId>,
    /// The run; where there is no task, its calls together have the cap.
    pub attempt: Option<AttemptId>,
    /// What the task, or the run, may cost in all.
    pub cap: Option<Usd>,
    /// How many tokens the task, or the run, may read and write in all.
    pub token_cap: Option<u64>,
}
