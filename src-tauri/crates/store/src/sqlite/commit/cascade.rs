//! Changes that reach rows which only the database knows: calling off and taking back.
//!
//! A set with one of these has its campaign for itself in the transaction (`lanes`). Never here: deciding
//! that something is called off.

use chimera_domain::{
    event::{Event, Fact},
    id::{EffectId, ReviewId, TaskId},
    role::Actor,
};
use sqlx::SqliteConnection;

use super::{
    draft::{Cascade, Draft},
    group::{Outcome, task_changed},
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
                cancelled(conn, draft, called_off, outcome, tally).await?;
            }
            Cascade::Campaign { fault } => {
                let called_off = cancel_campaign(conn, draft, fault).await?;
                cancelled(conn, draft, called_off, outcome, tally).await?;
            }
            Cascade::Recall => recall(conn, draft, outcome).await?,
        }
    }
    Ok(())
}

async fn cancel_descendants(
    conn: &mut SqliteConnection,
    draft: &Draft,
    of: TaskId,
    fault: &str,
) -> Result<Vec<String>, Failure> {
    let found: Vec<(String,)> = sqlx::query_as(concat!(
        "WITH RECURSIVE below (id) AS ( \
             SELECT task_id FROM task_edges WHERE needs_id = ?1 \
             UNION SELECT e.task_id FROM below JOIN task_edges e ON e.needs_id = below.id) \
         UPDATE tasks SET state = 'cancelled', state_data = '{}', not_before = NULL, lease_until = NULL, \
             current_worker_id = NULL, fault = ?2, updated_at = ?3, version_id = ",
        uuid4!(),
        " WHERE id IN (SELECT id FROM below) AND id <> ?1 AND tenant_id = ?4 AND standing = 'open' RETURNING id"
    ))
    .bind(of.to_string())
    .bind(fault)
    .bind(draft.at.micros())
    .bind(draft.tenant.to_string())
    .fetch_all(conn)
    .await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// A task whose action is on its way, or may have gone out, stays open: how it ended is still to be stored.
async fn cancel_campaign(
    conn: &mut SqliteConnection,
    draft: &Draft,
    fault: &str,
) -> Result<Vec<String>, Failure> {
    let found: Vec<(String,)> = sqlx::query_as(concat!(
        "UPDATE tasks SET state = 'cancelled', state_data = '{}', not_before = NULL, lease_until = NULL, \
             current_worker_id = NULL, fault = ?2, updated_at = ?3, version_id = ",
        uuid4!(),
        " WHERE campaign_id = ?1 AND tenant_id = ?4 AND standing = 'open' \
             AND NOT EXISTS (SELECT 1 FROM effects e WHERE e.task_id = tasks.id AND e.tenant_id = ?4 \
                 AND e.state IN ('dispatching', 'pending_reconciliation')) RETURNING id"
    ))
    .bind(draft.campaign.id.to_string())
    .bind(fault)
    .bind(draft.at.micros())
    .bind(draft.tenant.to_string())
    .fetch_all(conn)
    .await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// What goes with tasks that were called off: open attempts end, open reviews and held effects are taken back.
async fn cancelled(
    conn: &mut SqliteConnection,
    draft: &Draft,
    tasks: Vec<String>,
    outcome: &mut Outcome,
    tally: &mut Tally,
) -> Result<(), Failure> {
    if tasks.is_empty() {
        return Ok(());
    }
    let count = i64::try_from(tasks.len()).unwrap_or(i64::MAX);
    tally.go(
        draft.campaign.id,
        Standing::Open,
        Standing::Cancelled,
        count,
    );
    let list = json(&tasks)?;
    for task in &tasks {
        outcome.events.push(task_changed(
            draft,
            Cells("tasks").text("id", task)?,
            "cancelled",
        )?);
    }
    end_attempts(conn, draft, &list).await?;
    withdraw_reviews(conn, draft, &list, outcome).await?;
    void_effects(conn, draft, &list, outcome).await
}

async fn end_attempts(
    conn: &mut SqliteConnection,
    draft: &Draft,
    tasks: &str,
) -> Result<(), Failure> {
    sqlx::query(
        "UPDATE attempts SET outcome = 'invalidated', ended_at = ?2 \
         WHERE outcome = 'open' AND task_id IN (SELECT value FROM json_each(?1))",
    )
    .bind(tasks)
    .bind(draft.at.micros())
    .execute(conn)
    .await?;
    Ok(())
}

async fn withdraw_reviews(
    conn: &mut SqliteConnection,
    draft: &Draft,
    tasks: &str,
    outcome: &mut Outcome,
) -> Result<(), Failure> {
    let withdrawn: Vec<(String,)> = sqlx::query_as(concat!(
        "UPDATE reviews SET state = 'withdrawn', claimed_by = NULL, claimed_until = NULL, decided_at = ?2, \
             version_id = ",
        uuid4!(),
        " WHERE is_open = 1 AND task_id IN (SELECT value FROM json_each(?1)) RETURNING id"
    ))
    .bind(tasks)
    .bind(draft.at.micros())
    .fetch_all(conn)
    .await?;
    for (id,) in withdrawn {
        let review: ReviewId = Cells("reviews").text("id", &id)?;
        outcome.reviews.push(review);
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
    tasks: &str,
    outcome: &mut Outcome,
) -> Result<(), Failure> {
    let voided: Vec<(String, String)> = sqlx::query_as(concat!(
        "UPDATE effects SET state = 'voided', updated_at = ?2, version_id = ",
        uuid4!(),
        " WHERE state = 'held' AND task_id IN (SELECT value FROM json_each(?1)) RETURNING id, task_id"
    ))
    .bind(tasks)
    .bind(draft.at.micros())
    .fetch_all(conn)
    .await?;
    let cells = Cells("effects");
    for (id, task) in voided {
        let effect: EffectId = cells.text("id", &id)?;
        outcome.effects.push(effect);
        let fact = Fact::EffectChanged {
            effect,
            task: cells.text("task_id", &task)?,
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
    let recalled: Vec<(String, String)> = sqlx::query_as(concat!(
        "UPDATE tasks INDEXED BY tasks_leased SET \
             state = CASE state WHEN 'working' THEN 'ready' ELSE state END, \
             state_data = CASE state WHEN 'working' THEN '{}' ELSE state_data END, \
             not_before = CASE state WHEN 'working' THEN ?3 END, \
             lease_until = NULL, current_worker_id = NULL, updated_at = ?3, version_id = ",
        uuid4!(),
        " WHERE campaign_id = ?1 AND tenant_id = ?2 AND lease_until IS NOT NULL RETURNING id, state"
    ))
    .bind(draft.campaign.id.to_string())
    .bind(draft.tenant.to_string())
    .bind(draft.at.micros())
    .fetch_all(&mut *conn)
    .await?;
    let mut ids = Vec::with_capacity(recalled.len());
    for (id, state) in recalled {
        let task: TaskId = Cells("tasks").text("id", &id)?;
        outcome.events.push(task_changed(draft, task, &state)?);
        if state == "ready" && draft.running {
            outcome.ready.push(task);
        }
        ids.push(id);
    }
    end_attempts(conn, draft, &json(&ids)?).await
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
