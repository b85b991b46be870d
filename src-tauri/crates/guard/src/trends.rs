//! Items of feeds at the gateway: screened as they come in (PER-09), wrapped as they go to a model.
//!
//! Never here: fetching, or what is relevant.

use chimera_domain::{
    artifact::{Origin, SourceRef},
    trend::{Trend, TrendCluster},
};

use crate::{
    inbound::{Limits, ThreatLevel, normalise, scan},
    wrap::{Nonce, wrap_untrusted},
};

/// Most characters of an item's text in a list to choose from.
const MAX_LISTED_CHARS: usize = 280;

/// Samples of what stands out that a planner is shown.
const MAX_SAMPLES: usize = 2;

/// What of a list of items may be used.
pub struct Screened {
    /// Items in canonical form.
    pub clean: Vec<Trend>,
    /// Items that try to steer the agent, each with the reason.
    pub blocked: Vec<(Trend, String)>,
}

/// Brings items into canonical form, and blocks those whose words are an attack.
#[must_use]
pub fn screen(trends: Vec<Trend>) -> Screened {
    let mut screened = Screened {
        clean: Vec::with_capacity(trends.len()),
        blocked: Vec::new(),
    };
    for mut trend in trends {
        // The attack is looked for in the words as they came: hiding places are evidence.
        let words = [&trend.title, &trend.description, &trend.topic]
            .into_iter()
            .chain(&trend.tags)
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join("\n");
        let scanned = scan(&words);
        trend.title = normalise(&trend.title, Limits::TITLE).text;
        trend.description = normalise(&trend.description, Limits::BODY).text;
        trend.topic = normalise(&trend.topic, Limits::TITLE).text;
        for tag in &mut trend.tags {
            *tag = normalise(tag, Limits::TITLE).text;
        }
        if scanned.threat >= ThreatLevel::High {
            screened.blocked.push((trend, scanned.explained()));
        } else {
            screened.clean.push(trend);
        }
    }
    screened
}

/// Items for the prompt: ids and dates in the open, people's words wrapped.
#[must_use]
pub fn items(trends: &[Trend], nonce: &Nonce) -> Vec<String> {
    trends
        .iter()
        .map(|trend| item(trend, &trend.description, nonce))
        .collect()
}

/// An item of a list to choose from: of its text the beginning, enough to see what it is about.
#[must_use]
pub fn listed(trend: &Trend, nonce: &Nonce) -> String {
    let mut text: String = trend.description.chars().take(MAX_LISTED_CHARS).collect();
    if text.len() < trend.description.len() {
        text.push('…');
    }
    item(trend, &text, nonce)
}

fn item(trend: &Trend, text: &str, nonce: &Nonce) -> String {
    let words = format!("{}\n{text}", trend.title);
    format!(
        "id: {}\ntime: {}\n{}",
        trend.id,
        trend.timestamp,
        wrap_untrusted(&trend.url, &words, nonce)
    )
}

/// What stands out in feeds: its figures in the open, its words wrapped, for they are strangers'.
#[must_use]
pub fn clusters(clusters: &[TrendCluster], nonce: &Nonce) -> Vec<String> {
    let wrapped = |cluster: &TrendCluster| {
        let samples = cluster.supporting_samples.iter().take(MAX_SAMPLES);
        let words: Vec<&str> = std::iter::once(cluster.topic.as_str())
            .chain(samples.map(|sample| sample.excerpt.as_str()))
            .collect();
        format!(
            "{} mentions, {} an hour, the newest {} hours ago:\n{}",
            cluster.volume,
            cluster.velocity,
            cluster.recency_hours,
            wrap_untrusted("feeds that were read", &words.join("\n"), nonce)
        )
    };
    clusters.iter().map(wrapped).collect()
}

/// What an artifact was built from, wrapped.
#[must_use]
pub fn source(source: &SourceRef, nonce: &Nonce) -> String {
    let from = match &source.origin {
        Origin::Untrusted { source } => source.as_str(),
        Origin::Tool { tool } => tool.as_str(),
        Origin::Operator => "the operator",
        Origin::Persona => "SOUL.md",
        Origin::Memory => "memory",
        Origin::Model => "a model",
    };
    wrap_untrusted(
        from,
        &format!("{}\n{}", source.title, source.excerpt),
        nonce,
    )
}

/// Posts that went before, wrapped like the items: their words came from strangers.
#[must_use]
pub fn previous_posts(posts: &[String], nonce: &Nonce) -> Vec<String> {
    posts
        .iter()
        .map(|post| wrap_untrusted("an earlier post", post, nonce))
        .collect()
}
