//! Rows of the audit log's chain: links, those of kept records, checkpoints, and where it begins.

use chimera_domain::{
    audit::{AuditLink, Beginning, Checkpoint, Signed},
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
    /// The link of a record from before the beginning that stays.
    "audit_kept" as KeptRow, key "tenant_id" + "number";
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
    /// Where the log begins.
    "audit_beginnings" as BeginningRow, key "tenant_id";
    fixed {
        tenant_id: String,
    }
    live {
        number: i64,
        checkpoint: i64,
        covered: String,
        last: i64,
        head: String,
        pruned: i64,
        kept: i64,
        kept_head: String,
        until_at: i64,
        rule: String,
        cut_at: i64,
        key: String,
        signature: String,
    }
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

impl From<LinkRow> for KeptRow {
    fn from(row: LinkRow) -> Self {
        Self {
            tenant_id: row.tenant_id,
            number: row.number,
            seq: row.seq,
            audit_id: row.audit_id,
            digest: row.digest,
            link: row.link,
        }
    }
}

impl BeginningRow {
    pub(crate) fn of(beginning: &Beginning) -> Result<Self, Failure> {
        Ok(Self {
            tenant_id: beginning.tenant.to_string(),
            number: stored(beginning.number)?,
            checkpoint: stored(beginning.checkpoint)?,
            covered: beginning.covered.to_string(),
            last: stored(beginning.last)?,
            head: beginning.head.to_string(),
            pruned: stored(beginning.pruned)?,
            kept: stored(beginning.kept)?,
            kept_head: beginning.kept_head.to_string(),
            until_at: beginning.until.micros(),
            rule: beginning.rule.clone(),
            cut_at: beginning.cut_at.micros(),
            key: beginning.signed.key.to_string(),
            signature: beginning.signed.signature.to_string(),
        })
    }
}

impl TryFrom<BeginningRow> for Beginning {
    type Error = BadRow;

    fn try_from(row: BeginningRow) -> Result<Self, BadRow> {
        let cells = Cells("audit_beginnings");
        Ok(Self {
            tenant: cells.text("tenant_id", &row.tenant_id)?,
            number: cells.number("number", row.number)?,
            checkpoint: cells.number("checkpoint", row.checkpoint)?,
            covered: cells.text("covered", &row.covered)?,
            last: cells.number("last", row.last)?,
            head: cells.text("head", &row.head)?,
            pruned: cells.number("pruned", row.pruned)?,
            kept: cells.number("kept", row.kept)?,
            kept_head: cells.text("kept_head", &row.kept_head)?,
            until: Timestamp::from_micros(row.until_at),
            rule: row.rule,
            cut_at: Timestamp::from_micros(row.cut_at),
            signed: Signed {
                key: cells.text("key", &row.key)?,
                signature: cells.text("signature", &row.signature)?,
            },
        })
    }
}
