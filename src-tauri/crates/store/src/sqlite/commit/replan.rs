//! A changed plan: steps that have not begun build on others from now on, or leave.
//!
//! What has begun is never touched: a set that would do so is refused as a conflict, whole. Never here: deciding
//! what changes.

use chimera_domain::id::TaskId;
use chimera_ports::error::PortError;
use sqlx::SqliteConnection;

use super::{
    draft::Draft,
    group::{Outcome, task_changed},
    records::{Moved, of_moved},
    uuid4,
};
use crate::{failure::Failure, rows::json};

/// A step's state, how many of its needs are open, lost, and there at all.
type Needed = (i64, i64, i64);

/// Gives a step that has not begun other needs, and counts what it waits for anew.
pub(super) async fn rewire(
    conn: &mut SqliteConnection,
    draft: &Draft,
    task: TaskId,
    needs: &[TaskId],
    outcome: &mut Outcome,
) -> Result<(), Failure> {
    let (id, tenant) = (task.to_string(), draft.tenant.to_string());
    let campaign = draft.campaign.id.to_string();
    let ids: Vec<String> = needs.iter().map(ToString::to_string).collect();
    let list = json(&ids)?;
    let (open, lost, there): Needed = sqlx::query_as(
        "SELECT count(*) FILTER (WHERE n.standing = 'open'), \
             count(*) FILTER (WHERE n.standing IN ('failed', 'cancelled')), count(*) \
         FROM json_each(?1) w JOIN tasks n ON n.id = w.value AND n.tenant_id = ?2 AND n.campaign_id = ?3",
    )
    .bind(&list)
    .bind(&tenant)
    .bind(&campaign)
    .fetch_one(&mut *conn)
    .await?;
    let all = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    if lost > 0 || there != all || ids.is_empty() {
        return Err(PortError::conflict("task", task).into());
    }
    let changed: Option<Moved> = sqlx::query_as(concat!(
        "UPDATE tasks SET waiting_on = ?4, state = CASE WHEN ?4 > 0 THEN 'blocked' ELSE 'ready' END, \
             state_data = '{}', not_before = CASE WHEN ?4 > 0 THEN NULL ELSE ?5 END, updated_at = ?5, version_id = ",
        uuid4!(),
        " WHERE id = ?1 AND tenant_id = ?2 AND campaign_id = ?3 AND state IN ('blocked', 'ready') \
             AND attempts = 0 AND artifact_id IS NULL \
             RETURNING id, state, version_id, agent_id, trace_id, skill"
    ))
    .bind(&id)
    .bind(&tenant)
    .bind(&campaign)
    .bind(open)
    .bind(draft.at.micros())
    .fetch_optional(&mut *conn)
    .await?;
    let Some(moved) = changed else {
        return Err(PortError::conflict("task", task).into());
    };
    sqlx::query("DELETE FROM task_edges WHERE task_id = ?1 AND tenant_id = ?2")
        .bind(&id)
        .bind(&tenant)
        .execute(&mut *conn)
        .await?;
    sqlx::query(
        "INSERT INTO task_edges (tenant_id, task_id, needs_id) SELECT ?2, ?1, w.value FROM json_each(?3) w",
    )
    .bind(&id)
    .bind(&tenant)
    .bind(&list)
    .execute(conn)
    .await?;
    outcome
        .events
        .push(task_changed(draft, task, &moved.state)?);
    let now = serde_json::json!({ "needs": needs, "because_of_replan": draft.campaign.id });
    outcome
        .records
        .push(of_moved(draft, &moved, "task.rewire", &now)?);
    if moved.state == "ready" && draft.running {
        outcome.ready.push(task);
    }
    Ok(())
}

/// Takes steps that have not begun out of the plan.
pub(super) async fn prune(
    conn: &mut SqliteConnection,
    draft: &Draft,
    tasks: &[TaskId],
    fault: &str,
) -> Result<Vec<Moved>, Failure> {
    let ids: Vec<String> = tasks.iter().map(ToString::to_string).collect();
    let pruned: Vec<Moved> = sqlx::query_as(concat!(
        "UPDATE tasks SET state = 'cancelled', state_data = '{}', not_before = NULL, fault = ?2, updated_at = ?3, \
             version_id = ",
        uuid4!(),
        " WHERE id IN (SELECT value FROM json_each(?1)) AND tenant_id = ?4 AND campaign_id = ?5 \
             AND state IN ('blocked', 'ready') AND attempts = 0 AND artifact_id IS NULL \
             RETURNING id, state, version_id, agent_id, trace_id, skill"
    ))
    .bind(json(&ids)?)
    .bind(fault)
    .bind(draft.at.micros())
    .bind(draft.tenant.to_string())
    .bind(draft.campaign.id.to_string())
    .fetch_all(conn)
    .await?;
    let there = |task: &TaskId| {
        let id = task.to_string();
        pruned.iter().any(|found| found.id == id)
    };
    match tasks.iter().find(|task| !there(task)) {
        Some(begun) => Err(PortError::conflict("task", begun).into()),
        None => Ok(pruned),
    }
}
