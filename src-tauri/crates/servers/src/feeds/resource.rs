//! Feeds as resources: one by its address, or all that are about something, as one page.
//!
//! | URI | What it reads |
//! | --- | --- |
//! | `feed://<percent-encoded URL>` | one feed |
//! | `news://latest` | every listed feed, newest first |
//! | `news://{region}/{topic}/trends` | the listed feeds about that, newest first |
//! | `news://{name}` | the listed feed of that name |
//!
//! Never here: a way to read what `fetch_feed` would refuse.

use chimera_domain::{fault::Fault, id::TenantId};
use rmcp::{
    ErrorData,
    model::{
        ErrorCode, ListResourceTemplatesResult, ListResourcesResult, ReadResourceResponse,
        ReadResourceResult, Resource, ResourceContents, ResourceTemplate,
    },
};
use tokio::task::JoinSet;
use url::Url;

use super::{
    FeedPlace, Feeds, ListedFeed,
    fault::{NOT_LISTED, URL_INVALID},
    page::{About, MAX_ITEMS, Page},
};

const FEED_SCHEME: &str = "feed://";
const NEWS_SCHEME: &str = "news://";
const LATEST: &str = "latest";
/// Feeds that are read for one resource; further ones are left out and said to be.
const MAX_MERGED: usize = 16;
const MIME: &str = "application/json";

pub(super) fn list(feeds: &[ListedFeed]) -> ListResourcesResult {
    let mut resources = Vec::new();
    if !feeds.is_empty() {
        resources.push(
            Resource::new(format!("{NEWS_SCHEME}{LATEST}"), LATEST)
                .with_description("Every listed feed, newest first.")
                .with_mime_type(MIME),
        );
    }
    for feed in feeds {
        if let FeedPlace::Url(url) = &feed.place {
            let resource = Resource::new(address(url), feed.name.clone()).with_mime_type(MIME);
            resources.push(resource);
        }
    }
    ListResourcesResult::with_all_items(resources)
}

pub(super) fn templates() -> ListResourceTemplatesResult {
    let templates = [
        (
            "feed://{url}",
            "feed",
            "One feed; its URL is percent-encoded.",
        ),
        (
            "news://{region}/{topic}/trends",
            "trends",
            "The listed feeds about a topic, newest first.",
        ),
        (
            "news://{name}",
            "listed feed",
            "The listed feed of that name.",
        ),
    ];
    let template = |(uri, name, words): (&str, &str, &str)| {
        ResourceTemplate::new(uri, name)
            .with_description(words)
            .with_mime_type(MIME)
    };
    ListResourceTemplatesResult::with_all_items(templates.map(template).to_vec())
}

pub(super) async fn read(
    feeds: &Feeds,
    uri: String,
    tenant: Option<TenantId>,
) -> Result<ReadResourceResponse, ErrorData> {
    let page = if let Some(encoded) = uri.strip_prefix(FEED_SCHEME) {
        let url = decoded(encoded).ok_or_else(|| unknown(&uri))?;
        feeds
            .read(tenant, &FeedPlace::Url(url))
            .await
            .map_err(|fault| told(&fault))?
    } else {
        let wanted = uri.strip_prefix(NEWS_SCHEME).ok_or_else(|| unknown(&uri))?;
        let chosen = chosen(feeds.listed(tenant), wanted);
        if chosen.is_empty() {
            return Err(unknown(&uri));
        }
        merged(feeds, tenant, chosen, &uri)
            .await
            .map_err(|fault| told(&fault))?
    };
    let page = page.narrowed(None, MAX_ITEMS);
    let text = serde_json::to_string(&page)
        .map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
    let contents = ResourceContents::text(text, uri).with_mime_type(MIME);
    // Freshness is the feeds' own matter, by their validators.
    Ok(ReadResourceResult::new(vec![contents])
        .with_ttl_ms(0)
        .into())
}

/// The listed feeds that a `news://` address means.
fn chosen(listed: Vec<ListedFeed>, wanted: &str) -> Vec<ListedFeed> {
    if wanted == LATEST {
        return listed;
    }
    let topic = wanted.strip_suffix("/trends");
    let means = |feed: &ListedFeed| match topic {
        Some(topic) => feed.topics.iter().any(|own| own == topic),
        None => feed.name == wanted,
    };
    listed.into_iter().filter(means).collect()
}

/// Several feeds as one page, newest first; those without a date come last.
async fn merged(
    feeds: &Feeds,
    tenant: Option<TenantId>,
    mut chosen: Vec<ListedFeed>,
    uri: &str,
) -> Result<Page, Fault> {
    let left_out = chosen.len().saturating_sub(MAX_MERGED);
    chosen.truncate(MAX_MERGED);
    let mut readings = JoinSet::new();
    for (index, feed) in chosen.into_iter().enumerate() {
        let feeds = feeds.clone();
        readings.spawn(async move { (index, feeds.read(tenant, &feed.place).await, feed.name) });
    }
    let mut read = readings.join_all().await;
    read.sort_by_key(|(index, ..)| *index);
    let mut page = Page {
        feed: About {
            title: None,
            url: uri.to_owned(),
        },
        items: Vec::new(),
        fetched_at: feeds.0.clock.now(),
        not_modified: true,
        warnings: Vec::new(),
    };
    let (mut failure, mut answered) = (None, 0);
    for (_, outcome, name) in read {
        match outcome {
            Ok(one) => {
                answered += 1;
                page.not_modified &= one.not_modified;
                page.items.extend(one.items);
                for warning in one.warnings {
                    page.warn(format!("{name}: {warning}"));
                }
            }
            Err(fault) => {
                page.warn(format!("{name} could not be read: {fault}"));
                failure = Some(fault);
            }
        }
    }
    if left_out > 0 {
        page.warn(format!(
            "{left_out} more feeds were left out; {MAX_MERGED} are read at once"
        ));
    }
    match failure {
        Some(fault) if answered == 0 => Err(fault),
        _ => {
            page.items
                .sort_by_key(|item| std::cmp::Reverse(item.time()));
            Ok(page)
        }
    }
}

/// A feed's resource address.
fn address(url: &str) -> String {
    let encoded: String = url::form_urlencoded::byte_serialize(url.as_bytes()).collect();
    format!("{FEED_SCHEME}{encoded}")
}

/// The URL in an address, percent-encoded or not.
fn decoded(encoded: &str) -> Option<String> {
    let query = format!("u={}", encoded.replace('+', "%2B"));
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    let url = pairs.next()?.1.into_owned();
    // What is not percent-encoded may hold `&`, which ends the pair: then it is taken as it is.
    let url = if pairs.next().is_some() {
        encoded.to_owned()
    } else {
        url
    };
    Url::parse(&url).is_ok().then_some(url)
}

fn unknown(uri: &str) -> ErrorData {
    let shown: String = uri.chars().take(300).collect();
    ErrorData::resource_not_found(
        format!("there is no resource '{shown}'; see the list of resources and list_feeds"),
        None,
    )
}

/// A fault in the protocol's terms; code and class go along as data.
fn told(fault: &Fault) -> ErrorData {
    let code = match fault.code.as_str() {
        NOT_LISTED | URL_INVALID => ErrorCode::RESOURCE_NOT_FOUND,
        _ => ErrorCode::INTERNAL_ERROR,
    };
    ErrorData::new(code, fault.to_string(), serde_json::to_value(fault).ok())
}
