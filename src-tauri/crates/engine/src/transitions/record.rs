//! A worker hands in what it prepared; a result of a changed campaign does not count (ORC-07).

use chimera_domain::{
    artifact::Artifact,
    audit::AuditStatus,
    change::{Board, Change, ChangeSet},
    task::TaskState,
};
use serde_json::json;

use crate::{given::Given, refusal::Refusal, step::Step};

pub(super) fn record(
    board: &Board,
    artifact: Artifact,
    given: &mut Given<'_>,
) -> Result<ChangeSet, Refusal> {
    let TaskState::Working {
        attempt,
        state_version,
        ..
    } = board.task.state
    else {
        return Err(Refusal::LeaseLost);
    };
    if artifact.attempt_id != Some(attempt) || artifact.task_id != board.task.id {
        return Err(Refusal::LeaseLost);
    }
    let mut step = Step::on(board);
    if state_version != board.campaign.state_version {
        step.attempt_ended(given, attempt, "invalidated", None);
        let output = json!({ "worked_on": state_version, "now": board.campaign.state_version });
        step.audit(given, "task.invalidate", output, AuditStatus::Failure);
        step.go(
            given,
            TaskState::Ready {
                not_before: given.now,
            },
        );
        return Ok(step.finish(given));
    }
    step.attempt_ended(given, attempt, "recorded", None);
    step.task.artifact = Some(artifact.artifact_id);
    let output = json!({ "artifact": artifact.artifact_id, "digest": artifact.digest });
    // The worker is done: a judge's tries count from the beginning (C25).
    step.task.attempts = 0;
    step.audit(given, "task.record", output, AuditStatus::Success);
    step.go(
        given,
        TaskState::Judging {
            artifact: artifact.artifact_id,
            state_version,
            lease_until: None,
        },
    );
    step.push(Change::Artifact(Box::new(artifact)));
    Ok(step.finish(given))
}
