//! The registry of MCP servers.
//!
//! Never here: what an entry means.

use async_trait::async_trait;
use chimera_domain::{change::Change, id::TenantId, server::RegisteredServer};
use chimera_ports::{error::PortError, store::Registry};
use sqlx::SqliteConnection;

use super::store::SqliteStore;
use crate::{failure::Failure, rows::ServerRow};

#[async_trait]
impl Registry for SqliteStore {
    async fn registered(&self, tenant: TenantId) -> Result<Vec<RegisteredServer>, PortError> {
        let rows: Vec<ServerRow> =
            sqlx::query_as("SELECT * FROM mcp_servers WHERE tenant_id = ?1 ORDER BY name")
                .bind(tenant.to_string())
                .fetch_all(self.reads())
                .await
                .map_err(Failure::from)?;
        let read = rows.into_iter().map(RegisteredServer::try_from);
        Ok(read.collect::<Result<_, _>>().map_err(Failure::from)?)
    }

    async fn registered_server(
        &self,
        tenant: TenantId,
        name: &str,
    ) -> Result<RegisteredServer, PortError> {
        let row: Option<ServerRow> =
            sqlx::query_as("SELECT * FROM mcp_servers WHERE tenant_id = ?1 AND name = ?2")
                .bind(tenant.to_string())
                .bind(name)
                .fetch_optional(self.reads())
                .await
                .map_err(Failure::from)?;
        let row = row.ok_or_else(|| PortError::not_found("server", name))?;
        Ok(RegisteredServer::try_from(row).map_err(Failure::from)?)
    }

    async fn add_server(
        &self,
        server: &RegisteredServer,
        notes: Vec<Change>,
    ) -> Result<(), PortError> {
        let row = ServerRow::of(server)?;
        self.write(server.tenant, &notes, move |conn| {
            Box::pin(async move {
                let added = sqlx::query(
                    "INSERT INTO mcp_servers (tenant_id, name, version, entry, changed_at) VALUES (?1, ?2, ?3, ?4, ?5) \
                     ON CONFLICT DO NOTHING",
                )
                .bind(&row.tenant_id)
                .bind(&row.name)
                .bind(row.version)
                .bind(&row.entry)
                .bind(row.changed_at)
                .execute(conn)
                .await?;
                if added.rows_affected() == 0 {
                    return Err(PortError::conflict("server", &row.name).into());
                }
                Ok(())
            })
        })
        .await?;
        Ok(())
    }

    async fn change_server(
        &self,
        server: &RegisteredServer,
        notes: Vec<Change>,
    ) -> Result<(), PortError> {
        let row = ServerRow::of(server)?;
        self.write(server.tenant, &notes, move |conn| {
            Box::pin(async move {
                let changed = sqlx::query(
                    "UPDATE mcp_servers SET version = ?3, entry = ?4, changed_at = ?5 \
                     WHERE tenant_id = ?1 AND name = ?2 AND version = ?3 - 1",
                )
                .bind(&row.tenant_id)
                .bind(&row.name)
                .bind(row.version)
                .bind(&row.entry)
                .bind(row.changed_at)
                .execute(&mut *conn)
                .await?;
                met(conn, changed.rows_affected(), &row.tenant_id, &row.name).await
            })
        })
        .await?;
        Ok(())
    }

    async fn remove_server(
        &self,
        tenant: TenantId,
        name: &str,
        version: u32,
        notes: Vec<Change>,
    ) -> Result<(), PortError> {
        let (key, name) = (tenant.to_string(), name.to_owned());
        self.write(tenant, &notes, move |conn| {
            Box::pin(async move {
                let removed = sqlx::query(
                    "DELETE FROM mcp_servers WHERE tenant_id = ?1 AND name = ?2 AND version = ?3",
                )
                .bind(&key)
                .bind(&name)
                .bind(version)
                .execute(&mut *conn)
                .await?;
                met(conn, removed.rows_affected(), &key, &name).await
            })
        })
        .await?;
        Ok(())
    }
}

/// Whether the row that was meant was there in the version that was meant.
async fn met(
    conn: &mut SqliteConnection,
    rows: u64,
    tenant: &str,
    name: &str,
) -> Result<(), Failure> {
    if rows > 0 {
        return Ok(());
    }
    let found: Option<(i64,)> =
        sqlx::query_as("SELECT version FROM mcp_servers WHERE tenant_id = ?1 AND name = ?2")
            .bind(tenant)
            .bind(name)
            .fetch_optional(conn)
            .await?;
    Err(match found {
        Some(_) => PortError::conflict("server", name),
        None => PortError::not_found("server", name),
    }
    .into())
}
