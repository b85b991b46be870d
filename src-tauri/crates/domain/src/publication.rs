//! Content, publications and engagement as S4's tables have them.
//!
//! Never here: how figures are fetched.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    id::{AgentId, CampaignId, ContentId, EngagementId, PublicationId, TaskId, TenantId},
    platform::Platform,
    time::Timestamp,
    trend::EngagementMetrics,
};

/// Where a piece of content stands (CRE-08).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ContentStatus {
    /// Written, not decided.
    Draft,
    /// Being made.
    Generating,
    /// Decided; waits to leave.
    Ready,
    /// Out.
    Published,
    /// Given up.
    Failed,
}

/// A piece of content (S4 `content`).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Content {
    /// Key.
    pub id: ContentId,
    /// Owner of the row.
    pub tenant: TenantId,
    /// Its campaign.
    pub campaign: CampaignId,
    /// The task that made it.
    pub task: TaskId,
    /// `text`, `image` or `video`.
    pub kind: String,
    /// The text or script.
    pub script: String,
    /// The persona's style in a word.
    pub style: Option<String>,
    /// File, for media.
    pub local_path: Option<String>,
    /// Includes the tag of GOV-13: made by an AI, or by the rehearsal, which is none.
    pub metadata: Value,
    /// Where it stands.
    pub status: ContentStatus,
    /// The trend that inspired it.
    pub trend_id: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Where a publication stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PublicationStatus {
    /// Waits for its time.
    Scheduled,
    /// Out.
    Published,
    /// Did not go out.
    Failed,
}

/// A post that left, or is about to (S4 `publications`).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Publication {
    /// Key.
    pub id: PublicationId,
    /// Owner of the row.
    pub tenant: TenantId,
    /// In whose name.
    pub agent: AgentId,
    /// Its campaign.
    pub campaign: CampaignId,
    /// The task behind it.
    pub task: TaskId,
    /// What was published.
    pub content: ContentId,
    /// Where.
    pub platform: Platform,
    /// The network's id.
    pub post_id: Option<String>,
    /// Where it can be seen.
    pub url: Option<String>,
    /// First line, for lists.
    pub title: String,
    /// The whole text.
    pub description: String,
    /// Tags.
    pub tags: Vec<String>,
    /// When it went out.
    pub published_at: Option<Timestamp>,
    /// When it is due.
    pub scheduled_at: Option<Timestamp>,
    /// Where it stands.
    pub status: PublicationStatus,
    /// True when the rehearsal model wrote it, which is not an AI.
    pub rehearsal: bool,
}

/// One reading of a publication's figures (S4 `engagement`).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Engagement {
    /// Key.
    pub id: EngagementId,
    /// Owner of the row.
    pub tenant: TenantId,
    /// What was measured.
    pub publication: PublicationId,
    /// What was published.
    pub content: ContentId,
    /// Figures the network gives.
    pub metrics: EngagementMetrics,
    /// True when the network says that it made them up.
    pub simulated: bool,
    /// When they were read.
    pub recorded_at: Timestamp,
}
