//! What can go wrong on the way out, each with what to do about it.
//!
//! Never here: what a far side's answer means.

use std::error::Error;
use std::net::IpAddr;
use std::time::Duration;

use http::StatusCode;
use url::Url;

use crate::resolve::ResolveError;

/// Where the time ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Finding the address, TCP and TLS.
    Connect,
    /// Waiting for the head of the answer.
    Headers,
    /// Reading the body.
    Body,
    /// Waiting for the next piece of a stream.
    Idle,
}

impl std::fmt::Display for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Connect => "connecting",
            Self::Headers => "waiting for the answer",
            Self::Body => "reading the answer",
            Self::Idle => "waiting for the next piece of the answer",
        })
    }
}

/// Why there is no answer. Hosts and addresses are named; credentials and query strings of
/// URLs never are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NetError {
    /// The URL cannot be fetched.
    #[error("the address {url:?} cannot be fetched: {reason}; give a complete http or https URL")]
    InvalidUrl {
        /// The URL as far as it may be shown.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The request cannot be sent as it is.
    #[error("the request cannot be sent: {reason}")]
    InvalidRequest {
        /// What is wrong with it.
        reason: String,
    },
    /// The host is at an address that is not public and not listed.
    #[error(
        "{host} is at {ip}, a {kind} address; nothing was sent. If this host is yours, list it under the allowed private hosts"
    )]
    PrivateAddress {
        /// The host as the URL names it.
        host: String,
        /// The address.
        ip: IpAddr,
        /// What kind of address it is.
        kind: &'static str,
    },
    /// The body is larger than allowed; reading stopped at the limit.
    #[error(
        "the answer of {host} is larger than {limit} bytes; reading stopped there and nothing of it was used"
    )]
    TooLarge {
        /// The host that answered.
        host: String,
        /// The limit in bytes, after decompression.
        limit: usize,
    },
    /// The redirects lead in a circle.
    #[error("the redirects lead in a circle: {}; tell the owner of the site or correct the address", chain.join(" → "))]
    RedirectLoop {
        /// The URLs in the order they were visited.
        chain: Vec<String>,
    },
    /// More redirects than allowed.
    #[error("more than {limit} redirects: {}; use the last address directly", chain.join(" → "))]
    TooManyRedirects {
        /// The limit.
        limit: usize,
        /// The URLs in the order they were visited.
        chain: Vec<String>,
    },
    /// A redirect that is not followed because it would carry a body to another origin.
    #[error(
        "{from} redirects a request with content to {to}, which is another origin; it was not sent there. Use that address directly if it is right"
    )]
    RedirectRefused {
        /// Where the redirect came from.
        from: String,
        /// Where it leads.
        to: String,
    },
    /// The time ran out.
    #[error("{host} took longer than {} s {stage}; try again later", after.as_secs_f32())]
    Timeout {
        /// The host that was asked.
        host: String,
        /// Where the time ran out.
        stage: Stage,
        /// How long it was waited for.
        after: Duration,
    },
    /// The host's identity could not be checked, or it does not speak TLS.
    #[error(
        "no secure connection to {host}: {reason}; nothing was sent. Check the address, the certificate and the clock"
    )]
    Tls {
        /// The host.
        host: String,
        /// What TLS says.
        reason: String,
    },
    /// The host's name has no address.
    #[error("the name {host} has no address: {reason}; check its spelling and the network")]
    Dns {
        /// The name.
        host: String,
        /// What the resolver says.
        reason: String,
    },
    /// No connection.
    #[error("no connection to {host}: {reason}; check that it is running and reachable")]
    Connect {
        /// The host.
        host: String,
        /// What the network says.
        reason: String,
    },
    /// The connection broke off after the request was sent.
    #[error("the connection to {host} broke off: {reason}; the request may have been acted on")]
    Interrupted {
        /// The host.
        host: String,
        /// What the network says.
        reason: String,
    },
    /// The body is not what its headers say.
    #[error("the answer of {host} cannot be decoded: {reason}")]
    Undecodable {
        /// The host.
        host: String,
        /// What is wrong.
        reason: String,
    },
    /// An answer with an error status, from [`Response::error_for_status`](crate::Response::error_for_status).
    #[error("{host} answered {status}")]
    Status {
        /// The host.
        host: String,
        /// The status.
        status: StatusCode,
        /// How long the host asks to wait, if it says so in seconds.
        retry_after: Option<Duration>,
    },
}

impl NetError {
    /// Whether the same request may succeed later without anybody changing anything.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Timeout { .. }
            | Self::Dns { .. }
            | Self::Connect { .. }
            | Self::Interrupted { .. } => true,
            Self::Status { status, .. } => matches!(
                status.as_u16(),
                408 | 425 | 429 | 500 | 502 | 503 | 504 | 529
            ),
            _ => false,
        }
    }
}

/// What the library's error means for a request to `host`.
pub(crate) fn classify(error: &reqwest::Error, host: &str, connect_timeout: Duration) -> NetError {
    let (host, reason) = (host.to_owned(), deepest(error));
    if let Some(refused) = find::<ResolveError>(error) {
        return match refused.clone() {
            ResolveError::Private { ip, kind } => NetError::PrivateAddress { host, ip, kind },
            ResolveError::Failed(reason) => NetError::Dns { host, reason },
        };
    }
    if let Some(tls) = find::<rustls::Error>(error) {
        return NetError::Tls {
            host,
            reason: tls.to_string(),
        };
    }
    if error.is_timeout() && error.is_connect() {
        NetError::Timeout {
            host,
            stage: Stage::Connect,
            after: connect_timeout,
        }
    } else if error.is_builder() {
        NetError::InvalidRequest { reason }
    } else if error.is_connect() {
        NetError::Connect { host, reason }
    } else if error.is_decode()
        && error
            .source()
            .is_some_and(<dyn Error>::is::<std::io::Error>)
    {
        // Unpacking failed. An error of the connection comes through as another type.
        NetError::Undecodable { host, reason }
    } else {
        NetError::Interrupted { host, reason }
    }
}

/// The first error of type `E` among the causes, looking into IO errors too.
fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        let inner = error
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref);
        next = inner
            .map(|inner| inner as &(dyn Error + 'static))
            .or_else(|| error.source());
    }
    None
}

fn deepest(error: &dyn Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

/// A URL as it may be shown: without credentials, query and fragment.
pub(crate) fn shown(url: &Url) -> String {
    let mut shown = url.clone();
    // These fail only for URLs without a host, which have nothing to hide.
    let _ = shown.set_username("");
    let _ = shown.set_password(None);
    shown.set_fragment(None);
    if shown.query().is_some() {
        shown.set_query(Some("…"));
    }
    shown.to_string().replace("%E2%80%A6", "…")
}
