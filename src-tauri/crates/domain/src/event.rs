//! Facts for whoever watches: a numbered log that windows resume from (style 13).
//!
//! Never here: agent activity, which is a sampled gauge.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    id::{AgentId, AlertId, CampaignId, EffectId, ReviewId, TaskId, TenantId},
    role::Actor,
    time::Timestamp,
};

/// What happened.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fact {
    /// A campaign was made, changed its status, or its plan changed.
    CampaignChanged {
        /// Which.
        campaign: CampaignId,
        /// Its status now.
        status: String,
    },
    /// A task changed its state.
    TaskChanged {
        /// Which.
        task: TaskId,
        /// Its campaign.
        campaign: CampaignId,
        /// Its state now.
        state: String,
    },
    /// A review was opened, claimed, decided or expired.
    ReviewChanged {
        /// Which.
        review: ReviewId,
        /// Its campaign.
        campaign: CampaignId,
        /// Its state now.
        state: String,
    },
    /// An outward action was held, released, sent, undone or failed.
    EffectChanged {
        /// Which.
        effect: EffectId,
        /// The task behind it.
        task: TaskId,
        /// Its state now.
        state: String,
    },
    /// A persona has a new version.
    PersonaChanged {
        /// Whose.
        agent: AgentId,
        /// Its number.
        number: u32,
    },
    /// A person should know.
    AlertRaised {
        /// Which.
        alert: AlertId,
        /// Stable code.
        code: String,
        /// One line.
        title: String,
    },
    /// Settings, connections or people changed.
    SettingsChanged {
        /// What, for example `connections`.
        area: String,
    },
}

/// A fact with its number, author and time.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Number in the log of this installation; rises without gaps. Zero until the store numbers it.
    pub seq: u64,
    /// Owner of the row.
    pub tenant: TenantId,
    /// Who caused it.
    pub actor: Actor,
    /// When.
    pub at: Timestamp,
    /// What.
    pub fact: Fact,
}
