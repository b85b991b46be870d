//! The ways that a task can take, one test a way.

use chimera_domain::{
    action::{ApprovalKind, EffectState, Receipt},
    campaign::CampaignStatus,
    change::Change,
    fault::{Fault, FaultClass},
    id::PersonaVersionId,
    review::{RejectReason, ReviewBand, ReviewState},
    task::TaskState,
    verdict::{Finding, FindingWeight, RiskLevel},
};
use serde_json::Value;

use super::*;
use crate::Resolution;

pub(super) fn approve(desk: &mut Desk) -> Result<Decided, Refusal> {
    let review = desk.board.review.clone().unwrap();
    desk.ask(Command::Resolve {
        review: review.review_id,
        shown: review.shown,
        resolution: Resolution::Approve,
    })
}

fn finding(weight: FindingWeight) -> Finding {
    Finding {
        rule: "test".into(),
        weight,
        message: format!("{weight:?}."),
        span: None,
    }
}

fn added(desk: &Desk) -> Vec<&NewTask> {
    desk.log
        .iter()
        .filter_map(|change| match change {
            Change::AddTasks(tasks) => Some(tasks),
            _ => None,
        })
        .flatten()
        .collect()
}

#[test]
fn sure_and_safe_goes_out_by_itself_after_the_undo_time() {
    let mut desk = Desk::new();
    desk.reach_judge();
    let verdict = Box::new(desk.verdict(95, RiskLevel::Low, Vec::new()));
    desk.ask(Command::Judge { verdict }).unwrap();
    assert_eq!(desk.effect().approval.kind, ApprovalKind::ByRule);
    assert_eq!(
        desk.dispatch(),
        Err(Refusal::TooEarly {
            until: desk.effect().not_before
        })
    );
    desk.wait(8);
    let grant = desk.dispatch().unwrap().grant.unwrap();
    assert_eq!(
        (grant.effect(), grant.intent_key()),
        (desk.effect().id, desk.effect().intent_key.as_str())
    );
    let receipt = Receipt {
        post_id: Some("p1".into()),
        url: None,
        raw: Value::Null,
        received_at: desk.now,
    };
    desk.ask(Command::Settle {
        effect: grant.effect(),
        receipt,
    })
    .unwrap();
    assert_eq!(
        (&desk.board.task.state, &desk.effect().state),
        (&TaskState::Completed, &EffectState::Sent)
    );
    assert!(
        desk.log
            .contains(&Change::ReleaseDependents(desk.board.task.id))
    );
}

#[test]
fn what_a_person_approved_is_bound_to_what_was_shown() {
    let mut desk = Desk::new();
    let review = desk.reach_review();
    let other = Digest::plain(b"something else");
    let resolve = Command::Resolve {
        review: review.review_id,
        shown: other,
        resolution: Resolution::Approve,
    };
    assert_eq!(desk.ask(resolve), Err(Refusal::DigestMismatch));
    approve(&mut desk).unwrap();
    assert_eq!(desk.effect().approval.kind, ApprovalKind::ByPerson);
    assert_eq!(approve(&mut desk), Err(Refusal::AlreadySettled("approved")));
}

#[test]
fn an_approval_is_void_when_persona_policy_or_arguments_change() {
    let changes: [fn(&mut Desk); 4] = [
        |desk| desk.now = desk.effect().approval.expires_at,
        |desk| {
            desk.board.campaign.persona_version = PersonaVersionId::from_uuid(Uuid::from_u128(77))
        },
        |desk| desk.board.campaign.policy_version = 7,
        |desk| {
            let effect = desk.board.effect.as_mut().unwrap();
            effect.action.arguments = json!({ "text": "Buy now." });
        },
    ];
    for change in changes {
        let mut desk = Desk::new();
        desk.reach_review();
        approve(&mut desk).unwrap();
        change(&mut desk);
        desk.wait(8);
        let decided = desk.dispatch().unwrap();
        assert_eq!(decided.grant, None);
        assert_eq!(desk.effect().state, EffectState::Voided);
        assert!(
            matches!(desk.board.task.state, TaskState::Reviewing { .. }),
            "{:?}",
            desk.board.task.state
        );
    }
}

#[test]
fn a_changed_tool_means_preparing_the_call_anew() {
    let mut desk = Desk::new();
    desk.reach_review();
    approve(&mut desk).unwrap();
    desk.wait(8);
    let effect = desk.effect().id;
    let schema_hash = Digest::plain(b"new schema");
    let decided = desk
        .ask(Command::Dispatch {
            effect,
            stopped: false,
            schema_hash,
            cooldown_until: None,
            quota_until: None,
            barred: Vec::new(),
        })
        .unwrap();
    assert_eq!(decided.grant, None);
    assert!(matches!(desk.board.task.state, TaskState::Ready { .. }));
}

#[test]
fn undo_puts_the_action_before_a_person_again_until_somebody_begins_it() {
    let mut desk = Desk::new();
    let first = desk.reach_review();
    approve(&mut desk).unwrap();
    let effect = desk.effect().id;
    desk.wait(7);
    desk.ask(Command::Undo { effect }).unwrap();
    assert_eq!(desk.effect().state, EffectState::Undone);
    let again = desk.board.review.clone().unwrap();
    assert_eq!((again.state, again.shown), (ReviewState::Open, first.shown));
    assert_ne!(again.review_id, first.review_id);
    approve(&mut desk).unwrap();
    // A stop, a pause or the posts of the day hold it beyond the undo time: it can be taken back as long.
    desk.wait(8_000);
    let effect = desk.effect().id;
    desk.ask(Command::Undo { effect }).unwrap();
    approve(&mut desk).unwrap();
    let effect = desk.effect().id;
    desk.wait(8);
    desk.dispatch().unwrap();
    assert_eq!(desk.ask(Command::Undo { effect }), Err(Refusal::UndoOver));
}

#[test]
fn expiry_denies() {
    let mut desk = Desk::new();
    let review = desk.reach_review();
    desk.wait(desk.policy.review_ttl_seconds);
    assert!(matches!(approve(&mut desk), Err(Refusal::Expired { .. })));
    desk.ask(Command::ExpireReview {
        review: review.review_id,
    })
    .unwrap();
    assert_eq!(
        desk.board.review.as_ref().unwrap().state,
        ReviewState::Expired
    );
    assert_eq!(desk.board.task.state, TaskState::Failed);
    assert_eq!(desk.board.effect, None);
}

#[test]
fn a_rejected_post_is_written_anew_twice_and_then_a_person_takes_over() {
    for (before, rewritten) in [(0, true), (1, true), (2, false)] {
        let mut desk = Desk::new();
        desk.board.task.rejections = before;
        let review = desk.reach_review();
        let resolution = Resolution::Reject {
            reason: RejectReason::OffBrand,
            note: "Too loud.".into(),
        };
        desk.ask(Command::Resolve {
            review: review.review_id,
            shown: review.shown,
            resolution,
        })
        .unwrap();
        assert_eq!(desk.board.task.state, TaskState::Failed);
        assert_eq!(
            desk.board.task.fault.as_ref().unwrap().code,
            "REJECTED_BY_REVIEW"
        );
        let tasks = added(&desk);
        assert_eq!(!tasks.is_empty(), rewritten);
        if let [draft, envelope] = tasks[..] {
            assert_eq!(draft.task.step, format!("write-1~{}", before + 1));
            assert!(draft.task.guidance[0].contains("Too loud."));
            assert_eq!(draft.needs, vec![TaskId::from_uuid(Uuid::from_u128(23))]);
            assert_eq!(
                (envelope.task.state.clone(), envelope.task.waiting_on),
                (TaskState::Blocked, 1)
            );
            assert_eq!(envelope.needs, vec![draft.task.id]);
            assert_eq!(envelope.task.rejections, before + 1);
        }
        let alerted = desk
            .log
            .iter()
            .any(|change| matches!(change, Change::Alert(_)));
        assert_eq!(alerted, !rewritten);
    }
}

#[test]
fn an_edit_is_judged_again_and_blocked_when_it_must_not_go_out() {
    let mut desk = Desk::new();
    let review = desk.reach_review();
    let before = desk.board.artifact.clone().unwrap();
    let mut edited = before.clone();
    edited.artifact_id = ArtifactId::from_uuid(desk.id());
    edited.attempt_id = None;
    edited.edited_from = Some(before.artifact_id);
    edited.digest = Digest::plain(b"edited");
    let resolve = |desk: &mut Desk, weight| {
        let mut verdict = desk.verdict(30, RiskLevel::Low, vec![finding(weight)]);
        verdict.artifact_id = edited.artifact_id;
        let resolution = Resolution::ApproveEdit {
            artifact: Box::new(edited.clone()),
            verdict: Box::new(verdict),
        };
        desk.ask(Command::Resolve {
            review: review.review_id,
            shown: review.shown,
            resolution,
        })
    };
    assert!(matches!(
        resolve(&mut desk, FindingWeight::Fails),
        Err(Refusal::EditBlocked { .. })
    ));
    // A low score is shown and does not stop a person who insists.
    resolve(&mut desk, FindingWeight::NeedsPerson).unwrap();
    assert_eq!(desk.effect().approval.kind, ApprovalKind::ByPersonEdited);
    assert_eq!(desk.effect().artifact, edited.artifact_id);
    desk.wait(8);
    assert!(desk.dispatch().unwrap().grant.is_some());
}

#[test]
fn a_pause_invalidates_work_in_flight_and_holds_what_was_decided() {
    let mut desk = Desk::new();
    desk.ask(Command::Assign {
        worker: "worker-1".into(),
        lease: LEASE,
    })
    .unwrap();
    let attempt = desk.attempt();
    let artifact = Box::new(desk.artifact(attempt));
    desk.ask_campaign(CampaignCommand::Pause).unwrap();
    assert_eq!(
        desk.ask(Command::Record { artifact }),
        Err(Refusal::LeaseLost)
    );
    assert_eq!(desk.board.task.attempts, 0);

    let mut desk = Desk::new();
    desk.reach_review();
    approve(&mut desk).unwrap();
    desk.ask_campaign(CampaignCommand::Pause).unwrap();
    desk.wait(60);
    assert_eq!(
        desk.dispatch(),
        Err(Refusal::CampaignNot {
            command: "sending",
            found: CampaignStatus::Paused
        })
    );
    desk.ask_campaign(CampaignCommand::Resume).unwrap();
    assert!(desk.dispatch().unwrap().grant.is_some());
}

#[test]
fn work_of_a_campaign_that_changed_meanwhile_is_done_again_without_costing_a_try() {
    let mut desk = Desk::new();
    desk.ask(Command::Assign {
        worker: "worker-1".into(),
        lease: LEASE,
    })
    .unwrap();
    let attempt = desk.attempt();
    let artifact = Box::new(desk.artifact(attempt));
    desk.board.campaign.state_version += 1;
    desk.ask(Command::Record { artifact }).unwrap();
    assert!(matches!(desk.board.task.state, TaskState::Ready { .. }));
    assert_eq!((desk.board.task.attempts, &desk.board.artifact), (0, &None));
}

#[test]
fn transient_failures_are_tried_three_times_and_others_not_at_all() {
    for (class, expected) in [
        (FaultClass::Transient, 4),
        (FaultClass::Validation, 1),
        (FaultClass::Permanent, 1),
        (FaultClass::BudgetExhausted, 1),
    ] {
        let mut desk = Desk::new();
        let mut runs = 0;
        while matches!(desk.board.task.state, TaskState::Ready { .. }) {
            desk.wait(60);
            desk.ask(Command::Assign {
                worker: "worker-1".into(),
                lease: LEASE,
            })
            .unwrap();
            runs += 1;
            let attempt = Some(desk.attempt());
            desk.ask(Command::Fail {
                attempt,
                fault: Fault::new(class, "TEST", "test"),
                jitter: 500,
            })
            .unwrap();
        }
        assert_eq!(
            (runs, &desk.board.task.state),
            (expected, &TaskState::Failed),
            "{class:?}"
        );
    }
}

#[test]
fn an_attack_is_stopped_and_told() {
    let mut desk = Desk::new();
    desk.reach_judge();
    let verdict = Box::new(desk.verdict(99, RiskLevel::Low, vec![finding(FindingWeight::Attack)]));
    desk.ask(Command::Judge { verdict }).unwrap();
    assert_eq!(desk.board.task.state, TaskState::Failed);
    assert!(
        desk.log
            .iter()
            .any(|change| matches!(change, Change::Incident(_)))
    );
    assert_eq!(desk.board.effect, None);
}

#[test]
fn the_third_rejection_by_a_judge_asks_a_person() {
    let mut desk = Desk::new();
    desk.board.task.rejections = 2;
    desk.reach_judge();
    let verdict = Box::new(desk.verdict(20, RiskLevel::Low, Vec::new()));
    desk.ask(Command::Judge { verdict }).unwrap();
    assert_eq!(
        desk.board.review.as_ref().unwrap().band,
        ReviewBand::Exhausted
    );
}

#[test]
fn an_unknown_outcome_is_reconciled_by_a_person_unless_the_far_side_knows_keys() {
    for (asks_by_key, expected) in [
        (false, EffectState::PendingReconciliation),
        (true, EffectState::Held),
    ] {
        let mut desk = Desk::new();
        desk.reach_review();
        approve(&mut desk).unwrap();
        desk.wait(8);
        desk.dispatch().unwrap();
        let key = desk.effect().intent_key;
        let fault = Fault::new(FaultClass::Transient, "CUT", "The line was cut.");
        let effect = desk.effect().id;
        desk.ask(Command::FailEffect {
            effect,
            fault,
            certainly_not_performed: false,
            asks_by_key,
            jitter: 0,
        })
        .unwrap();
        assert_eq!(
            (desk.effect().state, desk.effect().intent_key),
            (expected, key)
        );
    }
}

#[test]
fn a_post_too_early_waits_with_its_earliest_time() {
    let mut desk = Desk::new();
    desk.reach_review();
    approve(&mut desk).unwrap();
    desk.wait(8);
    let until = desk.now + Span::seconds(600);
    let effect = desk.effect().id;
    let wait = Command::Dispatch {
        effect,
        stopped: false,
        schema_hash: schema(),
        cooldown_until: Some(until),
        quota_until: None,
        barred: Vec::new(),
    };
    assert_eq!(desk.ask(wait).unwrap().grant, None);
    assert_eq!(
        (desk.effect().state, desk.effect().not_before),
        (EffectState::Held, until)
    );
}

#[test]
fn a_post_beyond_the_days_number_waits_for_the_next_day() {
    let mut desk = Desk::new();
    desk.reach_review();
    approve(&mut desk).unwrap();
    desk.wait(8);
    let (soon, tomorrow) = (
        desk.now + Span::seconds(600),
        desk.now + Span::seconds(86_400),
    );
    let effect = desk.effect().id;
    let wait = Command::Dispatch {
        effect,
        stopped: false,
        schema_hash: schema(),
        cooldown_until: Some(soon),
        quota_until: Some(tomorrow),
        barred: Vec::new(),
    };
    assert_eq!(desk.ask(wait).unwrap().grant, None);
    assert_eq!(
        (desk.effect().state, desk.effect().not_before),
        (EffectState::Held, tomorrow)
    );
}
