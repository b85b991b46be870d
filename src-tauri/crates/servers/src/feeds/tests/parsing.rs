//! What is made of RSS, Atom and JSON Feed: everything they say and nothing else.

use proptest::prelude::*;
use serde_json::json;

use super::{NOW, NOW_SHOWN, rss};
use crate::feeds::{
    page::{MAX_ITEMS, Page},
    parse::parse,
};
use chimera_domain::{digest::Digest, fault::Fault};

fn read(feed: &str) -> Result<Page, Fault> {
    parse(
        feed.as_bytes(),
        "https://example.com/news/feed",
        NOW.parse().unwrap(),
    )
}

#[track_caller]
fn check(feed: &str, expected: serde_json::Value) {
    assert_eq!(serde_json::to_value(read(feed).unwrap()).unwrap(), expected);
}

#[test]
fn rss_is_read_with_its_dates_authors_tags_and_views() {
    check(
        r#"<?xml version="1.0"?><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
            <title>Town &amp; Country</title>
            <item><guid>n-1</guid><title>Bakery <![CDATA[<b>opens</b>]]></title><link>/bakery</link>
              <description>&lt;p&gt;Fresh bread.&lt;/p&gt;&lt;p&gt;At six.&lt;/p&gt;</description>
              <pubDate>Sat, 21 Nov 2026 08:30:00 +0100</pubDate><dc:creator>Ada</dc:creator>
              <category>food</category><category>town</category><category>food</category>
              <media:content url="https://example.com/v"><media:community><media:statistics views="42"/></media:community></media:content></item>
            <item><title>Undated</title></item></channel></rss>"#,
        json!({
            "feed": {"title": "Town & Country", "url": "https://example.com/news/feed"},
            "items": [
                {
                    "id": "n-1", "title": "Bakery opens", "summary": "Fresh bread.\nAt six.",
                    "url": "https://example.com/bakery",
                    "published_at": "2026-11-21T07:30:00.000000Z",
                    "author": "Ada", "tags": ["food", "town"], "metrics": {"views": 42},
                },
                {
                    "id": Digest::of("chimera.feed-item.v1", &("", "Undated", "")).unwrap(),
                    "title": "Undated", "summary": "", "tags": [], "metrics": {},
                },
            ],
            "fetched_at": NOW_SHOWN, "not_modified": false,
            "warnings": ["items without a date: 1", "items without a link to follow: 1"],
        }),
    );
}

#[test]
fn atom_is_read() {
    check(
        r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>Lab</title><entry>
            <id>urn:1</id><title type="html">A &amp;lt; B</title><updated>2026-11-20T00:00:00Z</updated>
            <link rel="enclosure" href="https://cdn.example.com/a.mp3"/><link href="https://lab.example.com/a"/>
            <author><name>Bob</name></author><category term="physics" label="Physics"/>
            <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Only <em>content</em>.</p></div></content>
            </entry></feed>"#,
        json!({
            "feed": {"title": "Lab", "url": "https://example.com/news/feed"},
            "items": [{
                "id": "urn:1", "title": "A < B", "summary": "Only content.", "url": "https://lab.example.com/a",
                "updated_at": "2026-11-20T00:00:00.000000Z", "author": "Bob", "tags": ["Physics"], "metrics": {},
            }],
            "fetched_at": NOW_SHOWN, "not_modified": false, "warnings": [],
        }),
    );
}

#[test]
fn json_feed_is_read() {
    check(
        r#"{"version": "https://jsonfeed.org/version/1.1", "title": "Notes", "items": [
            {"id": "7", "url": "https://n.example.com/7", "content_text": "Hello.", "date_published": "2026-11-19T12:00:00Z", "tags": ["x"]}]}"#,
        json!({
            "feed": {"title": "Notes", "url": "https://example.com/news/feed"},
            "items": [{
                "id": "7", "title": "", "summary": "Hello.", "url": "https://n.example.com/7",
                "published_at": "2026-11-19T12:00:00.000000Z", "tags": ["x"], "metrics": {},
            }],
            "fetched_at": NOW_SHOWN, "not_modified": false, "warnings": [],
        }),
    );
}

#[test]
fn an_item_without_an_id_has_the_same_one_at_every_reading() {
    let feed = rss("<item><title>One</title></item><item><title>Two</title></item>");
    let ids = |page: Page| {
        page.items
            .into_iter()
            .map(|item| item.id)
            .collect::<Vec<_>>()
    };
    let once = ids(read(&feed).unwrap());
    assert_eq!(once, ids(read(&feed).unwrap()));
    assert_ne!(once[0], once[1]);
}

#[test]
fn what_is_no_feed_says_where_it_breaks() {
    for (bad, word) in [
        (rss("<item>\n<title>x</item>"), "line 2"),
        (rss("<item>").replace("</rss>", ""), "line 1"),
        (
            "<!doctype html><html><head><title>Blog</title>".into(),
            "web page",
        ),
        (
            "{\"version\": \"https://jsonfeed.org/version/1\",\n \"title\": }".into(),
            "line 2",
        ),
        (
            "{\"version\": \"https://example.com/other\", \"title\": \"x\", \"items\": []}".into(),
            "unsupported",
        ),
        ("<opml><body/></opml>".into(), "neither RSS nor Atom"),
        (String::new(), "neither"),
        ("just words".into(), "neither"),
        ("\u{0}\u{1}\u{2}<".into(), "line 1"),
    ] {
        let error = read(&bad).unwrap_err();
        assert_eq!(error.code, "FEED_MALFORMED", "{bad}");
        assert!(error.message.contains(word), "{word}: {error}");
    }
}

#[test]
fn old_encodings_are_read() {
    let mut feed =
        b"<?xml version='1.0' encoding='ISO-8859-1'?><rss version='2.0'><channel><item><title>Caf"
            .to_vec();
    feed.extend(b"\xe9</title></item></channel></rss>");
    let page = parse(&feed, "x", NOW.parse().unwrap()).unwrap();
    assert_eq!(page.items[0].title, "Café");
}

#[test]
fn a_feed_of_many_items_is_read_to_its_bound() {
    let feed = rss(&"<item><title>x</title></item>".repeat(1_000));
    let page = read(&feed).unwrap();
    assert_eq!(page.items.len(), MAX_ITEMS as usize);
    assert!(
        page.warnings[0].contains("1000 items"),
        "{:?}",
        page.warnings
    );
    let empty = read(&rss("")).unwrap();
    assert_eq!(empty.warnings, ["the feed has no items"]);
}

#[test]
fn an_answer_never_outgrows_its_bound() {
    let item = format!(
        "<item><title>{}</title><description>{}</description></item>",
        "語".repeat(300),
        "語".repeat(2_000)
    );
    let page = read(&rss(&item.repeat(200))).unwrap().narrowed(None, 200);
    let bytes = serde_json::to_vec(&page).unwrap().len();
    assert!(bytes < 800 * 1024, "{bytes}");
    assert!(
        (50..200).contains(&page.items.len()),
        "{}",
        page.items.len()
    );
    assert!(
        page.warnings
            .iter()
            .any(|warning| warning.contains("too large")),
        "{:?}",
        page.warnings
    );
}

proptest! {
    #[test]
    fn whatever_comes_is_a_page_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _either = parse(&bytes, "x", NOW.parse().unwrap());
    }

    #[test]
    fn broken_feeds_too(cut in 0_usize..600, noise in "[<>&a/=\"! -]{0,12}") {
        let item = "<item><guid>1</guid><title>t</title><link>https://e.com</link><description>&lt;p&gt;d</description><pubDate>Sat, 21 Nov 2026 08:30:00 +0100</pubDate></item>";
        let mut feed = rss(&item.repeat(3));
        let at = cut.min(feed.len());
        feed.insert_str(at, &noise);
        if let Ok(page) = read(&feed) {
            prop_assert!(page.items.len() <= 4);
        }
    }
}
