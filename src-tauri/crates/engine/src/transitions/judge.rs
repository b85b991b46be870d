//! A verdict is in: go on, ask a person, try again, or stop an attack (C01).

use chimera_domain::action::ApprovalKind;
use chimera_domain::{
    artifact::Artifact,
    audit::AuditStatus,
    change::{Board, Change, ChangeSet},
    fault::{Fault, FaultClass},
    review::ReviewBand,
    role::Actor,
    task::TaskState,
    verdict::Verdict,
};
use chimera_policy::{Assessment, Route, route};
use serde_json::json;

use super::{
    ask_replan::{Told, fail_for_good},
    flow::held,
    release::{Release, release},
    rewrite::rewrite,
};
#[cfg(test)]
use crate::mutation::Mutation;
use crate::{given::Given, refusal::Refusal, review_item::open_review, step::Step};

pub(super) fn judge(
    board: &Board,
    mut verdict: Verdict,
    given: &mut Given<'_>,
) -> Result<ChangeSet, Refusal> {
    let TaskState::Judging {
        artifact: judged,
        state_version,
        ..
    } = board.task.state
    else {
        return Err(Refusal::WrongState {
            command: "judging",
            needed: "judging",
            found: board.task.state.as_str(),
        });
    };
    let artifact = board
        .artifact
        .as_ref()
        .ok_or(Refusal::Missing("artifact"))?;
    if verdict.artifact_id != judged || artifact.artifact_id != judged {
        return Err(Refusal::DigestMismatch);
    }
    let mut step = Step::on(board);
    let is_outdated = state_version != board.campaign.state_version;
    #[cfg(test)]
    let is_outdated = is_outdated && !Mutation::OldWorkCounts.is_in_force();
    if is_outdated {
        // The campaign changed under the work: it is done again from the start, no attempt consumed.
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
    // What labels forbid is nobody's opinion: found here, whatever the judge found.
    verdict.findings.extend(held(board, artifact));
    step.task.score = Some(verdict.confidence_score);
    let outward = artifact.action.is_some();
    let routed = route(given.policy, Assessment::of(&verdict, outward));
    #[cfg(test)]
    let routed = crate::mutation::past_people(routed);
    let output = json!({
        "verdict": verdict.verdict_id,
        "route": word(&routed),
        "reasons": reasons(&routed),
        "confidence": verdict.confidence_score,
        "worker": verdict.worker_confidence,
        "judge": verdict.judge_confidence,
        "risk": verdict.risk_category,
        "policy_version": verdict.policy_version,
    });
    step.audit(given, "task.judge", output, AuditStatus::Success);
    step.push(Change::Verdict(Box::new(verdict.clone())));
    match routed {
        Route::Release => let_go(&mut step, artifact, given)?,
        Route::Review { band, reasons } => {
            open_review(&mut step, given, artifact, &verdict, band, reasons)
        }
        Route::Retry { reasons } => send_back(&mut step, artifact, &verdict, reasons, given),
        Route::Incident { reasons } => stop_attack(&mut step, &reasons, given),
    }
    Ok(step.finish(given))
}

fn let_go(step: &mut Step<'_>, artifact: &Artifact, given: &mut Given<'_>) -> Result<(), Refusal> {
    if artifact.action.is_none() {
        step.go(given, TaskState::Completed);
        step.push(Change::ReleaseDependents(step.task.id));
        return Ok(());
    }
    let by_rule = Release {
        kind: ApprovalKind::ByRule,
        actor: Actor::system("policy"),
        review: None,
    };
    release(step, artifact, by_rule, given)
}

fn send_back(
    step: &mut Step<'_>,
    artifact: &Artifact,
    verdict: &Verdict,
    reasons: Vec<String>,
    given: &mut Given<'_>,
) {
    step.task.rejections += 1;
    if step.task.rejections >= given.policy.max_rejections {
        let title = format!(
            "\"{}\" was sent back {} times",
            step.task.title, step.task.rejections
        );
        let detail = format!(
            "{} Nothing was sent. Decide in the review queue.",
            reasons.join(" ")
        );
        step.alert(given, "REJECTED_REPEATEDLY", title, detail);
        open_review(
            step,
            given,
            artifact,
            verdict,
            ReviewBand::Exhausted,
            reasons,
        );
        return;
    }
    if artifact.action.is_some() {
        // A post is only its draft in an envelope: trying the envelope again would change nothing.
        let fault = Fault::new(FaultClass::Validation, "JUDGE_REJECTED", reasons.join(" "));
        if rewrite(step, &reasons.join(" "), given) {
            step.give_up(given, TaskState::Failed, fault);
        } else {
            fail_for_good(step, fault, Told::AtTheEnd, given);
        }
        return;
    }
    step.task.guidance.extend(reasons);
    // A new draft is new work: the judge's tries were not the worker's.
    step.task.attempts = 0;
    step.go(
        given,
        TaskState::Ready {
            not_before: given.now,
        },
    );
}

fn stop_attack(step: &mut Step<'_>, reasons: &[String], given: &mut Given<'_>) {
    let detail = reasons.join(" ");
    step.incident(given, "injection", "high", detail.clone());
    let title = format!("An attack on \"{}\" was stopped", step.task.title);
    step.alert(
        given,
        "ATTACK_STOPPED",
        title,
        format!("{detail} Nothing was sent."),
    );
    step.give_up(
        given,
        TaskState::Failed,
        Fault::new(FaultClass::Permanent, "ATTACK_STOPPED", detail),
    );
}

const fn word(route: &Route) -> &'static str {
    match route {
        Route::Release => "approve",
        Route::Review { .. } => "hitl",
        Route::Retry { .. } => "reject",
        Route::Incident { .. } => "incident",
    }
}

fn reasons(route: &Route) -> &[String] {
    match route {
        Route::Release => &[],
        Route::Review { reasons, .. } | Route::Retry { reasons } | Route::Incident { reasons } => {
            reasons
        }
    }
}
