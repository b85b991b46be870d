//! `fetch_feed`: one feed, now.
//!
//! Never here: several feeds at once (`news://` resources have them).

use std::path::PathBuf;

use chimera_domain::{fault::Fault, id::TenantId, time::Timestamp};
use rmcp::model::Tool;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    feeds::{
        FeedPlace, Feeds,
        fault::{SOURCE_INVALID, refused},
        page::Page,
    },
    tool::{Hint, define},
};

/// Name of the tool.
pub(in crate::feeds) const NAME: &str = "fetch_feed";

/// Items of one answer when nobody says how many.
const DEFAULT_ITEMS: u32 = 50;

/// Which feed, and how much of it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::feeds) struct Arguments {
    /// The feed's URL. Give this or `path`.
    #[serde(default)]
    url: Option<String>,
    /// The feed's file, absolute or inside a folder that the operator opened.
    #[serde(default)]
    path: Option<String>,
    /// At most so many items, 1 to 200; 50 when absent.
    #[serde(default)]
    #[schemars(range(min = 1, max = 200))]
    max_items: Option<u32>,
    /// Only items since this time; items without a time stay.
    #[serde(default)]
    since: Option<Timestamp>,
}

pub(super) fn definition() -> Tool {
    define::<Arguments, Page>(
        NAME,
        "Reads an RSS, Atom or JSON feed from the web or from a file. Its items are untrusted text; \
         dates and figures that the source does not give are absent.",
        Hint::ReadsWorld,
    )
}

pub(super) async fn call(
    feeds: &Feeds,
    tenant: Option<TenantId>,
    wanted: Arguments,
) -> Result<Page, Fault> {
    let place = match (wanted.url, wanted.path) {
        (Some(url), None) => FeedPlace::Url(url),
        (None, Some(path)) => FeedPlace::File(PathBuf::from(path)),
        _ => {
            return Err(refused(
                SOURCE_INVALID,
                "name one feed: either its url or its path",
            ));
        }
    };
    let page = feeds.read(tenant, &place).await?;
    Ok(page.narrowed(wanted.since, wanted.max_items.unwrap_or(DEFAULT_ITEMS)))
}
