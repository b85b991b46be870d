//! Rows of `audit_links` and `audit_checkpoints`.

use chimera_domain::{
    audit::{AuditLink, Checkpoint, Signed},
    time::Timestamp,
};

use super::{BadRow, Cells};
use crate::{failure::Failure, table::table};

table! {
    /// A link of the chain.
    "audit_links" as LinkRow, key "tenant_id" + "number";
    fixed {
        tenant_id: String,
        number: i64,
        seq: i64,
        audit_id: String,
        digest: String,
        link: String,
    }
    live {}
}

table! {
    /// A checkpoint over links.
    "audit_checkpoints" as CheckpointRow, key "tenant_id" + "number";
    fixed {
        tenant_id: String,
        number: i64,
        last_number: i64,
        head: String,
        previous: String,
        sealed_at: i64,
        key: Option<String>,
        signature: Option<String>,
    }
    live {}
}

fn stored(number: u64) -> Result<i64, Failure> {
    i64::try_from(number).map_err(Failure::unwritable)
}

impl LinkRow {
    pub(crate) fn of(link: &AuditLink) -> Result<Self, Failure> {
        Ok(Self {
            tenant_id: link.tenant.to_string(),
            number: stored(link.number)?,
            seq: stored(link.seq)?,
            audit_id: link.record.to_string(),
            digest: link.digest.to_string(),
            link: link.link.to_string(),
        })
    }
}

impl TryFrom<LinkRow> for AuditLink {
    type Error = BadRow;

    fn try_from(row: LinkRow) -> Result<Self, BadRow> {
        let cells = Cells("audit_links");
        Ok(Self {
            tenant: cells.text("tenant_id", &row.tenant_id)?,
            number: cells.number("number", row.number)?,
            seq: cells.number("seq", row.seq)?,
            record: cells.text("audit_id", &row.audit_id)?,
            digest: cells.text("digest", &row.digest)?,
            link: cells.text("link", &row.link)?,
        })
    }
}

impl CheckpointRow {
    pub(crate) fn of(checkpoint: &Checkpoint) -> Result<Self, Failure> {
        Ok(Self {
            tenant_id: checkpoint.tenant.to_string(),
            number: stored(checkpoint.number)?,
            last_number: stored(checkpoint.last)?,
            head: checkpoint.head.to_string(),
            previous: checkpoint.previous.to_string(),
            sealed_at: checkpoint.sealed_at.micros(),
            key: checkpoint.signed.map(|signed| signed.key.to_string()),
            signature: checkpoint.signed.map(|signed| signed.signature.to_string()),
        })
    }
}

impl TryFrom<CheckpointRow> for Checkpoint {
    type Error = BadRow;

    fn try_from(row: CheckpointRow) -> Result<Self, BadRow> {
        let cells = Cells("audit_checkpoints");
        let key = cells.maybe_text("key", row.key.as_deref())?;
        let signature = cells.maybe_text("signature", row.signature.as_deref())?;
        Ok(Self {
            tenant: cells.text("tenant_id", &row.tenant_id)?,
            number: cells.number("number", row.number)?,
            last: cells.number("last_number", row.last_number)?,
            head: cells.text("head", &row.head)?,
            previous: cells.text("previous", &row.previous)?,
            sealed_at: Timestamp::from_micros(row.sealed_at),
            signed: key
                .zip(signature)
                .map(|(key, signature)| Signed { key, signature }),
        })
    }
}
