//! What labels forbid, no score and no policy lifts; a person does, and then it leaves as anything else.

use chimera_domain::action::ApprovalKind;
use chimera_policy::{Bands, flow};

use super::*;

/// Judged as sure as can be, under a policy that lets everything go.
fn judged_sure(carries: Carries) -> Desk {
    let mut desk = Desk::new();
    desk.policy.bands = Bands {
        auto_above: Confidence::from_percent(0),
        review_from: Confidence::from_percent(0),
        must_approve_from: Confidence::from_percent(0),
    };
    desk.ask(Command::Assign {
        worker: "worker-1".into(),
        lease: LEASE,
    })
    .unwrap();
    let attempt = desk.attempt();
    let mut artifact = desk.artifact(attempt);
    artifact.provenance = Some(carrying(carries));
    let artifact = Box::new(artifact);
    desk.ask(Command::Record { artifact }).unwrap();
    desk.ask(Command::TakeJudgement { lease: LEASE }).unwrap();
    let verdict = Box::new(desk.verdict(100, RiskLevel::Low, Vec::new()));
    desk.ask(Command::Judge { verdict }).unwrap();
    desk
}

#[test]
fn words_from_outside_alone_leave_by_rule() {
    let desk = judged_sure(Carries::Foreign);
    assert_eq!(desk.effect().approval.kind, ApprovalKind::ByRule);
}

#[test]
fn the_three_together_wait_for_a_person_who_is_told_which_and_then_leave() {
    for (carries, rule) in [
        (Carries::Both, flow::TRIFECTA),
        (Carries::Aimed, flow::TARGET),
    ] {
        let mut desk = judged_sure(carries);
        assert_eq!(desk.board.effect, None);
        let review = desk.board.review.clone().unwrap();
        assert!(review.state.is_open() && review.tainted);
        let found = review
            .findings
            .iter()
            .find(|found| found.rule == rule)
            .unwrap();
        assert_eq!(review.reason_for_escalation[0], found.message);
        assert!(found.message.contains("a.example"), "{}", found.message);
        let verdict = desk.board.verdict.as_ref().unwrap();
        assert!(verdict.findings.contains(found), "the verdict forgets it");
        let resolution = crate::Resolution::Approve;
        desk.ask(Command::Resolve {
            review: review.review_id,
            shown: review.shown,
            resolution,
        })
        .unwrap();
        assert_eq!(desk.effect().approval.kind, ApprovalKind::ByPerson);
        desk.wait(desk.policy.hold_seconds + 1);
        assert!(desk.dispatch().unwrap().grant.is_some());
    }
}

#[test]
fn what_a_rule_let_go_all_the_same_is_stopped_where_it_leaves() {
    let mut desk = judged_sure(Carries::Foreign);
    // As if a rule had let it go: the row says so, and the digest of what was decided fits.
    desk.board.artifact.as_mut().unwrap().provenance = Some(carrying(Carries::Both));
    desk.wait(desk.policy.hold_seconds + 1);
    assert!(desk.dispatch().unwrap().grant.is_none());
    assert_eq!(desk.effect().state, EffectState::Voided);
    let review = desk.board.review.clone().unwrap();
    assert!(
        review.reason_for_escalation[0].contains("price list"),
        "{review:?}"
    );
}

#[test]
fn what_was_made_before_labels_were_kept_asks() {
    let mut desk = judged_sure(Carries::Foreign);
    desk.board.artifact.as_mut().unwrap().provenance = None;
    desk.wait(desk.policy.hold_seconds + 1);
    assert!(desk.dispatch().unwrap().grant.is_none());
    assert!(desk.board.review.unwrap().tainted);
}
