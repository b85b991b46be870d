//! A person looked at the account: the end of an outcome that nobody knew (architecture §3 rule 5).
//!
//! Never here: trying it again. Who wants it sent plans it anew, and decides anew.

use chimera_domain::{
    action::{EffectState, Receipt},
    audit::AuditStatus,
    change::{Board, ChangeSet},
    fault::{Fault, FaultClass},
    id::EffectId,
};
use serde_json::json;

use super::{fail_effect::not_sent, settle::settled};
use crate::{given::Given, refusal::Refusal, step::Step};

pub(super) fn reconcile(
    board: &Board,
    effect: EffectId,
    found: Option<Receipt>,
    note: &str,
    given: &mut Given<'_>,
) -> Result<ChangeSet, Refusal> {
    let unclear = board
        .effect
        .as_ref()
        .filter(|found| found.id == effect)
        .ok_or(Refusal::Missing("action"))?;
    if unclear.state != EffectState::PendingReconciliation {
        return Err(Refusal::WrongState {
            command: "saying whether it went out",
            needed: "of an unknown outcome",
            found: unclear.state.as_str(),
        });
    }
    let mut step = Step::on(board);
    let output = json!({
        "effect": unclear.id, "sent": found.is_some(), "note": note, "kind": unclear.approval.kind,
        "post_id": found.as_ref().and_then(|receipt| receipt.post_id.clone()),
        "url": found.as_ref().and_then(|receipt| receipt.url.clone()),
    });
    step.audit(given, "effect.reconcile", output, AuditStatus::Success);
    if let Some(receipt) = found {
        settled(&mut step, unclear, receipt, given);
        return Ok(step.finish(given));
    }
    let message = format!("A person looked at the account: it did not go out. {note}");
    let fault = Fault::new(FaultClass::Permanent, "NOT_SENT", message.trim_end());
    let mut next = unclear.clone();
    next.state = EffectState::Failed;
    next.fault = Some(fault.clone());
    step.save_effect(given, next, Some(unclear.version));
    not_sent(&mut step, fault, given);
    Ok(step.finish(given))
}
