//! The feeds that the operator listed: which there are, and which one a call means.
//!
//! Never here: reading them.

use std::path::PathBuf;

use chimera_domain::id::TenantId;
use url::Url;

/// Where a feed is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FeedPlace {
    /// On the web.
    Url(String),
    /// In a file.
    File(PathBuf),
}

/// A feed that the operator listed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListedFeed {
    /// Short name, for people and for `news://` addresses.
    pub name: String,
    /// Where it is.
    pub place: FeedPlace,
    /// What it is about, as `region/topic`, for `news://{region}/{topic}/trends`.
    pub topics: Vec<String>,
    /// Whose it is; everybody's when absent.
    pub tenant: Option<TenantId>,
}

impl ListedFeed {
    /// A feed of everybody's, without topics.
    #[must_use]
    pub fn new(name: impl Into<String>, place: FeedPlace) -> Self {
        Self {
            name: name.into(),
            place,
            topics: Vec::new(),
            tenant: None,
        }
    }

    /// Whether `tenant` may see it; a caller that names none sees what is everybody's.
    pub(super) fn is_for(&self, tenant: Option<TenantId>) -> bool {
        self.tenant.is_none() || self.tenant == tenant
    }

    /// Whether it is at this URL, however that is spelled.
    pub(super) fn is_at(&self, url: &str) -> bool {
        let FeedPlace::Url(own) = &self.place else {
            return false;
        };
        match (Url::parse(own), Url::parse(url)) {
            (Ok(own), Ok(url)) => own == url,
            _ => own == url,
        }
    }
}

/// Which URLs may be read at all.
///
/// An agent that may read any URL can be talked into carrying words out in one. Where that
/// matters, only listed feeds are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum UrlAccess {
    /// Only those of listed feeds.
    #[default]
    Listed,
    /// Any public one, and private ones whose host the operator listed.
    Any,
}
