//! The client: sends a request hop by hop, checking each, and bounds the whole in time.
//!
//! Never here: following rules of redirects (`redirect`), addresses (`address`, `allow`).

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};
use url::{Host, Url};

use crate::address::special;
use crate::allow::Policy;
use crate::error::{classify, shown};
use crate::redirect::{self, Sending};
use crate::resolve::{Guarded, HOP, Hop, ResolveError, is_this_machine};
use crate::transport::{self, Roots};
use crate::{
    BodyStream, HttpSettings, NetError, Proxy, Request, Resolver, Response, Stage, StreamResponse,
    SystemResolver, install_tls_provider,
};

const NO_ROOTS: &str = "this machine trusts no certificate authority; install its root certificates (on Debian the package ca-certificates) and start again";
/// Longest URL that is fetched, in bytes.
const MAX_URL_BYTES: usize = 8 << 10;

/// The outgoing HTTP client. Cheap to clone; clones share connections.
#[derive(Clone)]
pub struct HttpClient {
    inner: Arc<Inner>,
}

struct Inner {
    settings: HttpSettings,
    client: reqwest::Client,
    roots: Roots,
    guarded: Guarded,
}

impl std::fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HttpClient")
            .field("settings", &self.inner.settings)
            .finish_non_exhaustive()
    }
}

impl HttpClient {
    /// A client with the operating system's resolver. Installs the TLS provider of the process.
    ///
    /// # Errors
    /// [`NetError::Tls`] if TLS cannot be set up at all, [`NetError::InvalidRequest`] for a user agent that no header can have.
    pub fn new(settings: HttpSettings) -> Result<Self, NetError> {
        Self::with_resolver(settings, Arc::new(SystemResolver))
    }

    /// A client with this resolver; its answers are checked like any other's.
    ///
    /// # Errors
    /// As for [`HttpClient::new`].
    pub fn with_resolver(
        settings: HttpSettings,
        resolver: Arc<dyn Resolver>,
    ) -> Result<Self, NetError> {
        install_tls_provider();
        let guarded = Guarded {
            resolver,
            policy: Arc::new(Policy {
                allowed: settings.allow_hosts.clone(),
            }),
            proxy: settings.proxy,
        };
        let (client, roots) = transport::open(&settings, &guarded)?;
        Ok(Self {
            inner: Arc::new(Inner {
                settings,
                client,
                roots,
                guarded,
            }),
        })
    }

    /// What speaks against fetching a URL before anybody is asked: its form, and an address of its own that is not permitted.
    /// A name is looked at where it is resolved for a connection; `localhost` is known without that.
    ///
    /// # Errors
    /// [`NetError::InvalidUrl`] and [`NetError::PrivateAddress`].
    pub fn look_at(&self, url: &str) -> Result<(), NetError> {
        let url = parse(url)?;
        let hop = hop(&url, true)?;
        let of_this_machine = || is_this_machine(&hop.host).then_some(Ipv4Addr::LOCALHOST.into());
        let Some(ip) = literal(&url).or_else(of_this_machine) else {
            return Ok(());
        };
        let policy = &self.inner.guarded.policy;
        match policy.refusal(&hop.host, hop.port, ip, true) {
            Some(kind) => Err(NetError::PrivateAddress {
                host: hop.host,
                ip,
                kind,
            }),
            None => Ok(()),
        }
    }

    /// Sends a request and reads the whole answer, whatever its status.
    ///
    /// # Errors
    /// Any [`NetError`] but [`NetError::Status`].
    pub async fn fetch(&self, request: Request) -> Result<Response, NetError> {
        let time = request.timeout.unwrap_or(self.inner.settings.total_timeout);
        let deadline = Instant::now() + time;
        let body = self.open(request, deadline, time).await?;
        let body = BodyStream {
            idle_timeout: time,
            deadline,
            total_timeout: time,
            ..body
        };
        let (status, headers) = (body.response.status(), body.response.headers().clone());
        let (host, final_url) = (body.host.clone(), bare(body.response.url()));
        let foreign = body.foreign_encoding();
        let from_inside = self.stays_inside(&body.response);
        let body = body.collect().await?;
        match foreign {
            Some(error) if !body.is_empty() => Err(error),
            _ => Ok(Response {
                status,
                headers,
                body,
                final_url,
                from_inside,
                host,
            }),
        }
    }

    /// Sends a request and gives the answer's body piece by piece: for answers that are still
    /// being made. The request's timeout counts until the head of the answer; from then on
    /// `idle_timeout` and `stream_timeout` do, the request's own or the client's.
    ///
    /// # Errors
    /// Any [`NetError`] but [`NetError::Status`].
    pub async fn stream(&self, request: Request) -> Result<StreamResponse, NetError> {
        let settings = &self.inner.settings;
        let time = request.timeout.unwrap_or(settings.total_timeout);
        let stream_timeout = request.stream_timeout.unwrap_or(settings.stream_timeout);
        let start = Instant::now();
        let body = self.open(request, start + time, time).await?;
        if let Some(error) = body.foreign_encoding() {
            return Err(error);
        }
        Ok(StreamResponse {
            status: body.response.status(),
            headers: body.response.headers().clone(),
            final_url: bare(body.response.url()),
            body: BodyStream {
                deadline: start + stream_timeout,
                total_timeout: stream_timeout,
                ..body
            },
        })
    }

    /// Time for a whole exchange where a request names none.
    pub(crate) fn total_timeout(&self) -> Duration {
        self.inner.settings.total_timeout
    }

    /// The final answer's head, before `deadline`.
    pub(crate) async fn open(
        &self,
        request: Request,
        deadline: Instant,
        time: Duration,
    ) -> Result<BodyStream, NetError> {
        let limit = request
            .max_body_bytes
            .unwrap_or(self.inner.settings.max_body_bytes);
        let max_redirects = request
            .max_redirects
            .unwrap_or(self.inner.settings.max_redirects);
        let idle_timeout = request
            .idle_timeout
            .unwrap_or(self.inner.settings.idle_timeout);
        let url = parse(&request.url)?;
        let mut sending = Sending {
            method: request.method.clone(),
            url,
            headers: request.all_headers()?,
            body: request.body,
        };
        let mut visited = vec![(sending.method.clone(), sending.url.clone())];
        let mut listed_too = request.listed_too;
        loop {
            let hop = hop(&sending.url, listed_too)?;
            let host = hop.host.clone();
            let sent = timeout_at(deadline, self.send(&sending, hop)).await;
            let response = sent.map_err(|_| NetError::Timeout {
                host: host.clone(),
                stage: Stage::Headers,
                after: time,
            })??;
            listed_too = listed_too && self.stays_inside(&response);
            let Some(next) = redirect::next(&sending, response.status(), response.headers())?
            else {
                return Ok(BodyStream {
                    response,
                    host,
                    limit,
                    received: 0,
                    idle_timeout,
                    deadline,
                    total_timeout: time,
                    finished: false,
                });
            };
            let step = (next.method.clone(), next.url.clone());
            let chain = || {
                visited
                    .iter()
                    .chain([&step])
                    .map(|(_, url)| shown(url))
                    .collect()
            };
            if visited.contains(&step) {
                return Err(NetError::RedirectLoop { chain: chain() });
            }
            if visited.len() > max_redirects {
                return Err(NetError::TooManyRedirects {
                    limit: max_redirects,
                    chain: chain(),
                });
            }
            visited.push(step);
            sending = next;
        }
    }

    /// One hop: checks the address that the URL itself may hold, then sends. A name is checked
    /// where it is resolved for the connection.
    async fn send(&self, sending: &Sending, hop: Hop) -> Result<reqwest::Response, NetError> {
        let host = hop.host.clone();
        if let Some(ip) = literal(&sending.url) {
            let refusal = self
                .inner
                .guarded
                .policy
                .refusal(&host, hop.port, ip, hop.listed_too);
            if let Some(kind) = refusal {
                return Err(NetError::PrivateAddress { host, ip, kind });
            }
        } else if self.inner.settings.proxy == Proxy::System {
            // The proxy will resolve the name itself, so look before it does.
            self.inner
                .guarded
                .addresses(&hop)
                .await
                .map_err(|e| match e {
                    ResolveError::Private { ip, kind } => NetError::PrivateAddress {
                        host: host.clone(),
                        ip,
                        kind,
                    },
                    ResolveError::Failed(reason) => NetError::Dns {
                        host: host.clone(),
                        reason,
                    },
                })?;
        }
        let request = self
            .inner
            .client
            .request(sending.method.clone(), sending.url.clone());
        let request = request
            .headers(sending.headers.clone())
            .body(sending.body.clone());
        let sent = HOP.scope(hop, request.send()).await;
        sent.map_err(
            |e| match classify(&e, &host, self.inner.settings.connect_timeout) {
                NetError::Tls { host, .. } if self.inner.roots == Roots::Missing => NetError::Tls {
                    host,
                    reason: NO_ROOTS.to_owned(),
                },
                error => error,
            },
        )
    }

    /// Whether an answer came from a private host, whose redirects may lead to other listed
    /// ones. Behind a proxy nobody can tell, so the answer is no.
    fn stays_inside(&self, response: &reqwest::Response) -> bool {
        self.inner.settings.proxy == Proxy::Direct
            && response
                .remote_addr()
                .is_some_and(|address| special(address.ip()).is_some())
    }
}

fn parse(text: &str) -> Result<Url, NetError> {
    let invalid = |reason: String| NetError::InvalidUrl {
        url: without_secrets(text),
        reason,
    };
    if text.len() > MAX_URL_BYTES {
        return Err(invalid(format!("it is longer than {MAX_URL_BYTES} bytes")));
    }
    let mut url = Url::parse(text).map_err(|e| invalid(e.to_string()))?;
    url.set_fragment(None);
    Ok(url)
}

/// The start of a text that may be no URL at all, without what may be a secret in it.
fn without_secrets(text: &str) -> String {
    let text = text.split(['?', '#']).next().unwrap_or_default();
    let text = match (text.split_once("://"), text.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://{host}"),
        _ => text.to_owned(),
    };
    text.chars().take(300).collect()
}

/// The host and port of a URL that may be fetched.
fn hop(url: &Url, listed_too: bool) -> Result<Hop, NetError> {
    let invalid = |reason: &str| NetError::InvalidUrl {
        url: shown(url),
        reason: reason.to_owned(),
    };
    if !matches!(url.scheme(), "http" | "https") {
        return Err(invalid("only http and https are fetched"));
    }
    match (url.host_str(), url.port_or_known_default()) {
        (Some(host), Some(port)) if !host.is_empty() => Ok(Hop {
            host: host.to_owned(),
            port,
            listed_too,
        }),
        _ => Err(invalid("it names no host")),
    }
}

/// The address that the URL itself holds. The URL parser has already undone the odd spellings
/// (decimal, octal, hexadecimal, short forms).
fn literal(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Ipv4(ip) => Some(ip.into()),
        Host::Ipv6(ip) => Some(ip.into()),
        Host::Domain(_) => None,
    }
}

/// The URL without credentials.
fn bare(url: &Url) -> String {
    let mut bare = url.clone();
    // These fail only for URLs without a host, and this one was fetched.
    let _ = bare.set_username("");
    let _ = bare.set_password(None);
    bare.to_string()
}

#[cfg(test)]
impl HttpClient {
    /// As on a machine without root certificates.
    pub(crate) fn without_roots(self) -> Self {
        let Inner {
            settings, guarded, ..
        } = &*self.inner;
        let client = transport::build(settings, guarded, Roots::Missing)
            .unwrap()
            .unwrap();
        let (settings, guarded) = (settings.clone(), guarded.clone());
        Self {
            inner: Arc::new(Inner {
                settings,
                client,
                roots: Roots::Missing,
                guarded,
            }),
        }
    }
}
