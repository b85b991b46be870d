//! Settings of a tenant, and the versions of its policy.
//!
//! Never here: what a setting means.

use async_trait::async_trait;
use chimera_domain::{change::Change, id::TenantId};
use chimera_ports::{
    error::PortError,
    store::{PolicyRecord, Settings},
};
use serde_json::Value;

use super::{commit::uuid4, personas::tell, store::SqliteStore};
use crate::batch::{insert_one, upsert};
use crate::{
    failure::Failure,
    rows::{Cells, PolicyRow, SettingRow, json},
    table::Sheet,
};

#[async_trait]
impl Settings for SqliteStore {
    async fn setting(&self, tenant: TenantId, key: &str) -> Result<Option<Value>, PortError> {
        let row: Option<SettingRow> =
            sqlx::query_as("SELECT * FROM settings WHERE tenant_id = ?1 AND key = ?2")
                .bind(tenant.to_string())
                .bind(key)
                .fetch_optional(self.reads())
                .await
                .map_err(Failure::from)?;
        let value = row
            .map(|row| Cells("settings").json("value", &row.value))
            .transpose();
        Ok(value.map_err(Failure::from)?)
    }

    async fn put_setting(
        &self,
        tenant: TenantId,
        key: &str,
        value: Value,
        notes: Vec<Change>,
    ) -> Result<(), PortError> {
        let sheet = Sheet::of(SettingRow {
            tenant_id: tenant.to_string(),
            key: key.to_owned(),
            value: json(&value)?,
        });
        self.write(tenant, &notes, move |conn| {
            Box::pin(async move { upsert(conn, &sheet).await })
        })
        .await?;
        Ok(())
    }

    async fn current_policy(&self, tenant: TenantId) -> Result<Option<PolicyRecord>, PortError> {
        let row: Option<PolicyRow> = sqlx::query_as(
            "SELECT * FROM policies WHERE tenant_id = ?1 ORDER BY version DESC LIMIT 1",
        )
        .bind(tenant.to_string())
        .fetch_optional(self.reads())
        .await
        .map_err(Failure::from)?;
        Ok(row
            .map(PolicyRecord::try_from)
            .transpose()
            .map_err(Failure::from)?)
    }

    async fn policy(
        &self,
        tenant: TenantId,
        version: u32,
    ) -> Result<Option<PolicyRecord>, PortError> {
        let row: Option<PolicyRow> =
            sqlx::query_as("SELECT * FROM policies WHERE tenant_id = ?1 AND version = ?2")
                .bind(tenant.to_string())
                .bind(version)
                .fetch_optional(self.reads())
                .await
                .map_err(Failure::from)?;
        Ok(row
            .map(PolicyRecord::try_from)
            .transpose()
            .map_err(Failure::from)?)
    }

    async fn add_policy(&self, record: &PolicyRecord, notes: Vec<Change>) -> Result<(), PortError> {
        let row = PolicyRow::of(record)?;
        let (tenant, at) = (record.tenant, record.created_at);
        self.write(tenant, &notes, move |conn| {
            Box::pin(async move {
                insert_one(conn, row.clone()).await?;
                // Campaigns that have not ended get it, which changes their version (C32).
                let changed: Vec<(String, String)> = sqlx::query_as(concat!(
                    "UPDATE campaigns SET policy_version = ?2, state_version = state_version + 1, updated_at = ?3, \
                         version_id = ",
                    uuid4!(),
                    " WHERE tenant_id = ?1 AND status IN ('DRAFT', 'ACTIVE', 'PAUSED') RETURNING id, status"
                ))
                .bind(&row.tenant_id)
                .bind(row.version)
                .bind(at.micros())
                .fetch_all(&mut *conn)
                .await?;
                tell(conn, tenant, changed, at).await
            })
        })
        .await?;
        Ok(())
    }
}
