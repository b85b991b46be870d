//! Rows of `settings`, `policies` and `idempotency_keys`.

use chimera_domain::{change::IdempotencyRecord, time::Timestamp};
use chimera_ports::store::PolicyRecord;

use super::{BadRow, Cells, json};
use crate::{failure::Failure, table::table};

table! {
    /// One setting of a tenant.
    "settings" as SettingRow, key "tenant_id" + "key";
    fixed { tenant_id: String, key: String }
    live { value: String }
}

table! {
    /// One version of a tenant's policy.
    "policies" as PolicyRow, key "tenant_id" + "version";
    fixed { tenant_id: String, version: i64, document: String, author: String, created_at: i64 }
    live {}
}

table! {
    /// What was answered to a client's key.
    "idempotency_keys" as AnswerRow, key "tenant_id" + "key";
    fixed { tenant_id: String, key: String, request: String, status: i64, body: String, created_at: i64 }
    live {}
}

impl PolicyRow {
    pub(crate) fn of(record: &PolicyRecord) -> Result<Self, Failure> {
        Ok(Self {
            tenant_id: record.tenant.to_string(),
            version: i64::from(record.version),
            document: json(&record.document)?,
            author: record.author.clone(),
            created_at: record.created_at.micros(),
        })
    }
}

impl TryFrom<PolicyRow> for PolicyRecord {
    type Error = BadRow;

    fn try_from(row: PolicyRow) -> Result<Self, BadRow> {
        let cells = Cells("policies");
        Ok(Self {
            tenant: cells.text("tenant_id", &row.tenant_id)?,
            version: cells.number("version", row.version)?,
            document: cells.json("document", &row.document)?,
            author: row.author,
            created_at: Timestamp::from_micros(row.created_at),
        })
    }
}

impl From<&IdempotencyRecord> for AnswerRow {
    fn from(record: &IdempotencyRecord) -> Self {
        Self {
            tenant_id: record.tenant.to_string(),
            key: record.key.clone(),
            request: record.request.to_string(),
            status: i64::from(record.status),
            body: record.body.clone(),
            created_at: record.created_at.micros(),
        }
    }
}

impl TryFrom<AnswerRow> for IdempotencyRecord {
    type Error = BadRow;

    fn try_from(row: AnswerRow) -> Result<Self, BadRow> {
        let cells = Cells("idempotency_keys");
        Ok(Self {
            tenant: cells.text("tenant_id", &row.tenant_id)?,
            request: cells.text("request", &row.request)?,
            status: cells.number("status", row.status)?,
            key: row.key,
            body: row.body,
            created_at: Timestamp::from_micros(row.created_at),
        })
    }
}
