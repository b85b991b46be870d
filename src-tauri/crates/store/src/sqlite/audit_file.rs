//! The audit log of a database that another Chimera may have open: read, and never changed.
//!
//! Never here: what is read (`chain`).

use std::{collections::BTreeSet, path::Path};

use chimera_domain::id::TenantId;
use chimera_ports::{
    data_key::DataKey,
    error::PortError,
    store::{ChainReader, People},
};

use super::{StoreOptions, open, store::SqliteStore};
use crate::{StoreError, failure::Failure};

/// A database opened for its audit log alone.
#[derive(Clone, Debug)]
pub struct AuditFile(SqliteStore);

impl AuditFile {
    /// Opens a database for reading, with the key that it is encrypted with. Nothing is locked, brought up to date, or
    /// written.
    ///
    /// # Errors
    /// When there is none, or it is damaged, or of another schema than this program's.
    pub async fn open(path: impl AsRef<Path>, key: Option<DataKey>) -> Result<Self, StoreError> {
        let options = StoreOptions {
            key,
            ..StoreOptions::at(path.as_ref())
        };
        open::open_to_read(&options).await.map(Self)
    }

    /// Closes it, and waits until it is closed.
    pub async fn close(&self) {
        self.0.reads().close().await;
    }

    /// The chain over its audit log.
    #[must_use]
    pub fn chain(&self) -> &dyn ChainReader {
        &self.0
    }

    /// Whose records, links and checkpoints are in it, whether or not their workspace is.
    ///
    /// # Errors
    /// When the file cannot be read, or one of them is nobody's: of an id that is none.
    pub async fn recorded(&self) -> Result<BTreeSet<TenantId>, PortError> {
        let found: Vec<String> = sqlx::query_scalar(
            "SELECT tenant_id FROM audit_logs UNION SELECT tenant_id FROM audit_links \
             UNION SELECT tenant_id FROM audit_checkpoints",
        )
        .fetch_all(self.0.reads())
        .await
        .map_err(Failure::from)?;
        found
            .iter()
            .map(|id| {
                id.parse().map_err(|_| {
                    PortError::Internal(format!(
                        "the audit log holds records of {id:?}, which is no workspace's id"
                    ))
                })
            })
            .collect()
    }

    /// The workspaces of the installation.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn tenants(&self) -> Result<Vec<TenantId>, PortError> {
        let tenants = self.0.tenants().await?;
        Ok(tenants.into_iter().map(|tenant| tenant.id).collect())
    }
}
