//! A lease ended with nobody renewing it: the work is given to somebody else.

use chimera_domain::{
    audit::AuditStatus,
    change::{Board, ChangeSet},
    fault::{Fault, FaultClass},
    task::TaskState,
};
use serde_json::json;

use super::ask_replan::{Told, fail_for_good};
use crate::{given::Given, refusal::Refusal, step::Step};

pub(super) fn lapse_lease(
    board: &Board,
    holder_is_gone: bool,
    given: &mut Given<'_>,
) -> Result<ChangeSet, Refusal> {
    let mut step = Step::on(board);
    match &board.task.state {
        TaskState::Working { lease_until, .. } if *lease_until > given.now && !holder_is_gone => {
            return Err(Refusal::TooEarly {
                until: *lease_until,
            });
        }
        TaskState::Working {
            attempt, worker, ..
        } => {
            let fault = Fault::new(
                FaultClass::Transient,
                "WORKER_LOST",
                format!(
                    "{worker} was not heard of until its lease ended. Nothing was sent; the task runs again."
                ),
            );
            step.attempt_ended(given, *attempt, "expired", Some(fault.clone()));
            step.audit(
                given,
                "task.lapse",
                json!({ "worker": worker }),
                AuditStatus::Failure,
            );
            if board.task.attempts >= given.policy.max_retries {
                let output =
                    json!({ "code": fault.code, "class": fault.class, "message": fault.message });
                step.audit(given, "task.fail", output, AuditStatus::Failure);
                step.pause_agent(given, board.task.attempts + 1, &fault);
                fail_for_good(&mut step, fault, Told::AtTheEnd, given);
            } else {
                step.task.attempts += 1;
                #[cfg(test)]
                crate::mutation::forget_loss(&mut step.task);
                step.task.fault = Some(fault);
                step.go(
                    given,
                    TaskState::Ready {
                        not_before: given.now,
                    },
                );
            }
        }
        TaskState::Judging {
            lease_until: Some(until),
            ..
        } if *until > given.now && !holder_is_gone => {
            return Err(Refusal::TooEarly { until: *until });
        }
        TaskState::Judging {
            artifact,
            state_version,
            lease_until: Some(_),
        } => {
            let state = TaskState::Judging {
                artifact: *artifact,
                state_version: *state_version,
                lease_until: None,
            };
            step.go(given, state);
        }
        state => {
            return Err(Refusal::WrongState {
                command: "a lapse",
                needed: "working",
                found: state.as_str(),
            });
        }
    }
    Ok(step.finish(given))
}
