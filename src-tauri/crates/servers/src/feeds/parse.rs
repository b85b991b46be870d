//! Bytes to a page: RSS, Atom and JSON Feed, every text bounded.
//!
//! Never here: fetching, or what the items are good for.

use chimera_domain::{digest::Digest, fault::Fault, time::Timestamp, trend::EngagementMetrics};
use feed_rs::{
    model::{Entry, Feed, Link, Text},
    parser::{Builder, ParseErrorKind, ParseFeedError},
};
use url::Url;

use super::{
    fault::malformed,
    page::{About, Item, MAX_ITEMS, Page, push_warning},
    scan::scan,
    text::{cut, fold, from_html},
};

/// Longest title, in characters.
const MAX_TITLE_CHARS: usize = 300;
/// Longest summary, in characters.
const MAX_SUMMARY_CHARS: usize = 2_000;
/// Longest author's name, in characters.
const MAX_AUTHOR_CHARS: usize = 120;
/// Longest id, in characters; longer ones become a digest.
const MAX_ID_CHARS: usize = 500;
/// Longest URL, in bytes; longer ones are left out.
const MAX_URL_BYTES: usize = 2_048;
/// Most tags of one item.
const MAX_TAGS: usize = 20;
/// Longest tag, in characters.
const MAX_TAG_CHARS: usize = 60;
/// Domain tag of an id made from words.
const ID_TAG: &str = "chimera.feed-item.v1";

/// Parses a feed that was read from `source`. Takes a while for a large one: call it where
/// computing is allowed.
///
/// # Errors
/// When it is no feed, with the place where it breaks if that is known.
pub(super) fn parse(bytes: &[u8], source: &str, fetched_at: Timestamp) -> Result<Page, Fault> {
    let first = bytes.iter().find(|byte| matches!(byte, b'<' | b'{'));
    if first == Some(&b'<') {
        scan(bytes)?;
    }
    let base = Url::parse(source)
        .ok()
        .filter(|url| !url.cannot_be_a_base());
    let feed = Builder::new()
        .base_uri(base.as_ref().map(Url::as_str))
        // Ids of our own are made below, so that they are the same at every reading.
        .id_generator(|_, _, _| String::new())
        .build()
        .parse(bytes)
        .map_err(|error| malformed(explain(&error)))?;
    Ok(page(feed, base.as_ref(), source, fetched_at))
}

fn explain(error: &ParseFeedError) -> String {
    match error {
        ParseFeedError::ParseError(ParseErrorKind::NoFeedRoot) => {
            "it is neither RSS nor Atom nor JSON Feed".to_owned()
        }
        ParseFeedError::JsonSerde(error) => format!(
            "its JSON breaks at line {}, column {}: {error}",
            error.line(),
            error.column()
        ),
        error => error.to_string(),
    }
}

fn page(feed: Feed, base: Option<&Url>, source: &str, fetched_at: Timestamp) -> Page {
    let mut page = Page {
        feed: About {
            title: feed
                .title
                .map(|title| words(&title).0)
                .filter(|title| !title.is_empty()),
            url: source.to_owned(),
        },
        items: Vec::new(),
        fetched_at,
        not_modified: false,
        warnings: Vec::new(),
    };
    let count = feed.entries.len();
    if count > MAX_ITEMS as usize {
        page.warn(format!(
            "the feed has {count} items; the first {MAX_ITEMS} were read"
        ));
    }
    if count == 0 {
        page.warn("the feed has no items");
    }
    let (mut undated, mut unlinked) = (0, 0);
    for (entry, number) in feed.entries.into_iter().take(MAX_ITEMS as usize).zip(1..) {
        let item = item(entry, number, base, &mut page.warnings);
        undated += usize::from(item.time().is_none());
        unlinked += usize::from(item.url.is_none());
        page.items.push(item);
    }
    if undated > 0 {
        page.warn(format!("items without a date: {undated}"));
    }
    if unlinked > 0 {
        page.warn(format!("items without a link to follow: {unlinked}"));
    }
    page
}

/// The words of a title, and its whole length if it was cut. Titles hold markup in practice,
/// whatever their type says.
fn words(text: &Text) -> (String, Option<usize>) {
    let (short, length) = cut(from_html(&text.content), MAX_TITLE_CHARS);
    (short.replace('\n', " "), length)
}

fn item(entry: Entry, number: usize, base: Option<&Url>, warnings: &mut Vec<String>) -> Item {
    let (title, was) = entry.title.as_ref().map(words).unwrap_or_default();
    if let Some(length) = was {
        push_warning(
            warnings,
            format!(
                "the title of item {number} has {length} characters; {MAX_TITLE_CHARS} are kept"
            ),
        );
    }
    let content = entry
        .content
        .as_ref()
        .and_then(|content| content.body.as_deref());
    let described = entry
        .summary
        .as_ref()
        .map(|summary| summary.content.as_str());
    let long = described.filter(|text| !text.trim().is_empty()).or(content);
    let (summary, was) = cut(from_html(long.unwrap_or_default()), MAX_SUMMARY_CHARS);
    // Content is expected to be long; a summary that is, is worth a word.
    if let (Some(length), true) = (was, described.is_some()) {
        push_warning(
            warnings,
            format!(
                "the summary of item {number} has {length} characters; {MAX_SUMMARY_CHARS} are kept"
            ),
        );
    }
    let url = link(&entry.links, base);
    let published_at = entry
        .published
        .map(|time| Timestamp::from_micros(time.timestamp_micros()));
    let updated_at = entry
        .updated
        .map(|time| Timestamp::from_micros(time.timestamp_micros()));
    Item {
        id: id(&entry.id, url.as_deref(), &title, &summary),
        url,
        published_at,
        // The parser copies the one into the other where a source gives one date only.
        updated_at: updated_at.filter(|time| Some(*time) != published_at),
        author: author(&entry),
        tags: tags(&entry),
        metrics: metrics(&entry),
        title,
        summary,
    }
}

/// The page that an item stands for: the first link that a browser may follow.
fn link(links: &[Link], base: Option<&Url>) -> Option<String> {
    let is_page = |link: &&Link| matches!(link.rel.as_deref(), None | Some("alternate"));
    links.iter().filter(is_page).find_map(|link| {
        let url = match base {
            Some(base) => base.join(&link.href).ok()?,
            None => Url::parse(&link.href).ok()?,
        };
        let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
        (is_web && url.as_str().len() <= MAX_URL_BYTES).then(|| url.into())
    })
}

fn id(own: &str, url: Option<&str>, title: &str, summary: &str) -> String {
    let own = fold(own);
    if !own.is_empty() && own.chars().count() <= MAX_ID_CHARS {
        return own;
    }
    if let (Some(url), true) = (url, own.is_empty()) {
        return url.to_owned();
    }
    // Plain texts always have a canonical form; without one, the title has to do.
    Digest::of(ID_TAG, &(own, title, summary))
        .map_or_else(|_| title.to_owned(), |digest| digest.to_string())
}

fn author(entry: &Entry) -> Option<String> {
    let name = entry
        .authors
        .iter()
        .find_map(|person| person.name.as_deref())?;
    let (name, _) = cut(fold(&from_html(name)), MAX_AUTHOR_CHARS);
    (!name.is_empty()).then_some(name)
}

fn tags(entry: &Entry) -> Vec<String> {
    let mut tags = Vec::new();
    for category in &entry.categories {
        let word = category.label.as_ref().unwrap_or(&category.term);
        let (tag, _) = cut(fold(&from_html(word)), MAX_TAG_CHARS);
        if !tag.is_empty() && !tags.contains(&tag) {
            tags.push(tag);
        }
        if tags.len() == MAX_TAGS {
            break;
        }
    }
    tags
}

/// Media RSS may tell views; nothing else that feeds carry is one of our figures.
fn metrics(entry: &Entry) -> EngagementMetrics {
    let community = entry
        .media
        .iter()
        .find_map(|media| media.community.as_ref());
    EngagementMetrics {
        views: community.and_then(|community| community.stats_views),
        ..EngagementMetrics::default()
    }
}
