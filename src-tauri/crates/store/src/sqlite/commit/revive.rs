//! A step that was given up is done again: what was called off because of it waits for it anew.
//!
//! Never here: deciding that it is done again.

use std::collections::{HashMap, HashSet};

use chimera_domain::id::TaskId;
use sqlx::SqliteConnection;

use super::{
    draft::Draft,
    group::{Outcome, task_changed},
    records::{Moved, of_moved},
    tally::Tally,
    uuid4,
};
use crate::{
    failure::Failure,
    rows::{Cells, Standing, json},
};

/// Revives what depends on a step, however far, where nothing else keeps it from being done.
pub(super) async fn revive(
    conn: &mut SqliteConnection,
    draft: &Draft,
    of: TaskId,
    outcome: &mut Outcome,
    tally: &mut Tally,
) -> Result<(), Failure> {
    let needs = called_off_below(conn, draft, of).await?;
    let waiting = able_to_wait(&needs);
    if waiting.is_empty() {
        return Ok(());
    }
    let mut list: Vec<&String> = waiting.iter().copied().collect();
    list.sort();
    let moved: Vec<Moved> = sqlx::query_as(concat!(
        "UPDATE tasks SET state = 'blocked', state_data = '{}', fault = NULL, updated_at = ?2, \
             waiting_on = (SELECT count(*) FROM task_edges e JOIN tasks n ON n.id = e.needs_id AND n.tenant_id = ?3 \
                 WHERE e.task_id = tasks.id AND e.tenant_id = ?3 AND n.standing <> 'completed'), version_id = ",
        uuid4!(),
        " WHERE id IN (SELECT value FROM json_each(?1)) AND tenant_id = ?3 \
             RETURNING id, state, version_id, agent_id, trace_id, skill"
    ))
    .bind(json(&list)?)
    .bind(draft.at.micros())
    .bind(draft.tenant.to_string())
    .fetch_all(conn)
    .await?;
    let count = i64::try_from(moved.len()).unwrap_or(i64::MAX);
    tally.go(draft.owned(), Standing::Cancelled, Standing::Open, count);
    let because = serde_json::json!({ "because_of_task": of });
    for task in &moved {
        let id = Cells("tasks").text("id", &task.id)?;
        outcome.events.push(task_changed(draft, id, "blocked")?);
        let record = of_moved(draft, task, "task.revive", &because)?;
        outcome.records.push(record);
    }
    Ok(())
}

/// Steps that were called off because of `of`, each with what it needs and how that stands.
type Needs = HashMap<String, Vec<(String, String)>>;

async fn called_off_below(
    conn: &mut SqliteConnection,
    draft: &Draft,
    of: TaskId,
) -> Result<Needs, Failure> {
    let rows: Vec<(String, String, String)> = sqlx::query_as(
        "WITH RECURSIVE below (id) AS ( \
             SELECT task_id FROM task_edges WHERE needs_id = ?1 AND tenant_id = ?2 \
             UNION SELECT e.task_id FROM below \
                 JOIN task_edges e ON e.needs_id = below.id AND e.tenant_id = ?2) \
         SELECT t.id, n.id, n.standing FROM below \
             JOIN tasks t ON t.id = below.id AND t.tenant_id = ?2 AND t.campaign_id = ?3 \
             JOIN task_edges e ON e.task_id = t.id AND e.tenant_id = ?2 \
             JOIN tasks n ON n.id = e.needs_id AND n.tenant_id = ?2 \
         WHERE t.state = 'cancelled' AND t.artifact_id IS NULL \
             AND json_extract(t.fault, '$.code') = 'DEPENDENCY_ENDED'",
    )
    .bind(of.to_string())
    .bind(draft.tenant.to_string())
    .bind(draft.campaign.id.to_string())
    .fetch_all(conn)
    .await?;
    let mut needs = Needs::new();
    for (task, needed, standing) in rows {
        needs.entry(task).or_default().push((needed, standing));
    }
    Ok(needs)
}

/// Those of which every need is done, open, or revived with them: no other step that ended keeps them from being done.
fn able_to_wait(needs: &Needs) -> HashSet<&String> {
    let mut able: HashSet<&String> = needs.keys().collect();
    loop {
        let lost: Vec<&String> = able
            .iter()
            .copied()
            .filter(|task| {
                needs.get(*task).is_some_and(|needs| {
                    needs.iter().any(|(needed, standing)| {
                        !matches!(standing.as_str(), "completed" | "open") && !able.contains(needed)
                    })
                })
            })
            .collect();
        if lost.is_empty() {
            return able;
        }
        for task in lost {
            able.remove(task);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_ended_step_keeps_from_being_done_stays_called_off_with_all_below() {
        let needs: Needs = [
            ("draft", vec![("research", "open")]),
            ("post", vec![("draft", "cancelled"), ("image", "completed")]),
            ("second", vec![("research", "open"), ("lost", "failed")]),
            ("third", vec![("second", "cancelled")]),
        ]
        .into_iter()
        .map(|(task, needs)| {
            let own = |(needed, standing): (&str, &str)| (needed.to_owned(), standing.to_owned());
            (task.to_owned(), needs.into_iter().map(own).collect())
        })
        .collect();
        let mut able: Vec<&str> = able_to_wait(&needs)
            .into_iter()
            .map(String::as_str)
            .collect();
        able.sort_unstable();
        assert_eq!(able, ["draft", "post"]);
    }
}
