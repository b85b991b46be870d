//! Verifying and exporting the audit log, also of a Chimera that is running.
//!
//! Never here: what is right or wrong with a log (`audit`), or words for people.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result, ensure};
use chimera_audit::{
    Anchors, Exported, Finding, Keys, Report, Trust, export_to, verify, verify_bundle,
};
use chimera_canon::VerifyingKey;
use chimera_domain::id::TenantId;
use chimera_ports::clock::Clock;
use chimera_store::AuditFile;

use crate::{
    at_rest,
    clock::{SystemClock, TimeIds},
    files::DATABASE,
    sealing::AuditKeys,
    secrets::Secrets,
    settings::Settings,
};

/// What a log is compared with.
#[derive(Clone, Debug, Default)]
pub struct Believed {
    /// Keys that may have signed, as `ed25519:…`. For a log of this machine the key in its keychain is one of them.
    pub keys: Vec<String>,
    /// A file of checkpoints that was kept elsewhere.
    pub anchor: Option<PathBuf>,
}

/// What was found, and what the verifier could not know.
#[derive(Clone, PartialEq, Debug)]
pub struct Verified {
    /// What was found.
    pub report: Report,
    /// Why the machine's own key was not compared, if it was not.
    pub no_key: Option<String>,
    /// Lines of the anchor that could not be read.
    pub unreadable_anchors: u64,
}

impl Believed {
    fn trust(&self) -> Result<Trust> {
        let keys: Result<Vec<VerifyingKey>> = self
            .keys
            .iter()
            .map(|key| key.parse().with_context(|| format!("--key {key}")))
            .collect();
        let anchors = match &self.anchor {
            Some(path) => Anchors::read(path)?,
            None => Anchors::default(),
        };
        Ok(Trust {
            keys: keys?,
            anchors,
        })
    }
}

/// Verifies the log of every workspace in the data folder, and of those that are gone from it: records, or checkpoints
/// kept elsewhere, still tell of them. Nothing is changed, and nothing has to stand still.
///
/// # Errors
/// When the log, the anchor or a key cannot be read. What is wrong with the log stands in the reports.
pub async fn verify_log(settings: &Settings, believed: &Believed) -> Result<Vec<Verified>> {
    let file = open(settings).await?;
    let verified = verify_in(&file, settings, believed).await;
    file.close().await;
    verified
}

async fn verify_in(
    file: &AuditFile,
    settings: &Settings,
    believed: &Believed,
) -> Result<Vec<Verified>> {
    let believing = believed.trust()?;
    let secrets = Secrets::open(settings, Arc::new(TimeIds));
    let keys = AuditKeys::new(settings, secrets)?;
    let mut verified = Vec::new();
    let there: BTreeSet<TenantId> = file.tenants().await?.into_iter().collect();
    let mut all = believing.anchors.tenants();
    all.extend(file.recorded().await?);
    all.extend(&there);
    ensure!(
        !all.is_empty(),
        "there is no log to verify: no workspace is in this database, no record, and nothing that was kept elsewhere tells of one. An installation that was set up has one; if this one was, its log is gone. Nothing was changed"
    );
    for tenant in all {
        let mut trust = believing.clone();
        let no_key = match keys.trusted(tenant).await {
            Ok(trusted) if trusted.is_empty() => {
                Some("no signing key is kept on this machine".to_owned())
            }
            Ok(trusted) => {
                trust.keys.extend(trusted);
                None
            }
            Err(fault) => Some(fault.message),
        };
        let mut report = verify(file.chain(), tenant, &trust, &|_| {}).await?;
        if !there.contains(&tenant) {
            report.add(Finding::WorkspaceGone);
        }
        verified.push(Verified {
            report,
            no_key,
            unreadable_anchors: trust.anchors.unreadable(),
        });
    }
    Ok(verified)
}

/// Verifies an export by its file alone.
///
/// # Errors
/// When the file cannot be read, or is no export.
pub fn verify_export(file: &Path, believed: &Believed) -> Result<Verified> {
    let trust = believed.trust()?;
    Ok(Verified {
        report: verify_bundle(file, &trust)?,
        no_key: None,
        unreadable_anchors: trust.anchors.unreadable(),
    })
}

/// Exports the log of the data folder's tenant into a new file.
///
/// # Errors
/// When the file is there already or cannot be written, or the log cannot be read.
pub async fn export_log(settings: &Settings, to: &Path) -> Result<Exported> {
    let file = open(settings).await?;
    let exported = export_from(&file, to).await;
    file.close().await;
    exported
}

async fn export_from(file: &AuditFile, to: &Path) -> Result<Exported> {
    let tenants = file.tenants().await?;
    ensure!(
        tenants.len() == 1,
        "{} tenants have logs here, and an export has one: take it from the audit room of that tenant. Nothing was written",
        tenants.len()
    );
    Ok(export_to(file.chain(), tenants[0], SystemClock.now(), to).await?)
}

async fn open(settings: &Settings) -> Result<AuditFile> {
    let key = at_rest::key_to_read(settings).await?;
    Ok(AuditFile::open(settings.data_dir.join(DATABASE), key).await?)
}
