//! An item that waits for a person, and what the person decides (requirements §11.3, GOV-09, GOV-10).
//!
//! Never here: the queue's order (policy) or its screen.

use chimera_canon::Digest;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    confidence::Confidence,
    id::{AgentId, ArtifactId, CampaignId, ReviewId, TaskId, TenantId, UserId, VersionId},
    platform::Platform,
    time::Timestamp,
    verdict::{Finding, RiskCategory},
};

/// Why a person rejects (GOV-21); the queue's default is used for a bare key press (C50).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RejectReason {
    /// Not how this persona speaks.
    OffBrand,
    /// Says something untrue or unproven.
    FactualError,
    /// Should not be said at all.
    Inappropriate,
    /// Hurts people of a culture or group.
    CulturalInsensitivity,
    /// Uses somebody else's work.
    Copyright,
    /// Something else; a note says what.
    Other,
}

impl RejectReason {
    /// Every reason, in the order of its digit on the keyboard (1…6).
    pub const ALL: [Self; 6] = [
        Self::OffBrand,
        Self::FactualError,
        Self::Inappropriate,
        Self::CulturalInsensitivity,
        Self::Copyright,
        Self::Other,
    ];

    /// The reason in words, as handed to the next attempt.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::OffBrand => "off-brand tone",
            Self::FactualError => "factual error",
            Self::Inappropriate => "inappropriate",
            Self::CulturalInsensitivity => "cultural insensitivity",
            Self::Copyright => "copyright",
            Self::Other => "other",
        }
    }
}

/// Where a review stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReviewState {
    /// Waits.
    Open,
    /// Waits for somebody with more say.
    Escalated,
    /// Let go.
    Approved,
    /// Let go after an edit.
    Edited,
    /// Sent back.
    Rejected,
    /// Nobody decided in time; counts as rejected (C22).
    Expired,
    /// No longer needed: the task was called off.
    Withdrawn,
}

impl ReviewState {
    /// The word in the store and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Escalated => "escalated",
            Self::Approved => "approved",
            Self::Edited => "edited",
            Self::Rejected => "rejected",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
        }
    }
    /// Whether a decision may still be taken.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Escalated)
    }
}

/// Why the task came to a person at all.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReviewBand {
    /// 0.70 ≤ c ≤ 0.90, medium risk or a sensitive topic: the agent goes on with other things.
    Queue,
    /// 0.50 ≤ c < 0.70: dependents wait, drawn as High Attention.
    MustApprove,
    /// Sent back three times; a person takes over.
    Exhausted,
}

/// A claim on a review: who looks at it, and until when.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Who.
    pub by: UserId,
    /// Until when.
    pub until: Timestamp,
}

/// What is shown of the content in lists.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContentPreview {
    /// `text`, `image` or `video`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The text, whole.
    pub text: String,
}

/// An item in the review queue.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// Key.
    pub review_id: ReviewId,
    /// Owner of the row.
    pub tenant_id: TenantId,
    /// Its campaign.
    pub campaign_id: CampaignId,
    /// The task.
    pub task_id: TaskId,
    /// The agent in whose name it would act.
    pub agent_id: AgentId,
    /// What is to be decided.
    pub artifact_id: ArtifactId,
    /// What lists show.
    pub content_preview: ContentPreview,
    /// Where it would go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    /// The score that counts.
    pub confidence_score: Confidence,
    /// The maker's estimate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worker_confidence: Option<Confidence>,
    /// The judge's score.
    pub judge_confidence: Confidence,
    /// Risk.
    pub risk_category: RiskCategory,
    /// Why it is here.
    pub band: ReviewBand,
    /// Why it is here, in words.
    pub reason_for_escalation: Vec<String>,
    /// Findings with their places in the text.
    pub findings: Vec<Finding>,
    /// True when text from outside flowed into it.
    pub tainted: bool,
    /// True when the rehearsal model wrote it, which is not an AI.
    pub rehearsal: bool,
    /// What may be done: `approve`, `edit`, `reject`.
    pub suggested_actions: Vec<String>,
    /// Digest of what is shown; a decision names it.
    #[schemars(with = "String")]
    pub shown: Digest,
    /// Order in the queue, higher first: risk × reach × time to publish.
    pub priority: u32,
    /// Where it stands.
    pub state: ReviewState,
    /// Who looks at it now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<Claim>,
    /// Who decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<UserId>,
    /// When it was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<Timestamp>,
    /// The decider's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Why it was rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reject_reason: Option<RejectReason>,
    /// When it came here.
    pub created_at: Timestamp,
    /// When it expires; expiry denies.
    pub expires_at: Timestamp,
    /// Row version.
    pub version: VersionId,
}
