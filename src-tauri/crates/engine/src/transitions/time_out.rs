//! A deadline passed. What is on its way out is not called back.

use chimera_domain::{
    audit::AuditStatus,
    change::{Board, ChangeSet},
    fault::{Fault, FaultClass},
    task::TaskState,
};
use serde_json::json;

use super::cancel::withdraw;
use crate::{given::Given, refusal::Refusal, step::Step};

pub(super) fn time_out(board: &Board, given: &mut Given<'_>) -> Result<ChangeSet, Refusal> {
    let deadline = board.task.deadline.ok_or(Refusal::Missing("deadline"))?;
    if deadline > given.now {
        return Err(Refusal::TooEarly { until: deadline });
    }
    let mut step = Step::on(board);
    withdraw(&mut step, "timing out", given)?;
    step.audit(
        given,
        "task.time_out",
        json!({ "deadline": deadline }),
        AuditStatus::Failure,
    );
    let fault = Fault::new(
        FaultClass::Permanent,
        "DEADLINE_PASSED",
        format!("Its deadline, {deadline}, passed."),
    );
    let title = format!("\"{}\" missed its deadline", board.task.title);
    step.alert(
        given,
        "DEADLINE_PASSED",
        title,
        format!("{} Nothing was sent.", fault.message),
    );
    step.give_up(given, TaskState::TimedOut, fault);
    Ok(step.finish(given))
}
