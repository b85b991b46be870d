//! Changes that reach rows which only the database knows: calling off and taking back.
//!
//! A set with one of these has its campaign for itself in the transaction (`lanes`). Never here: deciding
//! that something is called off.

use chimera_domain::{
    event::{Event, Fact},
    id::{AgentId, EffectId, ReviewId, TaskId},
    role::Actor,
};
use sqlx::SqliteConnection;

use super::{
    draft::{Cascade, Draft},
    group::{Outcome, task_changed},
    records::{Moved, Touched, of_moved, of_touched},
    replan::{prune, rewire},
    revive::revive,
    tally::Tally,
    uuid4,
};
use crate::{
    failure::Failure,
    rows::{Cells, EventRow, Standing, json},
};

/// Carries out the cascades of one set.
pub(super) async fn cascade(
    conn: &mut SqliteConnection,
    draft: &Draft,
    outcome: &mut Outcome,
    tally: &mut Tally,
) -> Result<(), Failure> {
    for cascade in &draft.cascades {
        match cascade {
            Cascade::Descendants { of, fault } => {
                let called_off = cancel_descendants(conn, draft, *of, fault).await?;
                let because = serde_json::json!({ "because_of_task": of });
                cancelled(conn, draft, called_off, because, outcome, tally).await?;
            }
            Cascade::Campaign { fault } => {
                let called_off = cancel_campaign(conn, draft, fault).await?;
                let because = serde_json::json!({ "because_of_campaign": draft.campaign.id });
                cancelled(conn, draft, called_off, because, outcome, tally).await?;
                leave_to_people(conn, draft, outcome).await?;
            }
            Cascade::Rewire { task, needs } => {
                rewire(conn, draft, *task, needs, outcome).await?;
            }
            Cascade::Prune { tasks, fault } => {
                let pruned = prune(conn, draft, tasks, fault).await?;
                let because = serde_json::json!({ "because_of_replan": draft.campaign.id });
                cancelled(conn, draft, pruned, because, outcome, tally).await?;
                for task in tasks {
                    let below = cancel_descendants(conn, draft, *task, fault).await?;
                    let because = serde_json::json!({ "because_of_task": task });
                    cancelled(conn, draft, below, because, outcome, tally).await?;
                }
            }
            Cascade::Revive(task) => revive(conn, draft, *task, outcome, tally).await?,
            Cascade::Recall => recall(conn, draft, outcome).await?,
            Cascade::PauseAgent(agent) => pause_agent(conn, draft, *agent).await?,
        }
    }
    Ok(())
}

async fn cancel_descendants(
    conn: &mut SqliteConnection,
    draft: &Draft,
    of: TaskId,
    fault: &str,
) -> Result<Vec<Moved>, Failure> {
    let found = sqlx::query_as(concat!(
        "WITH RECURSIVE below (id) AS ( \
             SELECT task_id FROM task_edges WHERE needs_id = ?1 AND tenant_id = ?4 \
             UNION SELECT e.task_id FROM below \
                 JOIN task_edges e ON e.needs_id = below.id AND e.tenant_id = ?4) \
         UPDATE tasks SET state = 'cancelled', state_data = '{}', not_before = NULL, lease_until = NULL, \
             current_worker_id = NULL, fault = ?2, updated_at = ?3, version_id = ",
        uuid4!(),
        " WHERE id IN (SELECT id FROM below) AND id <> ?1 AND tenant_id = ?4 AND standing = 'open' \
             RETURNING id, state, version_id, agent_id, trace_id, skill"
    ))
    .bind(of.to_string())
    .bind(fault)
    .bind(draft.at.micros())
    .bind(draft.tenant.to_string())
    .fetch_all(conn)
    .await?;
    Ok(found)
}

/// A task whose action is on its way, or may have gone out, stays open: how it ended is still to be stored.
async fn cancel_campaign(
    conn: &mut SqliteConnection,
    draft: &Draft,
    fault: &str,
) -> Result<Vec<Moved>, Failure> {
    let found = sqlx::query_as(concat!(
        "UPDATE tasks SET state = 'cancelled', state_data = '{}', not_before = NULL, lease_until = NULL, \
             current_worker_id = NULL, fault = ?2, updated_at = ?3, version_id = ",
        uuid4!(),
        " WHERE campaign_id = ?1 AND tenant_id = ?4 AND standing = 'open' \
             AND NOT EXISTS (SELECT 1 FROM effects e WHERE e.task_id = tasks.id AND e.tenant_id = ?4 \
                 AND (e.state IN ('dispatching', 'pending_reconciliation') \
                     OR (e.state = 'held' AND e.dispatched_at IS NOT NULL))) \
             RETURNING id, state, version_id, agent_id, trace_id, skill"
    ))
    .bind(draft.campaign.id.to_string())
    .bind(fault)
    .bind(draft.at.micros())
    .bind(draft.tenant.to_string())
    .fetch_all(conn)
    .await?;
    Ok(found)
}

/// An action that may have gone out, and waits to be asked again, is asked for a campaign that is over by nobody: a
/// person says what the account has.
async fn leave_to_people(
    conn: &mut SqliteConnection,
    draft: &Draft,
    outcome: &mut Outcome,
) -> Result<(), Failure> {
    let left: Vec<(String, String)> = sqlx::query_as(concat!(
        "UPDATE effects SET state = 'pending_reconciliation', updated_at = ?2, version_id = ",
        uuid4!(),
        " WHERE state = 'held' AND dispatched_at IS NOT NULL AND campaign_id = ?1 AND tenant_id = ?3 \
             RETURNING id, task_id"
    ))
    .bind(draft.campaign.id.to_string())
    .bind(draft.at.micros())
    .bind(draft.tenant.to_string())
    .fetch_all(conn)
    .await?;
    let cells = Cells("effects");
    for (id, task) in left {
        let effect: EffectId = cells.text("id", &id)?;
        outcome.effects.push(effect);
        let fact = Fact::EffectChanged {
            effect,
            task: cells.text("task_id", &task)?,
            state: "pending_reconciliation".to_owned(),
        };
        outcome.events.push(event(draft, fact)?);
    }
    Ok(())
}

/// What goes with tasks that were called off: open attempts end, open reviews and held effects are taken back.
async fn cancelled(
    conn: &mut SqliteConnection,
    draft: &Draft,
    tasks: Vec<Moved>,
    because: serde_json::Value,
    outcome: &mut Outcome,
    tally: &mut Tally,
) -> Result<(), Failure> {
    if tasks.is_empty() {
        return Ok(());
    }
    let count = i64::try_from(tasks.len()).unwrap_or(i64::MAX);
    tally.go(draft.owned(), Standing::Open, Standing::Cancelled, count);
    for task in &tasks {
        outcome.events.push(task_changed(
            draft,
            Cells("tasks").text("id", &task.id)?,
            "cancelled",
        )?);
        let record = of_moved(draft, task, "task.cancel", &because)?;
        outcome.records.push(record);
    }
    end_attempts(conn, draft, &listed(&tasks)?).await?;
    withdraw_reviews(conn, draft, &tasks, outcome).await?;
    void_effects(conn, draft, &tasks, outcome).await
}

fn listed(tasks: &[Moved]) -> Result<String, Failure> {
    json(&tasks.iter().map(|task| &task.id).collect::<Vec<_>>())
}

async fn end_attempts(
    conn: &mut SqliteConnection,
    draft: &Draft,
    tasks: &str,
) -> Result<(), Failure> {
    sqlx::query(
        "UPDATE attempts SET outcome = 'invalidated', ended_at = ?2 \
         WHERE outcome = 'open' AND tenant_id = ?3 AND task_id IN (SELECT value FROM json_each(?1))",
    )
    .bind(tasks)
    .bind(draft.at.micros())
    .bind(draft.tenant.to_string())
    .execute(conn)
    .await?;
    Ok(())
}

async fn withdraw_reviews(
    conn: &mut SqliteConnection,
    draft: &Draft,
    tasks: &[Moved],
    outcome: &mut Outcome,
) -> Result<(), Failure> {
    let withdrawn: Vec<Touched> = sqlx::query_as(concat!(
        "UPDATE reviews SET state = 'withdrawn', claimed_by = NULL, claimed_until = NULL, decided_at = ?2, \
             version_id = ",
        uuid4!(),
        " WHERE is_open = 1 AND tenant_id = ?3 AND task_id IN (SELECT value FROM json_each(?1)) \
             RETURNING id, task_id, version_id"
    ))
    .bind(listed(tasks)?)
    .bind(draft.at.micros())
    .bind(draft.tenant.to_string())
    .fetch_all(conn)
    .await?;
    for row in withdrawn {
        let review: ReviewId = Cells("reviews").text("id", &row.id)?;
        outcome.reviews.push(review);
        let said = serde_json::json!({ "review": review });
        let record = of_touched(draft, &row, tasks, "review.withdraw", &said)?;
        outcome.records.push(record);
        let fact = Fact::ReviewChanged {
            review,
            campaign: draft.campaign.id,
            state: "withdrawn".to_owned(),
        };
        outcome.events.push(event(draft, fact)?);
    }
    Ok(())
}

async fn void_effects(
    conn: &mut SqliteConnection,
    draft: &Draft,
    tasks: &[Moved],
    outcome: &mut Outcome,
) -> Result<(), Failure> {
    let voided: Vec<Touched> = sqlx::query_as(concat!(
        "UPDATE effects SET state = 'voided', updated_at = ?2, version_id = ",
        uuid4!(),
        " WHERE state = 'held' AND dispatched_at IS NULL AND tenant_id = ?3 AND task_id IN (SELECT value FROM json_each(?1)) \
             RETURNING id, task_id, version_id"
    ))
    .bind(listed(tasks)?)
    .bind(draft.at.micros())
    .bind(draft.tenant.to_string())
    .fetch_all(conn)
    .await?;
    let cells = Cells("effects");
    for row in voided {
        let effect: EffectId = cells.text("id", &row.id)?;
        outcome.effects.push(effect);
        let said =
            serde_json::json!({ "effect": effect, "reason": "What it belongs to was called off." });
        let record = of_touched(draft, &row, tasks, "effect.void", &said)?;
        outcome.records.push(record);
        let fact = Fact::EffectChanged {
            effect,
            task: cells.text("task_id", &row.task_id)?,
            state: "voided".to_owned(),
        };
        outcome.events.push(event(draft, fact)?);
    }
    Ok(())
}

/// Work goes back to where it was taken from, under new versions: what is in flight cannot be handed in.
async fn recall(
    conn: &mut SqliteConnection,
    draft: &Draft,
    outcome: &mut Outcome,
) -> Result<(), Failure> {
    let recalled: Vec<Moved> = sqlx::query_as(concat!(
        "UPDATE tasks INDEXED BY tasks_leased SET \
             state = CASE state WHEN 'working' THEN 'ready' ELSE state END, \
             state_data = CASE state WHEN 'working' THEN '{}' ELSE state_data END, \
             not_before = CASE state WHEN 'working' THEN ?3 END, \
             lease_until = NULL, current_worker_id = NULL, updated_at = ?3, version_id = ",
        uuid4!(),
        " WHERE campaign_id = ?1 AND tenant_id = ?2 AND lease_until IS NOT NULL \
             RETURNING id, state, version_id, agent_id, trace_id, skill"
    ))
    .bind(draft.campaign.id.to_string())
    .bind(draft.tenant.to_string())
    .bind(draft.at.micros())
    .fetch_all(&mut *conn)
    .await?;
    let because = serde_json::json!({ "because_of_campaign": draft.campaign.id });
    for row in &recalled {
        let task: TaskId = Cells("tasks").text("id", &row.id)?;
        outcome.events.push(task_changed(draft, task, &row.state)?);
        let record = of_moved(draft, row, "task.recall", &because)?;
        outcome.records.push(record);
        if row.state == "ready" && draft.running {
            outcome.ready.push(task);
        }
    }
    end_attempts(conn, draft, &listed(&recalled)?).await
}

/// One that was paused or stopped meanwhile stays as it is. The set brings the event and the record itself.
async fn pause_agent(
    conn: &mut SqliteConnection,
    draft: &Draft,
    agent: AgentId,
) -> Result<(), Failure> {
    sqlx::query(concat!(
        "UPDATE agents SET control = 'paused', version_id = ",
        uuid4!(),
        " WHERE id = ?1 AND tenant_id = ?2 AND control = 'running'"
    ))
    .bind(agent.to_string())
    .bind(draft.tenant.to_string())
    .execute(conn)
    .await?;
    Ok(())
}

/// An event that the store itself writes, because only it knows the row.
pub(super) fn event(draft: &Draft, fact: Fact) -> Result<EventRow, Failure> {
    EventRow::of(&Event {
        seq: 0,
        tenant: draft.tenant,
        actor: Actor::system("board"),
        at: draft.at,
        fact,
    })
}
