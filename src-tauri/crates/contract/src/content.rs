//! Content, publications with their figures, trends, and the sandbox network.
//!
//! Never here: how figures are fetched.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::{
    plan::Platform,
    scalar::{Id, Time},
    swarm::AgentRef,
};

/// Where a piece of content stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
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
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Content {
    /// Key.
    pub id: Id,
    /// Its campaign.
    pub campaign: Id,
    /// The task that made it.
    pub task: Id,
    /// `text`, `image` or `video`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The text or script.
    pub script: String,
    /// The persona's style in a word.
    pub style: Option<String>,
    /// Includes the tag of GOV-13: made by an AI, or by the rehearsal, which is none.
    pub metadata: Value,
    /// Where it stands.
    pub status: ContentStatus,
    /// The trend that inspired it.
    pub trend_id: Option<String>,
    /// When it was made.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
}

/// Where a publication stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PublicationStatus {
    /// Waits for its time.
    Scheduled,
    /// Out.
    Published,
    /// Did not go out.
    Failed,
}

/// Engagement as the source gives it; a figure that it does not give is null, never zero (C48).
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Engagement {
    /// Views.
    pub views: Option<u64>,
    /// Likes.
    pub likes: Option<u64>,
    /// Comments.
    pub comments: Option<u64>,
    /// Shares.
    pub shares: Option<u64>,
    /// Engagements per view, 0 to 1.
    pub engagement_rate: Option<f64>,
}

/// A post that left, or is about to (S4 `publications`).
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Publication {
    /// Key.
    pub id: Id,
    /// In whose name.
    pub agent: AgentRef,
    /// Its campaign.
    pub campaign: Id,
    /// The task behind it.
    pub task: Id,
    /// What was published.
    pub content: Id,
    /// Where.
    pub platform: Platform,
    /// The network's id.
    pub post_id: Option<String>,
    /// Where it can be seen.
    pub url: Option<String>,
    /// First line.
    pub title: String,
    /// The whole text.
    pub description: String,
    /// Tags.
    pub tags: Vec<String>,
    /// When it went out.
    pub published_at: Option<Time>,
    /// When it is due.
    pub scheduled_at: Option<Time>,
    /// Where it stands.
    pub status: PublicationStatus,
    /// True when the rehearsal model wrote it, which is not an AI.
    pub rehearsal: bool,
    /// The newest reading of its figures; null before the first.
    pub engagement: Option<Engagement>,
    /// True when the network says that it made those figures up; null before the first reading.
    pub engagement_simulated: Option<bool>,
    /// When that was read.
    pub engagement_at: Option<Time>,
}

/// Which rows are wanted.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ContentQuery {
    /// Of one campaign only.
    pub campaign: Option<Id>,
    /// Cursor from the page before.
    pub after: Option<String>,
    /// How many rows, 1 to 200; 50 when absent.
    pub limit: Option<u32>,
}

/// Where a trend was seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TrendPlatform {
    /// YouTube.
    Youtube,
    /// TikTok.
    Tiktok,
    /// X.
    Twitter,
    /// A feed on the web.
    Web,
}

/// One thing that people talk about (S4 Trend).
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Trend {
    /// The source's own id.
    pub id: String,
    /// Where it was seen.
    pub platform: TrendPlatform,
    /// Topic.
    pub topic: String,
    /// Headline. Untrusted text.
    pub title: String,
    /// Summary. Untrusted text.
    pub description: String,
    /// Figures that the source gives.
    pub engagement_metrics: Engagement,
    /// Mentions per hour among the fetched items.
    pub velocity: f64,
    /// When the source says it happened.
    pub timestamp: Time,
    /// Where to read it.
    pub url: String,
    /// Tags of the source.
    pub tags: Vec<String>,
}

/// A post in the sandbox network, as its readers see it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct SandboxPost {
    /// The network's id of the post.
    pub post_id: String,
    /// Where it can be seen.
    pub url: String,
    /// The account.
    pub handle: String,
    /// The account's name for people.
    #[serde(default)]
    pub display_name: Option<String>,
    /// The agent behind the account.
    pub agent_id: Id,
    /// The text. Untrusted text.
    pub text: String,
    /// The post that it answers.
    #[serde(default)]
    pub reply_to_id: Option<String>,
    /// When it went out.
    pub published_at: Time,
    /// How readers see that a machine made it.
    pub ai_label: String,
    /// True when the rehearsal model wrote it, which is not an AI. Our own publications know it, not the network.
    #[serde(default)]
    pub rehearsal: bool,
    /// Who paid for it.
    #[serde(default)]
    pub sponsor: Option<String>,
    /// Figures by now.
    pub engagement: SandboxEngagement,
}

/// Figures that the sandbox made up, and that say so.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct SandboxEngagement {
    /// Always true in the sandbox.
    pub simulated: bool,
    /// The figures; comments are the real replies.
    pub metrics: Engagement,
    /// For when they hold.
    pub recorded_at: Time,
    /// How they came about.
    pub method: String,
}

/// A post with its replies.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct SandboxThread {
    /// The post.
    pub post: SandboxPost,
    /// The first 50 replies, oldest first.
    pub replies: Vec<SandboxPost>,
}

/// How much of the sandbox network is wanted.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SandboxQuery {
    /// Only posts of this account.
    pub handle: Option<String>,
    /// Cursor from the page before.
    pub after: Option<String>,
    /// How many posts, 1 to 100; 50 when absent.
    pub limit: Option<u32>,
}
