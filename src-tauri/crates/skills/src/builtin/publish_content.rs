//! `publish_content`: turns a text into a post that is ready to be decided on (S4 `skill_publish_content`).
//!
//! Never here: posting. The skill reads the catalogue and nothing else; what it returns is an intent.

use std::sync::Arc;

use async_trait::async_trait;
use chimera_domain::{
    action::{EffectClass, OutwardAction, ToolRef},
    fault::{Fault, FaultClass},
    platform::Platform,
    post::{Disclosure, DisclosureLevel, PostBody, PostContent, Scheduling, Tracking},
    skill::{SkillManifest, SkillOutput},
    time::Timestamp,
};
use chimera_ports::tools::ToolInfo;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    context::SkillContext,
    fault::{codes, invalid, no_tool, transport},
    native::NativeSkill,
    schema::compile,
};

/// The tool that posts, by its name on each network's server.
pub const POST_TOOL: &str = "post_content";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    platform: Platform,
    text: String,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    hashtags: Vec<String>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    media_ids: Vec<String>,
    #[serde(default)]
    reply_to_id: Option<String>,
    #[serde(default)]
    schedule_time: Option<Timestamp>,
    #[serde(default = "automated")]
    disclosure_level: DisclosureLevel,
    #[serde(default)]
    sponsor: Option<String>,
    #[serde(default)]
    compliance_tags: Vec<String>,
    #[serde(default)]
    account: Option<String>,
    #[serde(default)]
    source: String,
}

const fn automated() -> DisclosureLevel {
    DisclosureLevel::Automated
}

/// What the skill returns: a post that nobody has decided on and nobody has sent.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreparedPost {
    /// The outward call, bound to the tool's schema as it is now.
    pub action: OutwardAction,
    /// The same as people read it.
    pub content: PostContent,
    /// Hashtags that did not fit into the network's limit.
    #[serde(default)]
    pub omitted_hashtags: Vec<String>,
}

struct PublishContent(SkillManifest);

pub(crate) fn make(manifest: SkillManifest) -> Arc<dyn NativeSkill> {
    Arc::new(PublishContent(manifest))
}

#[async_trait]
impl NativeSkill for PublishContent {
    fn manifest(&self) -> &SkillManifest {
        &self.0
    }
    async fn execute(&self, ctx: &SkillContext, input: Value) -> SkillOutput {
        match prepare(ctx, input).await {
            Ok(data) => SkillOutput::done(data),
            Err(fault) => SkillOutput::failed(fault, ctx.clock.now()),
        }
    }
}

async fn prepare(ctx: &SkillContext, input: Value) -> Result<Value, Fault> {
    let input: Input = super::read(input)?;
    let account = input
        .account
        .clone()
        .or_else(|| ctx.account.clone())
        .unwrap_or_else(|| ctx.agent.to_string());
    let (content, omitted_hashtags) = post(ctx, input);
    content
        .validate()
        .map_err(|refusal| invalid(format!("{refusal}; nothing was prepared")))?;
    let tool = tool_of(ctx, content.platform).await?;
    let arguments = json(&content)?;
    compile(&tool.input_schema)
        .and_then(|schema| schema.check(&arguments))
        .map_err(|reason| {
            invalid(format!(
                "{} would not take this post: {reason}; nothing was prepared",
                tool.tool
            ))
        })?;
    json(&PreparedPost {
        action: OutwardAction {
            effect: tool.effect,
            arguments,
            schema_hash: tool.schema_hash,
            platform: content.platform,
            account,
            tool: tool.tool,
        },
        content,
        omitted_hashtags,
    })
}

/// The network's posting tool, as the catalogue has it now.
async fn tool_of(ctx: &SkillContext, platform: Platform) -> Result<ToolInfo, Fault> {
    let wanted = ToolRef {
        server: platform.as_str().to_owned(),
        tool: POST_TOOL.to_owned(),
    };
    let catalogue = ctx.tools.tools(ctx.tenant).await.map_err(transport)?;
    let Some(info) = catalogue.into_iter().find(|info| info.tool == wanted) else {
        return Err(no_tool(&wanted.to_string(), "posts to that network"));
    };
    if matches!(info.effect, EffectClass::Read | EffectClass::InternalWrite) {
        return Err(Fault::new(
            FaultClass::Permanent,
            codes::TOOL_NEEDS_DECISION,
            format!(
                "the tool {wanted} posts, yet it is classed as one that does not act; nothing was prepared; class it as outward"
            ),
        ));
    }
    Ok(info)
}

fn post(ctx: &SkillContext, input: Input) -> (PostContent, Vec<String>) {
    let hashtags: Vec<String> = input.hashtags.into_iter().chain(input.tags).collect();
    let text = match input.title.as_deref().map(str::trim) {
        Some(title) if !title.is_empty() => format!("{title}\n\n{}", input.text.trim()),
        _ => input.text.trim().to_owned(),
    };
    let (text, omitted) = with_hashtags(&text, &hashtags, input.platform.max_text_chars());
    let content = PostContent {
        platform: input.platform,
        tenant_id: ctx.tenant,
        agent_id: ctx.agent,
        content: PostBody {
            text,
            media_ids: input.media_ids,
            reply_to_id: input.reply_to_id,
        },
        disclosure: Disclosure {
            ai_generated: true,
            disclosure_level: input.disclosure_level,
            sponsor: input.sponsor,
            compliance_tags: input.compliance_tags,
        },
        scheduling: match input.schedule_time {
            Some(publish_at) => Scheduling::Scheduled { publish_at },
            None => Scheduling::Immediate,
        },
        tracking: Tracking {
            campaign_id: ctx.campaign,
            task_id: ctx.task,
            source: input.source,
        },
    };
    (content, omitted)
}

/// The text with those hashtags behind it that fit and are not in it yet; and those that did not fit.
fn with_hashtags(text: &str, hashtags: &[String], max_chars: usize) -> (String, Vec<String>) {
    let mut whole = text.to_owned();
    let mut omitted = Vec::new();
    let mut is_first = true;
    for tag in hashtags {
        let word: String = tag
            .trim()
            .trim_start_matches('#')
            .chars()
            .filter(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        if word.is_empty() || has_hashtag(&whole, &word) {
            continue;
        }
        let gap = if is_first { "\n\n" } else { " " };
        let longer = format!("{whole}{gap}#{word}");
        if longer.chars().count() > max_chars {
            omitted.push(word);
            continue;
        }
        whole = longer;
        is_first = false;
    }
    (whole, omitted)
}

fn has_hashtag(text: &str, word: &str) -> bool {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '#'))
        .filter_map(|part| part.strip_prefix('#'))
        .any(|tag| tag.to_lowercase() == word.to_lowercase())
}

fn json(value: &impl Serialize) -> Result<Value, Fault> {
    serde_json::to_value(value).map_err(|error| {
        Fault::new(
            FaultClass::Unknown,
            codes::SKILL_OUTPUT_INVALID,
            error.to_string(),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(words: &[&str]) -> Vec<String> {
        words.iter().map(|&word| word.to_owned()).collect()
    }

    #[test]
    fn hashtags_go_behind_the_text_as_long_as_they_fit() {
        let with = |text: &str, words: &[&str], max| with_hashtags(text, &tags(words), max);
        assert_eq!(
            with("Hi", &["#Tea", "open source", "", "tea"], 280),
            ("Hi\n\n#Tea #opensource".to_owned(), tags(&[]))
        );
        assert_eq!(
            with("On #Tea now", &["tea", "milk"], 280),
            ("On #Tea now\n\n#milk".to_owned(), tags(&[]))
        );
        assert_eq!(
            with("12345", &["toolong", "ab"], 10),
            ("12345\n\n#ab".to_owned(), tags(&["toolong"]))
        );
    }
}
