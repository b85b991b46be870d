//! Under which word a try that came to nothing is written down: whoever counts failures counts by it.

use chimera_domain::{audit::AuditStatus, fault::FaultClass};

use super::{flow::approve, *};

/// What the log says of tries, in order.
fn written(desk: &Desk) -> Vec<(&str, AuditStatus)> {
    let words = [
        "task.retry",
        "task.fail",
        "task.lapse",
        "effect.retry",
        "effect.fail",
        "effect.unclear",
    ];
    let said = desk.log.iter().filter_map(|change| match change {
        Change::Audit(record) => Some((record.action.as_str(), record.status)),
        _ => None,
    });
    said.filter(|(word, _)| words.contains(word)).collect()
}

fn assign(desk: &mut Desk) {
    desk.wait(60);
    desk.ask(Command::Assign {
        worker: "worker-1".into(),
        lease: LEASE,
    })
    .unwrap();
}

const fn failure(word: &str) -> (&str, AuditStatus) {
    (word, AuditStatus::Failure)
}

#[test]
fn only_the_last_try_of_a_step_is_a_failure() {
    let mut desk = Desk::new();
    while matches!(desk.board.task.state, TaskState::Ready { .. }) {
        assign(&mut desk);
        let attempt = Some(desk.attempt());
        let fault = Fault::new(FaultClass::Transient, "BUSY", "busy");
        desk.ask(Command::Fail {
            attempt,
            fault,
            jitter: 500,
        })
        .unwrap();
    }
    let mut expected = vec![failure("task.retry"); 3];
    expected.push(failure("task.fail"));
    assert_eq!(written(&desk), expected);
}

#[test]
fn a_worker_that_is_lost_for_the_last_time_fails_its_step() {
    let mut desk = Desk::new();
    while matches!(desk.board.task.state, TaskState::Ready { .. }) {
        assign(&mut desk);
        desk.ask(Command::LapseLease {
            holder_is_gone: true,
        })
        .unwrap();
    }
    let mut expected = vec![failure("task.lapse"); 4];
    expected.push(failure("task.fail"));
    assert_eq!(written(&desk), expected);
}

#[test]
fn a_call_that_failed_is_made_again_failed_for_good_or_unclear() {
    let unclear = ("effect.unclear", AuditStatus::Pending);
    for (class, certainly_not_performed, asks_by_key, expected) in [
        (FaultClass::Transient, true, false, failure("effect.retry")),
        (FaultClass::Transient, false, true, failure("effect.retry")),
        (FaultClass::Permanent, true, false, failure("effect.fail")),
        (FaultClass::Transient, false, false, unclear),
    ] {
        let mut desk = Desk::new();
        desk.reach_review();
        approve(&mut desk).unwrap();
        desk.wait(8);
        desk.dispatch().unwrap();
        let effect = desk.effect().id;
        desk.ask(Command::FailEffect {
            effect,
            fault: Fault::new(class, "CUT", "The line was cut."),
            certainly_not_performed,
            asks_by_key,
            jitter: 0,
        })
        .unwrap();
        assert_eq!(written(&desk), [expected]);
    }
}
