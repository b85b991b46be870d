//! A person calls a task off.

use chimera_domain::{
    action::EffectState,
    audit::AuditStatus,
    change::{Board, ChangeSet},
    fault::{Fault, FaultClass},
    review::ReviewState,
    task::{TaskKind, TaskState},
};
use serde_json::json;

use super::end_replan::end_replan;
use crate::{given::Given, refusal::Refusal, step::Step};

pub(super) fn cancel(
    board: &Board,
    note: String,
    given: &mut Given<'_>,
) -> Result<ChangeSet, Refusal> {
    let mut step = Step::on(board);
    withdraw(&mut step, "calling off", given)?;
    step.audit(
        given,
        "task.cancel",
        json!({ "note": note }),
        AuditStatus::Success,
    );
    let fault = Fault::new(
        FaultClass::Validation,
        "CANCELLED",
        format!("A person called it off. {note}"),
    );
    if step.task.kind == TaskKind::Replan {
        end_replan(&mut step, TaskState::Cancelled, fault, given);
    } else {
        step.give_up(given, TaskState::Cancelled, fault);
    }
    Ok(step.finish(given))
}

/// Takes back what waits for the task: its open attempt, review and held action.
pub(super) fn withdraw(
    step: &mut Step<'_>,
    command: &'static str,
    given: &mut Given<'_>,
) -> Result<(), Refusal> {
    let board = step.board;
    let is_over = board.task.state.is_terminal();
    #[cfg(test)]
    let is_over = is_over && !crate::mutation::Mutation::EndsTwice.is_in_force();
    if is_over {
        return Err(Refusal::WrongState {
            command,
            needed: "open",
            found: board.task.state.as_str(),
        });
    }
    if let TaskState::Working { attempt, .. } = board.task.state {
        step.attempt_ended(given, attempt, "invalidated", None);
    }
    if matches!(board.task.state, TaskState::Releasing { .. })
        && let Some(effect) = &board.effect
    {
        if effect.state != EffectState::Held || effect.is_unclear {
            return Err(Refusal::WrongState {
                command,
                needed: "not yet leaving",
                found: effect.state.as_str(),
            });
        }
        let mut next = effect.clone();
        next.state = EffectState::Voided;
        step.save_effect(given, next, Some(effect.version));
        let output = json!({ "effect": effect.id, "reason": "What it belongs to was called off." });
        step.audit(given, "effect.void", output, AuditStatus::Success);
    }
    if let Some(review) = board
        .review
        .as_ref()
        .filter(|review| review.state.is_open())
    {
        let mut next = review.clone();
        next.state = ReviewState::Withdrawn;
        next.claim = None;
        next.decided_at = Some(given.now);
        step.save_review(given, next, Some(review.version));
        let output = json!({ "review": review.review_id });
        step.audit(given, "review.withdraw", output, AuditStatus::Success);
    }
    Ok(())
}
