//! The planner found another way: steps that have not begun leave, others come in, in one transaction (ORC-03).
//!
//! What has begun stays: nothing published, held, approved or under way is ever touched. Never here: finding it.

use std::collections::HashMap;

use chimera_domain::{
    audit::AuditStatus,
    campaign::CampaignStatus,
    change::{Board, Change, NewTask},
    fault::{Fault, FaultClass},
    id::{AttemptId, TaskId},
    replan::MAX_NEW_STEPS,
    task::{TaskKind, TaskState},
    text::clipped,
};
use serde_json::json;

use super::{Decided, ask_replan::TITLE_CHARS, end_replan::close};
use crate::{
    command::AnotherPlan,
    given::Given,
    new_task::task_of,
    plan::{PlanError, check},
    refusal::Refusal,
    step::Step,
};

pub(super) fn replan(
    board: &Board,
    attempt: AttemptId,
    another: AnotherPlan,
    given: &mut Given<'_>,
) -> Result<Decided, Refusal> {
    match board.task.state {
        TaskState::Working { attempt: held, .. } if held == attempt => {}
        _ => return Err(Refusal::LeaseLost),
    }
    if board.task.kind != TaskKind::Replan {
        return Err(Refusal::Missing("request for another plan"));
    }
    if board.campaign.status != CampaignStatus::Active {
        return Err(Refusal::CampaignNot {
            command: "changing the plan",
            found: board.campaign.status,
        });
    }
    if board.campaign.version != another.seen {
        return Err(Refusal::PlanOutdated);
    }
    check(&another.plan.steps)?;
    if another.plan.campaign != board.campaign.id {
        return Err(Refusal::Missing("plan of this campaign"));
    }
    let mut step = Step::on(board);
    let added = new_tasks(&step, &another, given)?;
    let rewired = rewired(&another, &added)?;
    let Some(open) = close(&mut step, given) else {
        return Err(Refusal::Missing("request for another plan"));
    };
    step.attempt_ended(given, attempt, "recorded", None);
    let keys: Vec<&str> = added.iter().map(|new| new.task.step.as_str()).collect();
    let output = json!({
        "round": open.round, "plan": another.plan.id, "revision": another.plan.revision,
        "failed": open.failed.iter().map(|failed| json!({ "step": failed.step, "code": failed.fault.code })).collect::<Vec<_>>(),
        "pruned": another.prune, "inserted": keys,
        "rewired": another.rewired.iter().map(|(task, _)| task).collect::<Vec<_>>(),
        "reason": another.reason,
    });
    step.audit(given, "campaign.replan", output, AuditStatus::Success);
    step.push(Change::AddTasks(added));
    for (task, needs) in rewired {
        step.push(Change::Rewire { task, needs });
    }
    if !another.prune.is_empty() {
        let message = format!("The plan was changed without it. {}", another.reason);
        step.push(Change::Prune {
            tasks: another.prune,
            fault: Fault::new(FaultClass::Validation, "PRUNED", message),
        });
    }
    for failed in &open.failed {
        step.call_off_below(failed.task, &failed.title, &failed.fault);
    }
    step.task.title = clipped(&format!("Plan changed: {}", another.reason), TITLE_CHARS);
    step.task.fault = None;
    step.push(Change::Plan(Box::new(another.plan)));
    step.go(given, TaskState::Completed);
    Ok(step.finish(given).into())
}

/// The tasks of the new steps. One that waits for nothing else hangs on the request itself, so that it can be seen
/// where it comes from.
fn new_tasks(
    step: &Step<'_>,
    another: &AnotherPlan,
    given: &mut Given<'_>,
) -> Result<Vec<NewTask>, Refusal> {
    if another.inserted.len() > MAX_NEW_STEPS {
        let found = another.inserted.len();
        return Err(PlanError::TooManyNew { found }.into());
    }
    let ids: HashMap<&str, TaskId> = another
        .inserted
        .iter()
        .map(|key| (key.as_str(), TaskId::from_uuid(given.id())))
        .collect();
    let mut added = Vec::with_capacity(ids.len());
    for new in &another.plan.steps {
        let Some(id) = ids.get(new.key.as_str()).copied() else {
            continue;
        };
        let find = |key: &String| ids.get(key.as_str()).or_else(|| another.tasks.get(key));
        let mut needs = found(&new.key, &new.needs, find)?;
        let waiting_on = needs.len();
        if needs.is_empty() {
            needs.push(step.task.id);
        }
        let of = (&another.plan, new);
        let task = task_of(&step.board.campaign, of, id, waiting_on, given);
        added.push(NewTask { task, needs });
    }
    Ok(added)
}

fn rewired(
    another: &AnotherPlan,
    added: &[NewTask],
) -> Result<Vec<(TaskId, Vec<TaskId>)>, Refusal> {
    let new: HashMap<&str, TaskId> = added
        .iter()
        .map(|new| (new.task.step.as_str(), new.task.id))
        .collect();
    let mut changes = Vec::with_capacity(another.rewired.len());
    for (task, needs) in &another.rewired {
        let find = |key: &String| new.get(key.as_str()).or_else(|| another.tasks.get(key));
        changes.push((*task, found(&task.to_string(), needs, find)?));
    }
    Ok(changes)
}

fn found<'t>(
    step: &str,
    needs: &[String],
    find: impl Fn(&String) -> Option<&'t TaskId>,
) -> Result<Vec<TaskId>, Refusal> {
    let unknown = |needs: &String| PlanError::UnknownStep {
        step: step.to_owned(),
        needs: needs.clone(),
    };
    let mut tasks = Vec::with_capacity(needs.len());
    for key in needs {
        tasks.push(*find(key).ok_or_else(|| unknown(key))?);
    }
    tasks.sort_unstable();
    tasks.dedup();
    Ok(tasks)
}
