//! Dependents of completed tasks count down, and are ready at zero; set-based over the whole group.
//!
//! Never here: tasks that end without a result (`cascade`).

use std::collections::HashMap;

use chimera_domain::id::TaskId;
use serde::Serialize;
use sqlx::SqliteConnection;

use super::{
    draft::Draft,
    group::{Outcome, task_changed},
    uuid4,
};
use crate::{failure::Failure, rows::Cells, table::Sheet};

#[derive(Serialize)]
struct Ended {
    set: usize,
    id: String,
    tenant_id: String,
}

/// A dependent, with how often it counts down and by whose doing last.
struct Child {
    waiting_on: i64,
    set: usize,
}

#[derive(Serialize)]
struct Counted<'a> {
    id: &'a str,
    waiting_on: i64,
    at: i64,
}

/// Counts the dependents of what `drafts` complete down.
///
/// A child gets a new version with every step down, so that a transition which saw the old count cannot
/// write it back.
pub(super) async fn release(
    conn: &mut SqliteConnection,
    drafts: &[&Draft],
    outcomes: &mut [Outcome],
) -> Result<(), Failure> {
    let children = count_down(conn, drafts).await?;
    if children.is_empty() {
        return Ok(());
    }
    let mut sheet = Sheet::default();
    for (id, child) in &children {
        let Some((draft, outcome)) = drafts.get(child.set).zip(outcomes.get_mut(child.set)) else {
            continue;
        };
        sheet.push(&Counted {
            id,
            waiting_on: child.waiting_on,
            at: draft.at.micros(),
        })?;
        if child.waiting_on == 0 {
            let task: TaskId = Cells("tasks").text("id", id)?;
            outcome.ready.push(task);
            outcome.events.push(&task_changed(draft, task, "ready")?)?;
        }
    }
    sqlx::query(concat!(
        "UPDATE tasks SET waiting_on = c.waiting_on, \
             state = CASE WHEN c.waiting_on = 0 THEN 'ready' ELSE 'blocked' END, \
             not_before = CASE WHEN c.waiting_on = 0 THEN c.at END, \
             version_id = ",
        uuid4!(),
        ", updated_at = c.at \
         FROM (SELECT value ->> 'id' AS id, value ->> 'waiting_on' AS waiting_on, value ->> 'at' AS at \
             FROM jsonb_each(?1)) c \
         WHERE tasks.id = c.id"
    ))
    .bind(sheet.array())
    .execute(conn)
    .await?;
    Ok(())
}

async fn count_down(
    conn: &mut SqliteConnection,
    drafts: &[&Draft],
) -> Result<HashMap<String, Child>, Failure> {
    let mut sheet = Sheet::default();
    for (set, draft) in drafts.iter().enumerate() {
        for task in &draft.released {
            sheet.push(&Ended {
                set,
                id: task.to_string(),
                tenant_id: draft.tenant.to_string(),
            })?;
        }
    }
    let mut children: HashMap<String, Child> = HashMap::new();
    if sheet.is_empty() {
        return Ok(children);
    }
    let found: Vec<(i64, String, i64)> = sqlx::query_as(
        "SELECT w.value ->> 'set', t.id, t.waiting_on \
         FROM jsonb_each(?1) w \
         JOIN task_edges e ON e.needs_id = w.value ->> 'id' AND e.tenant_id = w.value ->> 'tenant_id' \
         JOIN tasks t ON t.id = e.task_id \
         WHERE t.state = 'blocked' \
         ORDER BY w.key, t.created_at, t.id",
    )
    .bind(sheet.array())
    .fetch_all(conn)
    .await?;
    for (set, id, waiting_on) in found {
        let set = Cells("tasks").number("set", set)?;
        let child = children.entry(id).or_insert(Child { waiting_on, set });
        child.waiting_on = (child.waiting_on - 1).max(0);
        child.set = set;
    }
    Ok(children)
}
