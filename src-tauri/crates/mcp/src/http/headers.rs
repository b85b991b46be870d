//! The headers that an operator gives a server: which may be, and how they are kept from being printed.
//!
//! Never here: where their values come from (`registry`).

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::codes::cut;

/// Headers that the protocol or the connection owns; an entry of the registry may not name them.
const OWN_HEADERS: [&str; 13] = [
    "accept",
    "accept-encoding",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "host",
    "last-event-id",
    "te",
    "transfer-encoding",
    "trailer",
    "upgrade",
];

/// Whether an entry of the registry may name this header.
#[must_use]
pub fn may_be_set(name: &HeaderName) -> bool {
    !OWN_HEADERS.contains(&name.as_str()) && !name.as_str().starts_with("mcp-")
}

/// Headers by name from texts, marked so that nobody prints them.
///
/// # Errors
/// With the name of the one that no header can be.
pub(crate) fn headers<'a>(
    pairs: impl IntoIterator<Item = (&'a String, &'a String)>,
) -> Result<HeaderMap, String> {
    let mut map = HeaderMap::new();
    for (name, value) in pairs {
        let bad = || format!("'{}' cannot be sent as a header", cut(name));
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad())?;
        let mut value = HeaderValue::from_str(value).map_err(|_| bad())?;
        value.set_sensitive(true);
        if !may_be_set(&name) {
            return Err(bad());
        }
        map.insert(name, value);
    }
    Ok(map)
}

#[cfg(test)]
mod tests {
    use http::header::AUTHORIZATION;

    use super::*;

    #[test]
    fn values_of_headers_are_not_shown() {
        let pairs = [("Authorization".to_owned(), "Bearer hush".to_owned())];
        let map = headers(pairs.iter().map(|(name, value)| (name, value))).unwrap();
        let shown = format!("{map:?}");
        assert!(
            shown.contains("authorization") && !shown.contains("hush"),
            "{shown}"
        );
        assert_eq!(map[AUTHORIZATION], "Bearer hush");
    }

    #[test]
    fn what_the_protocol_owns_cannot_be_set() {
        for name in [
            "Host",
            "Mcp-Session-Id",
            "MCP-Protocol-Version",
            "Content-Length",
            "a b",
            "",
        ] {
            let pairs = [(name.to_owned(), "x".to_owned())];
            assert!(
                headers(pairs.iter().map(|(name, value)| (name, value))).is_err(),
                "{name}"
            );
        }
    }
}
