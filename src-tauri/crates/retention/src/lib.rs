//! Takes out by the clock what was kept long enough: bounded batches, each a transaction of its own, and a record of
//! what went.
//!
//! A run that is killed has taken out some batches and nothing by half; the next start runs again, because the run that
//! did not end is not stored. Also here: finding, handing out and erasing what is kept about a person. Never here: how long anything is kept (`domain::retention`), SQL (`store`), or how the
//! audit log is cut (`audit`).

mod erasing;
mod sweep;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use chimera_audit::Notary;
use chimera_domain::{
    id::TenantId,
    retention::{RUN_SETTING, Retention, Run, SETTING},
    time::{Span, Timestamp},
};
use chimera_ports::{
    clock::Clock,
    error::PortError,
    ids::IdSource,
    spans::{SpanPersons, SpanPruning},
    store::{Settings, Store},
};
use serde_json::Value;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

/// Pause between the end of one run of a tenant and the next.
pub const RUN_EVERY: Span = Span::seconds(60 * 60);
/// Pause between two looks whether a run is due.
const LOOK_EVERY: Duration = Duration::from_secs(20);

/// What a keeper of retention works with.
#[derive(Clone)]
pub struct Parts {
    /// Settings, events, records, rows and the people in them.
    pub store: Arc<dyn Store>,
    /// Forgets spans.
    pub spans: Arc<dyn SpanPruning>,
    /// Finds and erases people in spans.
    pub span_persons: Arc<dyn SpanPersons>,
    /// Cuts the audit log.
    pub notary: Notary,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn IdSource>,
    /// Held by whoever erases: an erasure is done once, also when its end is taken up while another is asked for.
    pub erasing: Arc<Mutex<()>>,
}

impl std::fmt::Debug for Parts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Parts")
    }
}

/// Runs whenever it is due, until `stop`.
pub async fn keep(parts: Parts, stop: CancellationToken) {
    loop {
        let tenants = parts.store.tenants().await.unwrap_or_default();
        for tenant in tenants {
            if stop.is_cancelled() {
                return;
            }
            if let Err(error) = when_due(&parts, tenant.id, &stop).await {
                tracing::warn!(tenant = %tenant.id, %error, "what was kept long enough cannot be taken out now; it is tried again");
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

async fn when_due(
    parts: &Parts,
    tenant: TenantId,
    stop: &CancellationToken,
) -> Result<(), PortError> {
    erasing::take_up(parts, tenant).await?;
    let now = parts.clock.now();
    let last = last_run(parts.store.as_ref(), tenant).await?;
    let due = last.is_none_or(|last| {
        // A clock that was set back does not hold a run up for longer than one pause.
        now >= last.ended_at + RUN_EVERY || now < last.begun_at
    });
    if due {
        sweep::run(parts, tenant, stop).await?;
    }
    Ok(())
}

/// One run now, whatever the clock says.
///
/// # Errors
/// When the store cannot be read, or the outcome cannot be stored. What was taken out stays out.
pub async fn run_now(parts: &Parts, tenant: TenantId) -> Result<Run, PortError> {
    sweep::run(parts, tenant, &CancellationToken::new()).await
}

/// How long a tenant keeps what.
///
/// # Errors
/// When it cannot be read. Then nothing is taken out: a default must not take the place of a choice.
pub async fn chosen(
    settings: &(impl Settings + ?Sized),
    tenant: TenantId,
) -> Result<Retention, PortError> {
    match standing(settings, tenant).await? {
        (chosen, None) => Ok(chosen),
        (_, Some(why)) => Err(PortError::Internal(why)),
    }
}

/// The same for whoever looks at it or enters it again: where it cannot be read, the defaults under its number, and why.
///
/// # Errors
/// When the store cannot be read.
pub async fn standing(
    settings: &(impl Settings + ?Sized),
    tenant: TenantId,
) -> Result<(Retention, Option<String>), PortError> {
    let Some(value) = settings.setting(tenant, SETTING).await? else {
        return Ok((Retention::default(), None));
    };
    let version = value["version"].as_u64();
    match serde_json::from_value(value) {
        Ok(chosen) => Ok((chosen, None)),
        Err(error) => {
            let version = version.and_then(|version| u32::try_from(version).ok());
            let defaults =
                Retention::new(version.unwrap_or(1), BTreeMap::new()).unwrap_or_default();
            let why = format!(
                "what was chosen cannot be read: {error}. Nothing is taken out until it is entered again"
            );
            Ok((defaults, Some(why)))
        }
    }
}

/// The last run of a tenant that ended.
///
/// # Errors
/// When the store cannot be read.
pub async fn last_run(
    settings: &(impl Settings + ?Sized),
    tenant: TenantId,
) -> Result<Option<Run>, PortError> {
    let kept: Option<Value> = settings.setting(tenant, RUN_SETTING).await?;
    // One of another form is as good as none.
    Ok(kept.and_then(|kept| serde_json::from_value(kept).ok()))
}

/// When the next run is due.
#[must_use]
pub fn next_run(last: Option<&Run>, now: Timestamp) -> Timestamp {
    last.map_or(now, |last| last.ended_at + RUN_EVERY)
}
