//! Counters that are moved by what changes must equal what counting again would find.

use chimera_domain::{
    campaign::Progress,
    change::Change,
    fault::{Fault, FaultClass},
    id::TaskId,
    task::{Task, TaskState},
};
use chimera_ports::{
    page::PageRequest,
    store::{Store, TaskFilter},
};
use futures::future::join_all;
use proptest::prelude::*;

use super::Bed;
use crate::World;

/// Something that happens to a campaign's tasks. Numbers pick a task among those there are.
#[derive(Clone, Copy, Debug)]
pub enum Happening {
    /// A task that waits for nothing.
    Add,
    /// A task that waits for one or two others.
    AddBelow(u8, u8),
    /// A task completes.
    Complete(u8),
    /// A task fails, and all below it is called off.
    Fail(u8),
    /// A task times out and nobody else cares.
    TimeOut(u8),
    /// An ended task is opened again.
    Reopen(u8),
    /// Two at the same time.
    CompleteBoth(u8, u8),
    /// Everything is called off.
    CancelAll,
}

/// Any of them, calling everything off rarely.
pub fn happening() -> impl Strategy<Value = Happening> {
    let task = || any::<u8>();
    prop_oneof![
        4 => Just(Happening::Add),
        4 => (task(), task()).prop_map(|(one, two)| Happening::AddBelow(one, two)),
        4 => task().prop_map(Happening::Complete),
        2 => task().prop_map(Happening::Fail),
        1 => task().prop_map(Happening::TimeOut),
        1 => task().prop_map(Happening::Reopen),
        3 => (task(), task()).prop_map(|(one, two)| Happening::CompleteBoth(one, two)),
        1 => Just(Happening::CancelAll),
    ]
}

fn fault() -> Fault {
    Fault::new(FaultClass::Permanent, "X", "x")
}

async fn recount<S: Store>(store: &S, bed: &Bed) -> (Progress, Vec<Task>) {
    let filter = TaskFilter {
        campaign: Some(bed.campaign.id),
        open_only: false,
        ..TaskFilter::default()
    };
    let mut tasks = Vec::new();
    let mut page = PageRequest::default();
    loop {
        let found = store
            .tasks(bed.campaign.tenant, filter, page)
            .await
            .unwrap();
        tasks.extend(found.items);
        let Some(next) = found.next else { break };
        page = PageRequest {
            after: Some(next),
            limit: 0,
        };
    }
    let mut progress = Progress::default();
    for task in &tasks {
        match task.state {
            TaskState::Completed => progress.completed += 1,
            TaskState::Failed | TaskState::TimedOut => progress.failed += 1,
            TaskState::Cancelled => progress.cancelled += 1,
            _ => progress.open += 1,
        }
    }
    (progress, tasks)
}

/// Lets `happenings` happen; after each, stored counters and open dependents must equal a recount.
pub async fn check<S: Store>(store: &S, family: u16, happenings: &[Happening]) {
    let bed = Bed::in_store(store, World::of_family(family)).await;
    for happening in happenings {
        let (_, tasks) = recount(store, &bed).await;
        let open_tasks = happen(store, &bed, *happening, &tasks).await;
        let (counted, tasks) = recount(store, &bed).await;
        let stored = store
            .progress(bed.campaign.tenant, bed.campaign.id)
            .await
            .unwrap();
        assert_eq!(stored, counted, "after {happening:?}");
        if let Some(open_tasks) = open_tasks {
            assert_eq!(open_tasks, counted.open, "after {happening:?}");
        }
        check_waiting(store, &bed, &tasks).await;
    }
}

/// A task is blocked exactly as long as it waits for something, and counts what it waits for.
async fn check_waiting<S: Store>(store: &S, bed: &Bed, tasks: &[Task]) {
    let edges = store
        .edges(bed.campaign.tenant, bed.campaign.id)
        .await
        .unwrap();
    let is_open = |id: TaskId| {
        tasks
            .iter()
            .any(|task| task.id == id && !task.state.is_terminal())
    };
    for task in tasks.iter().filter(|task| task.state == TaskState::Blocked) {
        let open = edges
            .iter()
            .filter(|edge| edge.task == task.id && is_open(edge.needs))
            .count();
        assert!(open > 0, "{task:?} waits for nothing");
        assert!(
            task.waiting_on as usize >= open,
            "{task:?} waits for {open}"
        );
    }
}

async fn happen<S: Store>(
    store: &S,
    bed: &Bed,
    happening: Happening,
    tasks: &[Task],
) -> Option<u32> {
    let pick = |at: u8, wanted: fn(&TaskState) -> bool| {
        let fitting: Vec<&Task> = tasks.iter().filter(|task| wanted(&task.state)).collect();
        (!fitting.is_empty()).then(|| fitting[usize::from(at) % fitting.len()])
    };
    let is_open: fn(&TaskState) -> bool = |state| !state.is_terminal();
    // Nothing builds on what ended without a result.
    let is_sound: fn(&TaskState) -> bool =
        |state| !state.is_terminal() || *state == TaskState::Completed;
    let runs: fn(&TaskState) -> bool = |state| !state.is_terminal() && *state != TaskState::Blocked;
    bed.world.pass(1);
    let set = match happening {
        Happening::Add => {
            return Some(
                bed.add(store, &[(&bed.world.task(&bed.campaign), &[])])
                    .await
                    .open_tasks,
            );
        }
        Happening::AddBelow(one, two) => {
            let (one, two) = (pick(one, is_sound)?, pick(two, is_sound)?);
            let needs = if one.id == two.id {
                vec![one]
            } else {
                vec![one, two]
            };
            let count = u32::try_from(needs.len()).unwrap();
            let task = bed.world.blocked_task(&bed.campaign, count);
            return Some(bed.add(store, &[(&task, &needs)]).await.open_tasks);
        }
        Happening::Complete(at) => bed.completion(pick(at, runs)?),
        Happening::Fail(at) => {
            let task = pick(at, is_open)?;
            let of = task.id;
            bed.to(
                task,
                TaskState::Failed,
                vec![Change::CancelDescendants { of, fault: fault() }],
            )
        }
        Happening::TimeOut(at) => {
            let task = pick(at, is_open)?;
            let of = task.id;
            bed.to(
                task,
                TaskState::TimedOut,
                vec![Change::CancelDescendants { of, fault: fault() }],
            )
        }
        Happening::Reopen(at) => {
            let not_before = bed.world.now();
            let task = pick(at, |state| {
                matches!(state, TaskState::Failed | TaskState::Cancelled)
            })?;
            bed.to(task, TaskState::Ready { not_before }, Vec::new())
        }
        Happening::CompleteBoth(one, two) => {
            let (one, two) = (pick(one, runs)?, pick(two, runs)?);
            let sets = [bed.completion(one), bed.completion(two)];
            let done = join_all(sets.into_iter().map(|set| store.commit(set))).await;
            let won = done.iter().filter(|outcome| outcome.is_ok()).count();
            assert_eq!(won, if one.id == two.id { 1 } else { 2 });
            return None;
        }
        Happening::CancelAll => bed.set(vec![Change::CancelCampaignTasks(fault())]),
    };
    Some(store.commit(set).await.unwrap().open_tasks)
}

/// Many tasks at once, in one transaction or several.
pub async fn commits_of_many_tasks_are_counted<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tasks: Vec<Task> = (0..300).map(|_| bed.world.task(&bed.campaign)).collect();
    let new: Vec<_> = tasks.iter().map(|task| (task, &[][..])).collect();
    assert_eq!(bed.add(store, &new).await.open_tasks, 300);
    let sets = tasks.iter().enumerate().map(|(at, task)| {
        let state = [
            TaskState::Completed,
            TaskState::Failed,
            TaskState::TimedOut,
            TaskState::Cancelled,
            TaskState::Blocked,
        ][at % 5]
            .clone();
        bed.to(task, state, Vec::new())
    });
    for done in join_all(sets.map(|set| store.commit(set))).await {
        assert!(done.unwrap().open_tasks >= 60);
    }
    let expected = Progress {
        open: 60,
        completed: 60,
        failed: 120,
        cancelled: 60,
    };
    let stored = store
        .progress(bed.campaign.tenant, bed.campaign.id)
        .await
        .unwrap();
    assert_eq!(stored, expected);
    assert_eq!(recount(store, &bed).await.0, expected);
}
