//! Limits of the runtime that nothing but time or number shows: what hangs is stopped, and no more run at once than may.

use std::time::Duration;

use chimera_domain::{
    action::EffectState,
    change::Board,
    role::Actor,
    task::{Task, TaskState},
};
use chimera_engine::Command;

use super::crash_tests::{Fate, Ground, LONG, SOON};
use crate::{Bounds, act::ActError};

async fn boards(ground: &Ground, tasks: &[Task]) -> Vec<Board> {
    let mut boards = Vec::new();
    for task in tasks {
        boards.push(ground.board(task.id).await);
    }
    boards
}

/// Waits until as many of the tasks as may are in hand, and answers how many that are then.
async fn in_hand(
    ground: &Ground,
    tasks: &[Task],
    wanted: usize,
    taken: impl Fn(&Board) -> bool,
) -> usize {
    let looked = tokio::time::timeout(SOON, async {
        loop {
            let found = boards(ground, tasks).await;
            let found = found.iter().filter(|board| taken(board)).count();
            if found >= wanted {
                // The loops look again whenever something was stored: another one would be taken by now.
                tokio::time::sleep(Duration::from_millis(300)).await;
                let after = boards(ground, tasks).await;
                return after.iter().filter(|board| taken(board)).count();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    looked.await.unwrap_or(0)
}

fn works(board: &Board) -> bool {
    matches!(board.task.state, TaskState::Working { .. })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_more_workers_than_may_work_at_once() {
    let bounds = Bounds {
        workers: 2,
        reasoning: LONG,
        ..Bounds::default()
    };
    let ground = Ground::with(Fate::Hangs, bounds).await;
    let mut tasks = Vec::new();
    for _ in 0..4 {
        tasks.push(ground.research().await);
    }
    ground.runtime.start().await.unwrap();
    assert_eq!(in_hand(&ground, &tasks, 2, works).await, 2);
    ground.runtime.shut_down().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_more_judges_than_may_judge_at_once_and_none_holds_a_shutdown_up() {
    let bounds = Bounds {
        judges: 1,
        reasoning: LONG,
        drain: Duration::from_millis(50),
        ..Bounds::default()
    };
    let ground = Ground::with(Fate::Hangs, bounds).await;
    let mut tasks = Vec::new();
    for _ in 0..3 {
        let prepared = ground.prepared(|artifact| TaskState::Judging {
            artifact: artifact.artifact_id,
            state_version: ground.bed.campaign.state_version,
            lease_until: None,
        });
        tasks.push(prepared.await.0);
    }
    ground.runtime.start().await.unwrap();
    let judged = |board: &Board| {
        matches!(
            board.task.state,
            TaskState::Judging {
                lease_until: Some(_),
                ..
            }
        )
    };
    assert_eq!(in_hand(&ground, &tasks, 1, judged).await, 1);
    let down = tokio::time::timeout(SOON, ground.runtime.shut_down());
    assert!(down.await.is_ok(), "a judge that hangs held it up");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_action_whose_server_asks_a_person_keeps_no_other_one_back() {
    let bounds = Bounds {
        senders: 1,
        drain: Duration::from_millis(50),
        ..Bounds::default()
    };
    for (fate, leaving) in [(Fate::Hangs, 1), (Fate::Asks, 3)] {
        let ground = Ground::with(fate, bounds).await;
        let mut tasks = Vec::new();
        for _ in 0..3 {
            tasks.push(ground.approved().await);
        }
        // Past the time in which it could be taken back.
        ground.world.pass(60);
        ground.runtime.start().await.unwrap();
        let leaves = |board: &Board| {
            let effect = board.effect.as_ref();
            effect.is_some_and(|effect| matches!(effect.state, EffectState::Dispatching { .. }))
        };
        assert_eq!(in_hand(&ground, &tasks, leaving, leaves).await, leaving);
        ground.runtime.shut_down().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thinking_that_never_ends_is_stopped_and_a_try_is_counted() {
    let bounds = Bounds {
        reasoning: Duration::from_millis(100),
        ..Bounds::default()
    };
    let ground = Ground::with(Fate::Hangs, bounds).await;
    let task = ground.research().await;
    ground.runtime.start().await.unwrap();
    let stopped = |board: &Board| board.task.attempts == 1;
    let board = ground.until(task.id, stopped).await;
    assert_eq!(board.task.fault.unwrap().code, "REASONING_TIMEOUT");
    ground.runtime.shut_down().await;
}

#[tokio::test]
async fn a_command_is_tried_as_often_as_it_may_and_then_refused() {
    let bounds = Bounds {
        conflict_tries: 0,
        ..Bounds::default()
    };
    let ground = Ground::with(Fate::Hangs, bounds).await;
    let task = ground.research().await;
    let command = Command::Cancel {
        note: String::new(),
    };
    let actor = Actor::Person(ground.bed.user.id);
    let refused = ground.runtime.act(task.tenant, task.id, actor, command);
    match refused.await {
        Err(ActError::Store(error)) => assert!(error.is_conflict(), "{error}"),
        other => panic!("{:?}", other.map(|acted| acted.set)),
    }
    let before = ground.board(task.id).await;
    assert!(matches!(before.task.state, TaskState::Ready { .. }));
}
