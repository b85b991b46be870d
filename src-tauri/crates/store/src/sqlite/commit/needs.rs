//! New tasks that build on tasks which were there before: their count of what they wait for is made true.
//!
//! Never here: new tasks among themselves, whose counts the engine knows.

use chimera_domain::id::TaskId;
use serde::Serialize;
use sqlx::SqliteConnection;

use super::{draft::Draft, group::Outcome};
use crate::{failure::Failure, rows::Cells};

/// One new task with how what it needs stands.
#[derive(sqlx::FromRow)]
struct Rooted {
    id: String,
    state: String,
    waiting_on: i64,
    open: i64,
    lost: i64,
    foreign_needs: i64,
}

#[derive(Serialize)]
struct Counted {
    id: String,
    waiting_on: i64,
}

/// Compares the counts of one set's new tasks with what they need, and sets them right.
///
/// # Errors
/// Refused when something needed ended without a result, or belongs to another tenant.
pub(super) async fn count(
    conn: &mut SqliteConnection,
    draft: &Draft,
    outcome: &mut Outcome,
) -> Result<(), Failure> {
    if draft.rooted.is_empty() {
        return Ok(());
    }
    let ids: Vec<String> = draft.rooted.iter().map(ToString::to_string).collect();
    let found: Vec<Rooted> = sqlx::query_as(
        "SELECT t.id, t.state, t.waiting_on, sum(n.standing = 'open') AS open, \
             sum(n.standing IN ('failed', 'cancelled')) AS lost, sum(n.tenant_id <> t.tenant_id) AS foreign_needs \
         FROM json_each(?1) w \
         JOIN tasks t ON t.id = w.value AND t.tenant_id = ?2 \
         JOIN task_edges e ON e.task_id = t.id AND e.tenant_id = t.tenant_id \
         JOIN tasks n ON n.id = e.needs_id \
         GROUP BY t.id",
    )
    .bind(crate::rows::json(&ids)?)
    .bind(draft.tenant.to_string())
    .fetch_all(&mut *conn)
    .await?;
    let mut wrong = Vec::new();
    for task in found {
        if task.lost > 0 || task.foreign_needs > 0 {
            return Err(Failure::refused(format!(
                "new task {} needs a task that ended without a result or is not there",
                task.id
            )));
        }
        let should_wait = task.open > 0;
        if task.waiting_on == task.open && should_wait == (task.state == "blocked") {
            continue;
        }
        let id: TaskId = Cells("tasks").text("id", &task.id)?;
        outcome.ready.retain(|ready| *ready != id);
        if !should_wait {
            outcome.ready.push(id);
        }
        wrong.push(Counted {
            id: task.id,
            waiting_on: task.open,
        });
    }
    if wrong.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "UPDATE tasks SET waiting_on = c.waiting_on, \
             state = CASE WHEN c.waiting_on > 0 THEN 'blocked' ELSE 'ready' END, \
             not_before = CASE WHEN c.waiting_on > 0 THEN NULL ELSE ?2 END \
         FROM (SELECT value ->> 'id' AS id, value ->> 'waiting_on' AS waiting_on FROM json_each(?1)) c \
         WHERE tasks.id = c.id AND tasks.tenant_id = ?3 AND tasks.state IN ('blocked', 'ready')",
    )
    .bind(crate::rows::json(&wrong)?)
    .bind(draft.at.micros())
    .bind(draft.tenant.to_string())
    .execute(conn)
    .await?;
    Ok(())
}
