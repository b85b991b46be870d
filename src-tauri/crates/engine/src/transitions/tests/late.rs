//! An action that missed its time by more than a little asks a person, however it was decided (C45).

use chimera_domain::verdict::RiskLevel;

use super::*;
use crate::{Resolution, transitions::dispatch::LATE_AFTER};

/// Past the time at which the held action was to leave, by so much.
fn wait_past(desk: &mut Desk, span: Span) {
    desk.now = desk.effect().not_before + span;
}

fn asks_with_its_reason(desk: &Desk) {
    assert_eq!(desk.effect().state, EffectState::Voided);
    let review = desk.board.review.clone().unwrap();
    assert_eq!(review.state, ReviewState::Open);
    assert!(
        review.reason_for_escalation[0].starts_with("Late, needs confirm"),
        "{:?}",
        review.reason_for_escalation
    );
}

#[test]
fn what_a_rule_decided_asks_once_it_is_late() {
    let mut desk = Desk::new();
    desk.reach_judge();
    let verdict = Box::new(desk.verdict(95, RiskLevel::Low, Vec::new()));
    desk.ask(Command::Judge { verdict }).unwrap();
    wait_past(&mut desk, LATE_AFTER);
    assert!(desk.dispatch().unwrap().grant.is_none());
    asks_with_its_reason(&desk);
}

#[test]
fn what_a_person_decided_asks_again_also_long_after_the_approval_ended() {
    for late in [LATE_AFTER, Span::seconds(30 * 24 * 60 * 60)] {
        let mut desk = Desk::new();
        let review = desk.reach_review();
        desk.ask(Command::Resolve {
            review: review.review_id,
            shown: review.shown,
            resolution: Resolution::Approve,
        })
        .unwrap();
        wait_past(&mut desk, late);
        assert!(desk.dispatch().unwrap().grant.is_none());
        asks_with_its_reason(&desk);
        // Confirmed, it leaves under the new decision.
        let review = desk.board.review.clone().unwrap();
        desk.ask(Command::Resolve {
            review: review.review_id,
            shown: review.shown,
            resolution: Resolution::Approve,
        })
        .unwrap();
        wait_past(&mut desk, Span::ZERO);
        assert!(desk.dispatch().unwrap().grant.is_some());
    }
}

#[test]
fn a_little_late_is_not_late() {
    let mut desk = Desk::new();
    let review = desk.reach_review();
    desk.ask(Command::Resolve {
        review: review.review_id,
        shown: review.shown,
        resolution: Resolution::Approve,
    })
    .unwrap();
    desk.now = desk.effect().not_before + LATE_AFTER - Span::seconds(1);
    assert!(desk.dispatch().unwrap().grant.is_some());
}

#[test]
fn one_that_may_have_gone_out_is_neither_voided_nor_taken_back_but_left_to_a_person() {
    let mut desk = Desk::new();
    let review = desk.reach_review();
    desk.ask(Command::Resolve {
        review: review.review_id,
        shown: review.shown,
        resolution: Resolution::Approve,
    })
    .unwrap();
    wait_past(&mut desk, Span::ZERO);
    desk.dispatch().unwrap();
    let effect = desk.effect().id;
    let unheard = Command::FailEffect {
        effect,
        fault: Fault::new(chimera_domain::fault::FaultClass::Transient, "CUT", "cut"),
        certainly_not_performed: false,
        asks_by_key: true,
        jitter: 0,
    };
    desk.ask(unheard).unwrap();
    assert_eq!(
        (desk.effect().state, desk.effect().is_unclear),
        (EffectState::Held, true)
    );
    // Also for a clock that was set back there is no undo any more, and the task is not called off.
    let now = desk.now;
    desk.now = desk.effect().held_until - Span::seconds(1);
    assert_eq!(desk.ask(Command::Undo { effect }), Err(Refusal::UndoOver));
    let note = String::new();
    assert!(matches!(
        desk.ask(Command::Cancel { note }),
        Err(Refusal::WrongState { .. })
    ));
    desk.now = now;
    desk.board.campaign.policy_version += 1;
    wait_past(&mut desk, Span::ZERO);
    assert!(desk.dispatch().unwrap().grant.is_none());
    assert_eq!(desk.effect().state, EffectState::PendingReconciliation);
    assert_eq!(desk.board.task.state.as_str(), "releasing");
}
