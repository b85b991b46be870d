//! How many tasks a second go through the store: three commits each, with events, audit, attempts, artifact and
//! verdict, durable (`synchronous = FULL`). Prints, asserts nothing.
//!
//! `cargo run --release -p chimera-store --example throughput -- [tasks] [in flight]`
#![expect(clippy::print_stdout, reason = "it prints what it measures")]
#![expect(
    clippy::unwrap_used,
    reason = "a measurement that fails should say so loudly"
)]

use std::{sync::Arc, time::Instant};

use chimera_domain::{
    change::{Attempt, Change},
    task::{Task, TaskState},
};
use chimera_ports::store::{Boards, Store};
use chimera_store::{SqliteStore, StoreOptions};
use chimera_testkit::{World, store_contract::Bed};
use futures::{StreamExt, stream};

/// Campaigns that the tasks are spread over.
const CAMPAIGNS: usize = 50;
/// Tasks that are added in one commit.
const ADDED_AT_ONCE: usize = 500;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let mut numbers = std::env::args().skip(1).map(|arg| arg.parse().unwrap());
    let tasks: usize = numbers.next().unwrap_or(20_000);
    let in_flight: usize = numbers.next().unwrap_or(2_000);
    let folder = tempfile::tempdir_in(".").unwrap();
    let options = StoreOptions::at(folder.path().join("chimera.db"));
    let store = Arc::new(SqliteStore::open(options).await.unwrap());
    let first = Bed::in_store(&*store, World::default()).await;
    let mut beds = vec![first.clone()];
    for _ in 1..CAMPAIGNS {
        let mut bed = first.clone();
        bed.campaign = bed.world.campaign(&bed.agent);
        chimera_ports::store::Campaigns::create_campaign(&*store, &bed.campaign, Vec::new())
            .await
            .unwrap();
        beds.push(bed);
    }
    let began = Instant::now();
    let mut waiting = Vec::new();
    for (bed, count) in beds.iter().cycle().zip(0..tasks.div_ceil(ADDED_AT_ONCE)) {
        let left = (tasks - count * ADDED_AT_ONCE).min(ADDED_AT_ONCE);
        let new: Vec<Task> = (0..left).map(|_| bed.world.task(&bed.campaign)).collect();
        let listed: Vec<_> = new.iter().map(|task| (task, &[][..])).collect();
        bed.add(&*store, &listed).await;
        waiting.extend(new.into_iter().map(|task| (bed.clone(), task)));
    }
    tell("tasks added", tasks, began);
    let boards = waiting.len().min(20_000);
    let began = Instant::now();
    stream::iter(&waiting[..boards])
        .for_each_concurrent(64, |(bed, task)| {
            let store = Arc::clone(&store);
            async move { drop(store.board(bed.campaign.tenant, task.id).await.unwrap()) }
        })
        .await;
    tell("boards read", boards, began);
    let before = ticks();
    let began = Instant::now();
    stream::iter(waiting)
        .map(|(bed, task)| tokio::spawn(through(Arc::clone(&store), bed, task)))
        .buffer_unordered(in_flight)
        .for_each(|done| async move { done.unwrap() })
        .await;
    tell("tasks through three commits", tasks, began);
    if let Some((before, after)) = before.zip(ticks()) {
        let each = |ticks: u64| ticks as f64 * 10_000.0 / tasks as f64;
        println!(
            "per task {:.0} µs of CPU in SQLite's threads, {:.0} µs in all others (callers included)",
            each(after.0 - before.0),
            each(after.1 - before.1)
        );
    }
    let began = Instant::now();
    store.close().await.unwrap();
    println!("closed in {:?}", began.elapsed());
}

/// Clock ticks of the writing thread and of all others so far, where the system tells (Linux: 100 a second).
fn ticks() -> Option<(u64, u64)> {
    let (mut sqlite, mut others) = (0, 0);
    for thread in std::fs::read_dir("/proc/self/task").ok()? {
        let stat = std::fs::read_to_string(thread.ok()?.path().join("stat")).ok()?;
        let (name, numbers) = stat.rsplit_once(") ")?;
        let numbers: Vec<&str> = numbers.split(' ').collect();
        let spent = numbers[11].parse::<u64>().ok()? + numbers[12].parse::<u64>().ok()?;
        *if name.contains("sqlx") {
            &mut sqlite
        } else {
            &mut others
        } += spent;
    }
    Some((sqlite, others))
}

fn tell(what: &str, count: usize, began: Instant) {
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "{count} {what} in {seconds:.2} s: {:.0}/s",
        count as f64 / seconds
    );
}

/// Assign, record, judge and complete.
async fn through<S: Store>(store: Arc<S>, bed: Bed, task: Task) {
    let audit = |action: &str| {
        let mut record = bed.world.audit(action);
        record.campaign = Some(bed.campaign.id);
        record.task = Some(task.id);
        Change::Audit(record)
    };
    let (working, attempt) = bed.world.working(&bed.campaign, &task);
    let begun = vec![Change::Attempt(attempt.clone())];
    let task = bed.go(&*store, &task, working, begun).await;
    let artifact = bed.world.artifact(&task);
    let verdict = bed.world.verdict(&artifact);
    let judging = TaskState::Judging {
        artifact: artifact.artifact_id,
        state_version: 1,
        lease_until: None,
    };
    let ended = Attempt {
        ended_at: Some(bed.world.now()),
        outcome: "recorded".to_owned(),
        ..attempt
    };
    let after = Task {
        artifact: Some(artifact.artifact_id),
        state: judging,
        ..task.clone()
    };
    let changes = vec![
        Change::Attempt(ended),
        Change::Artifact(Box::new(artifact)),
        audit("task.record"),
    ];
    let set = bed.world.step(&bed.campaign, &task, after, changes);
    let task = set.task.clone().unwrap();
    store.commit(set).await.unwrap();
    let changes = vec![
        Change::Verdict(Box::new(verdict)),
        audit("task.judge"),
        Change::ReleaseDependents(task.id),
    ];
    bed.go(&*store, &task, TaskState::Completed, changes).await;
}
