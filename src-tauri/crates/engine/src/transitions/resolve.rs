//! A person decides a review.

use chimera_domain::{
    action::ApprovalKind,
    artifact::Artifact,
    audit::AuditStatus,
    change::{Board, Change, ChangeSet},
    digest::Digest,
    fault::{Fault, FaultClass},
    id::{ReviewId, UserId},
    review::{RejectReason, Review, ReviewState},
    role::Actor,
    task::TaskState,
    verdict::{FindingWeight, Verdict},
};
use serde_json::json;

use super::{
    ask_replan::{Told, fail_for_good},
    release::{Release, release},
    rewrite::rewrite,
};
use crate::{command::Resolution, given::Given, refusal::Refusal, step::Step};

pub(super) fn resolve(
    board: &Board,
    review: ReviewId,
    shown: Digest,
    resolution: Resolution,
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
    if item.expires_at <= given.now {
        return Err(Refusal::Expired {
            at: item.expires_at,
        });
    }
    if item.shown != shown {
        return Err(Refusal::DigestMismatch);
    }
    let artifact = board
        .artifact
        .as_ref()
        .ok_or(Refusal::Missing("artifact"))?;
    let mut step = Step::on(board);
    match resolution {
        Resolution::Approve => approve(&mut step, item, artifact, given)?,
        Resolution::ApproveEdit { artifact, verdict } => {
            approve_edit(&mut step, item, *artifact, *verdict, given)?
        }
        Resolution::Reject { reason, note } => reject(&mut step, item, reason, &note, given),
        Resolution::Escalate { note } => escalate(&mut step, item, note, given),
    }
    Ok(step.finish(given))
}

fn approve(
    step: &mut Step<'_>,
    item: &Review,
    artifact: &Artifact,
    given: &mut Given<'_>,
) -> Result<(), Refusal> {
    settle_item(step, item, ReviewState::Approved, None, None, given);
    let output = json!({ "review": item.review_id, "shown": item.shown });
    step.audit(given, "review.approve", output, AuditStatus::Success);
    let_go(step, item, artifact, ApprovalKind::ByPerson, given)
}

fn approve_edit(
    step: &mut Step<'_>,
    item: &Review,
    artifact: Artifact,
    verdict: Verdict,
    given: &mut Given<'_>,
) -> Result<(), Refusal> {
    if artifact.edited_from != Some(item.artifact_id) || verdict.artifact_id != artifact.artifact_id
    {
        return Err(Refusal::DigestMismatch);
    }
    let blocks = |weight| matches!(weight, FindingWeight::Fails | FindingWeight::Attack);
    let findings: Vec<_> = verdict
        .findings
        .iter()
        .filter(|finding| blocks(finding.weight))
        .cloned()
        .collect();
    if !findings.is_empty() {
        return Err(Refusal::EditBlocked { findings });
    }
    settle_item(step, item, ReviewState::Edited, None, None, given);
    let output = json!({
        "review": item.review_id, "from": item.artifact_id, "to": artifact.artifact_id,
        "judged_again": verdict.confidence_score,
    });
    step.audit(given, "review.edit", output, AuditStatus::Success);
    step.task.artifact = Some(artifact.artifact_id);
    step.task.score = Some(verdict.confidence_score);
    step.push(Change::Artifact(Box::new(artifact.clone())));
    step.push(Change::Verdict(Box::new(verdict)));
    let_go(step, item, &artifact, ApprovalKind::ByPersonEdited, given)
}

fn let_go(
    step: &mut Step<'_>,
    item: &Review,
    artifact: &Artifact,
    kind: ApprovalKind,
    given: &mut Given<'_>,
) -> Result<(), Refusal> {
    if artifact.action.is_some() {
        let by = Release {
            kind,
            actor: given.actor.clone(),
            review: Some(item.review_id),
        };
        return release(step, artifact, by, given);
    }
    step.go(given, TaskState::Completed);
    step.push(Change::ReleaseDependents(step.task.id));
    Ok(())
}

fn reject(
    step: &mut Step<'_>,
    item: &Review,
    reason: RejectReason,
    note: &str,
    given: &mut Given<'_>,
) {
    settle_item(
        step,
        item,
        ReviewState::Rejected,
        Some(note.to_owned()),
        Some(reason),
        given,
    );
    let output = json!({ "review": item.review_id, "reason": reason, "note": note });
    step.audit(given, "review.reject", output, AuditStatus::Success);
    let words = if note.is_empty() {
        format!("A person rejected it: {}.", reason.in_words())
    } else {
        format!("A person rejected it: {}. {note}", reason.in_words())
    };
    step.task.rejections += 1;
    let fault = Fault::new(
        FaultClass::Validation,
        "REJECTED_BY_REVIEW",
        format!("Rejected by Review. {words}"),
    );
    if step.task.rejections < given.policy.max_rejections {
        if !rewrite(step, &words, given) {
            // There is no draft to write again: only another plan brings it on.
            return fail_for_good(step, fault, Told::Already, given);
        }
    } else {
        let title = format!(
            "\"{}\" was rejected {} times",
            step.task.title, step.task.rejections
        );
        step.alert(
            given,
            "REJECTED_REPEATEDLY",
            title,
            format!(
                "{words} Nothing was sent. Change the goal or the persona, or write it yourself."
            ),
        );
    }
    step.give_up(given, TaskState::Failed, fault);
}

fn escalate(step: &mut Step<'_>, item: &Review, note: String, given: &mut Given<'_>) {
    let output = json!({ "review": item.review_id, "note": note });
    step.audit(given, "review.escalate", output, AuditStatus::Success);
    let mut next = item.clone();
    next.state = ReviewState::Escalated;
    next.claim = None;
    next.note = Some(note);
    step.save_review(given, next, Some(item.version));
}

fn settle_item(
    step: &mut Step<'_>,
    item: &Review,
    state: ReviewState,
    note: Option<String>,
    reason: Option<RejectReason>,
    given: &mut Given<'_>,
) {
    let mut next = item.clone();
    next.state = state;
    next.claim = None;
    next.decided_by = person(&given.actor);
    next.decided_at = Some(given.now);
    next.note = note;
    next.reject_reason = reason;
    step.save_review(given, next, Some(item.version));
}

const fn person(actor: &Actor) -> Option<UserId> {
    match actor {
        Actor::Person(id) => Some(*id),
        _ => None,
    }
}
