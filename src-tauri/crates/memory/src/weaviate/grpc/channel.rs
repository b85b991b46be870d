//! The way of a gRPC message over the one guarded client, which holds its rules for addresses, times and sizes.
//!
//! Never here: what a message says, or what a failure means.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use chimera_net::{CalledBody, HttpClient, NetError, Request};
use http::Method;
use tonic::{
    body::Body,
    codegen::{Body as _, BoxFuture, Service},
};

/// Largest answer in bytes: 8 MiB.
pub(crate) const MAX_ANSWER_BYTES: usize = 8 << 20;

/// A way to one server.
#[derive(Clone)]
pub(crate) struct Channel {
    /// Speaks HTTP/2.
    pub(crate) client: HttpClient,
    /// Address without a path.
    pub(crate) base_url: Arc<str>,
    /// Longest time for one call.
    pub(crate) timeout: Duration,
}

impl Service<http::Request<Body>> for Channel {
    type Response = http::Response<CalledBody>;
    type Error = NetError;
    type Future = BoxFuture<Self::Response, NetError>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), NetError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, asked: http::Request<Body>) -> Self::Future {
        let Self {
            client,
            base_url,
            timeout,
        } = self.clone();
        Box::pin(async move {
            let (head, body) = asked.into_parts();
            let url = format!("{}{}", base_url.trim_end_matches('/'), head.uri.path());
            let request = Request::new(Method::POST, url)
                .timeout(timeout)
                .max_body_bytes(MAX_ANSWER_BYTES);
            let request = Request {
                headers: head.headers,
                body: whole(body).await?.into(),
                ..request
            };
            client.call(request).await
        })
    }
}

/// What is to be sent, in one piece: it is one message.
async fn whole(mut body: Body) -> Result<Vec<u8>, NetError> {
    let mut all = Vec::new();
    loop {
        let frame = std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await;
        let Some(frame) = frame else { return Ok(all) };
        let frame = frame.map_err(|status| NetError::InvalidRequest {
            reason: status.message().to_owned(),
        })?;
        if let Ok(data) = frame.into_data() {
            all.extend_from_slice(&data);
        }
    }
}
