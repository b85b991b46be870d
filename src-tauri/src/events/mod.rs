//! Events on their way to the page: read from the API's stream as they come, handed over in batches.
//!
//! Here: one subscription per window, its begin and its end. Never here: what an event means, who may
//! hear it (the API decides both), or a buffer of all of them.

mod pump;
mod sse;

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use axum::body::Body;
use serde::Serialize;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

/// One message of the stream, as the page takes it.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub(crate) struct Frame {
    /// Its kind: `fact`, or `closed` as the last one when the stream has ended by itself.
    pub(crate) event: String,
    /// Its data; a fact carries its number, from which to resume.
    pub(crate) data: Value,
}

impl Frame {
    /// The last one: subscribe again, after the last number seen.
    fn closed() -> Self {
        Self {
            event: "closed".to_owned(),
            data: Value::Null,
        }
    }
}

/// The running subscriptions, by window.
#[derive(Debug, Default)]
pub(crate) struct Subscriptions(Mutex<HashMap<String, CancellationToken>>);

impl Subscriptions {
    /// Carries `stream` to `window` through `send`, in place of what it was subscribed to before, until the
    /// stream ends, `send` says that nobody listens, or the subscription is ended.
    pub(crate) fn begin(
        &self,
        window: &str,
        stream: Body,
        send: impl FnMut(Vec<Frame>) -> bool + Send + 'static,
    ) -> impl Future<Output = ()> + Send + 'static {
        let ended = CancellationToken::new();
        let before = self.table().insert(window.to_owned(), ended.clone());
        if let Some(before) = before {
            before.cancel();
        }
        async move {
            // Dropping the stream at the end of this gives its place in the API back.
            tokio::select! {
                () = ended.cancelled() => {}
                () = pump::carry(stream.into_data_stream(), send) => {}
            }
        }
    }

    /// Ends what `window` is subscribed to: it left, loads anew, or asked for it.
    pub(crate) fn end(&self, window: &str) {
        if let Some(subscription) = self.table().remove(window) {
            subscription.cancel();
        }
    }

    fn table(&self) -> std::sync::MutexGuard<'_, HashMap<String, CancellationToken>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
