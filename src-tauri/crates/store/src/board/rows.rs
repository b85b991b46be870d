//! The statement that reads boards, and its rows on their way to the engine.
//!
//! A board is of one moment, because one statement reads it. Never here: who waits for it (`reader`).

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use chimera_domain::{
    agent::Control,
    artifact::Artifact,
    campaign::Campaign,
    change::{Board, NewTask},
    id::{TaskId, TenantId},
    review::Review,
    task::Task,
    verdict::Verdict,
};
use chimera_ports::error::PortError;
use serde::{Deserialize, de::DeserializeOwned};
use sqlx::SqliteConnection;

use crate::{
    batch::object,
    failure::Failure,
    rows::{
        ApprovalRow, ArtifactRow, CampaignRow, Cells, EffectRow, ReviewRow, TaskRow, VerdictRow,
        effect_of, json,
    },
};

/// Whole boards as JSON objects, one column each. Tasks of one campaign share what is the same for all of them: a row
/// with a place is a task's, with the key of its campaign; one without is a campaign's, with its key in the place of the
/// task.
static BOARDS: LazyLock<String> = LazyLock::new(|| {
    format!(
        "WITH w (place, id, tenant_id) AS MATERIALIZED \
             (SELECT key, value ->> 0, value ->> 1 FROM json_each(?1)) \
         SELECT w.place AS place, {task} AS task, c.id AS campaign, NULL AS control, \
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
         FROM w CROSS JOIN tasks t ON t.id = w.id AND t.tenant_id = w.tenant_id \
             CROSS JOIN campaigns c ON c.id = t.campaign_id AND c.tenant_id = t.tenant_id \
         UNION ALL SELECT NULL, c.id, {campaign}, \
             (SELECT g.control FROM agents g WHERE g.id = c.agent_id AND g.tenant_id = c.tenant_id), \
             NULL, NULL, NULL, NULL, NULL \
         FROM (SELECT DISTINCT t.campaign_id, t.tenant_id FROM w \
                 CROSS JOIN tasks t ON t.id = w.id AND t.tenant_id = w.tenant_id) d \
             CROSS JOIN campaigns c ON c.id = d.campaign_id AND c.tenant_id = d.tenant_id",
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
struct Row {
    place: Option<i64>,
    task: String,
    campaign: String,
    control: Option<String>,
    artifact: Option<String>,
    verdict: Option<String>,
    review: Option<String>,
    effect: Option<String>,
    upstream: Option<String>,
}

/// What the tasks of one campaign share.
struct Common {
    campaign: Campaign,
    control: Control,
}

/// A board as it was read: whoever waits for it takes it apart, so that the reader has its hands free.
pub(super) struct Found {
    row: Row,
    common: Arc<Common>,
}

impl Common {
    fn of(row: &Row) -> Result<Self, Failure> {
        let control = row.control.as_deref().unwrap_or_default();
        Ok(Self {
            campaign: Campaign::try_from(read_row::<CampaignRow>("campaigns", &row.campaign)?)?,
            control: Cells("agents").word("control", control)?,
        })
    }
}

/// Reads the boards of these tasks, all as of one moment; `None` for one that is not there. A campaign that cannot be
/// understood is the trouble of its own tasks.
///
/// # Errors
/// When nothing can be read.
pub(super) async fn read(
    conn: &mut SqliteConnection,
    tasks: &[(TaskId, TenantId)],
) -> Result<Vec<Result<Option<Found>, PortError>>, Failure> {
    let rows: Vec<Row> = sqlx::query_as(BOARDS.as_str())
        .bind(json(&tasks)?)
        .fetch_all(conn)
        .await?;
    let (of_tasks, of_campaigns): (Vec<Row>, Vec<Row>) =
        rows.into_iter().partition(|row| row.place.is_some());
    let common: HashMap<&str, Result<Arc<Common>, PortError>> = of_campaigns
        .iter()
        .map(|row| {
            let common = Common::of(row).map(Arc::new).map_err(PortError::from);
            (row.task.as_str(), common)
        })
        .collect();
    let mut found: Vec<_> = tasks.iter().map(|_| Ok(None)).collect();
    for row in of_tasks {
        let place = row.place.and_then(|place| usize::try_from(place).ok());
        let place = place.and_then(|place| found.get_mut(place));
        if let (Some(place), Some(common)) = (place, common.get(row.campaign.as_str())) {
            *place = common.clone().map(|common| Some(Found { row, common }));
        }
    }
    Ok(found)
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
fn read_row<R: DeserializeOwned>(table: &'static str, json: &str) -> Result<R, Failure> {
    Ok(Cells(table).json("row", json)?)
}

/// The same for one that may be absent.
fn maybe<R: DeserializeOwned>(
    table: &'static str,
    json: Option<&str>,
) -> Result<Option<R>, Failure> {
    json.map(|json| read_row(table, json)).transpose()
}

impl TryFrom<Found> for Board {
    type Error = Failure;

    fn try_from(Found { row, common }: Found) -> Result<Self, Failure> {
        let artifact: Option<ArtifactRow> = maybe("artifacts", row.artifact.as_deref())?;
        let verdict: Option<VerdictRow> = maybe("verdicts", row.verdict.as_deref())?;
        let review: Option<ReviewRow> = maybe("reviews", row.review.as_deref())?;
        let effect: Option<EffectWithApproval> = maybe("effects", row.effect.as_deref())?;
        let upstream: Option<Vec<Upstream>> = maybe("task_edges", row.upstream.as_deref())?;
        Ok(Self {
            task: Task::try_from(read_row::<TaskRow>("tasks", &row.task)?)?,
            campaign: common.campaign.clone(),
            control: common.control,
            artifact: artifact.map(Artifact::try_from).transpose()?,
            verdict: verdict.map(Verdict::try_from).transpose()?,
            review: review.map(Review::try_from).transpose()?,
            effect: effect
                .map(|found| effect_of(found.effect, found.approval))
                .transpose()?,
            upstream: upstream
                .unwrap_or_default()
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
