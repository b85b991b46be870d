//! `list_feeds`: what the operator listed.
//!
//! Never here: fetching any of it.

use chimera_domain::id::TenantId;
use rmcp::model::Tool;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    feeds::{FeedPlace, Feeds, ListedFeed},
    tool::{Hint, define},
};

/// Name of the tool.
pub(in crate::feeds) const NAME: &str = "list_feeds";

/// Nothing to choose.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Arguments {}

/// The listed feeds.
#[derive(Serialize, JsonSchema)]
pub(super) struct Answer {
    /// In the operator's order.
    feeds: Vec<Listed>,
}

/// One listed feed; `url` or `path` is what `fetch_feed` takes.
#[derive(Serialize, JsonSchema)]
struct Listed {
    /// Its name.
    name: String,
    /// Its URL, for one on the web.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// Its file, for one on disk.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    /// What it is about, as `region/topic`.
    topics: Vec<String>,
}

impl From<ListedFeed> for Listed {
    fn from(feed: ListedFeed) -> Self {
        let (url, path) = match feed.place {
            FeedPlace::Url(url) => (Some(url), None),
            FeedPlace::File(path) => (None, Some(path.display().to_string())),
        };
        Self {
            name: feed.name,
            url,
            path,
            topics: feed.topics,
        }
    }
}

pub(super) fn definition() -> Tool {
    define::<Arguments, Answer>(
        NAME,
        "Lists the feeds that the operator chose.",
        Hint::ReadsLocal,
    )
}

pub(super) fn call(feeds: &Feeds, tenant: Option<TenantId>, _: Arguments) -> Answer {
    Answer {
        feeds: feeds.listed(tenant).into_iter().map(Listed::from).collect(),
    }
}
