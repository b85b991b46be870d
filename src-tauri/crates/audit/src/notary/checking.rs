//! Checking the whole chain because somebody asked or the time has come: beside everything else, one check of a tenant at a time, page by
//! page.
//!
//! Never here: what is right or wrong (`walk`).

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use chimera_domain::{event::Fact, fault::Fault, id::TenantId, role::Actor, time::Timestamp};
use chimera_ports::{error::PortError, store::Settings};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Notary;
use crate::{
    Anchors, AuditError, Trust,
    report::{Report, Standing},
    verifier::verify,
};

/// Setting under which the last check is kept.
const SETTING: &str = "audit.check";

/// A check that ended.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Check {
    /// When it began.
    pub begun_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
    /// Who asked for it.
    pub by: Actor,
    /// What was found; nothing when it could not be carried out.
    pub report: Option<Report>,
    /// Why it could not.
    pub fault: Option<Fault>,
    /// Why this machine's own key was not compared.
    pub no_key: Option<Fault>,
    /// Why what was kept elsewhere was not compared.
    pub no_anchor: Option<Fault>,
    /// Lines of what was kept elsewhere that could not be read.
    pub unreadable_anchors: u64,
}

/// A check that is under way.
#[derive(Clone, Debug)]
pub struct Checking {
    /// When it began.
    pub begun_at: Timestamp,
    /// How many links there are to walk.
    pub all: u64,
    walked: Arc<AtomicU64>,
}

impl Checking {
    /// Links that were walked.
    #[must_use]
    pub fn walked(&self) -> u64 {
        self.walked.load(Ordering::Relaxed)
    }
}

impl PartialEq for Checking {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.walked, &other.walked)
    }
}

/// The last check of a tenant's log.
pub(super) async fn last(
    store: &(impl Settings + ?Sized),
    tenant: TenantId,
) -> Result<Option<Check>, PortError> {
    let kept = store.setting(tenant, SETTING).await?;
    // One that an older or newer program wrote in another form is as good as none.
    Ok(kept.and_then(|kept| serde_json::from_value(kept).ok()))
}

impl Notary {
    /// Begins a check, unless one is under way; it goes on by itself, and its outcome is kept and recorded.
    ///
    /// # Errors
    /// When the store cannot be read; then nothing began.
    pub async fn check(&self, tenant: TenantId, by: Actor) -> Result<(), PortError> {
        let newest = self.0.options.store.last_checkpoint(tenant).await?;
        let checking = {
            let mut desks = self.desks();
            let desk = desks.entry(tenant).or_default();
            if desk.checking.is_some() {
                return Ok(());
            }
            let checking = Checking {
                begun_at: self.now(),
                all: newest.map_or(0, |newest| newest.last),
                walked: Arc::default(),
            };
            desk.checking = Some(checking.clone());
            checking
        };
        let notary = self.clone();
        self.0.tracker.spawn(async move {
            let leaving = notary.0.cancel.clone();
            tokio::select! {
                () = notary.check_now(tenant, by, checking) => {}
                () = leaving.cancelled() => {}
            }
            notary.desks().entry(tenant).or_default().checking = None;
        });
        Ok(())
    }

    async fn check_now(&self, tenant: TenantId, by: Actor, checking: Checking) {
        let (trust, mut check) = self.trust(tenant, by, checking.begun_at).await;
        let walked = |number| checking.walked.store(number, Ordering::Relaxed);
        match verify(self.chain(), tenant, &trust, &walked).await {
            Ok(report) => check.report = Some(report),
            Err(error) => {
                let message =
                    format!("The audit log could not be checked: {error}. Nothing was changed.");
                check.fault = Some(Fault::of("STORE_FAILED", message));
            }
        }
        check.ended_at = self.now();
        if let Err(error) = self.put(tenant, &check).await {
            tracing::error!(%error, "the outcome of a check of the audit log cannot be kept");
        }
    }

    /// What the log is compared with, and a check in which it is said what it could not be compared with.
    async fn trust(&self, tenant: TenantId, by: Actor, begun_at: Timestamp) -> (Trust, Check) {
        let mut check = Check {
            begun_at,
            ended_at: begun_at,
            by,
            report: None,
            fault: None,
            no_key: None,
            no_anchor: None,
            unreadable_anchors: 0,
        };
        let mut trust = Trust::default();
        match self.0.options.keys.trusted(tenant).await {
            Ok(keys) => trust.keys = keys,
            Err(fault) => check.no_key = Some(fault),
        }
        if let Some(file) = self.0.options.anchor.clone() {
            let path = file.display().to_string();
            let read = tokio::task::spawn_blocking(move || Anchors::read(&file)).await;
            match read
                .map_err(|why| AuditError::File {
                    path,
                    why: why.to_string(),
                })
                .flatten()
            {
                Ok(anchors) => {
                    check.unreadable_anchors = anchors.unreadable();
                    trust.anchors = anchors;
                }
                Err(error) => {
                    let message = format!(
                        "The checkpoints that were kept elsewhere cannot be read: {error}. The log was checked without \
                         them, so a log written anew as a whole would not be found. See that the file of audit_anchor \
                         is there, and check again."
                    );
                    check.no_anchor = Some(Fault::of("AUDIT_ANCHOR_UNREADABLE", message));
                }
            }
        }
        (trust, check)
    }

    /// Keeps the outcome, with its record; a broken log is an alert.
    async fn put(&self, tenant: TenantId, check: &Check) -> Result<(), AuditError> {
        let found = check.report.as_ref();
        let told = json!({
            "standing": found.map(|report| report.standing),
            "sealed": found.map(|report| report.sealed),
            "findings": found.map(|report| report.findings_total),
            "anchored_to": found.and_then(|report| report.anchored_to),
        });
        let area = "audit".to_owned();
        let mut notes = vec![
            self.event(tenant, Fact::SettingsChanged { area }),
            self.record_by(tenant, check.by.clone(), "audit.verify", told),
        ];
        if let Some(report) = found.filter(|report| report.standing == Standing::Broken) {
            let message = format!(
                "A check found {} things wrong with the audit log: something was altered, or is missing. The check \
                 changed nothing. The audit room lists them; keep a copy of the data folder before anything else, and \
                 find out who could write it.",
                report.findings_total
            );
            let fault = Fault::of("AUDIT_CHAIN_BROKEN", message);
            notes.extend(self.alert(
                tenant,
                &fault,
                "The audit log was altered, or is incomplete",
            ));
        }
        let value = serde_json::to_value(check).map_err(|why| {
            PortError::Internal(format!("the check has no form to be kept: {why}"))
        })?;
        let store = &self.0.options.store;
        Ok(store.put_setting(tenant, SETTING, value, notes).await?)
    }
}
