//! `trend_detection_alerting`: clusters among given trends, and an alert when there are any (PER-06, PER-08, C27).
//!
//! Never here: fetching, publishing, or relevance to a goal. Pure but for the time.

use std::{collections::BTreeSet, sync::Arc};

use async_trait::async_trait;
use chimera_domain::{
    digest::Digest,
    fault::Fault,
    id::{AgentId, TenantId},
    skill::{SkillManifest, SkillOutput},
    time::{Span, Timestamp},
    trend::{Trend, TrendAlert, TrendCluster, TrendSample},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    UNDATED,
    rank::{hours, round, velocity},
    terms::{Shared, terms},
};
use crate::{context::SkillContext, fault::invalid, native::NativeSkill};

/// Most samples that a cluster shows.
const MAX_SAMPLES: usize = 5;
/// Most characters of a sample.
const MAX_EXCERPT_CHARS: usize = 280;
/// How much each part counts; together 1.
const WEIGHTS: (f64, f64, f64) = (0.4, 0.3, 0.3);
/// The rate, in mentions per hour, that earns half of the points for velocity.
const HALF_VELOCITY: f64 = 0.5;
/// What marks a tag as a region: `region:ethiopia`.
const REGION: &str = "region:";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    #[serde(default)]
    tenant_id: Option<TenantId>,
    #[serde(default)]
    agent_id: Option<AgentId>,
    #[serde(default = "four")]
    window_hours: u32,
    #[serde(default)]
    resources: Vec<String>,
    #[serde(default = "three_quarters")]
    min_cluster_score: f64,
    #[serde(default = "ten")]
    max_trends: usize,
    #[serde(default)]
    now: Option<Timestamp>,
    trends: Vec<Trend>,
}

const fn four() -> u32 {
    4
}
const fn ten() -> usize {
    10
}
const fn three_quarters() -> f64 {
    0.75
}

struct Detect(SkillManifest);

pub(crate) fn make(manifest: SkillManifest) -> Arc<dyn NativeSkill> {
    Arc::new(Detect(manifest))
}

#[async_trait]
impl NativeSkill for Detect {
    fn manifest(&self) -> &SkillManifest {
        &self.0
    }
    async fn execute(&self, ctx: &SkillContext, input: Value) -> SkillOutput {
        match detect(ctx, input) {
            Ok(data) => SkillOutput::done(data),
            Err(fault) => SkillOutput::failed(fault, ctx.clock.now()),
        }
    }
}

fn detect(ctx: &SkillContext, input: Value) -> Result<Value, Fault> {
    let input: Input = super::super::read(input)?;
    if input.tenant_id.is_some_and(|tenant| tenant != ctx.tenant)
        || input.agent_id.is_some_and(|agent| agent != ctx.agent)
    {
        return Err(invalid(
            "tenant_id or agent_id is not the one that this task belongs to; nothing was done",
        ));
    }
    let now = input.now.unwrap_or_else(|| ctx.clock.now());
    let window = Span::seconds(input.window_hours.saturating_mul(3_600));
    let recent: Vec<&Trend> = input
        .trends
        .iter()
        .filter(|trend| {
            is_dated(trend) && trend.timestamp <= now && trend.timestamp >= now - window
        })
        .collect();
    let all: Vec<Vec<String>> = input.trends.iter().map(about).collect();
    let mut clusters = clusters(&recent, &all, now, window, input.resources.first());
    clusters.retain(|cluster| cluster.score >= input.min_cluster_score);
    clusters.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then_with(|| a.topic.cmp(&b.topic))
    });
    clusters.truncate(input.max_trends);
    let alert = alert(&clusters, input.window_hours);
    Ok(json!({
        "tenant_id": ctx.tenant,
        "agent_id": ctx.agent,
        "window_hours": input.window_hours,
        "generated_at": now,
        "trends": clusters,
        "alert": alert,
    }))
}

fn is_dated(trend: &Trend) -> bool {
    !trend.tags.iter().any(|tag| tag == UNDATED)
}

fn about(trend: &Trend) -> Vec<String> {
    terms(&format!("{} {}", trend.title, trend.tags.join(" ")))
}

/// Groups by the words most shared, largest group first; what shares nothing stands alone.
fn clusters(
    trends: &[&Trend],
    all: &[Vec<String>],
    now: Timestamp,
    window: Span,
    resource: Option<&String>,
) -> Vec<TrendCluster> {
    let words: Vec<Vec<String>> = trends.iter().map(|trend| about(trend)).collect();
    let shared = Shared::within(&words, all);
    let mut open: BTreeSet<usize> = (0..trends.len()).collect();
    let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
    while let Some((term, members)) = shared.largest(&open) {
        let topic = topic(term, &members, &words);
        members.iter().for_each(|member| {
            open.remove(member);
        });
        groups.push((topic, members));
    }
    groups.extend(
        open.into_iter()
            .map(|alone| (shared.topic(&words[alone]), vec![alone])),
    );
    groups
        .into_iter()
        .map(|(topic, members)| {
            let members: Vec<&Trend> = members.into_iter().map(|i| trends[i]).collect();
            cluster(topic, members, now, window, resource)
        })
        .collect()
}

/// The shared word, with the one that most often goes with it.
fn topic(term: &str, members: &[usize], words: &[Vec<String>]) -> String {
    let count = |word: &String| members.iter().filter(|&&m| words[m].contains(word)).count();
    let companion = members
        .iter()
        .flat_map(|&member| &words[member])
        .filter(|word| *word != term)
        .map(|word| (count(word), word))
        .filter(|(count, _)| *count >= 2)
        .max_by(|(a, x), (b, y)| a.cmp(b).then_with(|| y.cmp(x)));
    match companion {
        Some((_, word)) => format!("{term} {word}"),
        None => term.to_owned(),
    }
}

fn cluster(
    topic: String,
    mut members: Vec<&Trend>,
    now: Timestamp,
    window: Span,
    resource: Option<&String>,
) -> TrendCluster {
    members.sort_by(|a, b| b.timestamp.cmp(&a.timestamp).then_with(|| a.id.cmp(&b.id)));
    let volume = u64::try_from(members.len()).unwrap_or(u64::MAX);
    let velocity = velocity(members.iter().map(|member| member.timestamp), now);
    let newest = members.first().map_or(now, |member| member.timestamp);
    let age = hours(now.since(newest));
    let all_tags: BTreeSet<&String> = members.iter().flat_map(|member| &member.tags).collect();
    let (regions, tags): (Vec<&String>, Vec<&String>) = all_tags
        .into_iter()
        .partition(|tag| tag.starts_with(REGION));
    let ids: Vec<&str> = members.iter().map(|member| member.id.as_str()).collect();
    TrendCluster {
        // The same members are the same cluster, whenever they are looked at.
        trend_id: Digest::of("chimera.trend-cluster.v1", &ids)
            .map(|digest| format!("cluster:{}", &digest.to_hex()[..32]))
            .unwrap_or_else(|_| format!("cluster:{topic}")),
        score: score(volume, velocity, age, hours(window)),
        volume,
        velocity,
        recency_hours: round(age),
        regions: regions
            .iter()
            .map(|region| region[REGION.len()..].to_owned())
            .collect(),
        tags: tags.into_iter().cloned().collect(),
        supporting_samples: members
            .iter()
            .take(MAX_SAMPLES)
            .map(|member| TrendSample {
                resource: match (member.url.as_str(), resource) {
                    ("", Some(resource)) => resource.clone(),
                    ("", None) => member.id.clone(),
                    (url, _) => url.to_owned(),
                },
                excerpt: excerpt(member),
                timestamp: member.timestamp,
            })
            .collect(),
        topic,
    }
}

/// How much a cluster is a trend, 0…1: how many speak of it, how fast, how lately.
///
/// One mention has no volume; each further one halves what is missing. Half of the points for velocity
/// come at [`HALF_VELOCITY`]; those for recency halve with every half window since the newest mention.
fn score(volume: u64, velocity: f64, age_hours: f64, window_hours: f64) -> f64 {
    let further = i32::try_from(volume.saturating_sub(1)).unwrap_or(i32::MAX);
    let by_volume = 1.0 - 0.5_f64.powi(further);
    let by_velocity = velocity / (velocity + HALF_VELOCITY);
    let by_recency = 0.5_f64.powf(age_hours / (window_hours / 2.0));
    let (v, s, r) = WEIGHTS;
    round(v * by_volume + s * by_velocity + r * by_recency)
}

fn excerpt(trend: &Trend) -> String {
    let text = if trend.description.is_empty() || trend.description == trend.title {
        trend.title.clone()
    } else {
        format!("{} — {}", trend.title, trend.description)
    };
    text.chars().take(MAX_EXCERPT_CHARS).collect()
}

fn alert(clusters: &[TrendCluster], window_hours: u32) -> TrendAlert {
    let topics: Vec<String> = clusters
        .iter()
        .map(|cluster| cluster.topic.clone())
        .collect();
    let alert_message = match clusters.first() {
        None => format!("Nothing stands out in the last {window_hours} hours."),
        Some(first) => format!(
            "{} {} in the last {window_hours} hours; strongest: {} ({} mentions, {} an hour, the newest {} hours ago).",
            clusters.len(),
            if clusters.len() == 1 {
                "topic stands out"
            } else {
                "topics stand out"
            },
            first.topic,
            first.volume,
            first.velocity,
            first.recency_hours,
        ),
    };
    TrendAlert {
        trend_alert: !clusters.is_empty(),
        topics,
        relevance_score: clusters.first().map_or(0.0, |cluster| cluster.score),
        alert_message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_score_grows_with_each_part_and_stays_within_bounds() {
        let base = score(2, 0.5, 1.0, 4.0);
        assert!(score(3, 0.5, 1.0, 4.0) > base);
        assert!(score(2, 0.9, 1.0, 4.0) > base);
        assert!(score(2, 0.5, 0.5, 4.0) > base);
        assert_eq!(score(1, 0.0, 1e9, 4.0), 0.0);
        assert!(score(u64::MAX, 1e12, 0.0, 4.0) <= 1.0);
        // A single mention never is a trend at the usual bar, four within the window are.
        assert!(score(1, 1.0, 0.0, 4.0) < 0.75);
        assert!(score(4, 1.0, 0.5, 4.0) > 0.75);
    }
}
