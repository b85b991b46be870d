//! What `cargo xtask bench` runs: each bench measures ours beside a floor or a peer, in one run.
//!
//! A figure is one JSON object on a line of standard output; the ratio within a run is the claim, not the
//! absolute number. Never here: an assertion on time, or a figure from another run.
#![expect(clippy::print_stdout, reason = "figures go to standard output")]
#![expect(
    clippy::print_stderr,
    reason = "what a person may want to know meanwhile"
)]

mod bare;
mod discovery;
mod engine;
mod figure;
mod gateway;
mod mcp;
mod programs;
mod python;
mod queue;
mod recall;
mod records;
mod reviews;
mod series;
mod traces;
mod w1;
mod window;

use anyhow::{Context, Result, bail};

/// As in the programs that ship.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How to measure.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Options {
    /// Install the peers that are not libraries of ours, and run them beside ours.
    pub(crate) peers: bool,
    /// A small share of the work: shows that a bench runs, and gives no figure worth keeping.
    pub(crate) quick: bool,
}

impl Options {
    /// The amount of work, or a small share of it.
    pub(crate) const fn amount(self, whole: usize) -> usize {
        if self.quick {
            whole.div_ceil(50)
        } else {
            whole
        }
    }
}

type Run = fn(Options) -> Result<()>;

/// A bench whose name goes on with a hyphen behind another's belongs to that one: `w1` runs `w1-durable` as well.
const BENCHES: [(&str, Run); 11] = [
    ("engine", engine::run),
    ("queue", queue::run),
    ("w1", w1::run),
    ("w1-durable", w1::run_durable),
    ("mcp", mcp::run),
    ("recall", recall::run),
    ("discovery", discovery::run),
    ("gateway", gateway::run),
    ("reviews", reviews::run),
    ("traces", traces::run),
    ("window", window::run),
];

fn main() -> Result<()> {
    let mut options = Options::default();
    let mut wanted = None;
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--peers" => options.peers = true,
            "--quick" => options.quick = true,
            // Cargo says so to everything that it runs as a bench.
            "--bench" => {}
            mcp::AS_SERVER => return mcp::serve(),
            name => wanted = Some(name.to_owned()),
        }
    }
    let chosen: Vec<_> = BENCHES
        .iter()
        .filter(|(name, _)| wanted.as_deref().is_none_or(|wanted| is_of(name, wanted)))
        .collect();
    if chosen.is_empty() {
        let names = BENCHES.map(|(name, _)| name).join(", ");
        bail!("there is no bench of that name; there are: {names}");
    }
    for (name, run) in chosen {
        eprintln!("bench {name} …");
        run(options).with_context(|| format!("the bench {name}"))?;
    }
    Ok(())
}

/// Whether a bench is the one that is named, or belongs to it.
fn is_of(bench: &str, named: &str) -> bool {
    let rest = bench.strip_prefix(named);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// An async runtime as the product has it.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the async runtime cannot start")
}

/// A folder on the disk that is built on, not in memory; gone when it is dropped.
pub(crate) fn folder() -> Result<tempfile::TempDir> {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).context("no folder can be made")
}
