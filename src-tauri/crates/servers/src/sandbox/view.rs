//! How the sandbox's tools and resources show posts.
//!
//! Never here: how posts are kept.

use chimera_domain::{
    id::AgentId,
    post::{Disclosure, DisclosureLevel},
    time::Timestamp,
    trend::EngagementMetrics,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    book::{Seen, post_id},
    engagement::{METHOD, simulate},
};

/// What the network answers to a post; the same again for the same intent key.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
pub(super) struct PostReceipt {
    /// The network's id of the post.
    pub(super) post_id: String,
    /// Where it can be seen.
    pub(super) url: String,
    /// When it went out.
    pub(super) published_at: Timestamp,
    /// How readers see that a machine made it.
    pub(super) ai_label: String,
    /// The account it appeared under.
    pub(super) handle: String,
}

impl PostReceipt {
    pub(super) fn of(seen: &Seen) -> Self {
        Self {
            post_id: post_id(seen.post.number),
            url: url(seen.post.number),
            published_at: seen.post.published_at,
            ai_label: ai_label(&seen.post.disclosure),
            handle: seen.handle.clone(),
        }
    }
}

/// A post as readers see it.
#[derive(Clone, PartialEq, Debug, Serialize, JsonSchema)]
pub(super) struct PostView {
    /// The network's id of the post.
    pub(super) post_id: String,
    /// Where it can be seen.
    pub(super) url: String,
    /// The account.
    pub(super) handle: String,
    /// The account's name for people, when it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) display_name: Option<String>,
    /// The agent behind the account.
    pub(super) agent_id: AgentId,
    /// The text. Written by whoever runs the agent: untrusted.
    pub(super) text: String,
    /// Media by id.
    pub(super) media_ids: Vec<String>,
    /// The post that it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reply_to_id: Option<String>,
    /// When it went out.
    pub(super) published_at: Timestamp,
    /// How readers see that a machine made it.
    pub(super) ai_label: String,
    /// Who paid for it, when somebody did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sponsor: Option<String>,
    /// Figures by now.
    pub(super) engagement: SimulatedEngagement,
}

/// Figures that a curve made up, and that say so.
#[derive(Clone, PartialEq, Debug, Serialize, JsonSchema)]
pub(super) struct SimulatedEngagement {
    /// Always true in the sandbox.
    pub(super) simulated: bool,
    /// The figures. Comments are the real replies.
    pub(super) metrics: EngagementMetrics,
    /// For when they hold.
    pub(super) recorded_at: Timestamp,
    /// How they came about.
    pub(super) method: String,
}

impl SimulatedEngagement {
    pub(super) fn of(seen: &Seen, now: Timestamp) -> Self {
        Self {
            simulated: true,
            metrics: simulate(&seen.post, seen.replies, now),
            recorded_at: now,
            method: METHOD.to_owned(),
        }
    }
}

impl PostView {
    pub(super) fn of(seen: Seen, now: Timestamp) -> Self {
        let engagement = SimulatedEngagement::of(&seen, now);
        Self {
            post_id: post_id(seen.post.number),
            url: url(seen.post.number),
            handle: seen.handle,
            display_name: seen.display_name,
            agent_id: seen.post.agent,
            ai_label: ai_label(&seen.post.disclosure),
            sponsor: seen.post.disclosure.sponsor,
            text: seen.post.text,
            media_ids: seen.post.media_ids,
            reply_to_id: seen.post.reply_to.map(post_id),
            published_at: seen.post.published_at,
            engagement,
        }
    }
}

/// Where a post can be seen: a resource of this server.
fn url(number: u64) -> String {
    format!("sandbox://posts/{}", post_id(number))
}

fn ai_label(disclosure: &Disclosure) -> String {
    match disclosure.disclosure_level {
        DisclosureLevel::Assisted => "AI-assisted",
        // `None` never gets past the network's check.
        DisclosureLevel::Automated | DisclosureLevel::None => "AI-generated",
    }
    .to_owned()
}
