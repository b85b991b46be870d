//! Where an answer sends the request next, and what may come along.
//!
//! Never here: sending (`client`), counting hops.

use bytes::Bytes;
use http::header::{
    ACCEPT, ACCEPT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, LOCATION, RANGE,
};
use http::{Method, StatusCode};
use url::Url;

use crate::NetError;
use crate::error::shown;

/// Headers that may go to any origin. A list of what may, because secrets have many names.
const HARMLESS: [http::HeaderName; 4] = [ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE, RANGE];

/// One request as it is sent to one place.
#[derive(Debug, Clone)]
pub(crate) struct Sending {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// The request that a redirecting answer asks for, or nothing if it is the final answer.
pub(crate) fn next(
    sent: &Sending,
    status: StatusCode,
    headers: &HeaderMap,
) -> Result<Option<Sending>, NetError> {
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(location) = headers.get(LOCATION) else {
        return Ok(None);
    };
    let invalid = |reason: String| NetError::InvalidUrl {
        url: String::from_utf8_lossy(location.as_bytes())
            .chars()
            .take(300)
            .collect(),
        reason,
    };
    let text = std::str::from_utf8(location.as_bytes()).map_err(|e| invalid(e.to_string()))?;
    let mut url = sent
        .url
        .join(text)
        .map_err(|e| invalid(format!("{} redirects there, but {e}", shown(&sent.url))))?;
    url.set_fragment(None);
    // Credentials that a site writes into a redirect are its own business, not ours.
    let _ = url.set_username("");
    let _ = url.set_password(None);

    let mut next = Sending {
        url,
        ..sent.clone()
    };
    let becomes_get = match status {
        StatusCode::SEE_OTHER => sent.method != Method::HEAD,
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => sent.method == Method::POST,
        _ => false,
    };
    if becomes_get {
        next.method = Method::GET;
        next.body = Bytes::new();
        next.headers.remove(CONTENT_TYPE);
        next.headers.remove(CONTENT_LENGTH);
    }
    if next.url.origin() != sent.url.origin() {
        if !next.body.is_empty() {
            return Err(NetError::RedirectRefused {
                from: shown(&sent.url),
                to: shown(&next.url),
            });
        }
        next.headers = next
            .headers
            .into_iter()
            .filter_map(|(name, value)| Some((name?, value)))
            .filter(|(name, _)| HARMLESS.contains(name))
            .collect();
    }
    Ok(Some(next))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use http::header::{AUTHORIZATION, COOKIE};

    use super::*;

    fn sent(method: Method, url: &str, body: &'static str) -> Sending {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("accept", "text/xml"),
            ("authorization", "Bearer x"),
            ("cookie", "a=b"),
            ("x-api-key", "k"),
            ("if-none-match", "\"1\""),
            ("content-type", "text/plain"),
        ] {
            headers.insert(
                http::HeaderName::from_static(name),
                HeaderValue::from_static(value),
            );
        }
        Sending {
            method,
            url: url.parse().unwrap(),
            headers,
            body: Bytes::from_static(body.as_bytes()),
        }
    }

    fn follow(
        sent: &Sending,
        status: u16,
        location: &'static str,
    ) -> Result<Option<Sending>, NetError> {
        let headers = HeaderMap::from_iter([(LOCATION, HeaderValue::from_static(location))]);
        next(sent, StatusCode::from_u16(status).unwrap(), &headers)
    }

    #[test]
    fn secrets_stay_with_their_origin() {
        let get = sent(Method::GET, "https://a.example/x", "");
        for location in [
            "https://b.example/",
            "http://a.example/x",
            "https://a.example:8443/x",
            "//a.example.evil/",
        ] {
            let next = follow(&get, 302, location).unwrap().unwrap();
            let names: Vec<_> = next.headers.keys().map(http::HeaderName::as_str).collect();
            assert_eq!(names, ["accept", "content-type"], "{location}");
        }
        let next = follow(&get, 302, "/y?z#f").unwrap().unwrap();
        assert_eq!(next.url.as_str(), "https://a.example/y?z");
        assert!(next.headers.contains_key(AUTHORIZATION) && next.headers.contains_key(COOKIE));
    }

    #[test]
    fn methods_change_as_the_standard_says() {
        let post = sent(Method::POST, "https://a.example/x", "content");
        for (status, method, body) in [
            (301, "GET", ""),
            (302, "GET", ""),
            (303, "GET", ""),
            (307, "POST", "content"),
            (308, "POST", "content"),
        ] {
            let next = follow(&post, status, "/y").unwrap().unwrap();
            assert_eq!(
                (next.method.as_str(), &next.body[..]),
                (method, body.as_bytes()),
                "{status}"
            );
        }
        let head = sent(Method::HEAD, "https://a.example/x", "");
        assert_eq!(
            follow(&head, 303, "/y").unwrap().unwrap().method,
            Method::HEAD
        );
    }

    #[test]
    fn content_is_not_carried_to_another_origin() {
        let post = sent(Method::POST, "https://u:p@a.example/x?key=1", "content");
        assert_eq!(
            follow(&post, 307, "https://b.example/?s=1").unwrap_err(),
            NetError::RedirectRefused {
                from: "https://a.example/x?…".to_owned(),
                to: "https://b.example/?…".to_owned()
            }
        );
    }

    #[test]
    fn what_is_no_redirect_is_the_answer() {
        let get = sent(Method::GET, "https://a.example/x", "");
        for status in [200, 300, 304, 305, 404] {
            assert!(follow(&get, status, "/y").unwrap().is_none(), "{status}");
        }
        assert!(
            next(&get, StatusCode::FOUND, &HeaderMap::new())
                .unwrap()
                .is_none()
        );
        assert!(matches!(
            follow(&get, 302, "https://[bad"),
            Err(NetError::InvalidUrl { .. })
        ));
    }
}
