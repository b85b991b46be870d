//! The Trend record of S4 (PER-12), honest about what a source does not tell (C48).
//!
//! Never here: fetching or clustering.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// Where a trend was seen.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
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

/// Engagement as the source gives it. A figure that the source does not give is absent, never zero.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EngagementMetrics {
    /// Views.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub views: Option<u64>,
    /// Likes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub likes: Option<u64>,
    /// Comments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comments: Option<u64>,
    /// Shares.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shares: Option<u64>,
    /// Engagements per view, 0…1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engagement_rate: Option<f64>,
}

/// One thing that people talk about.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trend {
    /// The source's own unique id.
    pub id: String,
    /// Where it was seen.
    pub platform: TrendPlatform,
    /// Topic in a word or two.
    pub topic: String,
    /// Headline. Untrusted text.
    pub title: String,
    /// Summary. Untrusted text.
    #[serde(default)]
    pub description: String,
    /// Engagement figures that the source gives.
    pub engagement_metrics: EngagementMetrics,
    /// Mentions per hour among the fetched items, from their real timestamps.
    pub velocity: f64,
    /// When the source says it happened.
    pub timestamp: Timestamp,
    /// Where to read it.
    pub url: String,
    /// Tags of the source.
    #[serde(default)]
    pub tags: Vec<String>,
}

/// A group of trends about one thing that stands out in what was read (PER-06, PER-08).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrendCluster {
    /// The same for the same members, whenever they are looked at.
    pub trend_id: String,
    /// What its members share, in a word or two. Untrusted text.
    pub topic: String,
    /// How much it is a trend, 0…1, from volume, velocity and recency.
    pub score: f64,
    /// Mentions within the window.
    pub volume: u64,
    /// Mentions per hour.
    pub velocity: f64,
    /// Hours since the newest mention.
    pub recency_hours: f64,
    /// Regions that its members name.
    pub regions: Vec<String>,
    /// Other tags of its members. Untrusted text.
    pub tags: Vec<String>,
    /// Some of its members, newest first.
    pub supporting_samples: Vec<TrendSample>,
}

/// A member of a cluster.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrendSample {
    /// Where to read it.
    pub resource: String,
    /// Its words, cut. Untrusted text.
    pub excerpt: String,
    /// When its source says it happened.
    pub timestamp: Timestamp,
}

/// The flat alert of C27.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrendAlert {
    /// Whether any cluster reached the score.
    pub trend_alert: bool,
    /// Topics of the clusters, strongest first.
    pub topics: Vec<String>,
    /// The strongest cluster's score, 0…1.
    pub relevance_score: f64,
    /// One sentence for people.
    pub alert_message: String,
}

/// A trend that research kept.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pick {
    /// What was found.
    pub trend: Trend,
    /// How much it matters for the goal.
    pub relevance: crate::confidence::Confidence,
    /// Why, in one sentence.
    pub why: String,
}

/// The payload of a trend report.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrendReport {
    /// What was read and what stands out.
    pub summary: String,
    /// What was kept, most relevant first.
    pub picks: Vec<Pick>,
    /// How many items were read and not kept.
    pub left_out: u32,
    /// How many items were blocked at the gateway because they tried to steer the agent.
    pub blocked: u32,
    /// Sources that could not be read, each with its reason.
    pub unread: Vec<String>,
    /// What tools beside the feeds answered, in the order of asking.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<ToolAnswer>,
}

/// What a tool answered when research asked it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ToolAnswer {
    /// `server.tool`.
    pub tool: String,
    /// The beginning of what it answered. Untrusted text.
    pub text: String,
    /// When it answered.
    pub at: Timestamp,
}
