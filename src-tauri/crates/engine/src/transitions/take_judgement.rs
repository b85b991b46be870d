//! A judge takes an artifact under a lease.

use chimera_domain::{
    campaign::CampaignStatus,
    change::{Board, ChangeSet},
    task::TaskState,
    time::Span,
};

use crate::{given::Given, refusal::Refusal, step::Step};

pub(super) fn take_judgement(
    board: &Board,
    lease: Span,
    given: &mut Given<'_>,
) -> Result<ChangeSet, Refusal> {
    if board.campaign.status != CampaignStatus::Active {
        return Err(Refusal::CampaignNot {
            command: "judging",
            found: board.campaign.status,
        });
    }
    let mut step = Step::on(board);
    match &mut step.task.state {
        TaskState::Judging {
            lease_until: Some(until),
            ..
        } if *until > given.now => Err(Refusal::TooEarly { until: *until }),
        TaskState::Judging { lease_until, .. } => {
            *lease_until = Some(given.now + lease);
            Ok(step.finish(given))
        }
        state => Err(Refusal::WrongState {
            command: "judging",
            needed: "judging",
            found: state.as_str(),
        }),
    }
}
