//! A worker or a judge could not: try again, or give up and tell a person (ERR-01…04).

use chimera_domain::{
    audit::AuditStatus,
    change::{Board, ChangeSet},
    fault::Fault,
    id::AttemptId,
    task::TaskState,
    time::{Span, Timestamp},
};
use serde_json::json;

use super::ask_replan::{Told, fail_for_good};
use crate::{given::Given, refusal::Refusal, step::Step};

/// First pause before another try, in milliseconds.
const BACKOFF_BASE_MS: u64 = 500;
/// Longest pause before another try, in milliseconds.
const BACKOFF_MAX_MS: u64 = 30_000;
/// Longest pause that the far side may ask for, in milliseconds: an hour.
const RETRY_AFTER_MAX_MS: u64 = 3_600_000;

/// When to try again: exponential with jitter, but never before the far side's own word, within an hour.
pub(super) fn retry_at(now: Timestamp, tries: u32, fault: &Fault, jitter: u16) -> Timestamp {
    let base = BACKOFF_BASE_MS
        .saturating_mul(1 << tries.min(10))
        .min(BACKOFF_MAX_MS);
    let pause = base / 2 + base / 2 * u64::from(jitter.min(999)) / 1_000;
    let told = fault.retry_after_ms.unwrap_or(0).min(RETRY_AFTER_MAX_MS);
    now + Span::millis(pause.max(told))
}

pub(super) fn fail(
    board: &Board,
    attempt: Option<AttemptId>,
    fault: Fault,
    jitter: u16,
    given: &mut Given<'_>,
) -> Result<ChangeSet, Refusal> {
    let mut step = Step::on(board);
    let again = match &board.task.state {
        TaskState::Working { attempt: held, .. } if attempt == Some(*held) => {
            step.attempt_ended(given, *held, "failed", Some(fault.clone()));
            None
        }
        TaskState::Judging {
            artifact,
            state_version,
            ..
        } if attempt.is_none() => Some((*artifact, *state_version)),
        _ => return Err(Refusal::LeaseLost),
    };
    let output = json!({ "code": fault.code, "class": fault.class, "message": fault.message });
    let retryable = fault.class.is_retryable() && board.task.attempts < given.policy.max_retries;
    // A try that is made again has failed nothing yet: whoever counts failures counts `task.fail`.
    let word = if retryable { "task.retry" } else { "task.fail" };
    step.audit(given, word, output, AuditStatus::Failure);
    if retryable {
        let at = retry_at(given.now, board.task.attempts, &fault, jitter);
        step.task.attempts += 1;
        step.task.fault = Some(fault);
        let state = match again {
            // A judge's pause is a lease that nobody holds: it is taken up when it ends.
            Some((artifact, state_version)) => TaskState::Judging {
                artifact,
                state_version,
                lease_until: Some(at),
            },
            None => TaskState::Ready { not_before: at },
        };
        step.go(given, state);
        return Ok(step.finish(given));
    }
    if fault.class.is_retryable() {
        step.pause_agent(given, board.task.attempts + 1, &fault);
    }
    fail_for_good(&mut step, fault, Told::AtTheEnd, given);
    Ok(step.finish(given))
}

#[cfg(test)]
mod tests {
    use chimera_domain::fault::FaultClass;

    use super::*;

    #[test]
    fn pauses_double_stay_bounded_and_heed_the_far_side() {
        let now = Timestamp::from_seconds(0);
        let plain = Fault::new(FaultClass::Transient, "MODEL_BUSY", "busy");
        let pauses: Vec<i64> = (0..8)
            .map(|tries| retry_at(now, tries, &plain, 999).micros() / 1_000)
            .collect();
        assert_eq!(
            pauses,
            [499, 999, 1_999, 3_998, 7_996, 15_992, 29_985, 29_985]
        );
        assert_eq!(retry_at(now, 0, &plain, 0).micros(), 250_000);
        let told = Fault {
            retry_after_ms: Some(60_000),
            ..plain
        };
        assert_eq!(retry_at(now, 0, &told, 0).micros(), 60_000_000);
        let boundless = Fault {
            retry_after_ms: Some(u64::MAX),
            ..told
        };
        assert_eq!(retry_at(now, 0, &boundless, 0).micros(), 3_600_000_000);
    }
}
