//! What a worker or a judge asks for after a failure: it waits, or the engine decides (ERR-01…04).
//!
//! Never here: when to try again and when to give up (the engine's), or a failure's words.

use chimera_domain::{
    fault::{Fault, FaultClass},
    id::{AttemptId, TaskId},
    time::Span,
    trace::TraceId,
};
use chimera_engine::Command;
use tracing::error;

use crate::{runtime::Runtime, worker::waits_for_store};

/// Longest rest of a task that waits, in milliseconds; then it looks again whether it can go on.
const MAX_REST_MS: u64 = 3_600_000;

/// What is asked of a task whose work failed. `attempt` is the worker's; a judge has none.
pub(crate) fn after(
    runtime: &Runtime,
    (task, trace): (TaskId, Option<TraceId>),
    attempt: Option<AttemptId>,
    fault: Fault,
) -> Command {
    log_unforeseen(task, trace, &fault);
    match waits_for_store(&fault).or_else(|| rest(&fault)) {
        Some(rest) => Command::HandBack { attempt, rest },
        None => Command::Fail {
            attempt,
            fault,
            jitter: runtime.jitter(),
        },
    }
}

/// How long the task rests, with no try counted, when what it needs comes back by itself.
fn rest(fault: &Fault) -> Option<Span> {
    let told = fault.retry_after_ms.unwrap_or(0).min(MAX_REST_MS);
    (fault.class == FaultClass::Waits).then(|| Span::millis(told))
}

/// A failure that nobody foresaw goes into the log with the way to where it was noticed and the run that it
/// belongs to (ERR-04). The task's alert tells a person.
pub(crate) fn log_unforeseen(task: TaskId, trace: Option<TraceId>, fault: &Fault) {
    if fault.class != FaultClass::Unknown {
        return;
    }
    let run = trace.map(|trace| trace.to_string()).unwrap_or_default();
    let origin = fault.origin.in_words().unwrap_or_default();
    error!(
        %task, run, code = fault.code, cause = fault.message, origin,
        "a failure that nobody foresaw"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_waits_rests_and_never_longer_than_an_hour() {
        let resting = |code: &str, ms: Option<u64>| {
            let mut fault = Fault::of(code, "x");
            fault.retry_after_ms = ms;
            rest(&fault)
        };
        let at_once = Some(Span::ZERO);
        assert_eq!(resting("DAILY_BUDGET_EXHAUSTED", None), at_once);
        assert_eq!(
            resting("MODEL_CIRCUIT_OPEN", Some(7_000)),
            Some(Span::seconds(7))
        );
        assert_eq!(
            resting("MCP_CIRCUIT_OPEN", Some(u64::MAX)),
            Some(Span::seconds(3_600))
        );
        for code in ["MODEL_RATE_LIMITED", "MODEL_AUTH", "BUDGET_EXHAUSTED"] {
            assert_eq!(resting(code, Some(7_000)), None, "{code}");
        }
    }

    #[test]
    fn what_nobody_foresaw_knows_its_way_and_what_was_foreseen_needs_none() {
        let way = Fault::of("STORE_FAILED", "x").origin.in_words();
        assert!(way.is_some_and(|way| way.contains("what_nobody_foresaw")));
        assert_eq!(Fault::of("MODEL_TIMEOUT", "x").origin.in_words(), None);
    }
}
