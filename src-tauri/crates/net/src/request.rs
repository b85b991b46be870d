//! What is asked.
//!
//! Never here: sending it (`client`).

use std::time::Duration;

use bytes::Bytes;
use http::Method;
use http::header::{
    CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH,
};

use crate::NetError;

/// One request. Headers that hold a secret stay with the origin they were written for: a
/// redirect to another origin takes none but harmless ones along.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The URL: http or https.
    pub url: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The content; empty for none.
    pub body: Bytes,
    /// Largest body of the answer in bytes after decompression, if not the client's.
    pub max_body_bytes: Option<usize>,
    /// Time for the whole exchange (for a stream: until its head), if not the client's.
    pub timeout: Option<Duration>,
    /// Longest silence between two pieces of a streamed body, if not the client's.
    pub idle_timeout: Option<Duration>,
    /// Time for a whole streamed exchange, if not the client's.
    pub stream_timeout: Option<Duration>,
    /// Most redirects that it follows, if not the client's; 0 for one that stays where it was sent.
    pub max_redirects: Option<usize>,
    /// Whether private hosts that the operator listed may be reached; not by an address that somebody outside named.
    pub listed_too: bool,
    /// The `ETag` of what is already here; the answer is 304 if it is still current.
    pub etag: Option<String>,
    /// The `Last-Modified` of what is already here, likewise.
    pub last_modified: Option<String>,
}

impl Request {
    /// A request of this method.
    #[must_use]
    pub fn new(method: Method, url: impl Into<String>) -> Self {
        Self {
            method,
            url: url.into(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            max_body_bytes: None,
            timeout: None,
            idle_timeout: None,
            stream_timeout: None,
            max_redirects: None,
            listed_too: true,
            etag: None,
            last_modified: None,
        }
    }

    /// A GET request.
    #[must_use]
    pub fn get(url: impl Into<String>) -> Self {
        Self::new(Method::GET, url)
    }

    /// A POST request with JSON, given as its bytes.
    #[must_use]
    pub fn post_json(url: impl Into<String>, json: impl Into<Bytes>) -> Self {
        let json_type = HeaderValue::from_static("application/json");
        Self {
            body: json.into(),
            ..Self::new(Method::POST, url).header(CONTENT_TYPE, json_type)
        }
    }

    /// With this header, in place of any of the same name.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// With `Authorization: Bearer …`, marked so that it is never logged.
    ///
    /// # Errors
    /// [`NetError::InvalidRequest`] for a token with characters that no header can have.
    pub fn bearer(self, token: &str) -> Result<Self, NetError> {
        let mut value = header_value("authorization", &format!("Bearer {token}"))?;
        value.set_sensitive(true);
        Ok(self.header(http::header::AUTHORIZATION, value))
    }

    /// Only if it changed since an answer with these validators.
    #[must_use]
    pub fn unless_current(mut self, etag: Option<String>, last_modified: Option<String>) -> Self {
        (self.etag, self.last_modified) = (etag, last_modified);
        self
    }

    /// With this limit for the answer's body, in bytes after decompression.
    #[must_use]
    pub fn max_body_bytes(mut self, limit: usize) -> Self {
        self.max_body_bytes = Some(limit);
        self
    }

    /// With this time for the whole exchange.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// The headers with the validators among them.
    pub(crate) fn all_headers(&self) -> Result<HeaderMap, NetError> {
        let mut headers = self.headers.clone();
        if let Some(etag) = &self.etag {
            headers.insert(IF_NONE_MATCH, header_value("if-none-match", etag)?);
        }
        if let Some(date) = &self.last_modified {
            headers.insert(IF_MODIFIED_SINCE, header_value("if-modified-since", date)?);
        }
        Ok(headers)
    }
}

fn header_value(name: &str, value: &str) -> Result<HeaderValue, NetError> {
    HeaderValue::from_str(value).map_err(|_| NetError::InvalidRequest {
        reason: format!("the {name} header has characters that no header can have"),
    })
}
