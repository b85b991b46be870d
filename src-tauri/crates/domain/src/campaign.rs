//! A campaign: a goal, its bounds, whether it runs, and what came of it (C38).
//!
//! Never here: its tasks (the engine never loads a whole campaign).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    digest::Digest,
    fault::Fault,
    id::{AgentId, CampaignId, PersonaVersionId, TenantId, UserId, VersionId},
    money::Usd,
    platform::Platform,
    replan::Replanning,
    text::Goal,
    time::Timestamp,
    trace::TraceContext,
};

/// Whether a campaign runs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CampaignStatus {
    /// The plan is under edit; nothing runs.
    Draft,
    /// It runs.
    Active,
    /// It holds still; nothing is assigned, nothing leaves.
    Paused,
    /// Every task has ended, and what it was for was done.
    Completed,
    /// Every task has ended, and nothing that it was for came of it; [`Campaign::fault`] says why. C38 names no
    /// such end; to call it completed would say that something was published.
    Failed,
    /// Called off.
    Cancelled,
}

impl CampaignStatus {
    /// The word in the store and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "DRAFT",
            Self::Active => "ACTIVE",
            Self::Paused => "PAUSED",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
            Self::Cancelled => "CANCELLED",
        }
    }

    /// Nothing follows.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }
}

/// A campaign. Its version changes only when goal, status, cap, policy or persona change, or its plan is sought anew.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Campaign {
    /// Key.
    pub id: CampaignId,
    /// Owner of the row.
    pub tenant: TenantId,
    /// The agent that runs it.
    pub agent: AgentId,
    /// The person who made it.
    pub owner: UserId,
    /// Short name for people.
    pub name: String,
    /// The goal in plain words (S1 `goal_text`).
    pub goal: Goal,
    /// Whether it runs.
    pub status: CampaignStatus,
    /// Most it may spend on one UTC day (S1, C19).
    pub daily_budget: Usd,
    /// Feeds that it reads: URLs or file paths.
    pub feeds: Vec<String>,
    /// Where its posts go.
    pub platforms: Vec<Platform>,
    /// Most posts on one UTC day.
    pub max_posts_per_day: u32,
    /// Lowest relevance, in hundredths, at which a feed item counts (PER-04).
    pub relevance_threshold_percent: u8,
    /// Counts up whenever goal, status, cap, policy or persona change (C31, ORC-07).
    pub state_version: i64,
    /// Why it came to nothing, when it did.
    pub fault: Option<Fault>,
    /// How often another plan was sought after a step failed for good; at most [`crate::replan::MAX_REPLANS`].
    pub replans: u32,
    /// Another plan is being sought now.
    pub replanning: Option<Replanning>,
    /// The policy in force.
    pub policy_version: u32,
    /// The persona in force.
    pub persona_version: PersonaVersionId,
    /// Root of its trace.
    pub trace: TraceContext,
    /// Row version.
    pub version: VersionId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Campaign {
    /// The tag of [`Campaign::judged_by`].
    const JUDGED_BY: &'static str = "chimera.judged.v1";

    /// What of it a judgement depends on: its goal, its persona, its policy. Narrower than `state_version`, which says
    /// whether work that began still counts: a pause or another budget takes work in flight back, and leaves what was
    /// judged as it is (C32).
    #[must_use]
    pub fn judged_by(&self) -> Option<Digest> {
        let told = json!({
            "goal": &*self.goal,
            "persona_version": self.persona_version,
            "policy_version": self.policy_version,
        });
        Digest::of(Self::JUDGED_BY, &told).ok()
    }
}

/// How far a campaign is, counted by the store.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Progress {
    /// Tasks that have not ended.
    pub open: u32,
    /// Tasks done.
    pub completed: u32,
    /// Tasks given up or out of time.
    pub failed: u32,
    /// Tasks called off.
    pub cancelled: u32,
}

/// How a campaign's tasks ended, counted by the store when none is open any more.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Ending {
    /// How its tasks stand.
    pub progress: Progress,
    /// Those of the completed ones that were no work but another plan.
    pub replanned: u32,
    /// Acts on the outside world that it was to perform; a rewrite goes on with the act of what it replaces.
    pub acts: u32,
    /// Those of the plan in force: what planning again took out is not among them.
    pub planned: u32,
    /// Those that were performed.
    pub performed: u32,
    /// The newest failure among its tasks; that of an outward task comes before all others.
    pub fault: Option<Fault>,
}

/// What a person changes of a campaign; what is absent stays as it is.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Amendment {
    /// Short name.
    pub name: Option<String>,
    /// The goal.
    pub goal: Option<Goal>,
    /// Most it may spend on one UTC day.
    pub daily_budget: Option<Usd>,
    /// Most posts on one UTC day.
    pub max_posts_per_day: Option<u32>,
    /// Lowest relevance, in hundredths, at which a feed item counts.
    pub relevance_threshold_percent: Option<u8>,
}
