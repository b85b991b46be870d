//! Items of feeds as a model is shown them to choose from: as many as there is room for.
//!
//! Never here: choosing among them.

use chimera_domain::{
    artifact::{Origin, SourceRef},
    time::Timestamp,
    trend::Trend,
};
use chimera_guard::{Nonce, trends};
use chimera_ports::model::most_tokens;

/// Between two items of a list.
const GAP: &str = "\n\n";

/// As many of the `open` items as `room` tokens hold, from the first on, and a line about the others of `all`.
#[must_use]
pub fn list(open: &[Trend], all: usize, room: u64, nonce: &Nonce) -> (usize, String) {
    if all == 0 {
        return (0, "Nothing that you were not shown before.".to_owned());
    }
    let left_out = |listed: usize| match all - listed {
        0 => String::new(),
        more => format!("{GAP}{more} more were read that there is no room to show."),
    };
    let mut words = String::new();
    let mut listed = 0;
    for trend in open {
        let gap = if words.is_empty() { "" } else { GAP };
        let next = format!("{words}{gap}{}", trends::listed(trend, nonce));
        if most_tokens(&next) + most_tokens(&left_out(listed + 1)) > room {
            break;
        }
        words = next;
        listed += 1;
    }
    words.push_str(&left_out(listed));
    (listed, words.trim_start().to_owned())
}

/// Most characters of a source that the review card shows.
const MAX_EXCERPT_CHARS: usize = 400;

/// Where items came from, for the review card.
#[must_use]
pub fn sources_of(trends: &[Trend], read_at: Timestamp) -> Vec<SourceRef> {
    trends
        .iter()
        .map(|trend| SourceRef {
            origin: Origin::Untrusted {
                source: trend.url.clone(),
            },
            title: trend.title.clone(),
            url: Some(trend.url.clone()),
            excerpt: trend.description.chars().take(MAX_EXCERPT_CHARS).collect(),
            fetched_at: read_at,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// So many items are enough to fill every room that is tried.
    const MANY: usize = 40;

    fn trend(id: &str, text: &str) -> Trend {
        serde_json::from_value(json!({
            "id": id, "platform": "web", "title": id, "description": text, "url": "https://a.example",
            "engagement_metrics": {}, "velocity": 0.0, "timestamp": "2026-11-21T08:00:00Z", "topic": "", "tags": [],
        }))
        .unwrap()
    }

    #[test]
    fn a_list_holds_what_there_is_room_for_in_every_script_and_says_what_it_leaves_out() {
        let nonce = Nonce::from_bytes([0xab; 16]);
        let of = |text: &str| -> Vec<Trend> {
            (0..MANY)
                .map(|number| trend(&format!("item-{number}"), &text.repeat(60)))
                .collect()
        };
        let (english, japanese) = (of("tap "), of("水出し"));
        let listed = |items: &[Trend], room: u64| {
            let (listed, words) = list(items, items.len(), room, &nonce);
            assert!(most_tokens(&words) <= room, "{listed} items in {room}");
            let told = format!("{} more were read", items.len() - listed);
            assert_eq!(words.contains(&told), listed < items.len(), "{words}");
            assert_eq!(words.matches("id: item-").count(), listed);
            listed
        };
        assert_eq!(listed(&english, 40_000), MANY);
        let (few, fewer) = (listed(&english, 4_000), listed(&japanese, 4_000));
        assert!(
            0 < fewer && fewer * 2 < few && few < MANY,
            "{few} English, {fewer} Japanese"
        );
        assert_eq!(listed(&english, 100), 0);
        assert_eq!(list(&[], 0, 4_000, &nonce).0, 0);
    }
}
