//! Work that is handed back unfinished.

use chimera_domain::task::TaskState;

use super::*;

#[test]
fn work_is_handed_back_without_costing_a_try() {
    let mut desk = Desk::new();
    desk.ask(Command::Assign {
        worker: "worker-1".into(),
        lease: LEASE,
    })
    .unwrap();
    let (attempt, tries) = (desk.attempt(), desk.board.task.attempts);
    let none_of_a_judge = desk.ask(Command::HandBack { attempt: None });
    assert_eq!(none_of_a_judge.unwrap_err(), Refusal::LeaseLost);
    let attempt = Some(attempt);
    desk.ask(Command::HandBack { attempt }).unwrap();
    let ready = TaskState::Ready {
        not_before: desk.now,
    };
    assert_eq!(
        (&desk.board.task.state, desk.board.task.attempts),
        (&ready, tries)
    );

    desk.reach_judge();
    let tries = desk.board.task.attempts;
    assert_eq!(
        desk.ask(Command::HandBack { attempt }).unwrap_err(),
        Refusal::LeaseLost,
        "the worker has nothing of it any more"
    );
    desk.ask(Command::HandBack { attempt: None }).unwrap();
    let waits = matches!(
        desk.board.task.state,
        TaskState::Judging {
            lease_until: None,
            ..
        }
    );
    assert!(waits && desk.board.task.attempts == tries);
    assert_eq!(
        desk.ask(Command::HandBack { attempt: None }).unwrap_err(),
        Refusal::LeaseLost,
        "nobody holds it"
    );
    desk.ask(Command::TakeJudgement { lease: LEASE }).unwrap();
}
