//! Work that is handed back unfinished.

use chimera_domain::{id::AttemptId, task::TaskState, time::Span};

use super::*;

fn back(attempt: Option<AttemptId>) -> Command {
    Command::HandBack {
        attempt,
        rest: Span::ZERO,
    }
}

#[test]
fn work_is_handed_back_without_costing_a_try() {
    let mut desk = Desk::new();
    desk.ask(Command::Assign {
        worker: "worker-1".into(),
        lease: LEASE,
    })
    .unwrap();
    let (attempt, tries) = (desk.attempt(), desk.board.task.attempts);
    let none_of_a_judge = desk.ask(back(None));
    assert_eq!(none_of_a_judge.unwrap_err(), Refusal::LeaseLost);
    let attempt = Some(attempt);
    desk.ask(back(attempt)).unwrap();
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
        desk.ask(back(attempt)).unwrap_err(),
        Refusal::LeaseLost,
        "the worker has nothing of it any more"
    );
    desk.ask(back(None)).unwrap();
    let waits = matches!(
        desk.board.task.state,
        TaskState::Judging {
            lease_until: None,
            ..
        }
    );
    assert!(waits && desk.board.task.attempts == tries);
    assert_eq!(
        desk.ask(back(None)).unwrap_err(),
        Refusal::LeaseLost,
        "nobody holds it"
    );
    desk.ask(Command::TakeJudgement { lease: LEASE }).unwrap();
}

#[test]
fn work_that_could_not_be_stored_rests_before_it_is_due_again() {
    let mut desk = Desk::new();
    desk.ask(Command::Assign {
        worker: "worker-1".into(),
        lease: LEASE,
    })
    .unwrap();
    let (attempt, tries) = (Some(desk.attempt()), desk.board.task.attempts);
    let rest = Span::seconds(30);
    desk.ask(Command::HandBack { attempt, rest }).unwrap();
    let ready = TaskState::Ready {
        not_before: desk.now + rest,
    };
    assert_eq!(
        (&desk.board.task.state, desk.board.task.attempts),
        (&ready, tries)
    );
}

#[test]
fn what_waits_for_money_is_left_alone_for_as_long_as_it_says() {
    let rest = Span::seconds(5);
    let mut desk = Desk::new();
    desk.ask(Command::Assign {
        worker: "worker-1".into(),
        lease: LEASE,
    })
    .unwrap();
    let attempt = Some(desk.attempt());
    desk.ask(Command::HandBack { attempt, rest }).unwrap();
    let until = desk.now + rest;
    assert_eq!(
        desk.board.task.state,
        TaskState::Ready { not_before: until }
    );
    desk.now = until;
    desk.reach_judge();
    let attempt = None;
    desk.ask(Command::HandBack { attempt, rest }).unwrap();
    let until = desk.now + rest;
    let paused = matches!(desk.board.task.state, TaskState::Judging { lease_until: Some(at), .. } if at == until);
    assert!(paused, "{:?}", desk.board.task.state);
    assert_eq!(desk.board.task.attempts, 0);
}
