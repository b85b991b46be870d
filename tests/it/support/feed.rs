//! Feeds with fresh dates, in the three formats.
//!
//! Never here: serving them.

use chimera_boot::SystemClock;
use chimera_ports::clock::Clock;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

/// One item of a feed.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) key: String,
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) hours_ago: i64,
}

impl Item {
    pub(crate) fn new(key: &str, title: &str, text: &str, hours_ago: i64) -> Self {
        Self {
            key: key.to_owned(),
            title: title.to_owned(),
            text: text.to_owned(),
            hours_ago,
        }
    }

    fn url(&self) -> String {
        format!("https://brew.example/{}", self.key)
    }

    fn dated(&self) -> DateTime<Utc> {
        let now = DateTime::from_timestamp_micros(SystemClock.now().micros()).unwrap();
        now - TimeDelta::hours(self.hours_ago)
    }
}

/// Coffee news of the last hours; three of them have numbers that a post can quote.
pub(crate) fn brew() -> Vec<Item> {
    vec![
        Item::new(
            "tap",
            "Cafes turn to cold brew on tap as summer queues grow",
            "Three chains report that tap systems cut serving time from 90 to 20 seconds. The move also halves waste, says the trade body.",
            2,
        ),
        Item::new(
            "probe",
            "Home roasters share open hardware temperature probe",
            "A probe design under an open licence costs 14 dollars in parts and logs bean temperature every second.",
            5,
        ),
        Item::new(
            "lanes",
            "City council approves new cycle lanes near market",
            "The lanes open in spring and add 11 kilometres.",
            7,
        ),
        Item::new(
            "burrs",
            "Grinder maker publishes burr wear study over 500 kilos",
            "Burrs lost 3 percent of their edge after 500 kilograms of coffee; extraction fell by 0.4 points.",
            9,
        ),
        Item::new(
            "shade",
            "Coffee growers test shade trees against drought",
            "Plots with shade trees kept 18 percent more soil water through the dry season, a four year trial shows.",
            12,
        ),
        Item::new(
            "filters",
            "New study: paper filters differ more than thought",
            "Flow rate differed by a factor of two between ten filters bought in shops.",
            15,
        ),
    ]
}

/// As RSS 2.0.
pub(crate) fn rss(items: &[Item]) -> String {
    let mut text = String::from(
        r#"<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Brew news</title><link>https://brew.example</link><description>Coffee</description>"#,
    );
    for item in items {
        text.push_str(&format!(
            "<item><guid>{}</guid><title>{}</title><description>{}</description><link>{}</link><pubDate>{}</pubDate></item>",
            item.url(),
            escaped(&item.title),
            escaped(&item.text),
            item.url(),
            item.dated().to_rfc2822()
        ));
    }
    text.push_str("</channel></rss>");
    text
}

/// As Atom.
pub(crate) fn atom(items: &[Item]) -> String {
    let mut text = String::from(
        r#"<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Brew notes</title><id>https://brew.example/atom</id>"#,
    );
    for item in items {
        text.push_str(&format!(
            r#"<entry><id>{}</id><title>{}</title><summary>{}</summary><link href="{}"/><updated>{}</updated></entry>"#,
            item.url(),
            escaped(&item.title),
            escaped(&item.text),
            item.url(),
            item.dated().to_rfc3339()
        ));
    }
    text.push_str("</feed>");
    text
}

/// As JSON Feed 1.1.
pub(crate) fn json_feed(items: &[Item]) -> String {
    let items: Vec<_> = items
        .iter()
        .map(|item| {
            json!({
                "id": item.url(), "url": item.url(), "title": item.title, "content_text": item.text,
                "date_published": item.dated().to_rfc3339(),
            })
        })
        .collect();
    json!({ "version": "https://jsonfeed.org/version/1.1", "title": "Brew wire", "items": items })
        .to_string()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
