//! Campaigns, their plans and tasks, for people who look at them.

use async_trait::async_trait;
use chimera_domain::{
    artifact::Artifact,
    campaign::{Campaign, CampaignStatus, Progress},
    change::{Attempt, Change},
    id::{ArtifactId, CampaignId, TaskId, TenantId, VersionId},
    plan::Plan,
    task::{Task, TaskStatus, TaskType},
    verdict::Verdict,
};

use crate::{
    error::PortError,
    page::{Page, PageRequest},
};

/// `needs` must complete before `task`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TaskEdge {
    /// The one that waits.
    pub task: TaskId,
    /// The one it waits for.
    pub needs: TaskId,
}

/// Which tasks are wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct TaskFilter {
    /// Of one campaign only.
    pub campaign: Option<CampaignId>,
    /// Open ones only.
    pub open_only: bool,
    /// With this status of S1 only.
    pub status: Option<TaskStatus>,
    /// Of this coarse type only.
    pub task_type: Option<TaskType>,
}

/// Campaigns, plans, tasks, artifacts.
#[async_trait]
pub trait Campaigns: Send + Sync {
    /// Stores a new campaign in draft, with `notes` (events, audit) in the same transaction.
    ///
    /// # Errors
    /// When the store refuses.
    async fn create_campaign(
        &self,
        campaign: &Campaign,
        notes: Vec<Change>,
    ) -> Result<(), PortError>;

    /// A campaign.
    ///
    /// # Errors
    /// Not found.
    async fn campaign(&self, tenant: TenantId, id: CampaignId) -> Result<Campaign, PortError>;

    /// Campaigns, newest first, of one status or all.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn campaigns(
        &self,
        tenant: TenantId,
        status: Option<CampaignStatus>,
        page: PageRequest,
    ) -> Result<Page<Campaign>, PortError>;

    /// How far it is.
    ///
    /// # Errors
    /// Not found.
    async fn progress(&self, tenant: TenantId, id: CampaignId) -> Result<Progress, PortError>;

    /// How many of its failed tasks a person rejected in Review.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn rejected_tasks(&self, tenant: TenantId, id: CampaignId) -> Result<u32, PortError>;

    /// Stores a plan as the campaign's newest revision; `expected` is the plan's version before, absent for the first.
    ///
    /// # Errors
    /// Conflict when somebody else edited it first.
    async fn save_plan(
        &self,
        plan: &Plan,
        expected: Option<VersionId>,
        notes: Vec<Change>,
    ) -> Result<(), PortError>;

    /// The campaign's newest plan.
    ///
    /// # Errors
    /// Not found before the planner made one.
    async fn plan(&self, tenant: TenantId, campaign: CampaignId) -> Result<Plan, PortError>;

    /// A task.
    ///
    /// # Errors
    /// Not found.
    async fn task(&self, tenant: TenantId, id: TaskId) -> Result<Task, PortError>;

    /// Tasks, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn tasks(
        &self,
        tenant: TenantId,
        filter: TaskFilter,
        page: PageRequest,
    ) -> Result<Page<Task>, PortError>;

    /// What waits for what in a campaign.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn edges(
        &self,
        tenant: TenantId,
        campaign: CampaignId,
    ) -> Result<Vec<TaskEdge>, PortError>;

    /// The runs of a task, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn attempts(&self, tenant: TenantId, task: TaskId) -> Result<Vec<Attempt>, PortError>;

    /// An artifact.
    ///
    /// # Errors
    /// Not found.
    async fn artifact(&self, tenant: TenantId, id: ArtifactId) -> Result<Artifact, PortError>;

    /// Every artifact of a task, oldest first (draft, edits).
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn artifacts(&self, tenant: TenantId, task: TaskId) -> Result<Vec<Artifact>, PortError>;

    /// The newest verdict on an artifact.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn verdict(
        &self,
        tenant: TenantId,
        artifact: ArtifactId,
    ) -> Result<Option<Verdict>, PortError>;

    /// The results that a task builds on: each needed task with its newest artifact and the verdict on it.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn inputs(
        &self,
        tenant: TenantId,
        task: TaskId,
    ) -> Result<Vec<(Task, Artifact, Option<Verdict>)>, PortError>;
}
