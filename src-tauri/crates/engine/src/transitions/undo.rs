//! A person takes a decision back while nobody has begun to perform it: the action is put before a person again. For as
//! long as the undo time lasts nobody begins; a stop, a pause or the posts of the day can hold it much longer.

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
    match held.state {
        EffectState::Held if !held.is_unclear => {}
        EffectState::Held
        | EffectState::Dispatching { .. }
        | EffectState::Sent
        | EffectState::PendingReconciliation => return Err(Refusal::UndoOver),
        EffectState::Failed | EffectState::Undone | EffectState::Voided => {
            return Err(Refusal::WrongState {
                command: "undoing",
                needed: "held",
                found: held.state.as_str(),
            });
        }
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
    let reasons = vec!["The decision was taken back before its action was begun.".to_owned()];
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
