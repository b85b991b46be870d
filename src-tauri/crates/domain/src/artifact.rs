//! What a worker prepared for the judge (requirements §11.2).
//!
//! Never here: a judgement of it.

use chimera_canon::Digest;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    action::OutwardAction,
    confidence::Confidence,
    id::{AgentId, ArtifactId, AttemptId, CampaignId, TaskId, TenantId},
    money::Usd,
    platform::Platform,
    time::Timestamp,
};

/// Where a piece of content came from; drawn as its left edge on every screen.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Origin {
    /// A person wrote it.
    Operator,
    /// SOUL.md says it.
    Persona,
    /// The agent remembers it.
    Memory,
    /// A tool returned it.
    Tool {
        /// `server.tool`.
        tool: String,
    },
    /// Somebody outside wrote it.
    Untrusted {
        /// Where it was read, for example a URL.
        source: String,
    },
    /// A model wrote it.
    Model,
}

/// Something an artifact was built from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceRef {
    /// Where it came from.
    pub origin: Origin,
    /// Headline for people. May be untrusted text.
    pub title: String,
    /// Where to read it, when there is such a place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What of it was used. May be untrusted text.
    #[serde(default)]
    pub excerpt: String,
    /// When it was read.
    pub fetched_at: Timestamp,
}

/// What kind of thing an artifact is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ArtifactType {
    /// A finding: trends and what matters in them.
    TrendReport,
    /// A post's text.
    Caption,
    /// A prepared post, ready to be decided.
    PostIntent,
}

impl ArtifactType {
    /// Whether it is words that a person may write anew; a report of findings is not.
    #[must_use]
    pub const fn is_text(self) -> bool {
        match self {
            Self::TrendReport => false,
            Self::Caption | Self::PostIntent => true,
        }
    }
}

/// How an artifact came to be.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GenerationMetadata {
    /// Model, or `skill:<name>` where no model was asked.
    pub model: String,
    /// Version of the instructions.
    pub prompt_version: String,
    /// Tokens read.
    pub input_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
    /// What the calls cost by the price table.
    pub cost: Usd,
    /// True when no price is known for a model that was asked: what it cost is then not known, which is not zero.
    #[serde(default)]
    pub unpriced: bool,
    /// True when the built-in rehearsal model made it, which is not an AI.
    pub rehearsal: bool,
    /// The tag of GOV-13 on everything generated.
    pub generated_by: String,
}

/// What a worker prepared.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Artifact {
    /// Key.
    pub artifact_id: ArtifactId,
    /// Owner of the row.
    pub tenant_id: TenantId,
    /// Its campaign.
    pub campaign_id: CampaignId,
    /// The task it fulfils.
    pub task_id: TaskId,
    /// Who made it.
    pub agent_id: AgentId,
    /// The attempt that made it; absent for a person's edit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt_id: Option<AttemptId>,
    /// The artifact that a person edited into this one (GOV-09).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_from: Option<ArtifactId>,
    /// What kind of thing it is.
    pub artifact_type: ArtifactType,
    /// Its content; for a caption `{text, hashtags}`.
    pub payload: Value,
    /// The outward action that it prepares, for an intent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<OutwardAction>,
    /// Where it is meant to go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    /// What it was built from.
    pub sources: Vec<SourceRef>,
    /// The maker's own estimate (GOV-01); absent where nothing was estimated, as for a person's edit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence_score: Option<Confidence>,
    /// How it came to be.
    pub generation_metadata: GenerationMetadata,
    /// The campaign's state version when work began (ORC-07).
    pub state_snapshot_version: i64,
    /// Digest of type, payload and action.
    #[schemars(with = "String")]
    pub digest: Digest,
    /// When it was made.
    pub created_at: Timestamp,
}
