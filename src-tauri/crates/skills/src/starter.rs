//! What a newcomer starts with: a persona, and a feed of sample items for the rehearsal.
//!
//! Never here: putting either anywhere.

use chimera_domain::time::{Span, Timestamp};
use chrono::DateTime;

/// The starter persona's SOUL.md.
pub const SOUL: &str = include_str!("../assets/starter/SOUL.md");

/// The sample feed as it lies in the repository, with the dates it was written for.
const FEED: &str = include_str!("../assets/starter/feed.xml");

/// The starter persona's SOUL.md and the sample feed as of `now`.
#[must_use]
pub fn starter(now: Timestamp) -> (&'static str, String) {
    (SOUL, feed(now))
}

/// The sample feed (RSS 2.0), with every date moved so that it was built at `now`. Its items say that
/// they are samples; the distances between them stay as they are.
#[must_use]
pub fn feed(now: Timestamp) -> String {
    let Some(built) =
        dates(FEED).find_map(|(tag, _, date)| (tag == "lastBuildDate").then_some(date)?)
    else {
        return FEED.to_owned();
    };
    let mut moved = String::with_capacity(FEED.len());
    let mut rest = FEED;
    while let Some((_, text, date)) = dates(rest).next() {
        let at = text.as_ptr() as usize - rest.as_ptr() as usize;
        moved.push_str(&rest[..at]);
        match date {
            Some(date) => moved.push_str(&rfc2822(now - built.since(date))),
            None => moved.push_str(text),
        }
        rest = &rest[at + text.len()..];
    }
    moved.push_str(rest);
    moved
}

/// The text and the meaning of every date element, in order.
fn dates(xml: &str) -> impl Iterator<Item = (&'static str, &str, Option<Timestamp>)> {
    const TAGS: [(&str, &str); 2] = [
        ("lastBuildDate", "<lastBuildDate>"),
        ("pubDate", "<pubDate>"),
    ];
    let mut at = 0;
    std::iter::from_fn(move || {
        let (start, tag, open) = TAGS
            .iter()
            .filter_map(|(tag, open)| Some((xml[at..].find(open)?, *tag, *open)))
            .min()?;
        let from = at + start + open.len();
        let to = from + xml[from..].find('<')?;
        at = to;
        let text = &xml[from..to];
        let date = DateTime::parse_from_rfc2822(text.trim()).ok();
        let date = date.map(|date| Timestamp::from_micros(date.timestamp_micros()));
        Some((tag, text, date))
    })
}

fn rfc2822(at: Timestamp) -> String {
    DateTime::from_timestamp_micros(at.micros())
        .map(|date| date.to_rfc2822())
        .unwrap_or_default()
}

/// How far back the sample items reach.
pub const FEED_REACH: Span = Span::seconds(24 * 3_600);

#[cfg(test)]
mod tests {
    use chimera_frontmatter::soul;

    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

    #[test]
    fn the_persona_is_sound_and_complete() {
        let parsed = soul::parse(SOUL).unwrap();
        assert_eq!(parsed.warnings, []);
        let persona = parsed.value;
        for list in [
            &persona.voice_traits,
            &persona.directives,
            &persona.values,
            &persona.lexicon,
            &persona.forbidden,
            &persona.forbidden_topics,
        ] {
            assert!(list.len() >= 3, "{list:?}");
        }
        assert_eq!(persona.id, "mara-voss");
        assert!(persona.backstory.len() > 500);
        assert!(persona.directives.iter().any(|rule| rule.contains("AI")));
    }

    #[test]
    fn the_feed_is_as_fresh_as_the_day_and_says_that_it_is_a_sample() {
        let (_, xml) = starter(NOW);
        let found: Vec<_> = dates(&xml)
            .map(|(tag, _, date)| (tag, date.unwrap()))
            .collect();
        assert_eq!(found[0], ("lastBuildDate", NOW));
        let items = &found[1..];
        assert!(items.len() >= 12);
        assert!(
            items
                .iter()
                .all(|(_, at)| *at < NOW && NOW.since(*at) < FEED_REACH)
        );
        assert_eq!(xml.matches("<item>").count(), items.len());
        let titles: Vec<&str> = xml
            .split("<title>")
            .skip(1)
            .filter_map(|rest| rest.split("</title>").next())
            .collect();
        assert!(
            titles.iter().all(|title| title.contains("ample")),
            "{titles:?}"
        );
        // Nothing but the dates differs from the file.
        let bare = |xml: &str| {
            let dates: Vec<String> = dates(xml).map(|(_, text, _)| text.to_owned()).collect();
            dates
                .iter()
                .fold(xml.to_owned(), |xml, date| xml.replace(date.as_str(), "-"))
        };
        assert_eq!(bare(&xml), bare(FEED));
    }
}
