//! Degraded mode: what does not work at the moment, what waits for it, and what goes on.
//!
//! Never here: figures of the fleet (`swarm`), or a fault of one step.

use serde::Serialize;
use utoipa::ToSchema;

use crate::scalar::{Id, Time};

/// What a trouble is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The disk that the database lies on, or the database itself.
    Disk,
    /// The AI provider.
    Model,
    /// An MCP server.
    Server,
    /// The system's keychain.
    Keychain,
    /// An agent that was paused.
    Agent,
}

/// Something that does not work at the moment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct Trouble {
    /// What it is about.
    pub part: Part,
    /// Stable code of its cause.
    pub code: String,
    /// What does not work, in a few words without a full stop: "No model answers".
    pub what: String,
    /// Since when, where it is known.
    pub since: Option<Time>,
    /// What waits meanwhile, as a sentence.
    pub waits: String,
    /// What goes on, as a sentence.
    pub goes_on: String,
    /// The cause and what to do, in the words of whoever failed.
    pub detail: String,
    /// When it is tried again by itself; null where a person must act.
    pub next_try: Option<Time>,
    /// The agent, for one that was paused.
    pub agent: Option<Id>,
}

/// What works and what does not. It clears by itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct Status {
    /// True while there is any trouble.
    pub degraded: bool,
    /// By part.
    pub troubles: Vec<Trouble>,
    /// When it was looked at.
    pub at: Time,
}
