//! Feeds on the web: fetched once, asked again only whether they changed.
//!
//! The guard against private addresses, the limits of size and time, and the redirects are those
//! of `net`; there is no other way out.
//!
//! Never here: parsing.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use chimera_domain::time::Timestamp;
use chimera_net::{HttpClient, NetError, Request, Response};
use http::{HeaderValue, header::ACCEPT};

use super::{MAX_FEED_BYTES, page::Page};

/// Feeds whose last reading is remembered; beyond that the one that was read longest ago goes.
const MAX_REMEMBERED: usize = 32;
/// Longest validator that is sent back, in bytes.
const MAX_VALIDATOR_BYTES: usize = 1_024;
/// What we like best comes first.
const ACCEPTED: HeaderValue = HeaderValue::from_static(
    "application/feed+json, application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1",
);

/// The way to the web, with a memory of what was read.
pub(super) struct Web {
    client: HttpClient,
    readings: Mutex<HashMap<String, Reading>>,
}

#[derive(Clone)]
struct Reading {
    etag: Option<String>,
    last_modified: Option<String>,
    page: Arc<Page>,
    at: Timestamp,
}

/// What came back.
pub(super) enum Fetched {
    /// New content, and what to remember it by.
    New(Response),
    /// Nothing changed since this reading.
    Same(Arc<Page>),
}

impl Web {
    pub(super) fn new(client: HttpClient) -> Self {
        Self {
            client,
            readings: Mutex::default(),
        }
    }

    /// What speaks against a URL before anybody is asked.
    pub(super) fn look_at(&self, url: &str) -> Result<(), NetError> {
        self.client.look_at(url)
    }

    /// Fetches a feed, or learns that it is the same as before.
    pub(super) async fn fetch(&self, url: &str) -> Result<Fetched, NetError> {
        let known = self.known(url);
        let mut request = Request::get(url)
            .header(ACCEPT, ACCEPTED)
            .max_body_bytes(MAX_FEED_BYTES);
        if let Some(known) = &known {
            request = request.unless_current(known.etag.clone(), known.last_modified.clone());
        }
        let response = self.client.fetch(request).await?;
        match known {
            Some(known) if response.is_not_modified() => Ok(Fetched::Same(known.page)),
            _ => Ok(Fetched::New(response.error_for_status()?)),
        }
    }

    /// Remembers a reading, if its host gave anything to ask by.
    pub(super) fn remember(&self, url: &str, validators: Validators, page: &Page) {
        let Validators(etag, last_modified) = validators;
        let mut readings = self.readings.lock().unwrap_or_else(PoisonError::into_inner);
        if etag.is_none() && last_modified.is_none() {
            readings.remove(url);
            return;
        }
        if readings.len() >= MAX_REMEMBERED && !readings.contains_key(url) {
            let oldest = readings.iter().min_by_key(|(_, reading)| reading.at);
            if let Some(oldest) = oldest.map(|(url, _)| url.clone()) {
                readings.remove(&oldest);
            }
        }
        let reading = Reading {
            etag,
            last_modified,
            page: Arc::new(page.clone()),
            at: page.fetched_at,
        };
        readings.insert(url.to_owned(), reading);
    }

    fn known(&self, url: &str) -> Option<Reading> {
        let readings = self.readings.lock().unwrap_or_else(PoisonError::into_inner);
        readings.get(url).cloned()
    }
}

/// What a host gave to ask by: entity tag and date, as it wrote them.
pub(super) struct Validators(Option<String>, Option<String>);

impl Validators {
    pub(super) fn of(response: &Response) -> Self {
        let short = |value: &str| (value.len() <= MAX_VALIDATOR_BYTES).then(|| value.to_owned());
        Self(
            response.etag().and_then(short),
            response.last_modified().and_then(short),
        )
    }
}
