//! The limits and permissions of the client.
//!
//! Never here: where they are read from (`boot`).

use std::time::Duration;

use crate::AllowedHost;

/// Time for DNS, TCP and TLS together.
pub const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Time for a whole exchange, redirects and body included.
pub const DEFAULT_TOTAL_TIMEOUT: Duration = Duration::from_secs(30);
/// Longest silence between two pieces of a streamed body.
pub const DEFAULT_IDLE_TIMEOUT: Duration = Duration::from_secs(60);
/// Time for a whole streamed exchange.
pub const DEFAULT_STREAM_TIMEOUT: Duration = Duration::from_secs(600);
/// Largest body after decompression: 8 MiB.
pub const DEFAULT_MAX_BODY_BYTES: usize = 8 << 20;
/// Most redirects that one request follows.
pub const DEFAULT_MAX_REDIRECTS: usize = 5;

/// How requests find their way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Proxy {
    /// Directly, whatever the environment says.
    #[default]
    Direct,
    /// Through the proxy of the system (`HTTPS_PROXY`, `NO_PROXY` …), which then resolves the
    /// names: private addresses are still refused, but by a look-up of ours before the
    /// proxy's own. A proxy that is named and has a private address must be listed like any
    /// other private host.
    System,
}

/// What a client speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Protocol {
    /// HTTP/1.1, or HTTP/2 where a secure connection agrees on it; compressed answers are unpacked.
    #[default]
    Negotiated,
    /// HTTP/2 alone, also without TLS, and no compression: for [`HttpClient::call`](crate::HttpClient::call). A
    /// connection whose other side fell silent is given up after a while, so that later requests do not wait on it.
    Http2,
}

/// The limits and permissions of an [`HttpClient`](crate::HttpClient).
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// Time for DNS, TCP and TLS together, for each hop.
    pub connect_timeout: Duration,
    /// Time for a whole exchange, redirects and body included.
    pub total_timeout: Duration,
    /// Longest silence between two pieces of a streamed body.
    pub idle_timeout: Duration,
    /// Time for a whole streamed exchange.
    pub stream_timeout: Duration,
    /// Largest body, in bytes after decompression.
    pub max_body_bytes: usize,
    /// Most redirects that one request follows.
    pub max_redirects: usize,
    /// What the client calls itself.
    pub user_agent: String,
    /// Private and loopback hosts that the operator permits.
    pub allow_hosts: Vec<AllowedHost>,
    /// How requests find their way out.
    pub proxy: Proxy,
    /// What it speaks.
    pub protocol: Protocol,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            connect_timeout: DEFAULT_CONNECT_TIMEOUT,
            total_timeout: DEFAULT_TOTAL_TIMEOUT,
            idle_timeout: DEFAULT_IDLE_TIMEOUT,
            stream_timeout: DEFAULT_STREAM_TIMEOUT,
            max_body_bytes: DEFAULT_MAX_BODY_BYTES,
            max_redirects: DEFAULT_MAX_REDIRECTS,
            user_agent: concat!(
                "Chimera/",
                env!("CARGO_PKG_VERSION"),
                " (+",
                env!("CARGO_PKG_REPOSITORY"),
                ")"
            )
            .to_owned(),
            allow_hosts: Vec::new(),
            proxy: Proxy::Direct,
            protocol: Protocol::Negotiated,
        }
    }
}
