//! Other runtimes on the same workload: installed below the build folder with their own tools, and run each in a
//! process of its own. A peer that cannot be installed or run is left out, and said so; its cell stays blank.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};
use serde_json::Value;

use super::{OUR_P99, OURS, SLOW, lasting};
use crate::{figure::Figure, python};

/// Builds a peer of the Rust world and says how to run it.
const RIG_SOURCE: (&str, &str) = (include_str!("peers/rig.toml"), include_str!("peers/rig.rs"));
/// Agents in flight where not all are begun at once: what suits the Python runtimes best.
const FEW: usize = 256;
/// The same with a checkpointer, whose one connection serves them all.
const FEW_KEPT: usize = 64;
/// Loops with a checkpointer: their number does not change the rate, and each takes long.
const LOOPS_KEPT: usize = 2_000;

struct Peer {
    name: &'static str,
    /// Its folder below the build folder.
    place: &'static str,
    /// How many times ours must be faster, by P1.
    goal: f64,
    /// Runs; the median counts.
    runs: usize,
    /// Whether its model can take its time: rig's own scripted one cannot.
    waits: bool,
    install: fn(&Path) -> Result<Program>,
}

const RIG: Peer = Peer {
    name: "rig 0.44 (Rust)",
    place: "w1-rig",
    goal: 5.0,
    runs: 3,
    waits: false,
    install: rig,
};

const AUTOGEN: Peer = Peer {
    name: "autogen-core 0.7.5 (Python)",
    place: "w1-autogen",
    goal: 10.0,
    runs: 3,
    waits: true,
    install: |place| {
        let script = include_str!("peers/autogen_loop.py");
        scripted(place, &["autogen-core==0.7.5"], script)
    },
};

const LANGGRAPH: Peer = Peer {
    name: "langgraph 1.2.22, StateGraph (Python)",
    place: "w1-langgraph",
    goal: 150.0,
    // One run of the whole size is long enough.
    runs: 1,
    waits: true,
    install: |place| {
        let packages = ["langgraph==1.2.22", "langgraph-checkpoint-sqlite==3.1.2"];
        scripted(place, &packages, include_str!("peers/langgraph_loop.py"))
    },
};

/// A program and what it runs.
struct Program {
    path: PathBuf,
    script: Option<PathBuf>,
}

/// One way to run a peer.
#[derive(Clone, Copy)]
struct Case<'a> {
    agents: usize,
    runs: usize,
    delay_ms: u128,
    in_flight: usize,
    /// Where each step is kept, if anywhere.
    file: Option<&'a Path>,
}

/// What a peer tells of itself.
struct Told {
    loops: f64,
    p99: f64,
}

/// Runs every peer with so many agents, beside `ours` of the same run, with nothing stored.
pub(super) fn volatile(agents: usize, ours: f64) -> Result<()> {
    for peer in [&RIG, &AUTOGEN, &LANGGRAPH] {
        let Some(program) = peer.installed()? else {
            continue;
        };
        for (how, in_flight) in [("all at once", agents), ("256 in flight", FEW)] {
            let case = Case {
                agents,
                runs: peer.runs,
                delay_ms: 0,
                in_flight,
                file: None,
            };
            let name = format!("{}, {how}", peer.name);
            if let Some(told) = peer.told(&program, case) {
                let goal = format!("P1 ours ≥ {}× this", peer.goal);
                beside(
                    super::BENCH,
                    &name,
                    told.loops,
                    (OURS, ours),
                    peer.goal,
                    &goal,
                );
            }
        }
        let slow = Case {
            agents,
            runs: 1,
            delay_ms: SLOW.as_millis(),
            in_flight: agents,
            file: None,
        };
        if peer.waits
            && let Some(told) = peer.told(&program, slow)
        {
            let name = format!("{}, 50 ms: p99", peer.name);
            Figure::new(super::BENCH, name, told.p99, "ms")
                .beside(OUR_P99)
                .print();
        }
    }
    Ok(())
}

/// Runs the peers that P2 names, beside `ours` with every step committed.
pub(super) fn durable(agents: usize, ours: f64) -> Result<()> {
    let bench = lasting::BENCH;
    let ours = (lasting::OURS, ours);
    if let Some(program) = AUTOGEN.installed()? {
        let case = Case {
            agents,
            runs: AUTOGEN.runs,
            delay_ms: 0,
            in_flight: agents,
            file: None,
        };
        let name = format!("{}, nothing stored", AUTOGEN.name);
        if let Some(told) = AUTOGEN.told(&program, case) {
            beside(bench, &name, told.loops, ours, 3.0, "P2 ours ≥ 3× this");
        }
    }
    if let Some(program) = LANGGRAPH.installed()? {
        let file = LANGGRAPH.folder()?.join("checkpoints.db");
        let case = Case {
            agents: agents.min(LOOPS_KEPT),
            runs: 1,
            delay_ms: 0,
            in_flight: FEW_KEPT,
            file: Some(&file),
        };
        let name = format!("{} with its SQLite checkpointer", LANGGRAPH.name);
        if let Some(told) = LANGGRAPH.told(&program, case) {
            beside(bench, &name, told.loops, ours, 100.0, "P2 ours ≥ 100× this");
        }
    }
    Ok(())
}

/// A peer's rate with its goal: how many times ours is faster.
fn beside(
    bench: &'static str,
    name: &str,
    loops: f64,
    (ours, our_loops): (&str, f64),
    times: f64,
    goal: &str,
) {
    let found = our_loops / loops;
    Figure::new(bench, name, loops, "loops/s")
        .beside(ours)
        .note(format!("ours is {found:.1}× this"))
        .goal(goal, found >= times)
        .print();
}

impl Peer {
    fn folder(&self) -> Result<PathBuf> {
        python::place(self.place)
    }

    /// The peer, ready to run; `None`, and said so, where it cannot be had.
    fn installed(&self) -> Result<Option<Program>> {
        let place = self.folder()?;
        let installed = (self.install)(&place);
        Ok(installed.map_err(|error| self.left_out(&error)).ok())
    }

    fn told(&self, program: &Program, case: Case<'_>) -> Option<Told> {
        let told = program.told(case);
        told.map_err(|error| self.left_out(&error)).ok()
    }

    fn left_out(&self, error: &anyhow::Error) {
        eprintln!("{} was not measured: {error:#}", self.name);
    }
}

impl Program {
    fn told(&self, case: Case<'_>) -> Result<Told> {
        let mut command = Command::new(&self.path);
        command.args(&self.script);
        command.args([case.agents, case.runs].map(|number| number.to_string()));
        command.arg(case.delay_ms.to_string());
        command.arg(case.in_flight.to_string());
        command.args(case.file);
        let said = python::said(&mut command)?;
        let last = said.lines().last().context("it said nothing")?;
        let told: Value = serde_json::from_str(last)?;
        let number = |name: &str| told[name].as_f64();
        Ok(Told {
            loops: number("loops_s").context("it told no rate of its loops")?,
            p99: number("p99_ms").context("it told no times of its loops")?,
        })
    }
}

/// A virtual environment with these packages, and a script in it.
fn scripted(place: &Path, packages: &[&str], script: &str) -> Result<Program> {
    let path = python::with_packages(place, packages)?;
    let file = place.join("w1.py");
    fs::write(&file, script)?;
    Ok(Program {
        path,
        script: Some(file),
    })
}

fn rig(place: &Path) -> Result<Program> {
    fs::create_dir_all(place.join("src"))?;
    let (manifest, source) = RIG_SOURCE;
    fs::write(place.join("Cargo.toml"), manifest)?;
    fs::write(place.join("src").join("main.rs"), source)?;
    let built = place.join("build");
    python::done(
        Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--release", "--target-dir"])
            .arg(&built)
            .current_dir(place),
    )?;
    Ok(Program {
        path: built.join("release").join("w1-rig"),
        script: None,
    })
}
