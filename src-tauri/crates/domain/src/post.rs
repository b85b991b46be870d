//! The publishing contracts and the one inside (C05): `post_content` as S2 names it, and its
//! projections onto `post_tweet` (S1) and the SRS form.
//!
//! Never here: sending.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    id::{AgentId, CampaignId, TaskId, TenantId},
    platform::Platform,
    text::{InvalidText, bounded},
    time::Timestamp,
};

/// How much of a post is a machine's work (SRS Schema 2).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DisclosureLevel {
    /// A machine made it and it went out by itself or as it was.
    Automated,
    /// A machine drafted it and a person edited it.
    Assisted,
    /// No machine. Refused for anything an agent made (C23).
    None,
}

/// What is posted.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostBody {
    /// The text.
    pub text: String,
    /// Media by id.
    #[serde(default)]
    pub media_ids: Vec<String>,
    /// The post it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to_id: Option<String>,
}

/// What the reader is told about its making.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Disclosure {
    /// True for everything an agent made.
    pub ai_generated: bool,
    /// How much of it.
    pub disclosure_level: DisclosureLevel,
    /// Who paid for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sponsor: Option<String>,
    /// Tags the law or the network asks for, for example `ad`.
    #[serde(default)]
    pub compliance_tags: Vec<String>,
}

/// When it goes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "mode", rename_all = "lowercase", deny_unknown_fields)]
pub enum Scheduling {
    /// As soon as it may.
    Immediate,
    /// At a time.
    Scheduled {
        /// When.
        publish_at: Timestamp,
    },
}

/// What it belongs to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tracking {
    /// Its campaign.
    pub campaign_id: CampaignId,
    /// Its task.
    pub task_id: TaskId,
    /// Where the idea came from.
    #[serde(default)]
    pub source: String,
}

/// `post_content`: the internal request, and the tool contract that S2 names.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostContent {
    /// Where.
    pub platform: Platform,
    /// For whom.
    pub tenant_id: TenantId,
    /// In whose name.
    pub agent_id: AgentId,
    /// What.
    pub content: PostBody,
    /// What the reader is told.
    pub disclosure: Disclosure,
    /// When.
    pub scheduling: Scheduling,
    /// What it belongs to.
    pub tracking: Tracking,
}

/// Why a post cannot go as it is. Nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PostRefusal {
    /// Text missing or too long for the network.
    #[error(transparent)]
    Text(#[from] InvalidText),
    /// Not labelled as machine-made (NFR-14, C23).
    #[error(
        "a post that an agent made must carry its AI label; set ai_generated and a disclosure level other than none"
    )]
    Unlabelled,
}

impl PostContent {
    /// Checks length and label.
    ///
    /// # Errors
    /// When the network would refuse the text, or the AI label is missing.
    pub fn validate(&self) -> Result<(), PostRefusal> {
        bounded(
            "The post",
            &self.content.text,
            1,
            self.platform.max_text_chars(),
        )?;
        if !self.disclosure.ai_generated
            || self.disclosure.disclosure_level == DisclosureLevel::None
        {
            return Err(PostRefusal::Unlabelled);
        }
        Ok(())
    }

    /// As S1's `post_tweet`.
    #[must_use]
    pub fn to_post_tweet(&self) -> PostTweet {
        PostTweet {
            text: self.content.text.clone(),
            media_ids: self.content.media_ids.clone(),
            is_ai_labeled: self.disclosure.ai_generated,
        }
    }

    /// As the SRS's `post_content`; `None` for a platform that contract does not know.
    #[must_use]
    pub fn to_srs(&self) -> Option<SrsPostContent> {
        let known = matches!(
            self.platform,
            Platform::Twitter | Platform::Instagram | Platform::Threads
        );
        known.then(|| SrsPostContent {
            platform: self.platform,
            text_content: self.content.text.clone(),
            media_urls: self.content.media_ids.clone(),
            disclosure_level: self.disclosure.disclosure_level,
        })
    }
}

/// S1 §2.2 `post_tweet`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostTweet {
    /// At most 280 characters.
    #[schemars(length(max = 280))]
    pub text: String,
    /// Media by id.
    #[serde(default)]
    pub media_ids: Vec<String>,
    /// Whether X shows its AI label.
    #[serde(default = "yes")]
    pub is_ai_labeled: bool,
}

const fn yes() -> bool {
    true
}

/// SRS Schema 2 `post_content`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SrsPostContent {
    /// twitter, instagram or threads.
    pub platform: Platform,
    /// The text.
    pub text_content: String,
    /// Media by URL.
    #[serde(default)]
    pub media_urls: Vec<String>,
    /// How much of it is a machine's work.
    pub disclosure_level: DisclosureLevel,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn post(platform: &str, disclosure_level: &str) -> PostContent {
        let id = uuid::Uuid::from_u128(1);
        serde_json::from_value(json!({
            "platform": platform, "tenant_id": id, "agent_id": id,
            "content": { "text": "Grind slower.", "media_ids": ["m-1"] },
            "disclosure": {
                "ai_generated": true, "disclosure_level": disclosure_level, "compliance_tags": [],
            },
            "scheduling": { "mode": "immediate" },
            "tracking": { "campaign_id": id, "task_id": id },
        }))
        .unwrap()
    }

    fn wire(value: &impl Serialize) -> Value {
        serde_json::to_value(value).unwrap()
    }

    #[test]
    fn both_older_forms_say_the_same_as_the_one_inside() {
        let post = post("twitter", "assisted");
        assert_eq!(
            wire(&post.to_post_tweet()),
            json!({ "text": "Grind slower.", "media_ids": ["m-1"], "is_ai_labeled": true })
        );
        assert_eq!(
            wire(&post.to_srs().unwrap()),
            json!({
                "platform": "twitter", "text_content": "Grind slower.", "media_urls": ["m-1"],
                "disclosure_level": "assisted",
            })
        );
    }

    #[test]
    fn the_older_form_knows_three_networks_only() {
        let known = ["twitter", "instagram", "threads", "sandbox"]
            .map(|platform| post(platform, "automated").to_srs().is_some());
        assert_eq!(known, [true, true, true, false]);
    }

    #[test]
    fn what_an_agent_made_goes_nowhere_without_its_label() {
        let mut unlabelled = post("sandbox", "automated");
        assert!(unlabelled.validate().is_ok());
        unlabelled.disclosure.ai_generated = false;
        assert_eq!(unlabelled.validate(), Err(PostRefusal::Unlabelled));
        let none = post("sandbox", "none");
        assert_eq!(none.validate(), Err(PostRefusal::Unlabelled));
    }
}
