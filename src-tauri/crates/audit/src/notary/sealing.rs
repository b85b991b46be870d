//! The loop that seals: a moment behind what is written, in batches that leave room for everybody else's writes.
//!
//! Never here: a link, or a key.

use std::{collections::HashMap, time::Duration};

use chimera_domain::{audit::Signed, fault::Fault, id::TenantId, time::Timestamp};
use serde_json::json;
use tokio::time::Instant;

use super::{Notary, Sealing};
use crate::{AuditError, Sealer};

/// Longest that a record waits to be sealed while nothing is wrong.
const SEAL_EVERY: Duration = Duration::from_millis(500);
/// Pause between two batches of a backlog, in which others write.
const BREATH: Duration = Duration::from_millis(5);
/// Pause between two looks for a key that is needed and cannot be had.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// What the loop holds of each tenant.
#[derive(Default)]
struct Tenants(HashMap<TenantId, Held>);

#[derive(Default)]
struct Held {
    sealer: Option<Sealer>,
    looked: Option<Instant>,
    /// When a check by the clock may be due.
    check_at: Option<Timestamp>,
}

impl Notary {
    pub(super) async fn seal(&self) {
        let mut tenants = Tenants::default();
        loop {
            let leaving = self.0.cancel.is_cancelled();
            match self.0.options.store.tenants().await {
                Ok(all) => {
                    for tenant in all {
                        let held = tenants.0.entry(tenant.id).or_default();
                        self.seal_tenant(tenant.id, held).await;
                        if !leaving {
                            let whose = (tenant.id, tenant.created_at);
                            self.check_by_the_clock(whose, &mut held.check_at).await;
                        }
                    }
                }
                Err(error) => tracing::warn!(%error, "whose audit logs there are cannot be read"),
            }
            // Looked at before the round: what was written until then is sealed on leaving too.
            if leaving {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep(SEAL_EVERY) => {}
                () = self.0.cancel.cancelled() => {}
            }
        }
    }

    async fn seal_tenant(&self, tenant: TenantId, held: &mut Held) {
        if held.sealer.is_none() && held.looked.is_some_and(|at| at.elapsed() < LOOK_EVERY) {
            return;
        }
        if let Err(fault) = self.seal_all(tenant, held).await {
            // The key may be another one by then, and the chain elsewhere.
            held.sealer = None;
            held.looked = Some(Instant::now());
            self.stopped(tenant, fault).await;
        }
    }

    async fn seal_all(&self, tenant: TenantId, held: &mut Held) -> Result<(), Fault> {
        let sealer = match &held.sealer {
            Some(sealer) => sealer.clone(),
            None => held.sealer.insert(self.begin(tenant).await?).clone(),
        };
        loop {
            let store = self.0.options.store.as_ref();
            match sealer.round(store, tenant, self.now()).await {
                Ok(Some(sealed)) => {
                    self.0.anchoring.offer(sealed.checkpoint);
                    if !sealed.more {
                        return Ok(());
                    }
                    tokio::time::sleep(BREATH).await;
                }
                Ok(None) => return Ok(()),
                // Another node was first; the rest is its, or the next round's.
                Err(AuditError::Store(error)) if error.is_conflict() => return Ok(()),
                Err(error) => return Err(not_sealed(&error)),
            }
        }
    }

    /// Looks for the key and says with which one it goes on; a change of it is itself recorded.
    async fn begin(&self, tenant: TenantId) -> Result<Sealer, Fault> {
        let store = &self.0.options.store;
        let newest = store
            .last_checkpoint(tenant)
            .await
            .map_err(|error| not_sealed(&error.into()))?;
        let last = newest.as_ref().and_then(|newest| newest.signed);
        let last = last.map(|Signed { key, .. }| key);
        let signing = self.0.options.keys.signing(tenant, last).await?;
        let key = signing.sealer.key();
        if let Some(newest) = newest {
            if key != last {
                let told =
                    json!({ "before": last, "from_here_on": key, "checkpoint": newest.number });
                let notes = vec![self.record(tenant, "audit.key", told)];
                let written = store.append(tenant, notes).await;
                written.map_err(|error| not_sealed(&error.into()))?;
            }
            // Perhaps the process before this one ended before it was kept.
            self.0.anchoring.offer(newest);
        }
        self.desks().entry(tenant).or_default().sealing = match key {
            Some(key) => Sealing::Signed(key),
            None => {
                let reason = signing.unsigned.as_ref().map(tracing::field::display);
                tracing::warn!(reason, "the audit log is chained and not signed");
                Sealing::Unsigned(signing.unsigned)
            }
        };
        Ok(signing.sealer)
    }

    /// Says once that a log is not sealed; the loop looks again by itself.
    async fn stopped(&self, tenant: TenantId, fault: Fault) {
        let known = {
            let mut desks = self.desks();
            let sealing = &mut desks.entry(tenant).or_default().sealing;
            let known = matches!(sealing, Sealing::Stopped(before) if before.code == fault.code);
            *sealing = Sealing::Stopped(fault.clone());
            known
        };
        if !known {
            tracing::error!(%fault, "the audit log is not sealed now");
            self.tell(tenant, &fault, "The audit log is not sealed now")
                .await;
        }
    }
}

fn not_sealed(error: &AuditError) -> Fault {
    let message = format!(
        "The audit log cannot be sealed: {error}. Records are written and none is lost; they are sealed when this is \
         mended, and until then can be altered unseen."
    );
    Fault::of("AUDIT_NOT_SEALED", message)
}
