//! Dependents of completed tasks count down, and are ready at zero; set-based over the whole group.
//!
//! Never here: tasks that end without a result (`cascade`).

use std::{collections::HashMap, sync::LazyLock};

use chimera_domain::id::TaskId;
use sqlx::SqliteConnection;

use super::{
    draft::Draft,
    group::{Outcome, task_changed},
    guards::place,
    uuid4,
};
use crate::batch::Listed;
use crate::{failure::Failure, rows::Cells, table::Cell};

/// A dependent, with how often it counts down and by whose doing last.
struct Child {
    waiting_on: i64,
    set: usize,
}

static CHILDREN: LazyLock<Listed> = LazyLock::new(|| {
    Listed::new(
        "WITH w (place, id, tenant_id) AS (VALUES",
        3,
        ") SELECT w.place, t.id, t.waiting_on FROM w \
         CROSS JOIN task_edges e ON e.needs_id = w.id AND e.tenant_id = w.tenant_id \
         CROSS JOIN tasks t ON t.id = e.task_id AND t.tenant_id = e.tenant_id \
         WHERE t.state = 'blocked' ORDER BY w.place, t.created_at, t.id",
    )
});

static COUNT: LazyLock<Listed> = LazyLock::new(|| {
    Listed::new(
        "WITH c (id, tenant_id, waiting_on, at) AS (VALUES",
        4,
        concat!(
            ") UPDATE tasks SET waiting_on = c.waiting_on, \
                 state = CASE WHEN c.waiting_on = 0 THEN 'ready' ELSE 'blocked' END, \
                 not_before = CASE WHEN c.waiting_on = 0 THEN c.at END, updated_at = c.at, version_id = ",
            uuid4!(),
            " FROM c WHERE tasks.id = c.id AND tasks.tenant_id = c.tenant_id"
        ),
    )
});

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
    let mut cells: Vec<Cell> = Vec::new();
    for (id, child) in &children {
        let Some((draft, outcome)) = drafts.get(child.set).zip(outcomes.get_mut(child.set)) else {
            continue;
        };
        cells.extend([
            id.as_str().into(),
            draft.tenant.to_string().into(),
            child.waiting_on.into(),
            draft.at.micros().into(),
        ]);
        if child.waiting_on == 0 {
            let task: TaskId = Cells("tasks").text("id", id)?;
            outcome.ready.push(task);
            outcome.events.push(task_changed(draft, task, "ready")?);
        }
    }
    COUNT.run(conn, &cells).await?;
    Ok(())
}

async fn count_down(
    conn: &mut SqliteConnection,
    drafts: &[&Draft],
) -> Result<Vec<(String, Child)>, Failure> {
    let mut cells: Vec<Cell> = Vec::new();
    for (set, draft) in drafts.iter().enumerate() {
        for task in &draft.released {
            cells.extend([
                place(set),
                task.to_string().into(),
                draft.tenant.to_string().into(),
            ]);
        }
    }
    // In the order of their release, so that what becomes ready is told in it, too.
    let mut children: Vec<(String, Child)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let found: Vec<(i64, String, i64)> = CHILDREN.ask(conn, &cells).await?;
    for (set, id, waiting_on) in found {
        let set = Cells("tasks").number("set", set)?;
        let at = *places.entry(id.clone()).or_insert_with(|| {
            children.push((id, Child { waiting_on, set }));
            children.len() - 1
        });
        if let Some((_, child)) = children.get_mut(at) {
            child.waiting_on = (child.waiting_on - 1).max(0);
            child.set = set;
        }
    }
    Ok(children)
}
