//! Campaigns.
//!
//! Never here: plans (`plan`) and tasks (`task`).

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    plan::Platform,
    scalar::{Id, Time, Usd, Version},
    swarm::AgentRef,
    task::Fault,
};

/// Whether a campaign runs (C38).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CampaignStatus {
    /// The plan is under edit; nothing runs.
    Draft,
    /// It runs.
    Active,
    /// It holds still.
    Paused,
    /// Every task has ended, and what it was for was done.
    Completed,
    /// Every task has ended and nothing came of it; `fault` says why.
    Failed,
    /// Called off.
    Cancelled,
}

/// How far a campaign is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Progress {
    /// Tasks that have not ended.
    pub open: u32,
    /// Tasks done.
    pub completed: u32,
    /// Tasks given up or out of time.
    pub failed: u32,
    /// Tasks whose result a person rejected; another one is written in their place, within the policy's bound.
    pub rejected: u32,
    /// Tasks called off.
    pub cancelled: u32,
}

/// What a campaign's model calls cost today (UTC).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct CampaignSpending {
    /// What the calls whose cost is known cost.
    pub spent: Usd,
    /// Calls whose cost is not known; they are not in `spent`.
    pub unpriced_calls: u64,
    /// Set aside for calls under way.
    pub reserved: Usd,
    /// The budget of the day is used up: until then nothing is asked for it, unless the budget is raised. Absent while
    /// it is paused or over, since it does not wait for money then.
    pub used_up_until: Option<Time>,
}

/// A campaign.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Campaign {
    /// Key.
    pub id: Id,
    /// Short name.
    pub name: String,
    /// The goal in plain words.
    pub goal: String,
    /// The agent that runs it.
    pub agent: AgentRef,
    /// The person who made it.
    pub owner: Id,
    /// Whether it runs.
    pub status: CampaignStatus,
    /// Most it may spend on one UTC day.
    pub daily_budget: Usd,
    /// Feeds that it reads.
    pub feeds: Vec<String>,
    /// Where its posts go.
    pub platforms: Vec<Platform>,
    /// Most posts on one UTC day.
    pub max_posts_per_day: u32,
    /// Lowest relevance, in hundredths, at which a feed item counts.
    pub relevance_threshold_percent: u8,
    /// How far it is.
    pub progress: Progress,
    /// What it cost today.
    pub spending: CampaignSpending,
    /// Why nothing came of it, when it failed.
    pub fault: Option<Fault>,
    /// Counts up whenever goal, status, cap, policy or persona change.
    pub state_version: i64,
    /// The policy in force.
    pub policy_version: u32,
    /// Its run in the traces.
    pub trace: String,
    /// Row version.
    pub version: Version,
    /// When it was made.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
}

/// A new campaign, in draft.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCampaign {
    /// The agent that runs it.
    pub agent: Id,
    /// Short name, at most 80 characters; made from the goal when absent.
    #[serde(default)]
    pub name: Option<String>,
    /// The goal in plain words, 10 to 1,000 characters.
    pub goal: String,
    /// Feeds that it reads: URLs, or paths of files on the server; at most 50.
    #[serde(default)]
    pub feeds: Vec<String>,
    /// Where its posts go; the sandbox when empty.
    #[serde(default)]
    pub platforms: Vec<Platform>,
    /// Most it may spend on one UTC day.
    pub daily_budget: Usd,
    /// Most posts on one UTC day, 1 to 100.
    pub max_posts_per_day: u32,
    /// Lowest relevance, in hundredths, at which a feed item counts, 0 to 100; 75 when absent.
    #[serde(default)]
    pub relevance_threshold_percent: Option<u8>,
}

/// Changes of a campaign that is not over; what is absent stays as it is.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CampaignChange {
    /// Short name, 1 to 80 characters.
    #[serde(default)]
    pub name: Option<String>,
    /// The goal in plain words, 10 to 1,000 characters. Takes work in flight back; a plan stays as it is.
    #[serde(default)]
    pub goal: Option<String>,
    /// Most it may spend on one UTC day. Takes work in flight back; what was judged stays judged.
    #[serde(default)]
    pub daily_budget: Option<Usd>,
    /// Most posts on one UTC day, 1 to 100.
    #[serde(default)]
    pub max_posts_per_day: Option<u32>,
    /// Lowest relevance, in hundredths, at which a feed item counts, 0 to 100.
    #[serde(default)]
    pub relevance_threshold_percent: Option<u8>,
}

/// Why something is called off.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelNote {
    /// For the record, at most 500 characters.
    #[serde(default)]
    pub note: String,
}

/// Which campaigns are wanted.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CampaignQuery {
    /// Of one status only.
    #[param(inline)]
    pub status: Option<CampaignStatus>,
    /// Cursor from the page before.
    pub after: Option<String>,
    /// How many rows, 1 to 200; 50 when absent.
    pub limit: Option<u32>,
}
