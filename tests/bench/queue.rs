//! Tasks a second through the embedded queue: SQLite, `synchronous=FULL`, on the disk.
//!
//! Each task is found by the query of the worker pool and taken through plan → work → judge by the real engine
//! and the real store, a board read and a commit for each step, with audit, events and at the end an approval and
//! an outbox row. The peers do the same number of compare-and-swaps on a bare table, and nothing else.

use std::{
    collections::HashSet,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use chimera_domain::{
    artifact::Artifact,
    change::{Board, ChangeSet},
    id::TaskId,
    role::Actor,
    task::{Task, TaskState},
    time::Span,
};
use chimera_engine::{Command, Given, decide};
use chimera_policy::Policy;
use chimera_ports::store::{Boards, Due};
use chimera_store::{SqliteStore, StoreOptions};
use chimera_testkit::{World, store_contract::Bed};
use tokio::task::JoinSet;

use crate::{
    Options, bare,
    figure::Figure,
    folder, records,
    series::{Series, exponent, rate},
};

const BENCH: &str = "queue";
const ROUNDS: usize = 5;
/// Tasks of one round.
const TASKS: usize = 10_000;
/// Tasks in hands at once.
const IN_FLIGHT: usize = 512;
/// Tasks that are made in one commit.
const MADE_AT_ONCE: usize = 1_000;
/// Assign, record, take, judge.
const COMMITS: usize = 4;
/// Tasks a second of the paced run, and how many of them.
const PACE: usize = 200;
const PACED: usize = 2_000;
const LEASE: Span = Span::seconds(90);

pub(crate) fn run(options: Options) -> Result<()> {
    crate::runtime()?.block_on(async {
        let folder = folder()?;
        side_by_side(folder.path(), options).await?;
        sizes(folder.path(), options).await?;
        paced(folder.path(), options).await
    })
}

async fn side_by_side(folder: &Path, options: Options) -> Result<()> {
    let tasks = options.amount(TASKS);
    let mut ours = Series::default();
    let mut single = Series::default();
    let mut batched = Series::default();
    let mut syncs = Series::default();
    for round in 0..=ROUNDS {
        let flood = flood(folder, tasks).await?;
        let one = bare::tasks(folder, tasks / 10, 1).await?;
        let hundred = bare::tasks(folder, tasks, 100).await?;
        let sync = bare::syncs(folder, tasks / 5)?;
        if round > 0 {
            ours.push(flood);
            single.push(one);
            batched.push(hundred);
            syncs.push(sync);
        }
    }
    let bare_name = "bare SQLite FULL, one update a commit";
    let unit = "tasks/s";
    let found = ours.median();
    Figure::new(BENCH, "ours", found, unit)
        .beside(bare_name)
        .note(format!("{tasks} tasks at once, {IN_FLIGHT} in hands; four transitions each: board read, decided, committed with state, audit, events, approval and outbox row; the product works on 8 tasks at once unless told otherwise"))
        .print();
    Figure::new(
        BENCH,
        "ours, transitions",
        found * COMMITS as f64,
        "transitions/s",
    )
    .print();
    Figure::new(BENCH, bare_name, single.median(), unit)
        .note("four compare-and-swaps a task; no boards, audit, events or outbox")
        .print();
    Figure::new(
        BENCH,
        "bare SQLite FULL, 100 updates a commit",
        batched.median(),
        unit,
    )
    .note("the limit of the naive way")
    .print();
    Figure::new(
        BENCH,
        "writes of 4 KiB with fdatasync",
        syncs.median(),
        "per second",
    )
    .note("what the disk gives")
    .print();
    Ok(())
}

/// 1×, 10×, 100×: does the queue slow down as it grows?
async fn sizes(folder: &Path, options: Options) -> Result<()> {
    let mut points = Vec::new();
    let mut last = f64::NAN;
    for tasks in [1_000, 10_000, 100_000].map(|tasks| options.amount(tasks)) {
        last = flood(folder, tasks).await?;
        points.push((tasks, seconds(tasks, last)));
        Figure::new(
            BENCH,
            format!("ours, {tasks} tasks at once"),
            last,
            "tasks/s",
        )
        .print();
    }
    let grows = exponent(&points);
    Figure::new(BENCH, "growth with the queue's length", grows, "exponent")
        .goal("never worse than n log n", grows < 1.2)
        .goal("P5 ≥ 18,000 tasks/s at 100,000 tasks", last >= 18_000.0)
        .print();
    Ok(())
}

/// Time that so many took at this rate.
fn seconds(count: usize, rate: f64) -> f64 {
    count as f64 / rate
}

/// Tasks that come one after another, as in a fleet that is not in a hurry.
async fn paced(folder: &Path, options: Options) -> Result<()> {
    let (line, path) = Line::open(folder, 0).await?;
    let mut ticks =
        tokio::time::interval(Duration::from_secs(1) / u32::try_from(PACE).unwrap_or(1));
    let mut running = JoinSet::new();
    for _ in 0..options.amount(PACED) {
        ticks.tick().await;
        let line = Arc::clone(&line);
        running.spawn(async move {
            let began = Instant::now();
            let task = records::task(&line.bed.world, &line.bed.campaign);
            line.bed.add(&line.store, &[(&task, &[])]).await;
            line.through(task.id).await?;
            anyhow::Ok(began.elapsed())
        });
    }
    let mut times = Series::default();
    while let Some(time) = running.join_next().await {
        times.push_ms(time??);
    }
    line.store.close().await?;
    std::fs::remove_file(path)?;
    Figure::new(
        BENCH,
        format!("ours, paced {PACE}/s: p50"),
        times.median(),
        "ms",
    )
    .note("from adding the task to its outbox row: five commits in turn")
    .print();
    let p99 = times.quantile(0.99);
    Figure::new(BENCH, format!("ours, paced {PACE}/s: p99"), p99, "ms")
        .goal("P5 ≤ 5 ms", p99 <= 5.0)
        .print();
    Ok(())
}

/// Tasks a second when all of them are there at once.
async fn flood(folder: &Path, tasks: usize) -> Result<f64> {
    let (line, path) = Line::open(folder, tasks).await?;
    let began = Instant::now();
    let done = line.drain().await?;
    let rate = rate(done, began);
    if done != tasks {
        bail!("{done} of {tasks} tasks came through");
    }
    line.store.close().await?;
    std::fs::remove_file(path)?;
    Ok(rate)
}

/// A store with a campaign whose tasks stand in line.
struct Line {
    store: SqliteStore,
    bed: Bed,
    policy: Policy,
    sample: Artifact,
}

impl Line {
    async fn open(folder: &Path, tasks: usize) -> Result<(Arc<Self>, std::path::PathBuf)> {
        let path = folder.join("queue.db");
        let store = SqliteStore::open(StoreOptions::at(&path)).await?;
        let bed = Bed::in_store(&store, World::default()).await;
        let mut left = tasks;
        while left > 0 {
            let made: Vec<Task> = (0..left.min(MADE_AT_ONCE))
                .map(|_| records::task(&bed.world, &bed.campaign))
                .collect();
            let new: Vec<(&Task, &[&Task])> = made.iter().map(|task| (task, &[][..])).collect();
            bed.add(&store, &new).await;
            left -= made.len();
        }
        let task = records::task(&bed.world, &bed.campaign);
        let sample = records::artifact(&bed.world, &task, None);
        let line = Self {
            store,
            bed,
            policy: Policy::default(),
            sample,
        };
        Ok((Arc::new(line), path))
    }

    /// Takes every ready task through, so many at once; answers how many came through.
    async fn drain(self: &Arc<Self>) -> Result<usize> {
        let mut running: JoinSet<Result<TaskId>> = JoinSet::new();
        let mut taken = HashSet::new();
        let mut done = 0;
        loop {
            if running.len() <= IN_FLIGHT / 2 {
                let limit = u32::try_from(2 * IN_FLIGHT)?;
                let due = self.store.ready_tasks(self.bed.world.now(), limit).await?;
                for Due { id, .. } in due {
                    if running.len() < IN_FLIGHT && taken.insert(id) {
                        let line = Arc::clone(self);
                        running.spawn(async move { line.through(id).await.map(|()| id) });
                    }
                }
            }
            let Some(ended) = running.join_next().await else {
                return Ok(done);
            };
            taken.remove(&ended??);
            done += 1;
        }
    }

    /// One task: assigned, recorded, taken by a judge, judged into the outbox.
    async fn through(&self, task: TaskId) -> Result<()> {
        let assign = Command::Assign {
            worker: "worker-01".to_owned(),
            lease: LEASE,
        };
        let assigned = self.act(task, assign).await?;
        let assigned = assigned.task.context("an assignment without a task")?;
        let TaskState::Working { attempt, .. } = assigned.state else {
            bail!("nobody works on it");
        };
        let world = &self.bed.world;
        let artifact = Artifact {
            artifact_id: chimera_domain::id::ArtifactId::from_uuid(world.uuid()),
            task_id: task,
            attempt_id: Some(attempt),
            ..self.sample.clone()
        };
        // Sure and safe: it goes by rule.
        let verdict = Box::new(records::verdict(world, &artifact, 95));
        let artifact = Box::new(artifact);
        self.act(task, Command::Record { artifact }).await?;
        self.act(task, Command::TakeJudgement { lease: LEASE })
            .await?;
        let judged = self.act(task, Command::Judge { verdict }).await?;
        match judged.task.map(|task| task.state) {
            Some(TaskState::Releasing { .. }) => Ok(()),
            other => bail!("the post did not reach the outbox: {other:?}"),
        }
    }

    /// As the runtime does it: load, decide, commit.
    async fn act(&self, task: TaskId, command: Command) -> Result<ChangeSet> {
        let board = self.store.board(self.bed.campaign.tenant, task).await?;
        let set = self.decide(&board, command)?;
        self.store.commit(set.clone()).await?;
        Ok(set)
    }

    fn decide(&self, board: &Board, command: Command) -> Result<ChangeSet> {
        let world = &self.bed.world;
        let mut mint = || world.uuid();
        let mut given = Given {
            now: world.now(),
            actor: Actor::system("bench"),
            policy: &self.policy,
            mint: &mut mint,
        };
        Ok(decide(board, command, &mut given)?.set)
    }
}
