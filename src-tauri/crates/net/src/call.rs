//! One exchange over HTTP/2 whose answer may say at its end what became of it: what gRPC needs.
//!
//! The same guard, limits and times as for every other request. Never here: what is asked or answered, or how gRPC
//! frames it (`memory`).

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http_body::{Body, Frame};
use tokio::time::{Instant, timeout_at};

use crate::body::{BodyStream, FIRST_BUFFER_BYTES};
use crate::error::classify;
use crate::{HttpClient, NetError, Request, Stage};

/// The body of an answer that was read to its end, with the headers that came after it.
#[derive(Debug, Default)]
pub struct CalledBody {
    data: Option<Bytes>,
    trailers: Option<HeaderMap>,
}

impl Body for CalledBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let data = self.data.take().map(Frame::data);
        let next = data.or_else(|| self.trailers.take().map(Frame::trailers));
        Poll::Ready(next.map(Ok))
    }

    fn is_end_stream(&self) -> bool {
        self.data.is_none() && self.trailers.is_none()
    }
}

impl HttpClient {
    /// Sends a request and reads the whole answer with what comes after its body. No redirect is followed. The client
    /// should be one for [`Protocol::Http2`](crate::Protocol::Http2): over anything older there is nothing after a body.
    ///
    /// # Errors
    /// Any [`NetError`] but [`NetError::Status`].
    pub async fn call(&self, request: Request) -> Result<http::Response<CalledBody>, NetError> {
        let time = request.timeout.unwrap_or(self.total_timeout());
        let deadline = Instant::now() + time;
        let request = Request {
            max_redirects: Some(0),
            ..request
        };
        let open = self.open(request, deadline, time).await?;
        let foreign = open.foreign_encoding();
        let BodyStream {
            response,
            host,
            limit,
            ..
        } = open;
        let (head, mut body) = http::Response::<reqwest::Body>::from(response).into_parts();
        let mut read = BytesMut::new();
        let mut trailers = None;
        loop {
            let frame = std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx));
            let frame = timeout_at(deadline, frame)
                .await
                .map_err(|_| NetError::Timeout {
                    host: host.clone(),
                    stage: Stage::Body,
                    after: time,
                })?;
            let Some(frame) = frame else { break };
            let frame = frame.map_err(|error| classify(&error, &host, time))?;
            match frame.into_data() {
                Ok(data) if read.len() + data.len() > limit => {
                    return Err(NetError::TooLarge { host, limit });
                }
                Ok(data) => {
                    if read.is_empty() {
                        read.reserve(data.len().max(FIRST_BUFFER_BYTES));
                    }
                    read.extend_from_slice(&data);
                }
                Err(frame) => trailers = frame.into_trailers().ok(),
            }
        }
        if let Some(error) = foreign.filter(|_| !read.is_empty()) {
            return Err(error);
        }
        let body = CalledBody {
            data: (!read.is_empty()).then(|| read.freeze()),
            trailers,
        };
        Ok(http::Response::from_parts(head, body))
    }
}
