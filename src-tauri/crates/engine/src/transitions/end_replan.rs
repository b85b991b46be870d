//! No other plan came of it: the branches of the failed steps end, and both reasons are told.

use chimera_domain::{
    fault::{Fault, FaultClass},
    replan::Replanning,
    task::TaskState,
    taxonomy::{Place, place},
};
use serde_json::json;

use crate::{given::Given, step::Step};

/// Ends the task in which another plan was sought, with `state` and the reason why there is none.
pub(super) fn end_replan(
    step: &mut Step<'_>,
    state: TaskState,
    fault: Fault,
    given: &mut Given<'_>,
) {
    let Some(open) = close(step, given) else {
        return step.give_up(given, state, fault);
    };
    for failed in &open.failed {
        step.call_off_below(failed.task, &failed.title, &failed.fault);
        if failed.is_untold_news() {
            let title = format!("\"{}\" was given up", failed.title);
            let detail = format!(
                "{} {} Nothing was sent. Mend the cause, then begin another campaign like it.",
                failed.fault.message,
                other_way(&fault)
            );
            step.alert(given, &failed.fault.code, title, detail);
        }
    }
    let ended = both(&open, &fault);
    step.end(given, state, ended);
}

/// Takes the open request off the campaign and keeps what it was about with its task.
pub(super) fn close(step: &mut Step<'_>, given: &mut Given<'_>) -> Option<Replanning> {
    let open = step.board.campaign.replanning.clone()?;
    if open.task != step.task.id {
        return None;
    }
    step.task
        .input
        .insert("failed".to_owned(), json!(open.failed));
    step.change_campaign(given, |campaign| campaign.replanning = None);
    Some(open)
}

fn other_way(fault: &Fault) -> String {
    format!("Another way was sought: {}", fault.message)
}

/// Why the steps failed and why there is no other way. It is of the first step's class: whether a person was told
/// follows from that.
fn both(open: &Replanning, fault: &Fault) -> Fault {
    let Some(first) = open.failed.first() else {
        return fault.clone();
    };
    let told = open
        .failed
        .iter()
        .find(|failed| failed.fault.class != FaultClass::Validation);
    let class = told.map_or(first.fault.class, |failed| failed.fault.class);
    let why: Vec<&str> = open
        .failed
        .iter()
        .map(|failed| failed.fault.message.as_str())
        .collect();
    let message = format!("{} {}", why.join(" "), other_way(fault));
    // A code with a class of its own would tell of another one.
    let code = match place(&fault.code) {
        Some(Place::Fixed(own)) if own != class => "REPLAN_DECLINED",
        _ => &fault.code,
    };
    Fault::new(class, code, message)
}
