//! The port of boards: they are read by a thread of their own (`board`), and commits go to the writer.
//!
//! Never here: what is due (`due`), or how a commit is written (`commit`).

use async_trait::async_trait;
use chimera_domain::{
    campaign::Ending,
    change::{Board, ChangeSet, Committed},
    id::{AgentId, CampaignId, EffectId, ReviewId, TaskId, TenantId},
    platform::Platform,
    task::Task,
    time::Timestamp,
};
use chimera_ports::{
    error::PortError,
    page::{Page, PageRequest},
    store::{AgentWork, Boards, Due, FleetCounts, WaitingCounts},
};

use super::store::SqliteStore;
use crate::failure::Failure;

#[async_trait]
impl Boards for SqliteStore {
    async fn board(&self, tenant: TenantId, task: TaskId) -> Result<Board, PortError> {
        self.boards().read(tenant, task).await
    }

    async fn commit(&self, set: ChangeSet) -> Result<Committed, PortError> {
        self.writer().commit(&set).await
    }

    async fn ready_tasks(&self, now: Timestamp, limit: u32) -> Result<Vec<Due<TaskId>>, PortError> {
        self.due_ready(now, limit).await
    }

    async fn unjudged_tasks(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Due<TaskId>>, PortError> {
        self.due_unjudged(now, limit).await
    }

    async fn lapsed_tasks(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Due<TaskId>>, PortError> {
        self.due_lapsed(now, limit).await
    }

    async fn overdue_tasks(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Due<TaskId>>, PortError> {
        self.due_overdue(now, limit).await
    }

    async fn expired_reviews(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Due<ReviewId>>, PortError> {
        self.due_expired(now, limit).await
    }

    async fn due_effects(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Due<EffectId>>, PortError> {
        self.due_held(now, limit).await
    }

    async fn stuck_effects(
        &self,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<Due<EffectId>>, PortError> {
        self.due_stuck(before, limit).await
    }

    async fn spent_campaigns(&self, limit: u32) -> Result<Vec<(TenantId, CampaignId)>, PortError> {
        self.due_spent(limit).await
    }

    async fn ending(&self, tenant: TenantId, id: CampaignId) -> Result<Ending, PortError> {
        self.count_ending(tenant, id).await
    }

    async fn dead_letters(
        &self,
        tenant: TenantId,
        page: PageRequest,
    ) -> Result<Page<Task>, PortError> {
        self.dead(tenant, page).await
    }

    async fn next_due(&self, now: Timestamp) -> Result<Option<Timestamp>, PortError> {
        self.due_next(now).await
    }

    async fn fleet_counts(
        &self,
        tenant: TenantId,
        since: Timestamp,
        planning: &[AgentId],
    ) -> Result<FleetCounts, PortError> {
        self.count_fleet(tenant, since, planning).await
    }

    async fn waiting_counts(
        &self,
        tenant: TenantId,
        soon: Timestamp,
    ) -> Result<WaitingCounts, PortError> {
        self.count_waiting(tenant, soon).await
    }

    async fn agent_work(
        &self,
        tenant: TenantId,
        agents: &[AgentId],
        in_hand: u32,
    ) -> Result<Vec<AgentWork>, PortError> {
        self.work_of(tenant, agents, in_hand).await
    }

    async fn last_dispatch(
        &self,
        tenant: TenantId,
        platform: Platform,
        account: &str,
        until: Timestamp,
    ) -> Result<Option<Timestamp>, PortError> {
        let (last,): (Option<i64>,) = sqlx::query_as(
            "SELECT max(dispatched_at) FROM effects \
             WHERE tenant_id = ?1 AND platform = ?2 AND account = ?3 AND dispatched_at IS NOT NULL \
                 AND state <> 'held' AND dispatched_at <= ?4",
        )
        .bind(tenant.to_string())
        .bind(platform.as_str())
        .bind(account)
        .bind(until.micros())
        .fetch_one(self.reads())
        .await
        .map_err(Failure::from)?;
        Ok(last.map(Timestamp::from_micros))
    }
}
