//! The runtime's handle and its life: start, pulse, stop.
//!
//! Never here: the loops themselves (`services`) or what people may ask (`desk`).

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use chimera_crew::{Bounds, Stops};
use chimera_domain::{campaign::Campaign, fault::Fault, id::TenantId, time::Timestamp};
use chimera_policy::Policy;
use chimera_ports::{
    clock::Clock, ids::IdSource, model::ChatModel, spans::SpanReader, stops::StopWatch,
    store::Store, tools::ToolHost,
};
use chimera_tracer::{Recorded, Tracer};
use tokio::sync::watch;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    error::{ErrorKind, RuntimeError},
    parts::Parts,
    services,
};

struct Inner {
    parts: Parts,
    bounds: Bounds,
    tracer: Tracer,
    pulse: watch::Sender<u64>,
    newest: watch::Sender<u64>,
    policies: RwLock<HashMap<(TenantId, u32), Arc<Policy>>>,
    cancel: CancellationToken,
    tracker: TaskTracker,
    stops: Arc<Stops>,
    dispatch_gate: tokio::sync::Mutex<()>,
}

/// See [`Runtime::pulse`].
pub(crate) struct Pulse(watch::Receiver<u64>);

impl Pulse {
    /// To be called before a loop looks for what is due, so that nothing falls between look and rest.
    pub(crate) fn look(&mut self) {
        self.0.mark_unchanged();
    }
}

/// A cheap handle on the runtime.
#[derive(Clone)]
pub struct Runtime(Arc<Inner>);

impl Runtime {
    /// Puts the runtime together. Nothing runs before [`Runtime::start`].
    #[must_use]
    pub fn new(parts: Parts, bounds: Bounds) -> Self {
        let tracer = Tracer::new(
            parts.spans.clone(),
            parts.clock.clone(),
            parts.ids.clone(),
            Recorded::of(bounds.recorded_chars),
        );
        parts.tools.tell_progress(Arc::new(tracer.clone()));
        Self(Arc::new(Inner {
            parts,
            bounds,
            tracer,
            pulse: watch::channel(0).0,
            newest: watch::channel(0).0,
            policies: RwLock::default(),
            cancel: CancellationToken::new(),
            tracker: TaskTracker::new(),
            stops: Arc::new(Stops::unread()),
            dispatch_gate: tokio::sync::Mutex::new(()),
        }))
    }

    /// Starts the loops. What a former process left behind is taken up first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn start(&self) -> Result<(), RuntimeError> {
        self.look_at_stops().await;
        services::recover(self).await?;
        services::spawn_all(self);
        Ok(())
    }

    /// Stops the loops and waits for running work, at most `Bounds::drain`; what is left is taken up at the
    /// next start.
    pub async fn shut_down(&self) {
        self.0.cancel.cancel();
        self.0.tracker.close();
        if tokio::time::timeout(self.0.bounds.drain, self.0.tracker.wait())
            .await
            .is_err()
        {
            tracing::warn!(
                running = self.0.tracker.len(),
                "work was still running at shutdown; it is taken up at the next start"
            );
        }
    }

    /// All stored state.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.0.parts.store
    }
    /// Spans, to read.
    #[must_use]
    pub fn spans(&self) -> &Arc<dyn SpanReader> {
        &self.0.parts.traces
    }
    /// MCP servers.
    #[must_use]
    pub fn tools(&self) -> &Arc<dyn ToolHost> {
        &self.0.parts.tools
    }
    /// The language model.
    #[must_use]
    pub fn model(&self) -> &Arc<dyn ChatModel> {
        &self.0.parts.model
    }
    /// The time.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.parts.clock
    }
    /// New ids.
    #[must_use]
    pub fn ids(&self) -> &Arc<dyn IdSource> {
        &self.0.parts.ids
    }
    /// Which tenants are stopped, for those who must know it in the middle of something.
    #[must_use]
    pub fn stop_watch(&self) -> Arc<dyn StopWatch> {
        self.0.stops.clone()
    }
    /// Number of the newest event; changes whenever there is a newer one.
    #[must_use]
    pub fn events(&self) -> watch::Receiver<u64> {
        self.0.newest.subscribe()
    }

    /// Held while an action's stop, cooldown and quota are looked at and its dispatch is stored, and while a
    /// stop is stored.
    pub(crate) fn dispatch_gate(&self) -> &tokio::sync::Mutex<()> {
        &self.0.dispatch_gate
    }
    pub(crate) fn stops(&self) -> &Stops {
        &self.0.stops
    }
    pub(crate) fn parts(&self) -> &Parts {
        &self.0.parts
    }
    pub(crate) fn bounds(&self) -> &Bounds {
        &self.0.bounds
    }
    pub(crate) fn tracer(&self) -> &Tracer {
        &self.0.tracer
    }
    pub(crate) fn now(&self) -> Timestamp {
        self.0.parts.clock.now()
    }
    pub(crate) fn cancel(&self) -> &CancellationToken {
        &self.0.cancel
    }
    pub(crate) fn tracker(&self) -> &TaskTracker {
        &self.0.tracker
    }

    /// Tells the loops and the watchers that something changed.
    pub(crate) fn announce(&self, seq: u64) {
        if seq > 0 {
            self.0.newest.send_if_modified(|newest| {
                let newer = seq > *newest;
                *newest = (*newest).max(seq);
                newer
            });
        }
        self.0
            .pulse
            .send_modify(|beat| *beat = beat.wrapping_add(1));
    }

    /// A loop's own ear for changes: what changes after [`Pulse::look`] ends the next rest at once.
    pub(crate) fn pulse(&self) -> Pulse {
        Pulse(self.0.pulse.subscribe())
    }

    /// Waits for a change, for the next due time, or for `Bounds::idle`, whichever is first.
    pub(crate) async fn rest(&self, pulse: &mut Pulse) {
        let now = self.now();
        let idle = self.0.bounds.idle;
        let wait = match self.0.parts.store.next_due(now).await {
            Ok(Some(due)) => due.since(now).to_std().min(idle),
            Ok(None) | Err(_) => idle,
        };
        tokio::select! {
            _ = pulse.0.changed() => {}
            () = tokio::time::sleep(wait) => {}
            () = self.0.cancel.cancelled() => {}
        }
    }

    /// A tenant's policy of a version. Unreadable means: stop and say so.
    pub(crate) async fn policy(
        &self,
        tenant: TenantId,
        version: u32,
    ) -> Result<Arc<Policy>, RuntimeError> {
        let key = (tenant, version);
        let known = self
            .0
            .policies
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&key)
            .cloned();
        if let Some(policy) = known {
            return Ok(policy);
        }
        let policy = match self.0.parts.store.current_policy(tenant).await? {
            Some(record) if record.version == version => {
                serde_json::from_value::<Policy>(record.document).map_err(|error| {
                    let message = format!(
                        "policy version {version} cannot be read: {error}. Nothing runs under it; store a valid policy."
                    );
                    RuntimeError::new(ErrorKind::Internal, "POLICY_UNREADABLE", message)
                })?
            }
            // Version 0 is the policy that ships.
            None if version == 0 => Policy::default(),
            Some(_) | None => {
                let message = format!("policy version {version} is not the one in force; read again");
                return Err(RuntimeError::new(ErrorKind::Conflict, "VERSION_CONFLICT", message));
            }
        };
        let policy = Arc::new(policy);
        self.0
            .policies
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(key, policy.clone());
        Ok(policy)
    }

    /// The tokens that a step of this campaign may read and write, by the policy in force.
    pub(crate) async fn token_cap(&self, campaign: &Campaign) -> Result<u64, Fault> {
        let policy = self
            .policy(campaign.tenant, campaign.policy_version)
            .await
            .map_err(|error| Fault::of(error.code, error.message))?;
        Ok(policy.max_step_tokens.into())
    }

    /// Gives a recording its end; whoever shut the runtime down does it.
    pub fn end_recording(&self) {
        if let Some(recorder) = &self.parts().recorder {
            recorder.end();
        }
    }
}
