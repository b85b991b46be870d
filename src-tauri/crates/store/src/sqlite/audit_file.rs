//! The audit log of a database that another Chimera may have open: read, and never changed.
//!
//! Never here: what is read (`chain`).

use std::path::Path;

use chimera_domain::id::TenantId;
use chimera_ports::{
    error::PortError,
    store::{ChainReader, People},
};

use super::{StoreOptions, open, store::SqliteStore};
use crate::StoreError;

/// A database opened for its audit log alone.
#[derive(Clone, Debug)]
pub struct AuditFile(SqliteStore);

impl AuditFile {
    /// Opens a database for reading. Nothing is locked, brought up to date, or written.
    ///
    /// # Errors
    /// When there is none, or it is damaged, or of another schema than this program's.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        open::open_to_read(&StoreOptions::at(path.as_ref()))
            .await
            .map(Self)
    }

    /// The chain over its audit log.
    #[must_use]
    pub fn chain(&self) -> &dyn ChainReader {
        &self.0
    }

    /// Whose logs are in it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn tenants(&self) -> Result<Vec<TenantId>, PortError> {
        let tenants = self.0.tenants().await?;
        Ok(tenants.into_iter().map(|tenant| tenant.id).collect())
    }
}
