//! Which tenants are stopped, as last read: what the loops look at before they begin anything.
//!
//! Never here: the stored stop, which alone counts where something leaves.

use std::collections::HashSet;

use async_trait::async_trait;
use chimera_domain::id::TenantId;
use chimera_ports::stops::StopWatch;
use tokio::sync::watch;

/// Who is stopped.
enum Known {
    /// Nothing was read, or it could not be read: everybody.
    Nothing,
    /// These.
    Stopped(HashSet<TenantId>),
}

impl Known {
    fn holds(&self, tenant: TenantId) -> bool {
        match self {
            Self::Nothing => true,
            Self::Stopped(tenants) => tenants.contains(&tenant),
        }
    }
}

/// The stops as last read. Until then, and whenever they cannot be read, everybody is stopped.
pub struct Stops(watch::Sender<Known>);

impl Stops {
    /// Nothing was read yet.
    #[must_use]
    pub fn unread() -> Self {
        Self(watch::Sender::new(Known::Nothing))
    }

    /// Whether this tenant is stopped.
    #[must_use]
    pub fn hold(&self, tenant: TenantId) -> bool {
        self.0.borrow().holds(tenant)
    }

    /// Whether nothing was read, or it could not be.
    #[must_use]
    pub fn are_unread(&self) -> bool {
        matches!(*self.0.borrow(), Known::Nothing)
    }

    /// Whether anybody is stopped.
    #[must_use]
    pub fn any(&self) -> bool {
        match &*self.0.borrow() {
            Known::Nothing => true,
            Known::Stopped(tenants) => !tenants.is_empty(),
        }
    }

    /// What was read of all tenants; `None` when it could not be read.
    pub fn read_anew(&self, stopped: Option<HashSet<TenantId>>) {
        self.0
            .send_replace(stopped.map_or(Known::Nothing, Known::Stopped));
    }

    /// What was stored for one tenant. Before anything was read, everybody stays stopped.
    pub fn store(&self, tenant: TenantId, stopped: bool) {
        self.0.send_if_modified(|known| match known {
            Known::Stopped(tenants) if stopped => tenants.insert(tenant),
            Known::Stopped(tenants) => tenants.remove(&tenant),
            Known::Nothing => false,
        });
    }
}

#[async_trait]
impl StopWatch for Stops {
    fn is_stopped(&self, tenant: TenantId) -> bool {
        self.hold(tenant)
    }

    async fn stopped(&self, tenant: TenantId) {
        // Its other end is `self`, which is there as long as this is.
        drop(
            self.0
                .subscribe()
                .wait_for(|known| known.holds(tenant))
                .await,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_not_known_to_be_free_is_stopped_and_one_tenants_stop_is_its_own() {
        let [ann, bo] = [1, 2].map(|key| TenantId::from_uuid(uuid::Uuid::from_u128(key)));
        let stops = Stops::unread();
        stops.store(ann, false);
        assert!(stops.hold(ann) && stops.any(), "nothing was read yet");
        stops.read_anew(Some(HashSet::from([ann])));
        assert_eq!((stops.hold(ann), stops.hold(bo)), (true, false));
        stops.store(bo, true);
        stops.store(ann, false);
        assert_eq!((stops.hold(ann), stops.hold(bo)), (false, true));
        stops.store(bo, false);
        assert!(!stops.any());
        stops.read_anew(None);
        assert!(stops.hold(ann) && stops.hold(bo));
    }

    #[tokio::test]
    async fn a_stop_is_told_to_whoever_waits_for_it_and_anothers_is_not() {
        let [ann, bo] = [1, 2].map(|key| TenantId::from_uuid(uuid::Uuid::from_u128(key)));
        let stops = Stops::unread();
        stops.stopped(ann).await;
        stops.read_anew(Some(HashSet::new()));
        stops.store(bo, true);
        stops.stopped(bo).await;
        let told = tokio::select! {
            biased;
            () = stops.stopped(ann) => true,
            () = tokio::task::yield_now() => false,
        };
        assert!(!told, "another one was stopped");
        tokio::join!(stops.stopped(ann), async { stops.store(ann, true) });
    }
}
