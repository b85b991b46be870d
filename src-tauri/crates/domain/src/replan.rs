//! Planning again: what failed for good, and the open request for another way (ORC-03, C01).
//!
//! The request stands on the campaign, so that every failure and every answer is compared and swapped on one
//! row: no failure is overlooked, and no two plans are made at once. Never here: making another plan.

use serde::{Deserialize, Serialize};

use crate::{
    fault::{Fault, FaultClass},
    id::TaskId,
    money::Usd,
    platform::Platform,
    task::{Task, TaskKind},
};

/// Most times that a campaign is planned again by itself; then a person is told (C01).
pub const MAX_REPLANS: u32 = 3;
/// Most steps that one such change of a plan may add.
pub const MAX_NEW_STEPS: usize = 24;
/// Most that asking for another plan may cost.
pub const MAX_REPLAN_COST: Usd = Usd::from_cents(50);

/// A step that failed for good, as the planner is told of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FailedStep {
    /// The task.
    pub task: TaskId,
    /// Its key in the plan.
    pub step: String,
    /// One line for people.
    pub title: String,
    /// What kind of work it was.
    pub kind: TaskKind,
    /// Where its result was meant to go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    /// The feeds that it was confined to; empty when it could read all of the campaign's.
    #[serde(default)]
    pub feeds: Vec<String>,
    /// Why it failed.
    pub fault: Fault,
    /// Whether a person was told of it when it happened.
    #[serde(default)]
    pub is_told: bool,
}

impl FailedStep {
    /// What a task failed with.
    #[must_use]
    pub fn of(task: &Task, fault: Fault, is_told: bool) -> Self {
        Self {
            task: task.id,
            step: task.line().to_owned(),
            title: task.title.clone(),
            kind: task.kind,
            platform: task.platform,
            feeds: task.feeds(),
            fault,
            is_told,
        }
    }

    /// Whether a person is to be told of it once there is no other way: what the input is to blame for is said
    /// when the campaign ends.
    #[must_use]
    pub fn is_untold_news(&self) -> bool {
        !self.is_told && self.fault.class != FaultClass::Validation
    }
}

/// Another plan is being sought; while this stands, nothing that depends on the failed steps is called off.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Replanning {
    /// The task in which the planner is asked.
    pub task: TaskId,
    /// Which round it is: 1 to [`MAX_REPLANS`].
    pub round: u32,
    /// What failed, oldest first.
    pub failed: Vec<FailedStep>,
}
