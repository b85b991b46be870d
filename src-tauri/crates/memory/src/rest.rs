//! Whom nobody asks for a while after it failed, each tenant for itself: one tenant's key, ledger or texts may be what is
//! the matter, and its fault may repeat their words.
//!
//! Never here: what was asked.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chimera_domain::{
    fault::Fault,
    id::TenantId,
    time::{Span, Timestamp},
};

/// How long what failed is left alone.
const REST: Span = Span::seconds(30);

/// What failed last for a tenant.
#[derive(Debug)]
struct Failed {
    at: Timestamp,
    fault: Fault,
    is_over: bool,
}

/// What failed, by tenant: as many entries as there are tenants for which it ever did.
#[derive(Default, Debug)]
pub(crate) struct Rests {
    failed: Mutex<HashMap<TenantId, Failed>>,
}

impl Rests {
    /// It failed for this tenant, and is left alone for a while.
    pub(crate) fn begin(&self, tenant: TenantId, at: Timestamp, fault: &Fault) {
        let failed = Failed {
            at,
            fault: fault.clone(),
            is_over: false,
        };
        self.all().insert(tenant, failed);
    }

    /// It answers again.
    pub(crate) fn end(&self, tenant: TenantId) {
        if let Some(failed) = self.all().get_mut(&tenant) {
            failed.is_over = true;
        }
    }

    /// Why it is left alone now, when it is.
    pub(crate) fn now(&self, tenant: TenantId, now: Timestamp) -> Option<Fault> {
        let all = self.all();
        let failed = all.get(&tenant)?;
        (!failed.is_over && now < failed.at + REST).then(|| failed.fault.clone())
    }

    /// What was the matter last, also when it is over.
    pub(crate) fn last(&self, tenant: TenantId) -> Option<(Timestamp, Fault)> {
        let all = self.all();
        let failed = all.get(&tenant)?;
        Some((failed.at, failed.fault.clone()))
    }

    fn all(&self) -> MutexGuard<'_, HashMap<TenantId, Failed>> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
