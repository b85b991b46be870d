//! The registry of MCP servers.

use async_trait::async_trait;
use chimera_domain::{change::Change, id::TenantId, server::RegisteredServer};

use crate::error::PortError;

/// The registry of MCP servers, one for each tenant.
#[async_trait]
pub trait Registry: Send + Sync {
    /// Every server, by name.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn registered(&self, tenant: TenantId) -> Result<Vec<RegisteredServer>, PortError>;

    /// One server.
    ///
    /// # Errors
    /// Not found when this tenant has none of that name.
    async fn registered_server(
        &self,
        tenant: TenantId,
        name: &str,
    ) -> Result<RegisteredServer, PortError>;

    /// Adds a server.
    ///
    /// # Errors
    /// Conflict when there is one of that name.
    async fn add_server(
        &self,
        server: &RegisteredServer,
        notes: Vec<Change>,
    ) -> Result<(), PortError>;

    /// Changes a server; its version is one more than the one that the change builds on.
    ///
    /// # Errors
    /// Conflict when the stored version is another; not found when there is none.
    async fn change_server(
        &self,
        server: &RegisteredServer,
        notes: Vec<Change>,
    ) -> Result<(), PortError>;

    /// Takes a server out.
    ///
    /// # Errors
    /// Conflict when the stored version is not `version`; not found when there is none.
    async fn remove_server(
        &self,
        tenant: TenantId,
        name: &str,
        version: u32,
        notes: Vec<Change>,
    ) -> Result<(), PortError>;
}
