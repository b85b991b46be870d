//! From items to trends: range, categories, duplicates, topic, velocity, order. Pure.
//!
//! Never here: reading sources.

use std::collections::BTreeSet;

use chimera_domain::{
    time::{Span, Timestamp},
    trend::Trend,
};

use super::{
    UNDATED,
    feed::{Item, canonical_url},
    terms::{Shared, terms},
};

/// Most items that are compared with each other; the newest are kept.
const MAX_ITEMS_COMPARED: usize = 2_000;
/// Longest topic, in characters.
const MAX_TOPIC_CHARS: usize = 120;
/// Shortest time that a rate is taken over, in hours: three mentions within a minute are not 180 an hour.
const MIN_HOURS: f64 = 1.0;

/// What is wanted.
pub(super) struct Wanted<'w> {
    pub(super) now: Timestamp,
    pub(super) range: Span,
    /// Lower-case words; an item must have one. Empty takes all.
    pub(super) categories: &'w [String],
    pub(super) max_results: usize,
}

/// What came of it.
pub(super) struct Ranked {
    pub(super) trends: Vec<Trend>,
    pub(super) total: usize,
    pub(super) undated: usize,
    pub(super) out_of_range: usize,
    pub(super) duplicates: usize,
}

/// Ranks `items`.
pub(super) fn rank(mut items: Vec<Item>, wanted: &Wanted<'_>) -> Ranked {
    let began = wanted.now - wanted.range;
    let before = items.len();
    items.retain(|item| item.dated.is_none_or(|at| at >= began));
    let out_of_range = before - items.len();
    // Newest first, so that the first of two doubles is the newest and the bound keeps the newest.
    items.sort_by(|a, b| b.dated.cmp(&a.dated).then_with(|| a.id.cmp(&b.id)));
    let before = items.len();
    items = without_doubles(items);
    let duplicates = before - items.len();
    items.retain(|item| fits(item, wanted.categories));
    let total = items.len();
    let undated = items.iter().filter(|item| item.dated.is_none()).count();
    items.truncate(MAX_ITEMS_COMPARED);

    let words: Vec<Vec<String>> = items.iter().map(about).collect();
    let shared = Shared::of(&words);
    let dates: Vec<Option<Timestamp>> = items.iter().map(|item| item.dated).collect();
    let mut trends: Vec<Trend> = items
        .into_iter()
        .enumerate()
        .map(|(index, item)| {
            let mut peers = shared.peers(&words[index]);
            peers.insert(index);
            let velocity = velocity(peers.into_iter().filter_map(|i| dates[i]), wanted.now);
            trend(item, topic(&shared, &words[index]), velocity, wanted.now)
        })
        .collect();
    trends.sort_by(|a, b| {
        b.velocity
            .total_cmp(&a.velocity)
            .then_with(|| b.timestamp.cmp(&a.timestamp))
            .then_with(|| a.id.cmp(&b.id))
    });
    trends.truncate(wanted.max_results);
    Ranked {
        trends,
        total,
        undated,
        out_of_range,
        duplicates,
    }
}

/// Mentions per hour since the first of them; 0 where no mention has a date.
pub(super) fn velocity(mentions: impl Iterator<Item = Timestamp>, now: Timestamp) -> f64 {
    let (mut count, mut first) = (0_u32, now);
    for at in mentions {
        count += 1;
        first = first.min(at);
    }
    let hours = (hours(now.since(first))).max(MIN_HOURS);
    round(f64::from(count) / hours)
}

/// A span in hours.
#[expect(
    clippy::cast_precision_loss,
    reason = "spans of years are exact in a double's 53 bits of microseconds"
)]
pub(super) fn hours(span: Span) -> f64 {
    span.micros() as f64 / 3_600e6
}

/// To four places, so that a rate reads well and compares equal everywhere.
pub(super) fn round(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

fn about(item: &Item) -> Vec<String> {
    terms(&format!("{} {}", item.title, item.tags.join(" ")))
}

fn topic(shared: &Shared, words: &[String]) -> String {
    let topic = shared.topic(words);
    topic.chars().take(MAX_TOPIC_CHARS).collect()
}

fn without_doubles(items: Vec<Item>) -> Vec<Item> {
    let mut seen = BTreeSet::new();
    items
        .into_iter()
        .filter(|item| {
            let title = item.title.to_lowercase();
            let page = canonical_url(&item.url).unwrap_or_default();
            let is_new_title = seen.insert(('t', title));
            let is_new_page = page.is_empty() || seen.insert(('u', page));
            let is_new_id = seen.insert(('i', item.id.clone()));
            is_new_title && is_new_page && is_new_id
        })
        .collect()
}

/// Whether a word of the item or a tag is one of the categories.
fn fits(item: &Item, categories: &[String]) -> bool {
    if categories.is_empty() {
        return true;
    }
    let text = format!(
        "{} {} {}",
        item.title,
        item.description,
        item.tags.join(" ")
    )
    .to_lowercase();
    let padded = spaced(&text);
    categories
        .iter()
        .any(|category| padded.contains(&spaced(category)))
}

/// Words with exactly one space around each, so that "art" is not found in "start".
fn spaced(text: &str) -> String {
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    format!(" {} ", words.join(" "))
}

fn trend(item: Item, topic: String, velocity: f64, now: Timestamp) -> Trend {
    let mut tags = item.tags;
    if item.dated.is_none() {
        tags.push(UNDATED.to_owned());
    }
    Trend {
        topic: if topic.is_empty() {
            item.title.chars().take(MAX_TOPIC_CHARS).collect()
        } else {
            topic
        },
        id: item.id,
        platform: item.platform,
        title: item.title,
        description: item.description,
        engagement_metrics: item.metrics,
        velocity,
        timestamp: item.dated.unwrap_or(now),
        url: item.url,
        tags,
    }
}

#[cfg(test)]
mod tests {
    use chimera_domain::trend::{EngagementMetrics, TrendPlatform};

    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

    fn ago(hours: u32) -> Option<Timestamp> {
        Some(NOW - Span::seconds(hours * 3_600))
    }

    fn item(id: &str, title: &str, url: &str, dated: Option<Timestamp>) -> Item {
        Item {
            id: id.into(),
            platform: TrendPlatform::Web,
            title: title.into(),
            description: "About art and chips.".into(),
            url: url.into(),
            dated,
            tags: vec![],
            metrics: EngagementMetrics::default(),
        }
    }

    fn ranked(items: Vec<Item>, categories: &[&str], max_results: usize) -> Ranked {
        let categories: Vec<String> = categories.iter().map(|&c| c.to_owned()).collect();
        rank(
            items,
            &Wanted {
                now: NOW,
                range: Span::seconds(24 * 3_600),
                categories: &categories,
                max_results,
            },
        )
    }

    #[test]
    fn velocity_counts_dated_mentions_per_hour_since_the_first() {
        let items = vec![
            item("a", "Battery recycling plant opens", "", ago(8)),
            item("b", "Recycling a battery at home", "", ago(2)),
            item("c", "Battery recycling, undated", "", None),
            item("d", "A quiet museum", "", ago(20)),
            item("e", "A loud one, just out", "", ago(0)),
        ];
        let velocities: Vec<(String, f64)> = ranked(items, &[], 50)
            .trends
            .into_iter()
            .map(|t| (t.id, t.velocity))
            .collect();
        let expected = [
            ("e", 1.0),
            ("c", 0.25),
            ("b", 0.25),
            ("a", 0.25),
            ("d", 0.05),
        ];
        assert_eq!(velocities, expected.map(|(id, v)| (id.to_owned(), v)));
    }

    #[test]
    fn range_doubles_categories_and_the_cut_are_each_counted() {
        let items = vec![
            item("a", "Old", "", ago(25)),
            item(
                "b",
                "Same page",
                "https://example.com/x?utm_source=1",
                ago(3),
            ),
            item("c", "Another headline", "https://www.example.com/x", ago(4)),
            item("d", "SAME PAGE", "https://example.com/y", ago(5)),
            item("e", "No date", "https://example.com/z", None),
            item("f", "Third", "", ago(1)),
        ];
        let all = ranked(items.clone(), &[], 2);
        assert_eq!(
            (
                all.total,
                all.undated,
                all.out_of_range,
                all.duplicates,
                all.trends.len()
            ),
            (3, 1, 1, 2, 2)
        );
        let undated = ranked(items.clone(), &["no date"], 9).trends;
        assert_eq!(undated.len(), 1);
        assert_eq!((undated[0].timestamp, undated[0].velocity), (NOW, 0.0));
        assert_eq!(undated[0].tags, ["undated"]);
        assert_eq!(ranked(items.clone(), &["art"], 9).total, 3);
        assert_eq!(ranked(items, &["ar"], 9).total, 0);
    }

    #[test]
    fn order_is_the_same_whatever_order_the_sources_came_in() {
        let mut items: Vec<Item> = (0..40)
            .map(|n| {
                item(
                    &format!("i{n}"),
                    &format!("Chip story number{}", n % 7),
                    "",
                    ago(n % 5),
                )
            })
            .collect();
        let ids = |ranked: Ranked| ranked.trends.into_iter().map(|t| t.id).collect::<Vec<_>>();
        let forward = ids(ranked(items.clone(), &[], 50));
        items.reverse();
        assert_eq!(ids(ranked(items, &[], 50)), forward);
    }
}
