//! Who keeps the audit log whole, and who takes out what was kept long enough.
//!
//! Never here: how either does it (`audit`, `retention`), or when they are started.

use std::{path::PathBuf, sync::Arc};

use anyhow::Result;
use chimera_audit::{Notary, NotaryOptions};
use chimera_ports::store::Store;
use chimera_retention as retention;
use chimera_store::SqliteSpans;

use crate::{
    clock::{SystemClock, TimeIds},
    sealing::AuditKeys,
    secrets::Secrets,
    settings::Settings,
};

/// Seals, checks and cuts the audit log.
///
/// # Errors
/// When one of `audit_trusted_keys` is no key.
pub(crate) fn notary(
    store: Arc<dyn Store>,
    settings: &Settings,
    secrets: Arc<Secrets>,
) -> Result<Notary> {
    Ok(Notary::new(NotaryOptions {
        store,
        clock: Arc::new(SystemClock),
        ids: Arc::new(TimeIds),
        keys: Arc::new(AuditKeys::new(settings, secrets)?),
        anchor: elsewhere(settings),
        checked_every: settings.audit_checked_every(),
    }))
}

/// Works on the runtime's own store, with whatever stands around it; the time and ids are no part of a recording.
pub(crate) fn keeper(
    store: Arc<dyn Store>,
    spans: Arc<SqliteSpans>,
    notary: Notary,
) -> retention::Parts {
    retention::Parts {
        store,
        spans: spans.clone(),
        span_persons: spans,
        notary,
        clock: Arc::new(SystemClock),
        ids: Arc::new(TimeIds),
        erasing: Arc::default(),
    }
}

/// The file for checkpoints, with a word of warning where it protects from nobody.
fn elsewhere(settings: &Settings) -> Option<PathBuf> {
    let file = settings.audit_anchor.clone()?;
    if file.starts_with(&settings.data_dir) {
        tracing::warn!(
            file = %file.display(),
            "audit_anchor lies in the data folder: whoever can write the log can write it too; choose another disk or share"
        );
    }
    Some(file)
}
