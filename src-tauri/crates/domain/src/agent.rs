//! An agent as a row: persona, wallet address, and three separate fields of state (C37).
//!
//! Never here: a process or a thread; an agent is data.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    id::{AgentId, PersonaVersionId, TenantId, VersionId},
    time::Timestamp,
};

/// What an agent is doing (UI-01). Derived from its tasks; a sampled gauge, never an event.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Activity {
    /// A plan is being made.
    Planning,
    /// A worker prepares something.
    Working,
    /// A judge looks at something.
    Judging,
    /// Nothing to do; costs a row.
    Sleeping,
}

/// Whether an agent may work.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Control {
    /// It may.
    Running,
    /// A person paused it, or failures that did not end.
    Paused,
    /// A person stopped it.
    Stopped,
}

impl Control {
    /// Lower-case word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Stopped => "stopped",
        }
    }
}

/// An agent.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Agent {
    /// Key.
    pub id: AgentId,
    /// Owner of the row.
    pub tenant: TenantId,
    /// Name as people see it.
    pub name: String,
    /// Where its SOUL.md is kept, relative to the persona folder (S1 `soul_link`).
    pub soul_link: String,
    /// Public address of its wallet, when it has one.
    pub wallet_address: Option<String>,
    /// The persona version in force.
    pub persona_version: PersonaVersionId,
    /// Whether it may work.
    pub control: Control,
    /// Row version.
    pub version: VersionId,
    /// When it was made.
    pub created_at: Timestamp,
}
