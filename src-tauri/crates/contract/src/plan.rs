//! Plans: the priced, editable graph between a goal and its tasks.
//!
//! Never here: checking a graph (the engine does).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::scalar::{Id, Time, Usd, Version};

/// The coarse type of S1.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TaskType {
    /// Finding out.
    Research,
    /// Making content.
    #[serde(alias = "CONTENT", alias = "generate_content")]
    ContentGen,
    /// Moving money.
    #[serde(alias = "FINANCE", alias = "execute_transaction")]
    Transaction,
    /// Acting among people.
    #[serde(alias = "reply_comment")]
    Engagement,
}

/// The fine-grained kind of work.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// Read the feeds and say what matters for the goal.
    AnalyzeTrends,
    /// Write a post in the persona's voice.
    GenerateCaption,
    /// Make a picture.
    RenderImage,
    /// Make a video.
    RenderVideo,
    /// Prepare a post for publication.
    PublishPost,
    /// Answer somebody.
    ReplyComment,
    /// Prepare a payment.
    ExecuteTransaction,
    /// Look over another agent's signal.
    PeerReview,
    /// Seek another way after a step failed for good; never a step of a plan.
    Replan,
}

/// A social network, or the local sandbox.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Platform {
    /// X.
    #[serde(alias = "x")]
    Twitter,
    /// Instagram.
    Instagram,
    /// Threads.
    Threads,
    /// TikTok.
    Tiktok,
    /// YouTube.
    Youtube,
    /// Bluesky.
    Bluesky,
    /// Mastodon.
    Mastodon,
    /// MoltBook.
    Moltbook,
    /// The OpenClaw feed.
    Openclaw,
    /// The local network that ships with Chimera.
    Sandbox,
}

/// One step of a plan.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanStep {
    /// Key within the plan: 1 to 64 of a–z, 0–9, `-`.
    pub key: String,
    /// One line for people.
    pub title: String,
    /// What kind of work.
    pub kind: TaskKind,
    /// The skill that does it.
    pub skill: String,
    /// What to do, in words for the worker.
    #[serde(default)]
    pub instructions: String,
    /// Fixed input besides the results of other steps.
    #[serde(default)]
    pub input: Map<String, Value>,
    /// Where the result is meant to go.
    #[serde(default)]
    pub platform: Option<Platform>,
    /// Urgency, 0 (whenever) to 100 (now); 50 when absent.
    #[serde(default = "normal")]
    #[schema(minimum = 0, maximum = 100)]
    pub priority: u8,
    /// What it may cost at most, over all tries; absent when it has no cap of its own, so that only its campaign's
    /// day binds.
    #[serde(default)]
    pub max_cost: Option<Usd>,
    /// What it will likely cost, from the price table.
    pub estimated_cost: Usd,
    /// When it must be done.
    #[serde(default)]
    pub deadline: Option<Time>,
    /// Not to be released before this time.
    #[serde(default)]
    pub publish_at: Option<Time>,
    /// Keys of the steps whose results it needs.
    #[serde(default)]
    pub needs: Vec<String>,
}

const fn normal() -> u8 {
    50
}

/// A campaign's plan.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Plan {
    /// Key.
    pub id: Id,
    /// Its campaign.
    pub campaign: Id,
    /// 1, 2, 3 … with every edit.
    pub revision: u32,
    /// Steps; order carries no meaning.
    pub steps: Vec<PlanStep>,
    /// Who made it: the model's name, with "rehearsal, not an AI" where that is so.
    pub author: String,
    /// Why it looks as it does, in the planner's words.
    pub rationale: String,
    /// Sum of the steps' likely costs; means nothing while `unpriced`.
    pub estimated_cost: Usd,
    /// True when a model that would do it has no price, or had none when the steps were estimated: what it costs is
    /// not known then, which is not the same as nothing.
    pub unpriced: bool,
    /// Sum of the steps' caps; absent when one of them has none: then only the campaign's daily budget bounds it.
    pub max_cost: Option<Usd>,
    /// Number of steps that publish.
    pub posts: u32,
    /// Row version; the `If-Match` of an edit.
    pub version: Version,
    /// When this revision was stored.
    pub updated_at: Time,
}

/// A plan as it is to be.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanEdit {
    /// All steps, at most 500. A circle is refused, naming its steps.
    pub steps: Vec<PlanStep>,
}
