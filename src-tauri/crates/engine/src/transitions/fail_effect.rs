//! The far side did not do it, or nobody knows: never a blind second try (architecture §3 rule 5).

use chimera_domain::{
    action::{Effect, EffectState},
    audit::AuditStatus,
    change::{Board, ChangeSet},
    fault::{Fault, FaultClass},
    id::EffectId,
    task::TaskState,
};
use serde_json::json;

use super::{
    ask_replan::{Told, fail_for_good},
    fail::retry_at,
};
use crate::{given::Given, refusal::Refusal, step::Step};

/// How an effect failed.
pub(super) struct EffectFailure {
    pub(super) fault: Fault,
    pub(super) certainly_not_performed: bool,
    pub(super) asks_by_key: bool,
    pub(super) jitter: u16,
}

pub(super) fn fail_effect(
    board: &Board,
    effect: EffectId,
    failure: EffectFailure,
    given: &mut Given<'_>,
) -> Result<ChangeSet, Refusal> {
    let tried = board
        .effect
        .as_ref()
        .filter(|found| found.id == effect)
        .ok_or(Refusal::Missing("action"))?;
    if !matches!(tried.state, EffectState::Dispatching { .. }) {
        return Err(Refusal::WrongState {
            command: "failing",
            needed: "dispatching",
            found: tried.state.as_str(),
        });
    }
    let EffectFailure {
        fault,
        certainly_not_performed,
        asks_by_key,
        jitter,
    } = failure;
    // Of an earlier try under this key nobody knows: that this one had no effect says nothing about it.
    let certainly_not_performed = certainly_not_performed && !tried.is_unclear;
    let mut step = Step::on(board);
    let mut next = tried.clone();
    next.fault = Some(fault.clone());
    // Asking again under the same key cannot do it twice where the far side knows keys; for a campaign that
    // was called off meanwhile it could do it once, which nobody wants any more.
    let may_repeat = !board.campaign.status.is_over()
        && ((certainly_not_performed && fault.class.is_retryable())
            || (!certainly_not_performed && asks_by_key));
    let repeats = may_repeat && tried.attempts < given.policy.max_retries;
    if certainly_not_performed
        && fault.class == FaultClass::Waits
        && !board.campaign.status.is_over()
    {
        return Ok(wait_for_server(step, tried, &fault, jitter, given));
    }
    // Three words for three ends of a try: made again, failed for good, and unknown until a person looks.
    let (word, status) = match (repeats, certainly_not_performed) {
        (true, _) => ("effect.retry", AuditStatus::Failure),
        (false, true) => ("effect.fail", AuditStatus::Failure),
        (false, false) => ("effect.unclear", AuditStatus::Pending),
    };
    let output =
        json!({ "effect": tried.id, "code": fault.code, "not_performed": certainly_not_performed });
    step.audit(given, word, output, status);
    if repeats {
        next.state = EffectState::Held;
        next.is_unclear = !certainly_not_performed;
        next.attempts += 1;
        next.not_before = retry_at(given.now, tried.attempts, &fault, jitter);
        step.save_effect(given, next, Some(tried.version));
        return Ok(step.finish(given));
    }
    next.is_unclear = false;
    if certainly_not_performed {
        next.state = EffectState::Failed;
        step.save_effect(given, next, Some(tried.version));
        if fault.class.is_retryable() && !board.campaign.status.is_over() {
            step.pause_agent(given, tried.attempts + 1, &fault);
        }
        if !board.campaign.status.is_over() {
            let title = format!("\"{}\" was not sent", board.task.title);
            let detail = format!("{} Nothing was sent.", fault.message);
            step.alert(given, &fault.code, title, detail);
        }
        if step.task.state.is_terminal() || board.campaign.status.is_over() {
            not_sent(&mut step, fault, given);
        } else {
            fail_for_good(&mut step, fault, Told::Already, given);
        }
    } else {
        leave_to_people(&mut step, next, fault, given);
    }
    Ok(step.finish(given))
}

/// Nobody knows whether it went out, and it is not asked for again by itself.
pub(super) fn leave_to_people(
    step: &mut Step<'_>,
    unclear: Effect,
    fault: Fault,
    given: &mut Given<'_>,
) {
    let expected = unclear.version;
    let next = Effect {
        state: EffectState::PendingReconciliation,
        is_unclear: false,
        fault: Some(fault.clone()),
        ..unclear
    };
    step.save_effect(given, next, Some(expected));
    let detail = format!(
        "{} It may or may not have gone out. Look at the account, then say which among the campaign's actions; it is not tried again by itself.",
        fault.message
    );
    let title = format!("Was \"{}\" sent?", step.task.title);
    step.alert(given, "OUTCOME_UNKNOWN", title, detail);
    step.task.fault = Some(fault);
}

/// What waits for its server has not been tried: nothing is counted, and it stays decided.
fn wait_for_server(
    mut step: Step<'_>,
    tried: &Effect,
    fault: &Fault,
    jitter: u16,
    given: &mut Given<'_>,
) -> ChangeSet {
    let mut next = tried.clone();
    next.state = EffectState::Held;
    next.not_before = retry_at(given.now, 0, fault, jitter);
    let output = json!({ "effect": tried.id, "code": fault.code, "until": next.not_before });
    step.audit(given, "effect.wait", output, AuditStatus::Pending);
    step.save_effect(given, next, Some(tried.version));
    step.finish(given)
}

/// The task ends with nothing sent: called off where its campaign was, failed otherwise. One that has ended
/// meanwhile stays as it is.
pub(super) fn not_sent(step: &mut Step<'_>, fault: Fault, given: &mut Given<'_>) {
    if step.task.state.is_terminal() {
        return;
    }
    let state = if step.board.campaign.status.is_over() {
        TaskState::Cancelled
    } else {
        TaskState::Failed
    };
    step.give_up(given, state, fault);
}
