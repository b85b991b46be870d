//! A resource that changes, and a server that tells of it in the way of either age.
//!
//! Never here: anything that ships.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use rmcp::{
    Peer, RoleServer, model::ResourceUpdatedNotificationParam, service::SubscriptionContext,
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Its address.
pub(crate) const LIVE: &str = "peer://live";

/// The resource, and who is told of it.
#[derive(Default)]
pub(crate) struct Live {
    touched: watch::Sender<u64>,
    /// Who was promised to be told, from then on: a stream is served only after its promise has left.
    promised: Mutex<Vec<watch::Receiver<u64>>>,
    /// How often each change is told, beyond once.
    pub(crate) repeats: AtomicUsize,
    /// Whether no subscriptions are offered.
    pub(crate) silent: AtomicBool,
    /// From when it is set on, nobody can read it.
    pub(crate) broken: AtomicBool,
    reads: AtomicUsize,
    listeners: AtomicUsize,
    subscriptions: AtomicUsize,
    subscribers: Mutex<HashMap<String, CancellationToken>>,
}

/// Counts one who is told.
struct Told<'a>(&'a Live);

impl Drop for Told<'_> {
    fn drop(&mut self) {
        self.0.listeners.fetch_sub(1, Ordering::AcqRel);
    }
}

// The program `peer` has nobody who asks.
#[cfg(test)]
impl Live {
    /// How often it was read.
    pub(crate) fn reads(&self) -> usize {
        self.reads.load(Ordering::Acquire)
    }

    /// How many are told of it now, and how many were told ever.
    pub(crate) fn told(&self) -> (usize, usize) {
        let now = self.listeners.load(Ordering::Acquire);
        (now, self.subscriptions.load(Ordering::Acquire))
    }
}

impl Live {
    /// Changes it.
    pub(crate) fn touch(&self) {
        self.touched.send_modify(|touched| *touched += 1);
    }

    pub(super) fn is_silent(&self) -> bool {
        self.silent.load(Ordering::Acquire)
    }

    /// What it says; another address changes it, for those who have no other hand on the server.
    pub(super) fn read(&self, uri: &str) -> Option<String> {
        match uri {
            LIVE if !self.broken.load(Ordering::Acquire) => {
                self.reads.fetch_add(1, Ordering::AcqRel);
                Some(format!("touched {}", *self.touched.borrow()))
            }
            "peer://touch" => {
                self.touch();
                Some("done".to_owned())
            }
            _ => None,
        }
    }

    fn listen(&self) -> Told<'_> {
        self.subscriptions.fetch_add(1, Ordering::AcqRel);
        self.listeners.fetch_add(1, Ordering::AcqRel);
        Told(self)
    }

    fn repeats(&self) -> std::ops::RangeInclusive<usize> {
        0..=self.repeats.load(Ordering::Acquire)
    }

    /// Keeps every change from now on for a stream that is about to be promised.
    pub(super) fn promise(&self) {
        let touched = self.touched.subscribe();
        self.promised.lock().unwrap().push(touched);
    }

    /// Tells on the stream that was opened for it.
    pub(super) async fn tell_on(&self, context: &SubscriptionContext) {
        let _told = self.listen();
        let mut touched = self.promised.lock().unwrap().pop().unwrap();
        loop {
            tokio::select! {
                () = context.cancelled() => return,
                _ = touched.changed() => {}
            }
            for _ in self.repeats() {
                drop(context.sink().notify_resource_updated(LIVE).await);
            }
        }
    }

    /// Tells by notices until that is taken back.
    pub(super) fn subscribe(self: &Arc<Self>, uri: String, peer: Peer<RoleServer>) {
        let (live, end) = (Arc::clone(self), CancellationToken::new());
        let before = self
            .subscribers
            .lock()
            .unwrap()
            .insert(uri.clone(), end.clone());
        if let Some(before) = before {
            before.cancel();
        }
        let mut touched = self.touched.subscribe();
        tokio::spawn(async move {
            let _told = live.listen();
            loop {
                tokio::select! {
                    () = end.cancelled() => return,
                    _ = touched.changed() => {}
                }
                for _ in live.repeats() {
                    let told = ResourceUpdatedNotificationParam::new(&uri);
                    if peer.notify_resource_updated(told).await.is_err() {
                        return;
                    }
                }
            }
        });
    }

    pub(super) fn unsubscribe(&self, uri: &str) {
        if let Some(end) = self.subscribers.lock().unwrap().remove(uri) {
            end.cancel();
        }
    }
}
