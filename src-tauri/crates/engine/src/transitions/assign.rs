//! A worker takes a ready task under a lease.

use chimera_domain::{
    agent::Control,
    campaign::CampaignStatus,
    change::{Attempt, Board, Change, ChangeSet},
    id::AttemptId,
    task::{TaskKind, TaskState},
    time::Span,
};

use crate::{given::Given, refusal::Refusal, step::Step};

pub(super) fn assign(
    board: &Board,
    worker: String,
    lease: Span,
    given: &mut Given<'_>,
) -> Result<ChangeSet, Refusal> {
    let TaskState::Ready { not_before } = board.task.state else {
        return Err(Refusal::WrongState {
            command: "assigning",
            needed: "ready",
            found: board.task.state.as_str(),
        });
    };
    if board.campaign.status != CampaignStatus::Active {
        return Err(Refusal::CampaignNot {
            command: "assigning",
            found: board.campaign.status,
        });
    }
    // Looking for another way is Chimera's own work and none of the agent's.
    if board.control != Control::Running && board.task.kind != TaskKind::Replan {
        return Err(Refusal::AgentNot {
            command: "assigning",
            found: board.control,
        });
    }
    if not_before > given.now {
        return Err(Refusal::TooEarly { until: not_before });
    }
    let attempt = AttemptId::from_uuid(given.id());
    let mut step = Step::on(board);
    step.push(Change::Attempt(Attempt {
        id: attempt,
        tenant: board.task.tenant,
        task: board.task.id,
        worker: worker.clone(),
        started_at: given.now,
        ended_at: None,
        outcome: "open".to_owned(),
        fault: None,
    }));
    let state = TaskState::Working {
        attempt,
        worker,
        state_version: board.campaign.state_version,
        lease_until: given.now + lease,
    };
    step.go(given, state);
    Ok(step.finish(given))
}
