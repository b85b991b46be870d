//! The private hosts that the operator listed, and the decision for one address.
//!
//! Never here: resolving names (`resolve`).

use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;
use url::Host;

use crate::address::special;

/// One private host or network that the operator permits: `localhost`, `intranet:8080`,
/// `127.0.0.1`, `[::1]:8080` or `10.0.0.0/8`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedHost {
    what: What,
    /// Only this port, or any.
    port: Option<u16>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    /// Whatever address the name has.
    Name(String),
    /// These addresses, whatever name leads there.
    Net(IpNet),
}

/// A text that is no host, host and port, address or network. Nothing was listed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is not a host to list: write a name, an address, one of both with \":port\", or a network like 10.0.0.0/8"
)]
pub struct AllowedHostError {
    text: String,
}

impl FromStr for AllowedHost {
    type Err = AllowedHostError;

    fn from_str(text: &str) -> Result<Self, AllowedHostError> {
        parse(text.trim()).ok_or_else(|| AllowedHostError {
            text: text.chars().take(300).collect(),
        })
    }
}

fn parse(text: &str) -> Option<AllowedHost> {
    if let Ok(net) = text.parse::<IpNet>() {
        return Some(AllowedHost {
            what: What::Net(net.trunc()),
            port: None,
        });
    }
    let bare = text
        .strip_prefix('[')
        .and_then(|t| t.strip_suffix(']'))
        .unwrap_or(text);
    if let Ok(ip) = bare.parse::<IpAddr>() {
        return Some(AllowedHost {
            what: What::Net(ip.into()),
            port: None,
        });
    }
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) => (
            host,
            Some(port.parse::<u16>().ok().filter(|&port| port > 0)?),
        ),
        None => (text, None),
    };
    let what = match Host::parse(host).ok()? {
        Host::Domain(name) => Some(What::Name(plain(&name))),
        Host::Ipv4(ip) => Some(What::Net(IpAddr::V4(ip).into())),
        Host::Ipv6(ip) => Some(What::Net(IpAddr::V6(ip).into())),
    };
    what.filter(|what| !matches!(what, What::Name(name) if name.is_empty() || name.contains('*')))
        .map(|what| AllowedHost { what, port })
}

/// A host name as it is compared: without the dot of the root, in lower case.
fn plain(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}

impl AllowedHost {
    fn permits(&self, host: &str, port: u16, ip: IpAddr) -> bool {
        self.port.is_none_or(|listed| listed == port)
            && match &self.what {
                What::Name(name) => *name == plain(host),
                What::Net(net) => net.contains(&ip),
            }
    }
}

/// The decision for one address, made anew for each connection.
#[derive(Debug)]
pub(crate) struct Policy {
    pub(crate) allowed: Vec<AllowedHost>,
}

impl Policy {
    /// Nothing for an address that may be reached under this name and port; else what kind of
    /// address it is. `listed_too` is false where listed private hosts are out of reach.
    pub(crate) fn refusal(
        &self,
        host: &str,
        port: u16,
        ip: IpAddr,
        listed_too: bool,
    ) -> Option<&'static str> {
        let listed = || {
            listed_too
                && self
                    .allowed
                    .iter()
                    .any(|allowed| allowed.permits(host, port, ip))
        };
        special(ip).filter(|_| !listed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permitted(list: &[&str], host: &str, port: u16, ip: &str) -> bool {
        let policy = Policy {
            allowed: list.iter().map(|text| text.parse().unwrap()).collect(),
        };
        policy
            .refusal(host, port, ip.parse().unwrap(), true)
            .is_none()
    }

    #[test]
    fn only_what_is_listed_is_permitted() {
        assert!(!permitted(&[], "localhost", 80, "127.0.0.1"));
        assert!(permitted(&[], "example.org", 80, "93.184.216.34"));
        assert!(permitted(&["localhost"], "LOCALHOST.", 8080, "127.0.0.1"));
        assert!(permitted(&["intranet:8080"], "intranet", 8080, "10.1.2.3"));
        assert!(!permitted(&["intranet:8080"], "intranet", 80, "10.1.2.3"));
        assert!(!permitted(&["intranet"], "evil.example", 80, "10.1.2.3"));
        assert!(permitted(
            &["127.0.0.1:8080"],
            "localhost",
            8080,
            "127.0.0.1"
        ));
        assert!(!permitted(
            &["127.0.0.1:8080"],
            "localhost",
            8081,
            "127.0.0.1"
        ));
        assert!(!permitted(&["127.0.0.1"], "localhost", 80, "127.0.0.2"));
        assert!(permitted(&["10.0.0.0/8"], "feeds.corp", 443, "10.200.0.1"));
        assert!(!permitted(
            &["10.0.0.0/8"],
            "feeds.corp",
            443,
            "192.168.0.1"
        ));
        assert!(permitted(&["[::1]:80"], "[::1]", 80, "::1"));
        assert!(permitted(&["::1"], "[::1]", 81, "::1"));
    }

    #[test]
    fn where_the_list_does_not_count_only_public_addresses_do() {
        let policy = Policy {
            allowed: vec!["localhost".parse().unwrap()],
        };
        assert_eq!(
            policy.refusal("localhost", 80, "127.0.0.1".parse().unwrap(), false),
            Some("loopback")
        );
        assert_eq!(
            policy.refusal("example.org", 80, "1.1.1.1".parse().unwrap(), false),
            None
        );
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for text in [
            "",
            "a b",
            "*.corp",
            "host:",
            "host:0",
            "host:99999",
            "http://x",
            "10.0.0.0/33",
            "[::1",
        ] {
            assert!(text.parse::<AllowedHost>().is_err(), "{text}");
        }
    }
}
