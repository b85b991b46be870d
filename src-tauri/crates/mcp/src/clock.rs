//! The time of a call, which stands still while a person is asked in the middle of it; and which actions stand still.
//!
//! Never here: how long a person is waited for (`questions`).

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chimera_domain::id::EffectId;
use tokio::{
    sync::watch,
    time::{Instant, sleep},
};

/// Counts the questions that hold up a call: its time stands still while there is one.
#[derive(Clone, Debug)]
pub(crate) struct CallClock(Arc<watch::Sender<u32>>);

impl Default for CallClock {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(0)))
    }
}

impl CallClock {
    /// Waits for `work`, at most `limit` without the time in which a person is asked; `None` when it was too long.
    pub(crate) async fn within<T>(
        &self,
        limit: Duration,
        work: impl Future<Output = T>,
    ) -> Option<T> {
        let (mut held_up, mut left) = (self.0.subscribe(), limit);
        tokio::pin!(work);
        loop {
            let runs = *held_up.borrow_and_update() == 0;
            let since = Instant::now();
            tokio::select! {
                done = &mut work => return Some(done),
                () = sleep(left), if runs => return None,
                // Its other end is `self`, which is there as long as this is.
                _ = held_up.changed() => {}
            }
            if runs {
                left = left.saturating_sub(since.elapsed());
            }
        }
    }

    fn stands_still(&self) -> bool {
        *self.0.borrow() > 0
    }

    pub(crate) fn hold(&self) -> HeldUp {
        self.0.send_modify(|held_up| *held_up += 1);
        HeldUp(self.clone())
    }
}

/// A call's time stands still until this goes.
pub(crate) struct HeldUp(CallClock);

impl Drop for HeldUp {
    fn drop(&mut self) {
        self.0.0.send_modify(|held_up| *held_up -= 1);
    }
}

/// The actions that are being performed, each with the time of its call.
#[derive(Debug, Default)]
pub(crate) struct Acting(Mutex<HashMap<EffectId, CallClock>>);

impl Acting {
    /// Notes an action until what is returned goes. The outbox performs none twice at once.
    pub(crate) fn begin(&self, effect: EffectId, clock: CallClock) -> Acts<'_> {
        self.effects().insert(effect, clock);
        Acts(self, effect)
    }

    /// Whether the time of an action stands still.
    pub(crate) fn stands_still(&self, effect: EffectId) -> bool {
        let effects = self.effects();
        effects.get(&effect).is_some_and(CallClock::stands_still)
    }

    fn effects(&self) -> MutexGuard<'_, HashMap<EffectId, CallClock>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An action that is being performed.
#[must_use = "it counts as over when this goes"]
pub(crate) struct Acts<'a>(&'a Acting, EffectId);

impl Drop for Acts<'_> {
    fn drop(&mut self) {
        self.0.effects().remove(&self.1);
    }
}
