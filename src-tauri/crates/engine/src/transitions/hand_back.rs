//! A worker hands its task back at shutdown: nothing failed, so nothing is counted.

use chimera_domain::{
    change::{Board, ChangeSet},
    id::AttemptId,
    task::TaskState,
};

use crate::{given::Given, refusal::Refusal, step::Step};

pub(super) fn hand_back(
    board: &Board,
    attempt: AttemptId,
    given: &mut Given<'_>,
) -> Result<ChangeSet, Refusal> {
    match board.task.state {
        TaskState::Working { attempt: held, .. } if held == attempt => {
            let mut step = Step::on(board);
            step.attempt_ended(given, attempt, "handed_back", None);
            step.go(
                given,
                TaskState::Ready {
                    not_before: given.now,
                },
            );
            Ok(step.finish(given))
        }
        _ => Err(Refusal::LeaseLost),
    }
}
