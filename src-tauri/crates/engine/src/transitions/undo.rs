//! A person takes a decision back within the undo time: the action is put before a person again.

use chimera_domain::{
    action::EffectState,
    audit::AuditStatus,
    change::{Board, ChangeSet},
    id::EffectId,
    review::ReviewBand,
};
use serde_json::json;

use crate::{given::Given, refusal::Refusal, review_item::open_review, step::Step};

pub(super) fn undo(
    board: &Board,
    effect: EffectId,
    given: &mut Given<'_>,
) -> Result<ChangeSet, Refusal> {
    let held = board
        .effect
        .as_ref()
        .filter(|found| found.id == effect)
        .ok_or(Refusal::Missing("action"))?;
    if held.state != EffectState::Held {
        return Err(Refusal::WrongState {
            command: "undoing",
            needed: "held",
            found: held.state.as_str(),
        });
    }
    if held.held_until <= given.now || held.is_unclear {
        return Err(Refusal::UndoOver {
            until: held.held_until,
        });
    }
    let artifact = board
        .artifact
        .as_ref()
        .ok_or(Refusal::Missing("artifact"))?;
    let verdict = board.verdict.as_ref().ok_or(Refusal::Missing("verdict"))?;
    let mut step = Step::on(board);
    let mut next = held.clone();
    next.state = EffectState::Undone;
    step.save_effect(given, next, Some(held.version));
    step.audit(
        given,
        "effect.undo",
        json!({ "effect": held.id, "review": held.approval.review, "kind": held.approval.kind }),
        AuditStatus::Success,
    );
    let reasons = vec!["The decision was taken back within the undo time.".to_owned()];
    open_review(
        &mut step,
        given,
        artifact,
        verdict,
        ReviewBand::Queue,
        reasons,
    );
    Ok(step.finish(given))
}
