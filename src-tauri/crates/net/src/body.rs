//! What is answered: whole, or piece by piece, never more than its limit.
//!
//! Never here: what the content means.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use http::header::{CONTENT_ENCODING, ETAG, HeaderMap, HeaderName, LAST_MODIFIED, RETRY_AFTER};
use tokio::time::{Instant, timeout_at};

use crate::error::classify;
use crate::{NetError, Stage};

/// Space that is set aside before the first piece arrives, in bytes; a stated length is only a
/// promise.
pub(crate) const FIRST_BUFFER_BYTES: usize = 64 << 10;

/// A whole answer, of whatever status.
#[derive(Debug, Clone)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, decompressed.
    pub body: Bytes,
    /// Where the answer came from after all redirects, without credentials.
    pub final_url: String,
    /// Whether a private host gave it. Behind a proxy nobody can tell, so the answer is no.
    pub from_inside: bool,
    pub(crate) host: String,
}

impl Response {
    /// Whether what the caller has is still current (304).
    #[must_use]
    pub fn is_not_modified(&self) -> bool {
        self.status == StatusCode::NOT_MODIFIED
    }

    /// The `ETag`, for the next request.
    #[must_use]
    pub fn etag(&self) -> Option<&str> {
        text(&self.headers, ETAG)
    }

    /// The `Last-Modified`, for the next request.
    #[must_use]
    pub fn last_modified(&self) -> Option<&str> {
        text(&self.headers, LAST_MODIFIED)
    }

    /// The answer, if its status is no error.
    ///
    /// # Errors
    /// [`NetError::Status`] for 4xx and 5xx.
    pub fn error_for_status(self) -> Result<Self, NetError> {
        check_status(self.status, &self.headers, &self.host).map(|()| self)
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn check_status(status: StatusCode, headers: &HeaderMap, host: &str) -> Result<(), NetError> {
    if !status.is_client_error() && !status.is_server_error() {
        return Ok(());
    }
    let seconds = text(headers, RETRY_AFTER).and_then(|value| value.trim().parse().ok());
    Err(NetError::Status {
        host: host.to_owned(),
        status,
        retry_after: seconds.map(Duration::from_secs),
    })
}

/// The head of an answer whose body is still to come.
#[derive(Debug)]
pub struct StreamResponse {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// Where the answer came from after all redirects, without credentials.
    pub final_url: String,
    /// The body.
    pub body: BodyStream,
}

impl StreamResponse {
    /// The answer, if its status is no error. The body of an error is given up; read
    /// [`StreamResponse::body`] instead of calling this to see it.
    ///
    /// # Errors
    /// [`NetError::Status`] for 4xx and 5xx.
    pub fn error_for_status(self) -> Result<Self, NetError> {
        check_status(self.status, &self.headers, &self.body.host).map(|()| self)
    }
}

/// A body that arrives piece by piece. Ends with an error when a piece is late, when all of it
/// takes too long or when it gets too large; dropping it closes the connection.
#[derive(Debug)]
pub struct BodyStream {
    pub(crate) response: reqwest::Response,
    pub(crate) host: String,
    pub(crate) limit: usize,
    pub(crate) received: usize,
    pub(crate) idle_timeout: Duration,
    pub(crate) deadline: Instant,
    pub(crate) total_timeout: Duration,
    pub(crate) finished: bool,
}

impl BodyStream {
    /// The next piece, or nothing at the end. After an error there is nothing more.
    ///
    /// # Errors
    /// [`NetError::Timeout`], [`NetError::TooLarge`], [`NetError::Interrupted`],
    /// [`NetError::Undecodable`].
    pub async fn next_piece(&mut self) -> Result<Option<Bytes>, NetError> {
        if self.finished {
            return Ok(None);
        }
        let piece = self.read().await;
        self.finished = !matches!(piece, Ok(Some(_)));
        piece
    }

    async fn read(&mut self) -> Result<Option<Bytes>, NetError> {
        let silent = Instant::now() + self.idle_timeout;
        let late = |stage, after| NetError::Timeout {
            host: self.host.clone(),
            stage,
            after,
        };
        let late = if silent < self.deadline {
            late(Stage::Idle, self.idle_timeout)
        } else {
            late(Stage::Body, self.total_timeout)
        };
        let piece = timeout_at(silent.min(self.deadline), self.response.chunk())
            .await
            .map_err(|_| late)?;
        let piece = piece.map_err(|e| classify(&e, &self.host, self.total_timeout))?;
        self.received += piece.as_ref().map_or(0, Bytes::len);
        if self.received > self.limit {
            return Err(NetError::TooLarge {
                host: self.host.clone(),
                limit: self.limit,
            });
        }
        Ok(piece)
    }

    /// All that remains.
    pub(crate) async fn collect(mut self) -> Result<Bytes, NetError> {
        let stated = self
            .response
            .content_length()
            .and_then(|length| usize::try_from(length).ok())
            .unwrap_or(0);
        if stated > self.limit {
            return Err(NetError::TooLarge {
                host: self.host,
                limit: self.limit,
            });
        }
        let mut body = BytesMut::with_capacity(stated.min(FIRST_BUFFER_BYTES));
        while let Some(piece) = self.next_piece().await? {
            body.extend_from_slice(&piece);
        }
        Ok(body.freeze())
    }

    /// The compression that is left because it is none that was asked for.
    pub(crate) fn foreign_encoding(&self) -> Option<NetError> {
        let encoding = text(self.response.headers(), CONTENT_ENCODING)
            .filter(|e| !e.eq_ignore_ascii_case("identity"))?;
        let reason = format!(
            "it is compressed with {:?}, which was not asked for",
            encoding.chars().take(40).collect::<String>()
        );
        Some(NetError::Undecodable {
            host: self.host.clone(),
            reason,
        })
    }
}
