//! The name under which the server was called: against pages that point their own name at loopback
//! (DNS rebinding), only known names are answered.
//!
//! Never here: who is calling.

use std::net::Ipv6Addr;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use chimera_contract::error::request;
use http::{HeaderMap, Uri, header};
use serde_json::json;

use crate::{problem::Problem, state::Api};

/// Names of this machine for itself.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Passes requests that name a host which this server goes by.
pub(crate) async fn known_name(State(api): State<Api>, request: Request, next: Next) -> Response {
    let Some(host) = host(request.headers(), request.uri()) else {
        return Problem::new(&request::HOST_REFUSED).into_response();
    };
    if is_known(&host, &api.options.allowed_hosts) {
        return next.run(request).await;
    }
    let shown: String = host.chars().take(80).collect();
    tracing::warn!(
        host = shown,
        "refused a request under a name that is not ours"
    );
    Problem::new(&request::HOST_REFUSED)
        .with(json!({ "host": shown }))
        .into_response()
}

/// The host that was asked for, without its port, in lower case. None where none is named, or what is named is no host, or
/// two are that differ: the address of a request may name one beside the header.
pub(crate) fn host(headers: &HeaderMap, uri: &Uri) -> Option<String> {
    if headers.get_all(header::HOST).iter().count() > 1 {
        return None;
    }
    let clean = |name: &str| without_port(name).map(str::to_ascii_lowercase);
    let in_header = match headers.get(header::HOST) {
        Some(value) => Some(clean(value.to_str().ok()?)?),
        None => None,
    };
    let in_address = match uri.authority() {
        Some(name) => Some(clean(name.as_str())?),
        None => None,
    };
    match (in_header, in_address) {
        (Some(one), Some(other)) if one != other => None,
        (one, other) => one.or(other),
    }
}

/// `name` of `name` or `name:port`; brackets of an IPv6 address stay. None for anything else, such as a user before a host:
/// what can be read in two ways is read in none.
fn without_port(authority: &str) -> Option<&str> {
    let end = match authority.strip_prefix('[') {
        Some(rest) => rest.find(']')? + 2,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, port) = authority.split_at(end);
    let is_port = match port.strip_prefix(':') {
        Some(digits) => {
            digits.bytes().all(|digit| digit.is_ascii_digit()) && digits.parse::<u16>().is_ok()
        }
        None => port.is_empty(),
    };
    let is_host = match host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => {
            !host.is_empty()
                && host
                    .bytes()
                    .all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, b'-' | b'.' | b'_'))
        }
    };
    (is_host && is_port).then_some(host)
}

/// Whether `host` is a loopback name or one of `allowed`.
pub(crate) fn is_known(host: &str, allowed: &[String]) -> bool {
    LOOPBACK.contains(&host) || allowed.iter().any(|name| name.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_names_pass_with_any_port_and_others_only_when_allowed() {
        let allowed = vec!["Chimera.Halden.example".to_owned()];
        for (authority, known) in [
            ("localhost:7787", true),
            ("LOCALHOST", true),
            ("127.0.0.1:80", true),
            ("[::1]:7787", true),
            ("[::1]", true),
            ("chimera.halden.example", true),
            ("evil.example:7787", false),
            ("localhost.evil.example", false),
            ("127.0.0.1.evil.example", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, authority.parse().unwrap());
            let host = host(&headers, &Uri::from_static("/")).unwrap();
            assert_eq!(is_known(&host, &allowed), known, "{authority}");
        }
    }

    #[test]
    fn what_can_be_read_in_two_ways_names_no_host() {
        for authority in [
            "",
            ":7787",
            "127.0.0.1:7787@evil.example",
            "evil.example@127.0.0.1:7787",
            "127.0.0.1@evil.example",
            "127.0.0.1:",
            "127.0.0.1:port",
            "127.0.0.1:+80",
            "127.0.0.1:99999",
            "127.0.0.1:80:80",
            "127.0.0.1/evil.example",
            "127.0.0.1 evil.example",
            "localhost#evil.example",
            "[::1]evil.example",
            "[::1",
            "::1",
            "[evil.example]",
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, authority.parse().unwrap());
            assert_eq!(host(&headers, &Uri::from_static("/")), None, "{authority}");
        }
    }

    #[test]
    fn an_address_that_names_another_host_than_the_header_names_none() {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "localhost:7787".parse().unwrap());
        let asked = |address: &'static str| host(&headers, &Uri::from_static(address));
        assert_eq!(asked("http://evil.example/api/v1/status"), None);
        assert_eq!(asked("http://LOCALHOST/").as_deref(), Some("localhost"));
        let bare = HeaderMap::new();
        let only = host(&bare, &Uri::from_static("http://evil.example/"));
        assert_eq!(only.as_deref(), Some("evil.example"));
    }
}
