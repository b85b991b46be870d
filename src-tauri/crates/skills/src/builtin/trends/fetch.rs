//! `fetch_trends`: S4's `skill_fetch_trends` over the campaign's feeds (C48, PER-11, PER-12, PER-14).
//!
//! Never here: the network; each feed is read through the tool `feeds.fetch_feed`.

use std::{collections::BTreeSet, sync::Arc};

use async_trait::async_trait;
use chimera_domain::{
    action::ToolRef,
    fault::{Fault, FaultClass},
    skill::{SkillManifest, SkillOutput},
    time::{Span, Timestamp},
    trend::TrendPlatform,
};
use futures::{StreamExt as _, stream};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    feed::{self, Item},
    found::{SourceError, TrendsFound, TrendsMetadata},
    rank::{Wanted, rank},
};
use crate::{
    context::SkillContext,
    fault::{codes, invalid, no_tool, source_failed, transport},
    native::NativeSkill,
};

/// Most feeds of one call.
const MAX_FEEDS: usize = 50;
/// Feeds that are read at the same time.
const FEEDS_AT_ONCE: usize = 6;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    platforms: Vec<TrendPlatform>,
    #[serde(default)]
    categories: Vec<String>,
    #[serde(default)]
    time_range: TimeRange,
    #[serde(default = "fifty")]
    max_results: usize,
    #[serde(default)]
    feeds: Vec<String>,
}

const fn fifty() -> usize {
    50
}

/// How far back trends may lie.
#[derive(Clone, Copy, Default, Deserialize)]
enum TimeRange {
    #[default]
    #[serde(rename = "24h")]
    Day,
    #[serde(rename = "7d")]
    Week,
    #[serde(rename = "30d")]
    Month,
}

impl TimeRange {
    const fn span(self) -> Span {
        const DAY_SECONDS: u32 = 86_400;
        match self {
            Self::Day => Span::seconds(DAY_SECONDS),
            Self::Week => Span::seconds(7 * DAY_SECONDS),
            Self::Month => Span::seconds(30 * DAY_SECONDS),
        }
    }
}

struct FetchTrends(SkillManifest);

pub(crate) fn make(manifest: SkillManifest) -> Arc<dyn NativeSkill> {
    Arc::new(FetchTrends(manifest))
}

#[async_trait]
impl NativeSkill for FetchTrends {
    fn manifest(&self) -> &SkillManifest {
        &self.0
    }
    async fn execute(&self, ctx: &SkillContext, input: Value) -> SkillOutput {
        match found(ctx, input).await.map(serde_json::to_value) {
            Ok(Ok(data)) => SkillOutput::done(data),
            Ok(Err(error)) => {
                let code = codes::SKILL_OUTPUT_INVALID;
                let fault = Fault::new(FaultClass::Unknown, code, error.to_string());
                SkillOutput::failed(fault, ctx.clock.now())
            }
            Err(fault) => SkillOutput::failed(fault, ctx.clock.now()),
        }
    }
}

async fn found(ctx: &SkillContext, input: Value) -> Result<TrendsFound, Fault> {
    let input: Input = super::super::read(input)?;
    let now = ctx.clock.now();
    let named = if input.feeds.is_empty() {
        &ctx.feeds
    } else {
        &input.feeds
    };
    let (feeds, mut source_errors) = sources(named, &input.platforms)?;
    let tool = feed_tool(ctx).await?;
    let reads = stream::iter(feeds)
        .map(|feed| read_feed(ctx, &tool, feed, now))
        .buffered(FEEDS_AT_ONCE)
        .collect::<Vec<_>>()
        .await;
    let mut items = Vec::new();
    let mut read_from = BTreeSet::new();
    let mut faults = Vec::new();
    for (feed, outcome) in reads {
        match outcome {
            Ok(of_feed) => {
                read_from.insert(feed::platform_of(&feed) as u8);
                items.extend(of_feed);
            }
            Err(fault) => {
                source_errors.push(source_error(feed, &fault));
                faults.push(fault);
            }
        }
    }
    if read_from.is_empty() {
        return Err(nothing_read(&faults, &source_errors));
    }
    let categories: Vec<String> = input.categories.iter().map(|c| c.to_lowercase()).collect();
    let ranked = rank(
        items,
        &Wanted {
            now,
            range: input.time_range.span(),
            categories: &categories,
            max_results: input.max_results,
        },
    );
    Ok(TrendsFound {
        trends: ranked.trends,
        metadata: TrendsMetadata {
            total_results: ranked.total,
            fetch_time: now,
            platforms_queried: input
                .platforms
                .into_iter()
                .filter(|platform| read_from.contains(&(*platform as u8)))
                .collect(),
            undated: ranked.undated,
            out_of_range: ranked.out_of_range,
            duplicates: ranked.duplicates,
            source_errors,
        },
    })
}

/// The feeds of the asked platforms, each once; and what is asked of and not there.
fn sources(
    named: &[String],
    platforms: &[TrendPlatform],
) -> Result<(Vec<String>, Vec<SourceError>), Fault> {
    let mut seen = BTreeSet::new();
    let feeds: Vec<String> = named
        .iter()
        .map(|feed| feed.trim().to_owned())
        .filter(|feed| platforms.contains(&feed::platform_of(feed)) && seen.insert(feed.clone()))
        .collect();
    if feeds.len() > MAX_FEEDS {
        return Err(invalid(format!(
            "there are {} feeds; one call reads at most {MAX_FEEDS}; nothing was read; split them over several tasks",
            feeds.len()
        )));
    }
    let missing: Vec<SourceError> = platforms
        .iter()
        .filter(|platform| !feeds.iter().any(|feed| feed::platform_of(feed) == **platform))
        .map(|platform| SourceError {
            source: word(*platform),
            code: codes::MCP_CLIENT_MISSING.to_owned(),
            message: format!(
                "no feed of the platform {} is among the campaign's sources; add one, or leave the platform out",
                word(*platform)
            ),
        })
        .collect();
    if feeds.is_empty() {
        return Err(invalid(format!(
            "none of the {} given feeds belongs to a platform that was asked for; nothing was read; add a feed (platform web) to the campaign",
            named.len()
        )));
    }
    Ok((feeds, missing))
}

/// The tool that reads a feed; its absence is an error and never an empty result (PER-14).
async fn feed_tool(ctx: &SkillContext) -> Result<ToolRef, Fault> {
    let wanted = ToolRef {
        server: "feeds".to_owned(),
        tool: "fetch_feed".to_owned(),
    };
    let catalogue = ctx.tools.tools(ctx.tenant).await.map_err(transport)?;
    if catalogue.iter().any(|info| info.tool == wanted) {
        Ok(wanted)
    } else {
        Err(no_tool(&wanted.to_string(), "reads the campaign's feeds"))
    }
}

async fn read_feed(
    ctx: &SkillContext,
    tool: &ToolRef,
    feed: String,
    now: Timestamp,
) -> (String, Result<Vec<Item>, Fault>) {
    let request = ctx.request(tool.clone(), feed::arguments(&feed));
    let outcome = match ctx.tools.read(request).await {
        Err(error) => Err(transport(error)),
        Ok(reply) if reply.is_error => Err(source_failed(&reply.content)),
        Ok(reply) => feed::items(&reply.content, &feed, now).ok_or_else(|| {
            Fault::new(
                FaultClass::Permanent,
                codes::MCP_TOOL_ERROR,
                format!("{tool} answered without a list of items; update the server"),
            )
        }),
    };
    (feed, outcome)
}

fn source_error(source: String, fault: &Fault) -> SourceError {
    SourceError {
        source,
        code: fault.code.clone(),
        message: fault.message.clone(),
    }
}

/// Every feed failed: one fault that names them, worth another try when one of them is.
fn nothing_read(faults: &[Fault], errors: &[SourceError]) -> Fault {
    let class = faults
        .iter()
        .map(|fault| fault.class)
        .find(|class| class.is_retryable())
        .or_else(|| faults.first().map(|fault| fault.class))
        .unwrap_or(FaultClass::Permanent);
    // That nothing is connected for a network explains nothing where a feed was tried and failed.
    let tried = |error: &&SourceError| error.code != codes::MCP_CLIENT_MISSING;
    let any_tried = errors.iter().any(|error| tried(&error));
    let told: Vec<String> = errors
        .iter()
        .filter(|error| !any_tried || tried(error))
        .map(SourceError::told)
        .collect();
    let mut fault = Fault::new(
        class,
        codes::SOURCES_UNREADABLE,
        format!("no source could be read: {}", told.join(" · ")),
    );
    fault.retry_after_ms = faults.iter().filter_map(|fault| fault.retry_after_ms).min();
    fault
}

fn word(platform: impl Serialize) -> String {
    serde_json::to_value(platform)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}
