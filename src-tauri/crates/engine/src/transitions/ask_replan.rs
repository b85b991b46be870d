//! A step failed for good: the planner is asked for another way, before anything that depends on it is called off.
//!
//! The request is a task of its own, stored with the failure: it survives the process, is recalled by a pause and
//! called off with its campaign like any other. Never here: what else could be done.

use chimera_domain::{
    campaign::Campaign,
    change::{Change, NewTask},
    fault::{Fault, FaultClass},
    id::{TaskId, VersionId},
    replan::{FailedStep, MAX_REPLAN_COST, MAX_REPLANS, Replanning},
    task::{Priority, Task, TaskKind, TaskState},
    text::clipped,
    trace::{SpanId, TraceContext},
};
use serde_json::{Map, Value, json};

use super::end_replan::end_replan;
use crate::{given::Given, step::Step};

/// Most characters of a title that is made of another title.
pub(super) const TITLE_CHARS: usize = 160;
/// Before everything else that is ready: what waits for it stands still.
const URGENCY: Priority = Priority::new(100);

/// What people hear of a failure, and when.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// They were told already.
    Already,
    /// Once it is certain that there is no other way.
    AtTheEnd,
}

/// The task has failed for good. Its dependents wait for another plan; without one they are called off.
pub(super) fn fail_for_good(step: &mut Step<'_>, fault: Fault, told: Told, given: &mut Given<'_>) {
    if step.task.kind == TaskKind::Replan {
        return end_replan(step, TaskState::Failed, fault, given);
    }
    let campaign = &step.board.campaign;
    // Only a higher cap helps against an exhausted one, and nobody plans on for a campaign that is over.
    let helps = !campaign.status.is_over() && fault.class != FaultClass::BudgetExhausted;
    let failed = FailedStep::of(&step.task, fault.clone(), told == Told::Already);
    match &campaign.replanning {
        Some(_) if helps => {
            step.change_campaign(given, |campaign| {
                if let Some(open) = &mut campaign.replanning {
                    open.failed.push(failed);
                }
            });
            step.end(given, TaskState::Failed, fault);
        }
        None if helps && campaign.replans < MAX_REPLANS => {
            let task = request(campaign, &step.task, given);
            let open = Replanning {
                task: task.id,
                round: campaign.replans + 1,
                failed: vec![failed],
            };
            step.push(Change::AddTasks(vec![NewTask {
                task,
                needs: Vec::new(),
            }]));
            step.change_campaign(given, |campaign| {
                campaign.replans = open.round;
                campaign.replanning = Some(open);
            });
            step.end(given, TaskState::Failed, fault);
        }
        _ => {
            tell(step, &failed, helps, given);
            step.give_up(given, TaskState::Failed, fault);
        }
    }
}

/// Nobody looks for another way any more: a person hears of it.
fn tell(step: &mut Step<'_>, failed: &FailedStep, is_exhausted: bool, given: &mut Given<'_>) {
    let message = &failed.fault.message;
    if is_exhausted {
        let title = format!(
            "\"{}\" failed after {MAX_REPLANS} changes of the plan",
            failed.title
        );
        let detail = format!(
            "{message} The plan was changed {MAX_REPLANS} times already and is not changed again by itself; what depends on this step was called off. Nothing was sent by it. Mend the cause, then make another campaign."
        );
        step.alert(given, "REPLANS_EXHAUSTED", title, detail);
    } else if failed.is_untold_news() {
        let title = format!("\"{}\" was given up", failed.title);
        let detail = format!(
            "{message} Nothing was sent. Mend the cause, then begin another campaign like it."
        );
        step.alert(given, &failed.fault.code, title, detail);
    }
}

/// The task in which the planner is asked.
fn request(campaign: &Campaign, failed: &Task, given: &mut Given<'_>) -> Task {
    let id = TaskId::from_uuid(given.id());
    let round = campaign.replans + 1;
    let input: Map<String, Value> = [("round".to_owned(), json!(round))].into_iter().collect();
    Task {
        id,
        tenant: campaign.tenant,
        campaign: campaign.id,
        agent: campaign.agent,
        step: format!("replan-{round}"),
        kind: TaskKind::Replan,
        skill: "replan".to_owned(),
        title: clipped(
            &format!("Look for another way: \"{}\" failed", failed.title),
            TITLE_CHARS,
        ),
        instructions: "Change what has not begun of the plan so that the goal is still met."
            .to_owned(),
        plan_private: None,
        input,
        platform: None,
        priority: URGENCY,
        max_cost: Some(MAX_REPLAN_COST),
        deadline: None,
        publish_at: None,
        state: TaskState::Ready {
            not_before: given.now,
        },
        waiting_on: 0,
        attempts: 0,
        rejections: 0,
        guidance: Vec::new(),
        score: None,
        artifact: None,
        fault: None,
        trace: TraceContext {
            trace: campaign.trace.trace,
            span: SpanId::from_bits(id.as_uuid().as_u64_pair().1),
        },
        version: VersionId::from_uuid(given.id()),
        created_at: given.now,
        updated_at: given.now,
    }
}
