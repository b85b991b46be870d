//! Which tenants are stopped, as last read: what the loops look at before they begin anything.
//!
//! Never here: the stored stop (`desk::stop`), which alone counts where something leaves.

use std::{
    collections::HashSet,
    sync::{PoisonError, RwLock},
};

use chimera_domain::id::TenantId;

/// Who is stopped.
enum Known {
    /// Nothing was read, or it could not be read: everybody.
    Nothing,
    /// These.
    Stopped(HashSet<TenantId>),
}

/// The stops as last read. Until then, and whenever they cannot be read, everybody is stopped.
pub(crate) struct Stops(RwLock<Known>);

impl Stops {
    pub(crate) const fn unread() -> Self {
        Self(RwLock::new(Known::Nothing))
    }

    pub(crate) fn hold(&self, tenant: TenantId) -> bool {
        match &*self.0.read().unwrap_or_else(PoisonError::into_inner) {
            Known::Nothing => true,
            Known::Stopped(tenants) => tenants.contains(&tenant),
        }
    }

    pub(crate) fn are_unread(&self) -> bool {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        matches!(*known, Known::Nothing)
    }

    /// Whether anybody is stopped.
    pub(crate) fn any(&self) -> bool {
        match &*self.0.read().unwrap_or_else(PoisonError::into_inner) {
            Known::Nothing => true,
            Known::Stopped(tenants) => !tenants.is_empty(),
        }
    }

    /// What was read of all tenants; `None` when it could not be read.
    pub(crate) fn read_anew(&self, stopped: Option<HashSet<TenantId>>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) =
            stopped.map_or(Known::Nothing, Known::Stopped);
    }

    /// What was stored for one tenant. Before anything was read, everybody stays stopped.
    pub(crate) fn store(&self, tenant: TenantId, stopped: bool) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Known::Stopped(tenants) = &mut *known {
            if stopped {
                tenants.insert(tenant);
            } else {
                tenants.remove(&tenant);
            }
        }
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
}
