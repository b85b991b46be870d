//! A worker or a judge hands its task back unfinished: nothing failed, so nothing is counted.

use chimera_domain::{
    change::{Board, ChangeSet},
    id::AttemptId,
    task::TaskState,
    time::Span,
};

use crate::{given::Given, refusal::Refusal, step::Step};

pub(super) fn hand_back(
    board: &Board,
    attempt: Option<AttemptId>,
    rest: Span,
    given: &mut Given<'_>,
) -> Result<ChangeSet, Refusal> {
    let mut step = Step::on(board);
    let at = given.now + rest;
    let state = match board.task.state {
        TaskState::Working { attempt: held, .. } if attempt == Some(held) => {
            step.attempt_ended(given, held, "handed_back", None);
            TaskState::Ready { not_before: at }
        }
        TaskState::Judging {
            artifact,
            state_version,
            lease_until: Some(_),
        } if attempt.is_none() => TaskState::Judging {
            artifact,
            state_version,
            // A judge's rest is a lease that nobody holds: it is taken up when it ends.
            lease_until: (at > given.now).then_some(at),
        },
        _ => return Err(Refusal::LeaseLost),
    };
    step.go(given, state);
    Ok(step.finish(given))
}
