//! Which headers pass the door, in either direction.
//!
//! Never here: who asks (`session`).

use std::collections::BTreeMap;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use super::Refusal;

/// The name under which the API is asked: this machine's own.
const HOST: &str = "localhost";
/// Largest value of one header, in bytes.
const MAX_VALUE_BYTES: usize = 4 * 1024;

/// What a request may say. Who asks, from where, and through whom is not the page's to say.
static INWARD: [HeaderName; 6] = [
    header::ACCEPT,
    header::ACCEPT_LANGUAGE,
    header::CONTENT_TYPE,
    header::IF_MATCH,
    header::IF_NONE_MATCH,
    HeaderName::from_static("idempotency-key"),
];

/// What the page is told.
static OUTWARD: [HeaderName; 8] = [
    header::ALLOW,
    header::CONTENT_TYPE,
    header::ETAG,
    header::LAST_MODIFIED,
    header::LINK,
    header::LOCATION,
    header::RETRY_AFTER,
    HeaderName::from_static("x-request-id"),
];

/// Headers of a request to the API. Unlisted ones are dropped; a broken listed one is refused.
pub(super) fn inward(given: &BTreeMap<String, String>) -> Result<HeaderMap, Refusal> {
    let mut headers = HeaderMap::new();
    headers.insert(header::HOST, HeaderValue::from_static(HOST));
    for (name, value) in given {
        let Some(listed) = INWARD
            .iter()
            .find(|listed| name.eq_ignore_ascii_case(listed.as_str()))
        else {
            continue;
        };
        if value.len() > MAX_VALUE_BYTES {
            return Err(Refusal::Header);
        }
        headers.insert(
            listed,
            HeaderValue::from_str(value).map_err(|_| Refusal::Header)?,
        );
    }
    Ok(headers)
}

/// Headers of an answer to the page.
pub(super) fn outward(headers: &HeaderMap) -> BTreeMap<String, String> {
    let listed = OUTWARD.iter().filter_map(|name| {
        let value = headers.get(name)?.to_str().ok()?;
        Some((name.as_str().to_owned(), value.to_owned()))
    });
    listed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn a_page_cannot_say_who_it_is_or_where_it_comes_from() {
        let given = map(&[
            ("Authorization", "Bearer stolen"),
            ("cookie", "chimera_session=stolen"),
            ("Host", "evil.example"),
            ("origin", "https://evil.example"),
            ("X-Forwarded-For", "10.0.0.1"),
            ("If-Match", "\"7\""),
            ("idempotency-key", "k"),
        ]);
        let mut expected = HeaderMap::new();
        expected.insert(header::HOST, HeaderValue::from_static("localhost"));
        expected.insert(header::IF_MATCH, HeaderValue::from_static("\"7\""));
        expected.insert("idempotency-key", HeaderValue::from_static("k"));
        assert_eq!(inward(&given), Ok(expected));
    }

    #[test]
    fn a_value_that_would_be_two_headers_is_refused() {
        assert_eq!(
            inward(&map(&[("accept", "a\r\nHost: evil")])),
            Err(Refusal::Header)
        );
        let long = "a".repeat(MAX_VALUE_BYTES + 1);
        assert_eq!(inward(&map(&[("accept", &long)])), Err(Refusal::Header));
    }

    #[test]
    fn cookies_stay_on_this_side() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ETAG, HeaderValue::from_static("\"7\""));
        headers.insert(
            header::SET_COOKIE,
            HeaderValue::from_static("chimera_session=x"),
        );
        assert_eq!(outward(&headers), map(&[("etag", "\"7\"")]));
    }
}
