//! Steps that were given up and are done again: what may be, what may not, and what has to be decided anew.

use chimera_domain::{campaign::CampaignStatus, review::ReviewState};

use super::{flow::approve, *};
use crate::why_no_replay;

fn replay(desk: &mut Desk) -> Result<Decided, Refusal> {
    let persona_version = desk.board.campaign.persona_version;
    desk.ask(Command::Replay {
        policy_version: 7,
        persona_version,
    })
}

/// A post that was decided and did not go out for good, in a campaign that came to nothing.
fn refused_by_the_network() -> Desk {
    let mut desk = Desk::new();
    desk.board.campaign.replans = 3;
    desk.reach_review();
    approve(&mut desk).unwrap();
    desk.wait(8);
    desk.dispatch().unwrap();
    let effect = desk.effect().id;
    desk.ask(Command::FailEffect {
        effect,
        fault: Fault::of("TOOL_REFUSED", "The network refused."),
        certainly_not_performed: true,
        asks_by_key: false,
        jitter: 0,
    })
    .unwrap();
    assert_eq!(desk.board.task.state, TaskState::Failed);
    desk.board.campaign.status = CampaignStatus::Failed;
    desk
}

#[test]
fn a_post_that_did_not_go_out_is_decided_anew_before_it_is_sent_again() {
    let mut desk = refused_by_the_network();
    let before = desk.effect().intent_key.clone();
    replay(&mut desk).unwrap();
    assert_eq!(desk.board.campaign.status, CampaignStatus::Active);
    assert_eq!(desk.board.campaign.policy_version, 7);
    assert!(matches!(desk.board.task.state, TaskState::Reviewing { .. }));
    let review = desk.board.review.clone().unwrap();
    assert_eq!(review.state, ReviewState::Open);
    assert!(review.reason_for_escalation[0].contains("The network refused."));
    assert!(desk.log.contains(&Change::Revive(desk.board.task.id)));
    approve(&mut desk).unwrap();
    assert_ne!(
        desk.effect().intent_key,
        before,
        "another decision, another key"
    );
}

#[test]
fn what_nobody_knows_the_outcome_of_is_never_done_again() {
    let mut desk = Desk::new();
    desk.reach_review();
    approve(&mut desk).unwrap();
    desk.wait(8);
    desk.dispatch().unwrap();
    assert!(why_no_replay(&desk.board, desk.now).is_some());
    let effect = desk.effect().id;
    desk.ask(Command::FailEffect {
        effect,
        fault: Fault::of("MCP_CONNECTION_LOST", "The line was cut."),
        certainly_not_performed: false,
        asks_by_key: false,
        jitter: 0,
    })
    .unwrap();
    let refused = replay(&mut desk).unwrap_err().to_string();
    assert!(
        refused.contains("nobody knows whether it went out"),
        "{refused}"
    );
}

#[test]
fn only_what_a_failure_ended_is_done_again() {
    let dead = |fault: Fault| {
        let mut desk = Desk::new();
        desk.board.task.state = TaskState::Failed;
        desk.board.task.fault = Some(fault);
        desk
    };
    for (code, again) in [
        ("MODEL_TIMEOUT", true),
        ("MODEL_AUTH", true),
        ("STORE_FAILED", true),
        ("NOTHING_RELEVANT", false),
        ("ATTACK_STOPPED", false),
    ] {
        let mut desk = dead(Fault::of(code, "x"));
        assert_eq!(replay(&mut desk).is_ok(), again, "{code}");
    }
    for status in [
        CampaignStatus::Cancelled,
        CampaignStatus::Paused,
        CampaignStatus::Draft,
    ] {
        let mut desk = dead(Fault::of("MODEL_TIMEOUT", "x"));
        desk.board.campaign.status = status;
        assert!(
            matches!(replay(&mut desk), Err(Refusal::NoReplay(_))),
            "{status:?}"
        );
    }
    let mut begun = dead(Fault::of("MODEL_TIMEOUT", "x"));
    begun.board.task.attempts = 3;
    replay(&mut begun).unwrap();
    assert_eq!(begun.board.task.attempts, 0);
    assert!(matches!(begun.board.task.state, TaskState::Ready { .. }));
    assert!(matches!(
        replay(&mut begun),
        Err(Refusal::NoReplay("it was not given up"))
    ));
}

#[test]
fn a_step_that_fails_in_every_try_pauses_its_agent_once() {
    let mut desk = Desk::new();
    while matches!(desk.board.task.state, TaskState::Ready { .. }) {
        desk.wait(60);
        desk.ask(Command::Assign {
            worker: "worker-1".into(),
            lease: LEASE,
        })
        .unwrap();
        let attempt = Some(desk.attempt());
        desk.ask(Command::Fail {
            attempt,
            fault: Fault::of("REASONING_TIMEOUT", "slow"),
            jitter: 0,
        })
        .unwrap();
    }
    let agent = desk.board.task.agent;
    let pauses = desk
        .log
        .iter()
        .filter(|change| **change == Change::PauseAgent(agent));
    assert_eq!(pauses.count(), 1);
    let told = desk.log.iter().any(|change| {
        matches!(change, Change::Alert(alert) if alert.code == "AGENT_PAUSED" && alert.title.contains("failed 4 times"))
    });
    assert!(told);
}

#[test]
fn a_paused_agent_begins_nothing_and_sends_nothing() {
    let mut desk = Desk::new();
    desk.board.control = Control::Paused;
    let assigned = desk.ask(Command::Assign {
        worker: "worker-1".into(),
        lease: LEASE,
    });
    assert!(matches!(assigned, Err(Refusal::AgentNot { .. })));
    desk.board.control = Control::Running;
    desk.reach_review();
    approve(&mut desk).unwrap();
    desk.wait(8);
    desk.board.control = Control::Paused;
    assert!(matches!(desk.dispatch(), Err(Refusal::AgentNot { .. })));
    desk.board.control = Control::Running;
    assert!(desk.dispatch().is_ok());
}

#[test]
fn what_waits_for_its_server_stays_decided_and_loses_no_try() {
    let mut desk = Desk::new();
    desk.reach_review();
    approve(&mut desk).unwrap();
    desk.wait(8);
    for _ in 0..5 {
        desk.dispatch().unwrap();
        let effect = desk.effect().id;
        let mut fault = Fault::of("MCP_CIRCUIT_OPEN", "It is left alone.");
        fault.retry_after_ms = Some(4_000);
        desk.ask(Command::FailEffect {
            effect,
            fault,
            certainly_not_performed: true,
            asks_by_key: false,
            jitter: 0,
        })
        .unwrap();
        assert_eq!(
            (desk.effect().state, desk.effect().attempts),
            (EffectState::Held, 0)
        );
        assert!(matches!(desk.dispatch(), Err(Refusal::TooEarly { .. })));
        desk.wait(4);
    }
}
