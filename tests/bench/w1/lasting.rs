//! The figures of W1 with every step committed, beside the same loop with nothing stored, in turns.

use std::time::Duration;

use anyhow::Result;

use super::{AGENTS, SLOW, batch, durable, ours::Ours, peers};
use crate::{
    Options,
    figure::Figure,
    folder,
    series::{Series, exponent},
};

pub(super) const BENCH: &str = "w1-durable";
pub(super) const OURS: &str = "ours, durable, 0 ms";
const VOLATILE: &str = "ours, volatile, 0 ms";
const ROUNDS: usize = 3;
/// Writes of one loop that are waited for: assigned, two calls reserved and settled, recorded.
const WRITES: usize = 6;

pub(crate) fn run(options: Options) -> Result<()> {
    crate::runtime()?.block_on(measure(options))
}

async fn measure(options: Options) -> Result<()> {
    let agents = options.amount(AGENTS);
    let folder = folder()?;
    let place = folder.path();
    let volatile = Ours::open().await?;
    let (mut kept, mut free, mut p99s) = <(Series, Series, Series)>::default();
    let mut lost = 0;
    for round in 0..=ROUNDS {
        // The first round warms up, and with a small part of the work: files and code are touched by it as well.
        let agents = if round == 0 {
            agents.div_ceil(10)
        } else {
            agents
        };
        let fast = durable::run(place, agents, Duration::ZERO).await?;
        let bare = batch(agents, volatile.agents(Duration::ZERO)).await?;
        let slow = durable::run(place, agents, SLOW).await?;
        if round > 0 {
            kept.push(fast.loops);
            free.push(bare.loops);
            p99s.push(slow.times.quantile(0.99));
            lost += fast.lost + slow.lost;
        }
    }
    let found = kept.median();
    Figure::new(BENCH, OURS, found, "loops/s")
        .beside(VOLATILE)
        .note(format!("{agents} agents at once, a fresh SQLite file with synchronous=FULL; {WRITES} writes a loop, each waited for until it is on the disk: the task assigned, two model calls reserved and settled in the ledger, the report recorded; by group commit, with audit and events, on one campaign under its day's budget; 8 span records a loop to the file of traces, written before the clock stops; {lost} spans lost; what a worker reads besides its board is not in it"))
        .goal("P2 ≥ 15,000 loops/s", found >= 15_000.0)
        .print();
    Figure::new(
        BENCH,
        "ours, durable, 0 ms: writes",
        found * WRITES as f64,
        "per second",
    )
    .print();
    Figure::new(BENCH, VOLATILE, free.median(), "loops/s")
        .note("the same loop with nothing stored, in turns")
        .print();
    let p99 = p99s.median();
    Figure::new(BENCH, "ours, durable, 50 ms: p99", p99, "ms")
        .goal("P3 ≤ 700 ms", p99 <= 700.0)
        .print();
    sizes(place, options).await?;
    if options.peers {
        peers::durable(agents, found)?;
    }
    Ok(())
}

/// 1×, 10×, 100×.
async fn sizes(place: &std::path::Path, options: Options) -> Result<()> {
    let mut points = Vec::new();
    for agents in [AGENTS / 100, AGENTS / 10, AGENTS].map(|agents| options.amount(agents)) {
        let kept = durable::run(place, agents, Duration::ZERO).await?;
        points.push((agents, agents as f64 / kept.loops));
    }
    let grows = exponent(&points);
    Figure::new(BENCH, "growth with the number of agents", grows, "exponent")
        .note(format!("{} to {} agents", points[0].0, points[2].0))
        .goal("never worse than n log n", grows < 1.2)
        .print();
    Ok(())
}
