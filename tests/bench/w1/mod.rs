//! W1: N agents at once, each one think–act–observe loop: the model's first turn asks for a tool, the tool runs, the
//! second turn gives the final text. The model is in this process and answers after 0 ms or 50 ms.
//!
//! Ours is the loop that workers run, with budget, schema, gateway and spans: here with nothing stored, in `lasting`
//! with every step of it committed. The floor is the same on bare tokio. With `--peers` other runtimes are installed
//! and run in turn, each in a process of its own.

mod agent;
mod durable;
mod floor;
mod lasting;
mod ours;
mod peers;
mod purses;
mod script;

pub(crate) use lasting::run as run_durable;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::Result;
use tokio::task::JoinSet;

use crate::{
    Options,
    figure::Figure,
    series::{Series, exponent, rate},
};

const BENCH: &str = "w1";
const AGENTS: usize = 10_000;
const ROUNDS: usize = 5;
const SLOW: Duration = Duration::from_millis(50);
const OURS: &str = "ours, volatile, 0 ms";
const OUR_P99: &str = "ours, volatile, 50 ms: p99";
const FLOOR: &str = "raw tokio, 0 ms (floor: no agent features)";
const SLOW_FLOOR: &str = "raw tokio, 50 ms: p99";
/// Pause between two looks at our own memory.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// What a batch of loops gave.
struct Batch {
    loops: f64,
    /// From the start of the batch to the end of each loop.
    times: Series,
}

pub(crate) fn run(options: Options) -> Result<()> {
    crate::runtime()?.block_on(measure(options))
}

async fn measure(options: Options) -> Result<()> {
    let agents = options.amount(AGENTS);
    let ours = ours::Ours::open().await?;
    // First of all, while this process has not yet kept memory for later.
    let kib = memory(&ours, agents).await?;
    let mut fast = (Series::default(), Series::default());
    let mut slow = (Series::default(), Series::default());
    for round in 0..=ROUNDS {
        let our_fast = batch(agents, ours.agents(Duration::ZERO)).await?;
        let floor_fast = batch(agents, floor::agents(Duration::ZERO)).await?;
        let our_slow = batch(agents, ours.agents(SLOW)).await?;
        let floor_slow = batch(agents, floor::agents(SLOW)).await?;
        if round > 0 {
            fast.0.push(our_fast.loops);
            fast.1.push(floor_fast.loops);
            slow.0.push(our_slow.times.quantile(0.99));
            slow.1.push(floor_slow.times.quantile(0.99));
        }
    }
    let found = fast.0.median();
    let spans = ours.spans_of_a_loop(agents).await?;
    Figure::new(BENCH, OURS, found, "loops/s")
        .beside(FLOOR)
        .note(format!("{agents} agents; budget before each call, schema of arguments and answer, gateway on the tool's result, {spans} span records a loop handed to a sink that counts them; nothing stored"))
        .goal("P1 ≥ 50,000 loops/s", found >= 50_000.0)
        .print();
    Figure::new(BENCH, FLOOR, fast.1.median(), "loops/s").print();
    let p99 = slow.0.median();
    Figure::new(BENCH, OUR_P99, p99, "ms")
        .beside(SLOW_FLOOR)
        .goal("P3 ≤ 250 ms", p99 <= 250.0)
        .print();
    Figure::new(BENCH, SLOW_FLOOR, slow.1.median(), "ms").print();
    if let Some(kib) = kib {
        Figure::new(BENCH, "ours: memory of a live agent", kib, "KiB")
            .note("growth of resident memory with all of them waiting for the model, by the number of agents")
            .goal("P4 ≤ 6 KiB", kib <= 6.0)
            .print();
    }
    sizes(&ours, options).await?;
    if options.peers {
        peers::volatile(agents, found)?;
    }
    Ok(())
}

/// 1×, 10×, 100×.
async fn sizes(ours: &ours::Ours, options: Options) -> Result<()> {
    let mut points = Vec::new();
    for agents in [AGENTS / 10, AGENTS, AGENTS * 10].map(|agents| options.amount(agents)) {
        let began = Instant::now();
        batch(agents, ours.agents(Duration::ZERO)).await?;
        points.push((agents, began.elapsed().as_secs_f64()));
    }
    let grows = exponent(&points);
    Figure::new(BENCH, "growth with the number of agents", grows, "exponent")
        .note(format!("{} to {} agents", points[0].0, points[2].0))
        .goal("never worse than n log n", grows < 1.2)
        .print();
    Ok(())
}

/// Starts every agent at once and waits for the last.
async fn batch<Make, Run>(agents: usize, make: Make) -> Result<Batch>
where
    Make: Fn(usize) -> Run,
    Run: Future<Output = Result<()>> + Send + 'static,
{
    let mut running = JoinSet::new();
    let began = Instant::now();
    for number in 0..agents {
        let run = make(number);
        running.spawn(async move { run.await.map(|()| began.elapsed()) });
    }
    let mut times = Series::default();
    while let Some(time) = running.join_next().await {
        times.push_ms(time??);
    }
    Ok(Batch {
        loops: rate(agents, began),
        times,
    })
}

/// KiB of resident memory that an agent takes while all of them wait for the model; `None` where nobody tells.
async fn memory(ours: &ours::Ours, agents: usize) -> Result<Option<f64>> {
    let Some(before) = resident_kib() else {
        return Ok(None);
    };
    let over = Arc::new(AtomicBool::new(false));
    let done = Arc::clone(&over);
    let watcher = std::thread::spawn(move || {
        let mut most = before;
        while !done.load(Ordering::Acquire) {
            most = most.max(resident_kib().unwrap_or_default());
            std::thread::sleep(LOOK_EVERY);
        }
        most
    });
    let ran = batch(agents, ours.agents(SLOW)).await;
    over.store(true, Ordering::Release);
    let most = watcher
        .join()
        .map_err(|_| anyhow::anyhow!("the watcher of our memory crashed"))?;
    ran?;
    Ok(Some((most - before) / agents as f64))
}

fn resident_kib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
