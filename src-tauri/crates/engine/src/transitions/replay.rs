//! A person has a step that was given up done again (ORC-21): within its rights and never past an outcome that nobody
//! knows. What would act on the outside is decided anew, and gets another effect with another key.
//!
//! Never here: how often and how soon (the desk's).

use chimera_domain::{
    action::EffectState,
    audit::AuditStatus,
    campaign::CampaignStatus,
    change::{Board, Change, ChangeSet},
    fault::FaultClass,
    id::PersonaVersionId,
    review::ReviewBand,
    task::{TaskKind, TaskState},
    time::Timestamp,
};
use serde_json::json;

use crate::{given::Given, refusal::Refusal, review_item::open_review, step::Step};

/// What a campaign that was over goes on under.
#[derive(Clone, Copy)]
pub(super) struct InForce {
    pub(super) policy_version: u32,
    pub(super) persona_version: PersonaVersionId,
}

pub(super) fn replay(
    board: &Board,
    in_force: InForce,
    given: &mut Given<'_>,
) -> Result<ChangeSet, Refusal> {
    if let Some(refusal) = why_no_replay(board, given.now) {
        return Err(refusal);
    }
    let mut step = Step::on(board);
    let fault = step.task.fault.take();
    let code = fault.as_ref().map(|fault| fault.code.as_str());
    let output = json!({
        "code": code, "tries": board.task.attempts,
        "effect": board.effect.as_ref().map(|effect| effect.id),
    });
    step.audit(given, "task.replay", output, AuditStatus::Success);
    if board.campaign.status.is_over() {
        step.change_campaign(given, |campaign| {
            campaign.status = CampaignStatus::Active;
            campaign.fault = None;
            campaign.state_version += 1;
            campaign.policy_version = in_force.policy_version;
            campaign.persona_version = in_force.persona_version;
        });
    }
    step.task.attempts = 0;
    step.push(Change::Revive(board.task.id));
    match (&board.effect, &board.artifact, &board.verdict) {
        (Some(_), Some(artifact), Some(verdict)) => {
            let why = fault.map(|fault| fault.message).unwrap_or_default();
            let reasons = vec![format!(
                "It was decided before and did not go out: {why} It is sent only after a new decision."
            )];
            let band = ReviewBand::MustApprove;
            open_review(&mut step, given, artifact, verdict, band, reasons);
        }
        _ => {
            let not_before = given.now;
            step.go(given, TaskState::Ready { not_before });
        }
    }
    Ok(step.finish(given))
}

/// Why a step cannot be done again at `now`; `None` when it can.
#[must_use]
pub fn why_no_replay(board: &Board, now: Timestamp) -> Option<Refusal> {
    let refuse = |why: &'static str| Some(Refusal::NoReplay(why));
    if let Some(effect) = &board.effect {
        match effect.state {
            EffectState::PendingReconciliation | EffectState::Dispatching { .. } => {
                return refuse(
                    "nobody knows whether it went out: look at the account and say so among the campaign's actions first",
                );
            }
            EffectState::Sent => return refuse("it went out"),
            _ => {}
        }
    }
    if board.task.state != TaskState::Failed {
        return refuse("it was not given up");
    }
    if board.task.kind == TaskKind::Replan {
        return refuse("another plan is sought by itself, and not by hand");
    }
    let fault = board.task.fault.as_ref();
    if fault.is_none_or(|fault| fault.class == FaultClass::Validation) {
        return refuse("it would fail in the same way: its input or a decision ended it");
    }
    if fault.is_some_and(|fault| fault.code == "ATTACK_STOPPED") {
        return refuse("it carried an attack");
    }
    match board.campaign.status {
        CampaignStatus::Active | CampaignStatus::Completed | CampaignStatus::Failed => {}
        CampaignStatus::Cancelled => return refuse("its campaign was called off"),
        CampaignStatus::Draft | CampaignStatus::Paused => {
            return refuse("its campaign holds still: resume it first");
        }
    }
    if board.campaign.replanning.is_some() {
        return refuse("another way is being sought right now");
    }
    if board.task.deadline.is_some_and(|deadline| deadline <= now) {
        return refuse("its deadline passed");
    }
    None
}
