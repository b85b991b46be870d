//! A worker says that it is still at it.

use chimera_domain::{
    change::{Board, ChangeSet},
    id::AttemptId,
    task::TaskState,
    time::Span,
};

use crate::{given::Given, refusal::Refusal, step::Step};

pub(super) fn renew(
    board: &Board,
    attempt: AttemptId,
    lease: Span,
    given: &mut Given<'_>,
) -> Result<ChangeSet, Refusal> {
    let mut step = Step::on(board);
    match &mut step.task.state {
        TaskState::Working {
            attempt: held,
            lease_until,
            ..
        } if *held == attempt => {
            *lease_until = given.now + lease;
            Ok(step.finish(given))
        }
        _ => Err(Refusal::LeaseLost),
    }
}
