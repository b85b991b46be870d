//! Planning again: from what failed to a change of the plan (ORC-03).
//!
//! Never here: prices, or checking the graph.

use chimera_domain::{platform::Platform, replan::FailedStep, task::TaskKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::plan::{PlanFacts, PlannedStep};

/// A step of the plan in force, and how it stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StandingStep {
    /// Key within the plan.
    pub key: String,
    /// One line for people.
    pub title: String,
    /// What kind of work.
    pub kind: TaskKind,
    /// Where its result is meant to go.
    #[serde(default)]
    pub platform: Option<Platform>,
    /// The feeds that it is confined to; empty when it may read all.
    #[serde(default)]
    pub feeds: Vec<String>,
    /// Keys of the steps whose results it needs.
    pub needs: Vec<String>,
    /// `blocked`, `ready`, `working`, `judging`, `reviewing`, `releasing`, `completed`, `failed`, `cancelled` or
    /// `timed_out`.
    pub state: String,
    /// Nobody has begun it: it may be given other needs.
    pub is_open_to_change: bool,
    /// It may be taken out of the plan: nobody has begun it, and no person wrote it.
    pub may_be_pruned: bool,
}

impl StandingStep {
    /// Whether its result is there or still to come.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        !matches!(self.state.as_str(), "failed" | "cancelled" | "timed_out")
    }
}

/// What a planner knows when steps failed for good.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ReplanFacts {
    /// What it knew for the first plan; the networks are those that are connected now.
    pub brief: PlanFacts,
    /// The plan in force.
    pub steps: Vec<StandingStep>,
    /// What failed and waits for an answer.
    pub failed: Vec<FailedStep>,
    /// What failed before, and was answered with another plan.
    #[serde(default)]
    pub earlier: Vec<FailedStep>,
    /// How often the plan may still be changed after this time.
    pub rounds_left: u32,
    /// Why the last answer could not be used.
    #[serde(default)]
    pub refused: Option<String>,
}

/// A step that stays and builds on others from now on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RewiredStep {
    /// Its key.
    pub step: String,
    /// Keys of all the steps whose results it needs from now on.
    pub needs: Vec<String>,
}

/// A change of the plan as a model proposes it. Nothing pruned, inserted and rewired says that there is nothing
/// better to do.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplanAnswer {
    /// What is done instead and why, or why nothing can be done, in a sentence or two for people.
    pub rationale: String,
    /// Keys of steps to take out, none of them begun.
    pub prune: Vec<String>,
    /// New steps, under keys that the plan does not have.
    pub insert: Vec<PlannedStep>,
    /// Steps that stay and need other results than before.
    pub rewire: Vec<RewiredStep>,
}

impl ReplanAnswer {
    /// Whether it changes nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.prune.is_empty() && self.insert.is_empty() && self.rewire.is_empty()
    }
}
