//! Addresses that an authorization server, or whoever speaks for it, may name.
//!
//! Never here: which of them a request may reach (`net`).

use chimera_domain::fault::Fault;
use url::{Host, Url};

use crate::codes::{OAUTH_ADDRESS_REFUSED, cut};

/// Longest address that is taken from a document, in bytes.
pub(crate) const MAX_ADDRESS_BYTES: usize = 2_048;

/// An address that may be asked, or opened in a browser: https, or http on this machine; nobody's name and no fragment
/// in it. Whatever else a browser would do with an address (`javascript:`, `file:`, a program's own scheme) is refused.
pub(crate) fn checked(what: &str, text: &str) -> Result<Url, Fault> {
    let refused = |why: &str| {
        Fault::of(
            OAUTH_ADDRESS_REFUSED,
            format!(
                "{what} is '{}', and {why}; it was neither asked nor opened and nothing was authorized; tell whoever runs the server",
                shown(text)
            ),
        )
    };
    if text.len() > MAX_ADDRESS_BYTES {
        return Err(refused("that is longer than an address may be"));
    }
    let url = Url::parse(text).map_err(|_| refused("that is no address"))?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => return Err(refused("without TLS only this machine may be asked")),
        _ => return Err(refused("only https is used")),
    }
    if url.host().is_none() {
        return Err(refused("it names no host"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused("an address may carry no name and no password"));
    }
    if url.fragment().is_some() {
        return Err(refused("an address may carry no fragment"));
    }
    Ok(url)
}

/// Whether it is this machine by name or by address.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// The start of an address without what may be a secret in it.
pub(crate) fn shown(text: &str) -> String {
    cut(text.split(['?', '#']).next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_this_machine_may_be_asked() {
        for good in [
            "https://auth.example/token",
            "https://auth.example:8443/token?tenant=1",
            "http://localhost:9000/token",
            "http://127.0.0.1/token",
            "http://[::1]:80/token",
        ] {
            assert!(checked("x", good).is_ok(), "{good}");
        }
        for bad in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "chimera://callback",
            "data:text/html,x",
            "http://auth.example/token",
            "http://localhost.example/token",
            "https://me:pw@auth.example/",
            "https://auth.example/#part",
            "//auth.example/",
            "",
        ] {
            assert!(checked("x", bad).is_err(), "{bad}");
        }
        let long = format!("https://auth.example/{}", "x".repeat(MAX_ADDRESS_BYTES));
        assert!(checked("x", &long).is_err());
    }

    #[test]
    fn a_refusal_repeats_no_query() {
        let fault = checked("token_endpoint", "http://auth.example/t?code=hush").unwrap_err();
        assert_eq!(
            fault.message,
            "token_endpoint is 'http://auth.example/t', and without TLS only this machine may be asked; it was neither asked nor opened and nothing was authorized; tell whoever runs the server"
        );
    }
}
