//! Keeping the newest checkpoints elsewhere. A share that does not answer holds up neither sealing nor anything else.
//!
//! Never here: the form of a line (`anchor`).

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chimera_domain::{
    audit::Checkpoint,
    fault::Fault,
    id::TenantId,
    time::{Span, Timestamp},
};

use super::{Anchored, Notary};
use crate::{Anchors, AuditError};

/// Pause between two checkpoints of one tenant that are kept elsewhere. A checkpoint carries all before it.
const ANCHOR_EVERY: Span = Span::seconds(60);
/// Pause between two looks for something to keep.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Longest that the file may take for one line.
const KEEPS_WITHIN: Duration = Duration::from_secs(5);

/// What is to be kept elsewhere, and what was.
pub(super) struct Anchoring {
    file: Option<PathBuf>,
    tenants: Mutex<HashMap<TenantId, Kept>>,
}

#[derive(Default)]
struct Kept {
    waiting: Option<Checkpoint>,
    last: Option<u64>,
    at: Option<Timestamp>,
    fault: Option<Fault>,
}

impl Anchoring {
    pub(super) fn new(file: Option<PathBuf>) -> Self {
        Self {
            file,
            tenants: Mutex::default(),
        }
    }

    pub(super) const fn is_set(&self) -> bool {
        self.file.is_some()
    }

    /// A newer checkpoint takes the place of the one that waits.
    pub(super) fn offer(&self, checkpoint: Checkpoint) {
        if self.is_set() {
            let mut tenants = self.tenants();
            let kept = tenants.entry(checkpoint.tenant).or_default();
            kept.waiting = Some(checkpoint);
        }
    }

    pub(super) fn of(&self, tenant: TenantId) -> Option<Anchored> {
        let file = self.file.clone()?;
        let mut tenants = self.tenants();
        let kept = tenants.entry(tenant).or_default();
        Some(Anchored {
            file,
            last: kept.last,
            at: kept.at,
            fault: kept.fault.clone(),
        })
    }

    fn tenants(&self) -> MutexGuard<'_, HashMap<TenantId, Kept>> {
        self.tenants.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is due; on leaving, whatever waits.
    fn due(&self, now: Timestamp, leaving: bool) -> Vec<Checkpoint> {
        let tenants = self.tenants();
        let due = |kept: &Kept| leaving || kept.at.is_none_or(|at| now >= at + ANCHOR_EVERY);
        tenants
            .values()
            .filter(|kept| due(kept))
            .filter_map(|kept| kept.waiting.clone())
            .collect()
    }

    /// Notes that a checkpoint is kept.
    fn kept(&self, checkpoint: &Checkpoint, now: Timestamp) {
        let mut tenants = self.tenants();
        let kept = tenants.entry(checkpoint.tenant).or_default();
        if kept.waiting.as_ref() == Some(checkpoint) {
            kept.waiting = None;
        }
        if kept.fault.take().is_some() {
            tracing::info!("checkpoints are kept elsewhere again");
        }
        kept.last = Some(checkpoint.last);
        kept.at = Some(now);
    }

    /// Notes why one is not; answers whether that is news.
    fn failed(&self, checkpoint: &Checkpoint, fault: Fault) -> bool {
        let mut tenants = self.tenants();
        let kept = tenants.entry(checkpoint.tenant).or_default();
        kept.fault.replace(fault).is_none()
    }
}

impl Notary {
    pub(super) async fn anchor(&self) {
        let mut writing = None;
        loop {
            // The loop that seals ends first: its last checkpoint is kept too.
            let leaving = self.0.sealed.is_cancelled();
            for checkpoint in self.0.anchoring.due(self.now(), leaving) {
                self.keep(checkpoint, &mut writing).await;
            }
            if leaving {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = self.0.sealed.cancelled() => {}
            }
        }
    }

    async fn keep(&self, checkpoint: Checkpoint, writing: &mut Option<Writing>) {
        let Some(file) = self.0.anchoring.file.clone() else {
            return;
        };
        // One write at a time: a share that hangs must not gather threads.
        let write = writing.get_or_insert_with(|| {
            let checkpoint = checkpoint.clone();
            tokio::task::spawn_blocking(move || {
                let kept = Anchors::keep(&file, &checkpoint);
                (checkpoint, kept)
            })
        });
        let why = match tokio::time::timeout(KEEPS_WITHIN, write).await {
            Ok(Ok((checkpoint, Ok(())))) => {
                *writing = None;
                self.0.anchoring.kept(&checkpoint, self.now());
                return;
            }
            Ok(Ok((_, Err(error)))) => {
                *writing = None;
                error.to_string()
            }
            Ok(Err(error)) => {
                *writing = None;
                error.to_string()
            }
            Err(_) => format!("no answer within {} s", KEEPS_WITHIN.as_secs()),
        };
        let message = format!(
            "A checkpoint of the audit log cannot be kept elsewhere: {why}. The log is sealed as before and nothing is \
             lost; until this is mended, a log that is written anew as a whole from here on would not be found. It is \
             tried again by itself; see that the file of audit_anchor can be written."
        );
        let fault = Fault::of("AUDIT_ANCHOR_FAILED", message);
        if self.0.anchoring.failed(&checkpoint, fault.clone()) {
            tracing::error!(%fault, "a checkpoint cannot be kept elsewhere");
            let title = "Checkpoints of the audit log are not kept elsewhere";
            self.tell(checkpoint.tenant, &fault, title).await;
        }
    }
}

/// A write that is under way.
type Writing = tokio::task::JoinHandle<(Checkpoint, Result<(), AuditError>)>;
