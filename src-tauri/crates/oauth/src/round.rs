//! One round of asking a person: the address that the browser opens, and what comes back from there.
//!
//! Never here: opening it, or waiting for it.

use std::sync::atomic::{AtomicU64, Ordering};

use chimera_domain::{
    fault::Fault,
    time::{Span, Timestamp},
};
use url::{Url, form_urlencoded};

use crate::{
    client::Client,
    codes::{OAUTH_DENIED, OAUTH_NOT_BEGUN, cut, mismatch},
    discovery::Found,
    encode::{base64_url, challenge},
    hushed::hushed,
    scopes::Scopes,
};

/// How long a person may take; what comes back later is refused.
pub const ROUND_TIME: Span = Span::seconds(600);
/// Most bytes of what comes back.
const MAX_CALLBACK_BYTES: usize = 8 * 1024;

/// Which round: of two the one that was begun later is the greater, of whatever server they are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct RoundId(u64);

impl RoundId {
    /// The next one.
    #[must_use]
    pub fn next() -> Self {
        static BEGUN: AtomicU64 = AtomicU64::new(0);
        Self(BEGUN.fetch_add(1, Ordering::Relaxed))
    }
}

/// What was asked, until it is answered. It has secrets in it and is therefore never printed.
pub(crate) struct Round {
    pub(crate) id: RoundId,
    pub(crate) client: Client,
    pub(crate) token_endpoint: String,
    pub(crate) resource: String,
    pub(crate) from_inside: bool,
    pub(crate) asked: Scopes,
    pub(crate) redirect_uri: String,
    pub(crate) verifier: String,
    /// Whether it asks for nothing new.
    pub(crate) is_futile: bool,
    issuer_names_itself: bool,
    state: String,
    until: Timestamp,
}

impl Round {
    pub(crate) fn new(
        id: RoundId,
        found: &Found,
        client: Client,
        asked: Scopes,
        redirect_uri: &str,
        random: [[u8; 32]; 2],
        now: Timestamp,
    ) -> Self {
        let [state, verifier] = random.map(|bytes| base64_url(&bytes));
        Self {
            id,
            client,
            token_endpoint: found.issuer.token.clone(),
            resource: found.resource.clone(),
            from_inside: found.from_inside,
            asked,
            redirect_uri: redirect_uri.to_owned(),
            verifier,
            is_futile: false,
            issuer_names_itself: found.issuer.names_itself,
            state,
            until: now + ROUND_TIME,
        }
    }

    /// What the browser opens. The endpoint keeps its own query, but says nothing in our place.
    pub(crate) fn address(&self, endpoint: &Url) -> Url {
        let challenge = challenge(&self.verifier);
        let scope = self.asked.text();
        let mut ours = vec![
            ("response_type", "code"),
            ("client_id", &self.client.id),
            ("redirect_uri", &self.redirect_uri),
            ("state", &self.state),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("resource", &self.resource),
        ];
        if !self.asked.is_empty() {
            ours.push(("scope", &scope));
        }
        if self.asked.has("offline_access") {
            // OpenID Connect gives a leave to renew only where it was asked for in so many words.
            ours.push(("prompt", "consent"));
        }
        let theirs: Vec<(String, String)> = endpoint
            .query_pairs()
            .filter(|(name, _)| {
                !ours.iter().any(|(own, _)| own == name)
                    && name != "request"
                    && name != "request_uri"
            })
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        let mut address = endpoint.clone();
        address
            .query_pairs_mut()
            .clear()
            .extend_pairs(theirs)
            .extend_pairs(ours);
        address
    }

    /// Whether this answer belongs to this round.
    pub(crate) fn is_answered_by(&self, callback: &Callback) -> bool {
        callback.state.as_deref() == Some(self.state.as_str())
    }

    /// The code that came back, from whom it was asked.
    pub(crate) fn code(&self, callback: Callback, now: Timestamp) -> Result<String, Fault> {
        if now > self.until {
            return Err(Fault::of(
                OAUTH_NOT_BEGUN,
                "the answer came too late; nothing was authorized; begin again",
            ));
        }
        let issuer = &self.client.issuer;
        match &callback.issuer {
            // Compared sign by sign (RFC 9207): a mix-up lives from what is only nearly the same.
            Some(named) if named != issuer => {
                return Err(mismatch(format!(
                    "the answer names '{}' as the one that gave it, and '{}' was asked",
                    cut(named),
                    cut(issuer)
                )));
            }
            None if self.issuer_names_itself => {
                return Err(mismatch(format!(
                    "'{}' says that its answers carry its name, and this one does not",
                    cut(issuer)
                )));
            }
            _ => {}
        }
        if let Some(error) = callback.error {
            return Err(Fault::of(
                OAUTH_DENIED,
                format!(
                    "'{}' did not authorize: {}; nothing was authorized; begin again if that was not meant",
                    cut(issuer),
                    cut(&hushed(&error, callback.code.as_deref()))
                ),
            ));
        }
        callback.code.ok_or_else(|| {
            Fault::of(
                OAUTH_DENIED,
                format!(
                    "'{}' sent an answer without a code; nothing was authorized; begin again",
                    cut(issuer)
                ),
            )
        })
    }
}

/// What came back to the redirect address. It has a secret in it and is therefore never printed.
#[derive(Default)]
pub(crate) struct Callback {
    state: Option<String>,
    code: Option<String>,
    issuer: Option<String>,
    error: Option<String>,
}

impl Callback {
    /// Of a query. One that says a thing twice says nothing.
    pub(crate) fn parse(query: &str) -> Result<Self, Fault> {
        let refused = |why: &str| mismatch(format!("the answer {why}"));
        if query.len() > MAX_CALLBACK_BYTES {
            return Err(refused("is longer than an answer may be"));
        }
        let mut callback = Self::default();
        let query = query.trim_start_matches('?');
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let place = match name.as_ref() {
                "state" => &mut callback.state,
                "code" => &mut callback.code,
                "iss" => &mut callback.issuer,
                "error" => &mut callback.error,
                _ => continue,
            };
            if place.replace(value.into_owned()).is_some() {
                return Err(refused("says one thing twice"));
            }
        }
        Ok(callback)
    }
}
