//! Boards: loading what the engine looks at, in one statement and so from one moment; commits go to the writer.
//!
//! Never here: what is due (`due`), or how a commit is written (`commit`).

use std::sync::LazyLock;

use async_trait::async_trait;
use chimera_domain::{
    artifact::Artifact,
    campaign::{Campaign, Ending},
    change::{Board, ChangeSet, Committed, NewTask},
    id::{AgentId, CampaignId, EffectId, ReviewId, TaskId, TenantId},
    platform::Platform,
    review::Review,
    task::Task,
    time::Timestamp,
    verdict::Verdict,
};
use chimera_ports::{
    error::PortError,
    page::{Page, PageRequest},
    store::{AgentWork, Boards, Due, FleetCounts, WaitingCounts},
};
use serde::{Deserialize, de::DeserializeOwned};

use super::store::SqliteStore;
use crate::batch::object;
use crate::{
    failure::Failure,
    rows::{
        ApprovalRow, ArtifactRow, CampaignRow, Cells, EffectRow, ReviewRow, TaskRow, VerdictRow,
        effect_of,
    },
};

/// A whole board as JSON objects, one column each.
static BOARD: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {task} AS task, {campaign} AS campaign, \
             (SELECT g.control FROM agents g WHERE g.id = c.agent_id AND g.tenant_id = c.tenant_id) AS control, \
             (SELECT {artifact} FROM artifacts a WHERE a.id = t.artifact_id AND a.tenant_id = t.tenant_id) AS artifact, \
             (SELECT {verdict} FROM verdicts v WHERE v.artifact_id = t.artifact_id AND v.tenant_id = t.tenant_id \
                 ORDER BY v.created_at DESC, v.id DESC LIMIT 1) AS verdict, \
             (SELECT {review} FROM reviews r WHERE r.task_id = t.id AND r.tenant_id = t.tenant_id \
                 ORDER BY r.is_open DESC, r.created_at DESC, r.id DESC LIMIT 1) AS review, \
             (SELECT json_object('effect', {effect}, 'approval', {approval}) \
                 FROM effects e JOIN approvals p ON p.id = e.approval_id AND p.tenant_id = e.tenant_id \
                 WHERE e.task_id = t.id AND e.tenant_id = t.tenant_id \
                 ORDER BY e.state IN ('held', 'dispatching', 'pending_reconciliation') DESC, e.created_at DESC, \
                     e.id DESC LIMIT 1) AS effect, \
             CASE WHEN t.task_type IN ('publish_post', 'reply_comment', 'execute_transaction') THEN \
                 (SELECT json_group_array(json_object('task', {upstream}, 'needs', json( \
                     (SELECT json_group_array(d.needs_id ORDER BY d.needs_id) FROM task_edges d \
                         WHERE d.task_id = u.id AND d.tenant_id = u.tenant_id))) ORDER BY u.created_at, u.id) \
                 FROM task_edges n JOIN tasks u ON u.id = n.needs_id AND u.tenant_id = n.tenant_id \
                 WHERE n.task_id = t.id AND n.tenant_id = t.tenant_id) END AS upstream \
         FROM tasks t JOIN campaigns c ON c.id = t.campaign_id AND c.tenant_id = t.tenant_id \
         WHERE t.id = ?1 AND t.tenant_id = ?2",
        task = object::<TaskRow>("t"),
        campaign = object::<CampaignRow>("c"),
        artifact = object::<ArtifactRow>("a"),
        verdict = object::<VerdictRow>("v"),
        review = object::<ReviewRow>("r"),
        effect = object::<EffectRow>("e"),
        approval = object::<ApprovalRow>("p"),
        upstream = object::<TaskRow>("u"),
    )
});

#[derive(sqlx::FromRow)]
struct BoardRow {
    task: String,
    campaign: String,
    control: String,
    artifact: Option<String>,
    verdict: Option<String>,
    review: Option<String>,
    effect: Option<String>,
    upstream: Option<String>,
}

#[derive(Deserialize)]
struct EffectWithApproval {
    effect: EffectRow,
    approval: ApprovalRow,
}

#[derive(Deserialize)]
struct Upstream {
    task: TaskRow,
    needs: Vec<String>,
}

/// Reads a JSON object of a row's columns.
fn row<R: DeserializeOwned>(table: &'static str, json: &str) -> Result<R, Failure> {
    Ok(Cells(table).json("row", json)?)
}

impl TryFrom<BoardRow> for Board {
    type Error = Failure;

    fn try_from(found: BoardRow) -> Result<Self, Failure> {
        let artifact = found
            .artifact
            .as_deref()
            .map(|json| row::<ArtifactRow>("artifacts", json))
            .transpose()?;
        let verdict = found
            .verdict
            .as_deref()
            .map(|json| row::<VerdictRow>("verdicts", json))
            .transpose()?;
        let review = found
            .review
            .as_deref()
            .map(|json| row::<ReviewRow>("reviews", json))
            .transpose()?;
        let effect = found
            .effect
            .as_deref()
            .map(|json| row::<EffectWithApproval>("effects", json))
            .transpose()?;
        let upstream: Vec<Upstream> = found
            .upstream
            .as_deref()
            .map(|json| row("task_edges", json))
            .transpose()?
            .unwrap_or_default();
        Ok(Self {
            task: Task::try_from(row::<TaskRow>("tasks", &found.task)?)?,
            campaign: Campaign::try_from(row::<CampaignRow>("campaigns", &found.campaign)?)?,
            control: Cells("agents").word("control", &found.control)?,
            artifact: artifact.map(Artifact::try_from).transpose()?,
            verdict: verdict.map(Verdict::try_from).transpose()?,
            review: review.map(Review::try_from).transpose()?,
            effect: effect
                .map(|found| effect_of(found.effect, found.approval))
                .transpose()?,
            upstream: upstream
                .into_iter()
                .map(NewTask::try_from)
                .collect::<Result<_, _>>()?,
        })
    }
}

impl TryFrom<Upstream> for NewTask {
    type Error = Failure;

    fn try_from(found: Upstream) -> Result<Self, Failure> {
        let cells = Cells("task_edges");
        let needs = found
            .needs
            .iter()
            .map(|id| cells.text("needs_id", id))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            task: found.task.try_into()?,
            needs,
        })
    }
}

#[async_trait]
impl Boards for SqliteStore {
    async fn board(&self, tenant: TenantId, task: TaskId) -> Result<Board, PortError> {
        let found: Option<BoardRow> = sqlx::query_as(BOARD.as_str())
            .bind(task.to_string())
            .bind(tenant.to_string())
            .fetch_optional(self.reads())
            .await
            .map_err(Failure::from)?;
        let found = found.ok_or_else(|| PortError::not_found("task", task))?;
        Ok(Board::try_from(found)?)
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
