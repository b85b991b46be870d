//! Lines of the ledger: one for each call of a model, whatever came of it.
//!
//! Never here: sums (`campaign`, `swarm`) and prices (`price`).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::scalar::{Id, Time, Usd};

/// What a model was asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallRole {
    /// A plan, or another way when a step failed.
    Planner,
    /// To read feeds and choose.
    Researcher,
    /// A post.
    Drafter,
    /// A judgement on what a worker made.
    Judge,
    /// A judgement on a person's edit.
    EditCheck,
    /// One word, to see whether it answers.
    Probe,
    /// To find memories by their meaning.
    Embedder,
}

/// How a call ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallOutcome {
    /// With an answer that could be used.
    Answered,
    /// With an answer that could not.
    Unusable,
    /// It was not sent, or was turned away before anything was written: it costs nothing.
    Refused,
    /// The provider broke down over it.
    Failed,
    /// No answer in time.
    TimedOut,
    /// The answer broke off.
    Cut,
    /// Nobody waited for the answer any more.
    Stopped,
    /// The process ended meanwhile.
    Lost,
}

/// Tokens as the provider told them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct CallTokens {
    /// Read.
    pub input: u64,
    /// Of those, from the provider's cache.
    pub cached: u64,
    /// Written.
    pub output: u64,
}

/// A line of the ledger.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct ModelCall {
    /// Key.
    pub id: Id,
    /// The task that it was for; absent for planning in draft.
    pub task: Option<Id>,
    /// What was asked for.
    pub role: CallRole,
    /// Provider's name.
    pub provider: String,
    /// Model's name.
    pub model: String,
    /// True for the built-in rehearsal model, which is not an AI.
    pub rehearsal: bool,
    /// Tokens; absent when the provider did not tell.
    pub tokens: Option<CallTokens>,
    /// What it cost; absent when nobody knows.
    pub cost: Option<Usd>,
    /// What it counts against caps: its cost, or else the most that it could cost.
    pub counted: Usd,
    /// How it ended.
    pub outcome: CallOutcome,
    /// Code of the failure, if it was one.
    pub fault: Option<String>,
    /// When it was asked; it counts on that UTC day.
    pub started_at: Time,
    /// When it ended.
    pub ended_at: Time,
}
