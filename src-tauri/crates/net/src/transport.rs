//! The library's client, set up: no redirects of its own, our resolver, our limits.
//!
//! Never here: what is sent.

use std::time::Duration;

use http::HeaderValue;

use crate::resolve::Guarded;
use crate::{HttpSettings, NetError, Protocol, Proxy};

/// Idle connections kept for one host.
const MAX_IDLE_CONNECTIONS: usize = 8;
/// How long an idle connection is kept.
const IDLE_CONNECTION_TIMEOUT: Duration = Duration::from_secs(30);

/// Silence after which an HTTP/2 connection with a request on it is asked whether it is still there.
const PROBE_AFTER: Duration = Duration::from_secs(2);
/// How long it has to answer that before it is given up.
const PROBE_PATIENCE: Duration = Duration::from_secs(2);

/// Whom secure connections trust.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Roots {
    /// The certificate authorities that the system trusts.
    System,
    /// Nobody: the system has none installed. Plain connections work, secure ones are refused.
    Missing,
}

/// The library's client with the system's roots, or without any if the system has none: a
/// machine without them can still reach its own hosts, and is told what it lacks at the first
/// secure connection.
pub(crate) fn open(
    settings: &HttpSettings,
    guarded: &Guarded,
) -> Result<(reqwest::Client, Roots), NetError> {
    let system = build(settings, guarded, Roots::System)?;
    if let Ok(client) = system {
        return Ok((client, Roots::System));
    }
    let missing = build(settings, guarded, Roots::Missing)?;
    let client = missing.map_err(|e| NetError::Tls {
        host: "any host".to_owned(),
        reason: format!("{e:?}"),
    })?;
    Ok((client, Roots::Missing))
}

/// One attempt; the outer error is one that another attempt would have too.
pub(crate) fn build(
    settings: &HttpSettings,
    guarded: &Guarded,
    roots: Roots,
) -> Result<reqwest::Result<reqwest::Client>, NetError> {
    let agent =
        HeaderValue::from_str(&settings.user_agent).map_err(|_| NetError::InvalidRequest {
            reason: "the user agent has characters that no header can have".to_owned(),
        })?;
    let builder = reqwest::Client::builder()
        .user_agent(agent)
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .connect_timeout(settings.connect_timeout)
        .pool_max_idle_per_host(MAX_IDLE_CONNECTIONS)
        .pool_idle_timeout(IDLE_CONNECTION_TIMEOUT)
        .dns_resolver(guarded.clone());
    let builder = match settings.proxy {
        Proxy::Direct => builder.no_proxy(),
        Proxy::System => builder,
    };
    let builder = match settings.protocol {
        Protocol::Negotiated => builder,
        Protocol::Http2 => builder
            .http2_prior_knowledge()
            .http2_keep_alive_interval(PROBE_AFTER)
            .http2_keep_alive_timeout(PROBE_PATIENCE)
            .no_gzip(),
    };
    let builder = match roots {
        Roots::System => builder,
        Roots::Missing => builder.tls_certs_only([]),
    };
    Ok(builder.build())
}
