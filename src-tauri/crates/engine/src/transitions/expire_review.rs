//! Nobody decided in time: expiry denies (C22).

use chimera_domain::{
    audit::AuditStatus,
    change::{Board, ChangeSet},
    fault::{Fault, FaultClass},
    id::ReviewId,
    review::ReviewState,
    task::TaskState,
};
use serde_json::json;

use crate::{given::Given, refusal::Refusal, step::Step};

pub(super) fn expire_review(
    board: &Board,
    review: ReviewId,
    given: &mut Given<'_>,
) -> Result<ChangeSet, Refusal> {
    let item = board
        .review
        .as_ref()
        .filter(|item| item.review_id == review)
        .ok_or(Refusal::Missing("review"))?;
    if !item.state.is_open() {
        return Err(Refusal::AlreadySettled(item.state.as_str()));
    }
    if item.expires_at > given.now {
        return Err(Refusal::TooEarly {
            until: item.expires_at,
        });
    }
    let mut step = Step::on(board);
    #[cfg(test)]
    if crate::mutation::Mutation::ExpiryApproves.is_in_force() {
        return approve_instead(step, item, given);
    }
    let mut next = item.clone();
    next.state = ReviewState::Expired;
    next.claim = None;
    next.decided_at = Some(given.now);
    step.save_review(given, next, Some(item.version));
    step.audit(
        given,
        "review.expire",
        json!({ "review": item.review_id }),
        AuditStatus::Success,
    );
    let title = format!("\"{}\" expired in review", board.task.title);
    step.alert(
        given,
        "REVIEW_EXPIRED",
        title,
        "Nobody decided in time. Nothing was sent.".to_owned(),
    );
    let fault = Fault::new(
        FaultClass::Validation,
        "REVIEW_EXPIRED",
        "Nobody decided in time; expiry denies.",
    );
    step.give_up(given, TaskState::Failed, fault);
    Ok(step.finish(given))
}

/// What [`crate::mutation::Mutation::ExpiryApproves`] does.
#[cfg(test)]
fn approve_instead(
    mut step: Step<'_>,
    item: &chimera_domain::review::Review,
    given: &mut Given<'_>,
) -> Result<ChangeSet, Refusal> {
    let mut next = item.clone();
    next.state = ReviewState::Approved;
    step.save_review(given, next, Some(item.version));
    match &step.board.artifact {
        Some(artifact) if artifact.action.is_some() => {
            let by = super::release::Release {
                kind: chimera_domain::action::ApprovalKind::ByPerson,
                actor: given.actor.clone(),
                review: Some(item.review_id),
            };
            super::release::release(&mut step, artifact, by, given)?;
        }
        _ => step.go(given, TaskState::Completed),
    }
    Ok(step.finish(given))
}
