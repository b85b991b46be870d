//! Campaigns, their plans and tasks, for people who look at them.
//!
//! Never here: transitions of tasks (`commit`).

use async_trait::async_trait;
use chimera_domain::{
    artifact::Artifact,
    campaign::{Campaign, CampaignStatus, Progress},
    change::{Attempt, Change},
    id::{ArtifactId, CampaignId, TaskId, TenantId, VersionId},
    plan::Plan,
    task::Task,
    verdict::Verdict,
};
use chimera_ports::{
    error::PortError,
    page::{Page, PageRequest},
    store::{Campaigns, TaskEdge, TaskFilter},
};

use super::store::SqliteStore;
use crate::batch::{insert_one, object};
use crate::{
    cursor::{self, rows_to_read},
    failure::Failure,
    rows::{
        ArtifactRow, AttemptRow, CampaignRow, Cells, PlanRow, ProgressRow, TaskRow, VerdictRow,
        word,
    },
};

/// Most rows of a list that is not paged.
const MAX_LIST_ROWS: u32 = 10_000;
/// The fault of a task whose result a person rejected in Review.
const REJECTED: &str = "REJECTED_BY_REVIEW";

/// `(created_at, id)` of a list's last row.
type ByAge = (i64, String);

/// The key that every row lies behind, for lists that run upwards.
pub(super) const BEGINNING: (i64, String) = (i64::MIN, String::new());

/// The key that every row lies before, for lists that run downwards: no id begins with a letter above `f`.
pub(super) fn end() -> (i64, String) {
    (i64::MAX, "~".to_owned())
}

#[async_trait]
impl Campaigns for SqliteStore {
    async fn create_campaign(
        &self,
        campaign: &Campaign,
        notes: Vec<Change>,
    ) -> Result<(), PortError> {
        let row = CampaignRow::of(campaign)?;
        let progress = ProgressRow {
            campaign_id: campaign.id.to_string(),
            tenant_id: campaign.tenant.to_string(),
            open_tasks: 0,
            completed_tasks: 0,
            failed_tasks: 0,
            cancelled_tasks: 0,
        };
        self.write(campaign.tenant, &notes, move |conn| {
            Box::pin(async move {
                insert_one(conn, row).await?;
                insert_one(conn, progress).await
            })
        })
        .await?;
        Ok(())
    }

    async fn campaign(&self, tenant: TenantId, id: CampaignId) -> Result<Campaign, PortError> {
        let row: Option<CampaignRow> =
            sqlx::query_as("SELECT * FROM campaigns WHERE id = ?1 AND tenant_id = ?2")
                .bind(id.to_string())
                .bind(tenant.to_string())
                .fetch_optional(self.reads())
                .await
                .map_err(Failure::from)?;
        found(row, "campaign", id)
    }

    async fn campaigns(
        &self,
        tenant: TenantId,
        status: Option<CampaignStatus>,
        page: PageRequest,
    ) -> Result<Page<Campaign>, PortError> {
        let (created_at, id): ByAge = cursor::after(&page)?.unwrap_or_else(end);
        let rows: Vec<CampaignRow> = sqlx::query_as(
            "SELECT * FROM campaigns \
             WHERE tenant_id = ?1 AND (?2 IS NULL OR status = ?2) AND (created_at, id) < (?3, ?4) \
             ORDER BY created_at DESC, id DESC LIMIT ?5",
        )
        .bind(tenant.to_string())
        .bind(status.map(CampaignStatus::as_str))
        .bind(created_at)
        .bind(id)
        .bind(rows_to_read(&page))
        .fetch_all(self.reads())
        .await
        .map_err(Failure::from)?;
        Ok(cursor::page(&page, rows, |row| {
            (row.created_at, row.id.clone())
        })?)
    }

    async fn progress(&self, tenant: TenantId, id: CampaignId) -> Result<Progress, PortError> {
        let row: Option<ProgressRow> = sqlx::query_as(
            "SELECT * FROM campaign_progress WHERE campaign_id = ?1 AND tenant_id = ?2",
        )
        .bind(id.to_string())
        .bind(tenant.to_string())
        .fetch_optional(self.reads())
        .await
        .map_err(Failure::from)?;
        found(row, "campaign", id)
    }

    async fn rejected_tasks(&self, tenant: TenantId, id: CampaignId) -> Result<u32, PortError> {
        let (rejected,): (i64,) = sqlx::query_as(
            "SELECT count(*) FROM tasks WHERE campaign_id = ?1 AND tenant_id = ?2 \
                 AND standing = 'failed' AND fault ->> '$.code' = ?3",
        )
        .bind(id.to_string())
        .bind(tenant.to_string())
        .bind(REJECTED)
        .fetch_one(self.reads())
        .await
        .map_err(Failure::from)?;
        Ok(u32::try_from(rejected).unwrap_or(u32::MAX))
    }

    async fn save_plan(
        &self,
        plan: &Plan,
        expected: Option<VersionId>,
        notes: Vec<Change>,
    ) -> Result<(), PortError> {
        let row = PlanRow::of(plan)?;
        let (campaign, expected) = (plan.campaign, expected.map(|version| version.to_string()));
        self.write(plan.tenant, &notes, move |conn| {
            Box::pin(async move {
                let known: Option<(String,)> =
                    sqlx::query_as("SELECT id FROM campaigns WHERE id = ?1 AND tenant_id = ?2")
                        .bind(&row.campaign_id)
                        .bind(&row.tenant_id)
                        .fetch_optional(&mut *conn)
                        .await?;
                if known.is_none() {
                    return Err(PortError::not_found("campaign", campaign).into());
                }
                let newest: Option<(String,)> = sqlx::query_as(
                    "SELECT version_id FROM plans WHERE campaign_id = ?1 AND tenant_id = ?2 \
                     ORDER BY revision DESC LIMIT 1",
                )
                .bind(&row.campaign_id)
                .bind(&row.tenant_id)
                .fetch_optional(&mut *conn)
                .await?;
                if newest.map(|(version,)| version) != expected {
                    return Err(PortError::conflict("plan", campaign).into());
                }
                insert_one(conn, row).await
            })
        })
        .await?;
        Ok(())
    }

    async fn plan(&self, tenant: TenantId, campaign: CampaignId) -> Result<Plan, PortError> {
        let row: Option<PlanRow> = sqlx::query_as(
            "SELECT * FROM plans WHERE campaign_id = ?1 AND tenant_id = ?2 ORDER BY revision DESC LIMIT 1",
        )
        .bind(campaign.to_string())
        .bind(tenant.to_string())
        .fetch_optional(self.reads())
        .await
        .map_err(Failure::from)?;
        found(row, "plan", campaign)
    }

    async fn task(&self, tenant: TenantId, id: TaskId) -> Result<Task, PortError> {
        let row: Option<TaskRow> =
            sqlx::query_as("SELECT * FROM tasks WHERE id = ?1 AND tenant_id = ?2")
                .bind(id.to_string())
                .bind(tenant.to_string())
                .fetch_optional(self.reads())
                .await
                .map_err(Failure::from)?;
        found(row, "task", id)
    }

    async fn tasks(
        &self,
        tenant: TenantId,
        filter: TaskFilter,
        page: PageRequest,
    ) -> Result<Page<Task>, PortError> {
        let (created_at, id): ByAge = cursor::after(&page)?.unwrap_or(BEGINNING);
        // Two statements, so that each walks the index that fits it.
        let statement = if filter.campaign.is_some() {
            "SELECT * FROM tasks WHERE campaign_id = ?2 AND tenant_id = ?1 AND (?3 = 0 OR standing = 'open') \
             AND (?7 IS NULL OR status = ?7) AND (?8 IS NULL OR type = ?8) \
             AND (created_at, id) > (?4, ?5) ORDER BY created_at, id LIMIT ?6"
        } else {
            "SELECT * FROM tasks WHERE tenant_id = ?1 AND ?2 IS NULL AND (?3 = 0 OR standing = 'open') \
             AND (?7 IS NULL OR status = ?7) AND (?8 IS NULL OR type = ?8) \
             AND (created_at, id) > (?4, ?5) ORDER BY created_at, id LIMIT ?6"
        };
        let rows: Vec<TaskRow> = sqlx::query_as(statement)
            .bind(tenant.to_string())
            .bind(filter.campaign.map(|id| id.to_string()))
            .bind(filter.open_only)
            .bind(created_at)
            .bind(id)
            .bind(rows_to_read(&page))
            .bind(filter.status.map(|status| word(&status)).transpose()?)
            .bind(filter.task_type.map(|of| word(&of)).transpose()?)
            .fetch_all(self.reads())
            .await
            .map_err(Failure::from)?;
        Ok(cursor::page(&page, rows, |row| {
            (row.created_at, row.id.clone())
        })?)
    }

    async fn edges(
        &self,
        tenant: TenantId,
        campaign: CampaignId,
    ) -> Result<Vec<TaskEdge>, PortError> {
        let rows: Vec<(String, String)> = sqlx::query_as(
            "SELECT e.task_id, e.needs_id FROM tasks t \
             JOIN task_edges e ON e.task_id = t.id AND e.tenant_id = t.tenant_id \
             WHERE t.campaign_id = ?1 AND t.tenant_id = ?2 ORDER BY t.created_at, t.id, e.needs_id",
        )
        .bind(campaign.to_string())
        .bind(tenant.to_string())
        .fetch_all(self.reads())
        .await
        .map_err(Failure::from)?;
        let cells = Cells("task_edges");
        let read = |(task, needs): (String, String)| {
            Ok(TaskEdge {
                task: cells.text("task_id", &task)?,
                needs: cells.text("needs_id", &needs)?,
            })
        };
        rows.into_iter()
            .map(read)
            .collect::<Result<_, Failure>>()
            .map_err(PortError::from)
    }

    async fn attempts(&self, tenant: TenantId, task: TaskId) -> Result<Vec<Attempt>, PortError> {
        let rows: Vec<AttemptRow> = sqlx::query_as(
            "SELECT * FROM attempts WHERE task_id = ?1 AND tenant_id = ?2 ORDER BY started_at, id LIMIT ?3",
        )
        .bind(task.to_string())
        .bind(tenant.to_string())
        .bind(MAX_LIST_ROWS)
        .fetch_all(self.reads())
        .await
        .map_err(Failure::from)?;
        all(rows)
    }

    async fn artifact(&self, tenant: TenantId, id: ArtifactId) -> Result<Artifact, PortError> {
        let row: Option<ArtifactRow> =
            sqlx::query_as("SELECT * FROM artifacts WHERE id = ?1 AND tenant_id = ?2")
                .bind(id.to_string())
                .bind(tenant.to_string())
                .fetch_optional(self.reads())
                .await
                .map_err(Failure::from)?;
        found(row, "artifact", id)
    }

    async fn artifacts(&self, tenant: TenantId, task: TaskId) -> Result<Vec<Artifact>, PortError> {
        let rows: Vec<ArtifactRow> = sqlx::query_as(
            "SELECT * FROM artifacts WHERE task_id = ?1 AND tenant_id = ?2 ORDER BY created_at, id LIMIT ?3",
        )
        .bind(task.to_string())
        .bind(tenant.to_string())
        .bind(MAX_LIST_ROWS)
        .fetch_all(self.reads())
        .await
        .map_err(Failure::from)?;
        all(rows)
    }

    async fn verdict(
        &self,
        tenant: TenantId,
        artifact: ArtifactId,
    ) -> Result<Option<Verdict>, PortError> {
        let row: Option<VerdictRow> = sqlx::query_as(
            "SELECT * FROM verdicts WHERE artifact_id = ?1 AND tenant_id = ?2 \
             ORDER BY created_at DESC, id DESC LIMIT 1",
        )
        .bind(artifact.to_string())
        .bind(tenant.to_string())
        .fetch_optional(self.reads())
        .await
        .map_err(Failure::from)?;
        Ok(row
            .map(Verdict::try_from)
            .transpose()
            .map_err(Failure::from)?)
    }

    async fn inputs(
        &self,
        tenant: TenantId,
        task: TaskId,
    ) -> Result<Vec<(Task, Artifact, Option<Verdict>)>, PortError> {
        let rows: Vec<(String, String, Option<String>)> = sqlx::query_as(INPUTS.as_str())
            .bind(task.to_string())
            .bind(tenant.to_string())
            .fetch_all(self.reads())
            .await
            .map_err(Failure::from)?;
        let mut inputs = Vec::with_capacity(rows.len());
        for (task, artifact, verdict) in rows {
            let task: TaskRow = Cells("tasks").json("row", &task).map_err(Failure::from)?;
            let artifact: ArtifactRow = Cells("artifacts")
                .json("row", &artifact)
                .map_err(Failure::from)?;
            let verdict: Option<VerdictRow> = Cells("verdicts")
                .maybe_json("row", verdict.as_deref())
                .map_err(Failure::from)?;
            inputs.push((
                task.try_into().map_err(Failure::from)?,
                artifact.try_into().map_err(Failure::from)?,
                verdict
                    .map(Verdict::try_from)
                    .transpose()
                    .map_err(Failure::from)?,
            ));
        }
        Ok(inputs)
    }
}

/// The needed tasks of a task with their newest artifacts and verdicts, from one moment.
static INPUTS: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
    format!(
        "SELECT {task}, {artifact}, \
             (SELECT {verdict} FROM verdicts v WHERE v.artifact_id = a.id AND v.tenant_id = a.tenant_id \
                 ORDER BY v.created_at DESC, v.id DESC LIMIT 1) \
         FROM task_edges e \
         JOIN tasks t ON t.id = e.needs_id AND t.tenant_id = e.tenant_id \
         JOIN artifacts a ON a.id = t.artifact_id AND a.tenant_id = e.tenant_id \
         WHERE e.task_id = ?1 AND e.tenant_id = ?2 ORDER BY t.created_at, t.id",
        task = object::<TaskRow>("t"),
        artifact = object::<ArtifactRow>("a"),
        verdict = object::<VerdictRow>("v"),
    )
});

/// The one row that was asked for, or the word that there is none.
pub(super) fn found<R, T>(
    row: Option<R>,
    noun: &'static str,
    key: impl ToString,
) -> Result<T, PortError>
where
    T: TryFrom<R, Error: Into<Failure>>,
{
    let row = row.ok_or_else(|| PortError::not_found(noun, key))?;
    T::try_from(row).map_err(|error| PortError::from(error.into()))
}

/// Every row of a list.
pub(crate) fn all<R, T>(rows: Vec<R>) -> Result<Vec<T>, PortError>
where
    T: TryFrom<R, Error: Into<Failure>>,
{
    rows.into_iter()
        .map(|row| T::try_from(row).map_err(|error| PortError::from(error.into())))
        .collect()
}
