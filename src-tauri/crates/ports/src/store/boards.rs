//! Boards: loading what the engine looks at, committing what it wants, finding what is due.

use async_trait::async_trait;
use chimera_domain::{
    campaign::Ending,
    change::{Board, ChangeSet, Committed},
    id::{AgentId, CampaignId, EffectId, ReviewId, TaskId, TenantId},
    money::Usd,
    task::Task,
    time::Timestamp,
};

use crate::{
    error::PortError,
    page::{Page, PageRequest},
};

/// Something that is due, of any tenant: only the runtime's own loops see across tenants.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Due<Id> {
    /// Owner of the row.
    pub tenant: TenantId,
    /// What is due.
    pub id: Id,
    /// Its task (itself, for a task).
    pub task: TaskId,
}

/// Boards and their commits. In the embedded way this is the queue as well: a ready task is a row.
#[async_trait]
pub trait Boards: Send + Sync {
    /// A task with its campaign and the records it is bound up with.
    ///
    /// # Errors
    /// Not found for another tenant's task, exactly as for none.
    async fn board(&self, tenant: TenantId, task: TaskId) -> Result<Board, PortError>;

    /// Stores a change set in one transaction, together with others that are waiting (group commit).
    ///
    /// # Errors
    /// A conflict when a version in `expected`, or of a changed review or effect, is no longer the one
    /// that was seen: nothing of this set was written.
    async fn commit(&self, set: ChangeSet) -> Result<Committed, PortError>;

    /// Ready tasks of active campaigns and running agents whose time has come: most urgent first, then oldest. Plans
    /// are sought anew for agents that are paused, too.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn ready_tasks(&self, now: Timestamp, limit: u32) -> Result<Vec<Due<TaskId>>, PortError>;

    /// Tasks of active campaigns that wait for a judge, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn unjudged_tasks(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Due<TaskId>>, PortError>;

    /// Tasks in the hands of a worker or judge whose lease ended before `now`.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn lapsed_tasks(&self, now: Timestamp, limit: u32)
    -> Result<Vec<Due<TaskId>>, PortError>;

    /// Open tasks whose deadline passed before `now`.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn overdue_tasks(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Due<TaskId>>, PortError>;

    /// Open reviews that expired before `now`.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn expired_reviews(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Due<ReviewId>>, PortError>;

    /// Held effects of active campaigns and running agents whose time has come, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn due_effects(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Due<EffectId>>, PortError>;

    /// Effects that were being dispatched since before `before`: after a restart, their outcome is unknown.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn stuck_effects(
        &self,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<Due<EffectId>>, PortError>;

    /// Active campaigns with no open task left: they can be finished.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn spent_campaigns(&self, limit: u32) -> Result<Vec<(TenantId, CampaignId)>, PortError>;

    /// How a campaign's tasks ended, for [`Boards::spent_campaigns`].
    ///
    /// # Errors
    /// Not found.
    async fn ending(&self, tenant: TenantId, id: CampaignId) -> Result<Ending, PortError>;

    /// Steps that ended by a failure which is neither the input's nor a person's doing, and those of whose action
    /// nobody knows whether it went out; the youngest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn dead_letters(
        &self,
        tenant: TenantId,
        page: PageRequest,
    ) -> Result<Page<Task>, PortError>;

    /// The earliest time at which any of the above will have something new; `None` when nothing waits for time.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn next_due(&self, now: Timestamp) -> Result<Option<Timestamp>, PortError>;

    /// When an action on `platform` by `account` last left or was taken for dispatch, for cooldowns. What bears a time
    /// after `until` was dated by a clock that was set back since, and says nothing of how long ago it was.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn last_dispatch(
        &self,
        tenant: TenantId,
        platform: chimera_domain::platform::Platform,
        account: &str,
        until: Timestamp,
    ) -> Result<Option<Timestamp>, PortError>;

    /// What a tenant's fleet is doing now, and what its model calls cost on the days from `since` on. `planning` are
    /// agents for which a plan is made outside of any task: they count as planning too, each agent once.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn fleet_counts(
        &self,
        tenant: TenantId,
        since: Timestamp,
        planning: &[AgentId],
    ) -> Result<FleetCounts, PortError>;

    /// How much waits for people. A review is due when it expires by `soon`.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn waiting_counts(
        &self,
        tenant: TenantId,
        soon: Timestamp,
    ) -> Result<WaitingCounts, PortError>;

    /// The work of each of `agents`, in no order; at most `in_hand` tasks each are shown. An agent that there is not
    /// is left out.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn agent_work(
        &self,
        tenant: TenantId,
        agents: &[AgentId],
        in_hand: u32,
    ) -> Result<Vec<AgentWork>, PortError>;
}

/// What waits for the people of a tenant, all of it counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct WaitingCounts {
    /// Items in the review queue.
    pub reviews: u64,
    /// Those of them that expire soon.
    pub reviews_due: u64,
    /// Alerts that nobody acknowledged.
    pub alerts: u64,
    /// Campaigns in draft.
    pub drafts: u64,
}

/// What an agent has to do and what of it is in hand.
#[derive(Clone, PartialEq, Debug)]
pub struct AgentWork {
    /// Whose.
    pub agent: AgentId,
    /// Tasks that have not ended.
    pub open: u64,
    /// Tasks with a worker or before a judge: planning again first, then workers', then judges', newest first in each.
    pub in_hand: Vec<Task>,
}

/// Counts over a tenant's rows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct FleetCounts {
    /// Agents in all.
    pub agents: u64,
    /// Agents that plan: anew in a task, or outside of any.
    pub agents_planning: u64,
    /// Agents with a task in a worker's hands that do not plan.
    pub agents_working: u64,
    /// Agents with an artifact before a judge that neither plan nor work.
    pub agents_judging: u64,
    /// Tasks that may be assigned now or later.
    pub tasks_ready: u64,
    /// Tasks in workers' hands.
    pub tasks_working: u64,
    /// Artifacts that wait for, or are with, a judge.
    pub tasks_judging: u64,
    /// Items in the review queue.
    pub reviews_open: u64,
    /// Decided actions that wait to leave.
    pub effects_held: u64,
    /// Campaigns that run.
    pub campaigns_active: u64,
    /// Alerts that nobody acknowledged.
    pub alerts_open: u64,
    /// What running campaigns may spend a day, together.
    pub active_budgets: Usd,
    /// What the model calls of those same campaigns cost, by the ledger.
    pub active_cost: Usd,
    /// What all model calls cost, by the ledger: also those of campaigns that do not run, and of none.
    pub model_cost: Usd,
    /// Calls whose cost is not known; they are not in `model_cost`.
    pub unpriced_calls: u64,
}
