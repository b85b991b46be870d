//! The chain over a tenant's audit records: what the sealer writes, and what a verifier reads.
//!
//! Never here: how links are computed or judged (`audit`).

use std::collections::HashMap;

use async_trait::async_trait;
use chimera_domain::{
    audit::{AuditLink, AuditRecord, Beginning, Checkpoint},
    change::Change,
    id::{AuditId, TenantId},
};

use crate::error::PortError;

/// A record with the JSON texts of its data as they are stored: what is sealed is those bytes, and no reader's idea of
/// what they mean.
#[derive(Clone, PartialEq, Debug)]
pub struct StoredRecord {
    /// The record.
    pub record: AuditRecord,
    /// Text of its input.
    pub input: String,
    /// Text of its output.
    pub output: String,
}

/// A record with its place in the order of writing.
#[derive(Clone, PartialEq, Debug)]
pub struct NumberedRecord {
    /// Its place.
    pub seq: u64,
    /// The record.
    pub stored: StoredRecord,
}

/// Where a chain stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChainHead {
    /// The newest link.
    pub link: AuditLink,
    /// The newest checkpoint.
    pub checkpoint: Checkpoint,
}

/// What stands at a place of the log, or under a key.
#[derive(Clone, PartialEq, Debug)]
pub enum Found {
    /// A record.
    Record(Box<StoredRecord>),
    /// A row that is no record: it was damaged or altered.
    Unreadable,
    /// Nothing.
    Nothing,
}

/// One link with what stands at its place in the log now.
#[derive(Clone, PartialEq, Debug)]
pub struct ChainRow {
    /// The link.
    pub link: AuditLink,
    /// What is at the link's place, whichever record it is.
    pub found: Found,
    /// The checkpoint that ends with this link.
    pub checkpoint: Option<Checkpoint>,
}

/// A thing that happened and of which no audit record tells.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unrecorded {
    /// `decision`, `publication` or `campaign`.
    pub kind: String,
    /// Its key.
    pub id: String,
}

/// How many there are, with the first of them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Counted<T> {
    /// All of them.
    pub total: u64,
    /// At most as many as were asked for.
    pub first: Vec<T>,
}

/// Older records to be taken out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cut {
    /// What takes the place of the beginning of the number before; the first one has number 1.
    pub beginning: Beginning,
    /// Links up to the new beginning whose records stay.
    pub keep: Vec<AuditLink>,
    /// Numbers of records that an earlier cut left and that go now.
    pub drop: Vec<u64>,
}

/// What a verifier reads.
#[async_trait]
pub trait ChainReader: Send + Sync {
    /// The oldest records that no link covers yet.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn unsealed(
        &self,
        tenant: TenantId,
        limit: u32,
    ) -> Result<Vec<NumberedRecord>, PortError>;

    /// How many records no link covers yet.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn unsealed_count(&self, tenant: TenantId) -> Result<u64, PortError>;

    /// Where the chain stands; nothing before the first link.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn chain_head(&self, tenant: TenantId) -> Result<Option<ChainHead>, PortError>;

    /// The newest checkpoint, whether or not its links are there.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn last_checkpoint(&self, tenant: TenantId) -> Result<Option<Checkpoint>, PortError>;

    /// Where the log begins, when older records were taken out.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn beginning(&self, tenant: TenantId) -> Result<Option<Beginning>, PortError>;

    /// Records from before the beginning that stay, after number `after`, in order.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn kept_records(
        &self,
        tenant: TenantId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<ChainRow>, PortError>;

    /// Which records at these places are about work that is not done: of a campaign that is not over, of a task with
    /// an open review, or with an effect that is not settled.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn still_needed(&self, tenant: TenantId, places: &[u64]) -> Result<Vec<u64>, PortError>;

    /// Links after number `after`, in order.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn chain(
        &self,
        tenant: TenantId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<ChainRow>, PortError>;

    /// Records under their own keys, wherever they stand now; nothing for a key that no row has.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn audit_records(
        &self,
        tenant: TenantId,
        ids: &[AuditId],
    ) -> Result<HashMap<AuditId, Found>, PortError>;

    /// Records that stand before the newest link and that no link covers: written into the log afterwards.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn unlinked(&self, tenant: TenantId, limit: u32) -> Result<Counted<AuditId>, PortError>;

    /// What happened without an audit record: decisions, publications, campaigns.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn unrecorded(
        &self,
        tenant: TenantId,
        limit: u32,
    ) -> Result<Counted<Unrecorded>, PortError>;
}

/// The chain, for whoever carries it on.
#[async_trait]
pub trait Chain: ChainReader {
    /// Carries the chain on by links and the checkpoint that covers them, in one transaction.
    ///
    /// # Errors
    /// Conflict when the chain does not stand where they carry on from: another sealer was first.
    async fn seal(&self, links: Vec<AuditLink>, checkpoint: Checkpoint) -> Result<(), PortError>;

    /// Takes out the records up to a new beginning with their links and checkpoints, all but those that it keeps, in
    /// one transaction with the notes.
    ///
    /// # Errors
    /// Conflict when the log does not begin where the cut carries on from. Nothing was taken out then.
    async fn cut(&self, cut: Cut, notes: Vec<Change>) -> Result<(), PortError>;
}
