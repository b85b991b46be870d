//! Dead letters: steps that were given up, and having one done again.
//!
//! Never here: the tasks themselves (`task`).

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    plan::TaskKind,
    scalar::{Id, Time},
    swarm::AgentRef,
    task::Fault,
};

/// Whether anything of a step took effect outside.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TookEffect {
    /// Nothing was sent.
    Nothing,
    /// Nobody knows: a person looks at the account.
    Unknown,
}

/// Whether a step can be done again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct Replay {
    /// It can be asked for now.
    pub allowed: bool,
    /// Why it cannot, when that is not for the limits.
    pub refused: Option<String>,
    /// When the limits allow the next one; null for now.
    pub not_before: Option<Time>,
    /// How often it was done again today (UTC); three times is the most.
    pub today: u32,
}

/// A step that was given up.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct DeadLetter {
    /// The task.
    pub task: Id,
    /// Its title.
    pub title: String,
    /// What kind of work it was.
    pub kind: TaskKind,
    /// Its campaign.
    pub campaign: Id,
    /// The campaign's name.
    pub campaign_name: String,
    /// Its agent.
    pub agent: AgentRef,
    /// Why it was given up.
    pub fault: Option<Fault>,
    /// How often it was tried.
    pub tries: u32,
    /// Whether anything took effect.
    pub took_effect: TookEffect,
    /// Its action, when it came so far.
    pub effect: Option<Id>,
    /// Whether it can be done again.
    pub replay: Replay,
    /// When it was given up.
    pub at: Time,
}
