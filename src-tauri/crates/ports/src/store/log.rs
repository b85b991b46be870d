//! What happened: events to resume from, audit records, alerts, incidents, answered requests.

use async_trait::async_trait;
use chimera_domain::{
    audit::AuditRecord,
    change::{Alert, Change, IdempotencyRecord, Incident},
    event::Event,
    id::{AlertId, CampaignId, TaskId, TenantId},
    time::Timestamp,
};

use crate::{
    error::PortError,
    page::{Page, PageRequest},
};

/// Which audit records are wanted.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AuditFilter {
    /// Of one campaign only.
    pub campaign: Option<CampaignId>,
    /// Of one task only.
    pub task: Option<TaskId>,
    /// Whose action begins with this, for example `review.`.
    pub action_prefix: Option<String>,
}

/// Which incidents are wanted.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct IncidentFilter {
    /// Of this severity only, as it is stored.
    pub severity: Option<String>,
}

/// A record with what is known about it now: names that may have changed since, and whether it is settled.
#[derive(Clone, PartialEq, Debug)]
pub struct AuditEntry {
    /// The record as it was written.
    pub record: AuditRecord,
    /// Title of its task.
    pub task_title: Option<String>,
    /// Name of its campaign.
    pub campaign_name: Option<String>,
    /// Name of its agent.
    pub agent_name: Option<String>,
    /// It is about an outcome that was not known yet, and a later record of the same task's action tells more.
    pub overtaken: bool,
}

/// The logs.
#[async_trait]
pub trait Log: Send + Sync {
    /// Stores events and audit records that belong to no transition.
    ///
    /// # Errors
    /// When the store refuses.
    async fn append(&self, tenant: TenantId, notes: Vec<Change>) -> Result<u64, PortError>;

    /// A tenant's events after number `after`, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn events_after(
        &self,
        tenant: TenantId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<Event>, PortError>;

    /// Number of the newest event, 0 before the first.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn last_event(&self, tenant: TenantId) -> Result<u64, PortError>;

    /// Audit records, newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn audit(
        &self,
        tenant: TenantId,
        filter: AuditFilter,
        page: PageRequest,
    ) -> Result<Page<AuditEntry>, PortError>;

    /// Alerts, unacknowledged first, then newest.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn alerts(&self, tenant: TenantId, page: PageRequest) -> Result<Page<Alert>, PortError>;

    /// Marks an alert as seen.
    ///
    /// # Errors
    /// Not found.
    async fn acknowledge_alert(
        &self,
        tenant: TenantId,
        id: AlertId,
        at: Timestamp,
        notes: Vec<Change>,
    ) -> Result<(), PortError>;

    /// Incidents, newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn incidents(
        &self,
        tenant: TenantId,
        filter: IncidentFilter,
        page: PageRequest,
    ) -> Result<Page<Incident>, PortError>;

    /// What was answered to a client's key before, if anything.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn answered(
        &self,
        tenant: TenantId,
        key: &str,
    ) -> Result<Option<IdempotencyRecord>, PortError>;

    /// Takes a client's key before the write that it names: stores the record as begun. Answers the record that
    /// is there already, if there is one; then nothing was stored.
    ///
    /// # Errors
    /// When the store refuses.
    async fn begin_answer(
        &self,
        record: &IdempotencyRecord,
    ) -> Result<Option<IdempotencyRecord>, PortError>;

    /// Gives up a key whose write was refused and took no effect; one that is answered stays.
    ///
    /// # Errors
    /// When the store refuses.
    async fn drop_key(&self, tenant: TenantId, key: &str) -> Result<(), PortError>;

    /// Remembers an answer, in the place of the begun record if there is one; the first answer wins.
    ///
    /// # Errors
    /// When the store refuses.
    async fn remember_answer(&self, record: &IdempotencyRecord) -> Result<(), PortError>;

    /// Forgets what nobody can use any more: sessions that ended before `sessions`, and answers that were
    /// given before `answers`. A key in doubt is kept for good: one small row for each write that broke off.
    ///
    /// # Errors
    /// When the store refuses.
    async fn forget(
        &self,
        tenant: TenantId,
        sessions: Timestamp,
        answers: Timestamp,
    ) -> Result<(), PortError>;
}
