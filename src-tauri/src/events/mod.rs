//! Events on their way to the page: read from the API's stream as they come, handed over in batches.
//!
//! Here: the subscriptions of each window, their begin and their end. Never here: what an event means, who may
//! hear it (the API decides both), or a buffer of all of them.

mod pump;
mod sse;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
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

/// Subscriptions that one window may have; its page needs one, and briefly a second while it changes over.
const MAX_PER_WINDOW: usize = 4;

/// The running subscriptions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subscriptions(Arc<Mutex<VecDeque<Subscription>>>);

#[derive(Debug)]
struct Subscription {
    window: String,
    channel: u32,
    ended: CancellationToken,
}

impl Subscriptions {
    /// Carries `stream` to the channel of `window` through `send`, until the stream ends, `send` says that
    /// nobody listens, or the subscription is ended. One too many ends the window's oldest.
    pub(crate) fn begin(
        &self,
        window: &str,
        channel: u32,
        stream: Body,
        send: impl FnMut(Vec<Frame>) -> bool + Send + 'static,
    ) -> impl Future<Output = ()> + Send + 'static {
        let ended = CancellationToken::new();
        let own = Subscription {
            window: window.to_owned(),
            channel,
            ended: ended.clone(),
        };
        let mut table = self.table();
        let running = table.iter().filter(|one| one.window == window).count();
        if running >= MAX_PER_WINDOW
            && let Some(oldest) = table.iter().position(|one| one.window == window)
            && let Some(oldest) = table.remove(oldest)
        {
            oldest.ended.cancel();
        }
        table.push_back(own);
        drop(table);
        let (subscriptions, window) = (self.clone(), window.to_owned());
        async move {
            // Dropping the stream at the end of this gives its place in the API back.
            tokio::select! {
                () = ended.cancelled() => {}
                () = pump::carry(stream.into_data_stream(), send) => {}
            }
            subscriptions.end(&window, channel);
        }
    }

    /// Ends one subscription, if it still runs.
    pub(crate) fn end(&self, window: &str, channel: u32) {
        self.end_where(|one| one.window == window && one.channel == channel);
    }

    /// Ends whatever `window` is subscribed to: it left, or loads anew.
    pub(crate) fn end_all(&self, window: &str) {
        self.end_where(|one| one.window == window);
    }

    fn end_where(&self, is_meant: impl Fn(&Subscription) -> bool) {
        self.table().retain(|one| {
            let ends = is_meant(one);
            if ends {
                one.ended.cancel();
            }
            !ends
        });
    }

    fn table(&self) -> MutexGuard<'_, VecDeque<Subscription>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
