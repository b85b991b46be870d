//! From names to addresses that may be connected to: every connection resolves here, and what
//! is checked is exactly what is connected to, so a name cannot change in between.
//!
//! Never here: addresses written in the URL itself (`client` checks those).

use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::Proxy;
use crate::allow::Policy;

/// A future of a resolver.
pub type Lookup<'a> = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + 'a>>;

/// Finds the addresses of a name. The client checks them, whoever found them.
pub trait Resolver: Send + Sync {
    /// All addresses of `host`, in the order to try them.
    fn lookup<'a>(&'a self, host: &'a str) -> Lookup<'a>;
}

/// The operating system's resolver. `localhost` and the names below it are this machine without a
/// question (RFC 6761, 6.3): no resolver may send them elsewhere, and none need know them.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemResolver;

impl Resolver for SystemResolver {
    fn lookup<'a>(&'a self, host: &'a str) -> Lookup<'a> {
        Box::pin(async move {
            if is_this_machine(host) {
                return Ok(vec![
                    IpAddr::V4(Ipv4Addr::LOCALHOST),
                    IpAddr::V6(Ipv6Addr::LOCALHOST),
                ]);
            }
            Ok(tokio::net::lookup_host((host, 0))
                .await?
                .map(|address| address.ip())
                .collect())
        })
    }
}

/// Whether a name means the machine it is spoken on, whatever its resolver says.
pub(crate) fn is_this_machine(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    let last = host.rsplit('.').next().unwrap_or_default();
    last.eq_ignore_ascii_case("localhost")
}

/// The hop that the current task is on.
#[derive(Clone)]
pub(crate) struct Hop {
    pub(crate) host: String,
    pub(crate) port: u16,
    /// Whether private hosts that the operator listed are in reach: not after a redirect from
    /// a public site, which must not choose among them.
    pub(crate) listed_too: bool,
}

tokio::task_local! {
    pub(crate) static HOP: Hop;
}

/// Why a name was not resolved.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum ResolveError {
    #[error("{ip} is a {kind} address")]
    Private { ip: IpAddr, kind: &'static str },
    #[error("{0}")]
    Failed(String),
}

/// Most addresses of one name that are tried.
const MAX_ADDRESSES: usize = 16;

/// Resolves and keeps only what may be reached.
#[derive(Clone)]
pub(crate) struct Guarded {
    pub(crate) resolver: Arc<dyn Resolver>,
    pub(crate) policy: Arc<Policy>,
    /// Whether a name may be that of a proxy.
    pub(crate) proxy: Proxy,
}

impl Guarded {
    /// The addresses that may be connected to for this hop.
    pub(crate) async fn addresses(&self, hop: &Hop) -> Result<Vec<IpAddr>, ResolveError> {
        let found = self
            .resolver
            .lookup(&hop.host)
            .await
            .map_err(|e| ResolveError::Failed(e.to_string()))?;
        let mut refused = None;
        let mut admitted = Vec::new();
        for ip in found.into_iter().take(MAX_ADDRESSES) {
            match self.policy.refusal(&hop.host, hop.port, ip, hop.listed_too) {
                None => admitted.push(ip),
                Some(kind) => refused = refused.or(Some(ResolveError::Private { ip, kind })),
            }
        }
        match refused {
            Some(refused) if admitted.is_empty() => Err(refused),
            None if admitted.is_empty() => {
                Err(ResolveError::Failed("it has no address".to_owned()))
            }
            _ => Ok(admitted),
        }
    }
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        // The connection is begun in the task of the request, so the hop is known here. A name
        // other than its host is that of the proxy, which has no known port.
        let hop = HOP.try_with(Hop::clone).ok();
        let guarded = self.clone();
        Box::pin(async move {
            let hop = match hop {
                Some(hop) if hop.host == name.as_str() => hop,
                Some(_) if guarded.proxy == Proxy::System => Hop {
                    host: name.as_str().to_owned(),
                    port: 0,
                    listed_too: true,
                },
                _ => {
                    return Err(ResolveError::Failed(
                        "it was not asked for by a request".to_owned(),
                    )
                    .into());
                }
            };
            let addresses = guarded.addresses(&hop).await?;
            let addresses: Addrs = Box::new(addresses.into_iter().map(|ip| SocketAddr::new(ip, 0)));
            Ok(addresses)
        })
    }
}
