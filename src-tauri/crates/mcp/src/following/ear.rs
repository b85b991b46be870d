//! How a server tells that a resource changed: since 2026-07-28 on a stream that is opened for it (`subscriptions/listen`),
//! up to 2025-11-25 by notices after `resources/subscribe`.
//!
//! Never here: reading the resource. However many notices come, they are one word: it changed.

use std::{
    collections::HashMap,
    num::NonZeroUsize,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rmcp::{
    Peer, RoleClient,
    model::{ClientRequest, SubscriptionFilter},
};
use tokio::{
    sync::Notify,
    task::AbortHandle,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{
    clock::CallClock,
    connection::{Connection, Era},
    wire::Departure,
};

/// Notices that may wait on a stream; they are taken off as they come.
const MAX_NOTICES: NonZeroUsize = NonZeroUsize::MIN.saturating_add(1_023);
/// How long the word that nobody follows any longer may take to leave.
const PARTING_PATIENCE: Duration = Duration::from_secs(1);
/// How often one looks whether notices still have a way to come.
const LOOK: Duration = Duration::from_secs(2);

/// Hears of one resource until it is dropped.
pub(super) struct Ear {
    changed: Arc<Notify>,
    /// Set when nothing more will be heard.
    deaf: CancellationToken,
    _task: Ends,
    _place: Option<Place>,
}

/// A task that ends with this.
struct Ends(AbortHandle);

impl Drop for Ends {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Ear {
    /// Asks the server to tell of changes; `None` where it does not offer that, or does not do it.
    pub(super) async fn open(
        connection: &Arc<Connection>,
        uri: &str,
        limit: Duration,
    ) -> Option<Self> {
        let offers = connection.peer().peer_info()?.capabilities.clone();
        if offers.resources?.subscribe != Some(true) {
            return None;
        }
        match connection.era() {
            Era::Modern => {
                let opened = timeout(limit, Self::stream(connection.peer(), uri));
                opened.await.ok().flatten()
            }
            Era::Legacy => Self::notices(connection, uri, limit).await,
        }
    }

    /// Returns when the server said that it changed; false when it will not say so any more.
    pub(super) async fn hears(&self) -> bool {
        tokio::select! {
            biased;
            () = self.changed.notified() => true,
            () = self.deaf.cancelled() => false,
        }
    }

    async fn stream(peer: &Peer<RoleClient>, uri: &str) -> Option<Self> {
        let wanted = SubscriptionFilter::builder().resource_subscription(uri);
        let wanted = wanted.build();
        let opened = peer.listen_with_capacity(wanted.clone(), MAX_NOTICES).await;
        let mut subscription = opened.ok()?;
        if *subscription.acknowledged() != wanted {
            return None;
        }
        let (changed, deaf) = (Arc::<Notify>::default(), CancellationToken::new());
        let (tells, ends) = (Arc::clone(&changed), deaf.clone());
        let task = tokio::spawn(async move {
            let _ends = ends.drop_guard();
            while let Ok(Some(_)) = subscription.next().await {
                tells.notify_one();
            }
        });
        Some(Self {
            changed,
            deaf,
            _task: Ends(task.abort_handle()),
            _place: None,
        })
    }

    async fn notices(connection: &Arc<Connection>, uri: &str, limit: Duration) -> Option<Self> {
        // Taken before it is asked for, so that no notice is missed; let go where it is refused.
        let changed = Arc::<Notify>::default();
        let mut place = Place {
            notices: Arc::clone(connection.notices()),
            peer: connection.peer().clone(),
            uri: uri.to_owned(),
            changed: Arc::clone(&changed),
            is_subscribed: false,
        };
        place.notices.begin(uri, &changed);
        let (departure, clock) = (Departure::default(), CallClock::default());
        let asked = connection.request(subscribe(uri), limit, &departure, &clock, None);
        asked.await.ok()?;
        place.is_subscribed = true;
        if !connection.can_be_told() {
            return None;
        }
        let deaf = CancellationToken::new();
        let (ends, way) = (deaf.clone(), Arc::downgrade(connection));
        // Over HTTP notices come on a stream of their own, which a server need not have.
        let task = tokio::spawn(async move {
            let _ends = ends.drop_guard();
            while way.upgrade().is_some_and(|way| way.can_be_told()) {
                sleep(LOOK).await;
            }
        });
        Some(Self {
            changed,
            deaf,
            _task: Ends(task.abort_handle()),
            _place: Some(place),
        })
    }
}

#[expect(deprecated, reason = "what servers up to 2025-11-25 understand")]
fn subscribe(uri: &str) -> ClientRequest {
    let params = rmcp::model::SubscribeRequestParams::new(uri);
    ClientRequest::SubscribeRequest(rmcp::model::SubscribeRequest::new(params))
}

#[expect(deprecated, reason = "what servers up to 2025-11-25 understand")]
async fn unsubscribe(peer: Peer<RoleClient>, uri: String) {
    let params = rmcp::model::UnsubscribeRequestParams::new(uri);
    // A server that does not answer goes on telling, and nobody hears it.
    drop(timeout(PARTING_PATIENCE, peer.unsubscribe(params)).await);
}

/// Who waits for notices, by the address of a resource. One for each connection.
#[derive(Default)]
pub(crate) struct Notices(Mutex<HashMap<String, Vec<Arc<Notify>>>>);

impl Notices {
    fn waiting(&self) -> MutexGuard<'_, HashMap<String, Vec<Arc<Notify>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells all whom a notice concerns: it may name a part of what they follow.
    pub(crate) fn note(&self, uri: &str) {
        for (followed, waiting) in self.waiting().iter() {
            if is_within(uri, followed) {
                waiting.iter().for_each(|one| one.notify_one());
            }
        }
    }

    fn begin(&self, uri: &str, changed: &Arc<Notify>) {
        let mut waiting = self.waiting();
        let here = waiting.entry(uri.to_owned()).or_default();
        here.push(Arc::clone(changed));
    }

    /// Whether that was the last one who waited there.
    fn end(&self, uri: &str, changed: &Arc<Notify>) -> bool {
        let mut waiting = self.waiting();
        let Some(here) = waiting.get_mut(uri) else {
            return false;
        };
        here.retain(|one| !Arc::ptr_eq(one, changed));
        here.is_empty() && waiting.remove(uri).is_some()
    }
}

/// Whether `uri` is `followed`, or a part of it.
fn is_within(uri: &str, followed: &str) -> bool {
    uri.strip_prefix(followed).is_some_and(|rest| {
        rest.is_empty() || followed.ends_with('/') || rest.starts_with(['/', '#', '?'])
    })
}

/// A place among those who wait for notices. The last to go tells the server.
struct Place {
    notices: Arc<Notices>,
    peer: Peer<RoleClient>,
    uri: String,
    changed: Arc<Notify>,
    is_subscribed: bool,
}

impl Drop for Place {
    fn drop(&mut self) {
        let was_last = self.notices.end(&self.uri, &self.changed);
        let is_told = was_last && self.is_subscribed && !self.peer.is_transport_closed();
        if let (true, Ok(runtime)) = (is_told, tokio::runtime::Handle::try_current()) {
            runtime.spawn(unsubscribe(self.peer.clone(), self.uri.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_of_a_part_is_one_of_the_whole_and_not_of_a_neighbour() {
        for (uri, followed, expected) in [
            ("notes://all", "notes://all", true),
            ("notes://all/1", "notes://all", true),
            ("notes://all#top", "notes://all", true),
            ("notes://all/1", "notes://", true),
            ("notes://alley", "notes://all", false),
            ("notes://al", "notes://all", false),
        ] {
            assert_eq!(is_within(uri, followed), expected, "{uri} of {followed}");
        }
    }

    #[test]
    fn only_the_last_who_waits_is_the_last() {
        let (notices, one, other) = (Notices::default(), Arc::default(), Arc::default());
        notices.begin("a", &one);
        notices.begin("a", &other);
        assert!(!notices.end("a", &one));
        assert!(notices.end("a", &other));
        assert!(!notices.end("a", &other), "nobody is left to go");
    }
}
