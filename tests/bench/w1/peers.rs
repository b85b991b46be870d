//! Other runtimes on the same workload: installed below the build folder with their own tools, and run each in a
//! process of its own. A peer that cannot be installed or run is left out, and said so; its cell stays blank.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::figure::Figure;

/// Runs of each peer; the median counts.
const RUNS: &str = "3";
/// Builds a peer of the Rust world and says how to run it.
const RIG: (&str, &str) = (include_str!("peers/rig.toml"), include_str!("peers/rig.rs"));

struct Peer {
    name: &'static str,
    /// How many times ours must be faster, by P1.
    goal: f64,
    install: fn(&Path) -> Result<Command>,
}

const PEERS: [Peer; 3] = [
    Peer {
        name: "rig 0.44 (Rust)",
        goal: 5.0,
        install: rig,
    },
    Peer {
        name: "autogen-core 0.7.5 (Python)",
        goal: 10.0,
        install: |place| {
            python(
                place,
                "autogen-core==0.7.5",
                include_str!("peers/autogen.py"),
            )
        },
    },
    Peer {
        name: "langgraph 1.2.22, StateGraph (Python)",
        goal: 150.0,
        install: |place| {
            python(
                place,
                "langgraph==1.2.22",
                include_str!("peers/langgraph.py"),
            )
        },
    },
];

/// Runs every peer with so many agents, beside `ours` of the same run.
pub(super) fn run(agents: usize, ours: f64) -> Result<()> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .context("the build folder is nowhere")?
        .join("peers");
    for (number, peer) in PEERS.iter().enumerate() {
        let place = target.join(format!("w1-{number}"));
        match found(peer, &place, agents) {
            Ok(loops) => {
                let times = ours / loops;
                let goal = format!("P1 ours ≥ {}× this", peer.goal);
                Figure::new(super::BENCH, peer.name, loops, "loops/s")
                    .beside("ours, volatile, 0 ms")
                    .note(format!("ours is {times:.1}× this"))
                    .goal(&goal, times >= peer.goal)
                    .print();
            }
            Err(error) => eprintln!("{} was not measured: {error:#}", peer.name),
        }
    }
    Ok(())
}

fn found(peer: &Peer, place: &Path, agents: usize) -> Result<f64> {
    fs::create_dir_all(place)?;
    let mut program = (peer.install)(place)?;
    let output = program.args([&agents.to_string(), RUNS]).output()?;
    ensure!(
        output.status.success(),
        "it failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let said = String::from_utf8(output.stdout)?;
    let last = said.lines().last().context("it said nothing")?;
    let told: Value = serde_json::from_str(last)?;
    told["loops_s"]
        .as_f64()
        .context("it told no rate of its loops")
}

/// A virtual environment with one package, and a script in it.
fn python(place: &Path, package: &str, script: &str) -> Result<Command> {
    let interpreter = place.join("bin").join("python");
    if !interpreter.exists() {
        done(Command::new("python3").args(["-m", "venv"]).arg(place))?;
    }
    done(
        Command::new(&interpreter)
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
            ])
            .arg(package),
    )?;
    let file = place.join("w1.py");
    fs::write(&file, script)?;
    let mut command = Command::new(interpreter);
    command.arg(file);
    Ok(command)
}

fn rig(place: &Path) -> Result<Command> {
    fs::create_dir_all(place.join("src"))?;
    let (manifest, source) = RIG;
    fs::write(place.join("Cargo.toml"), manifest)?;
    fs::write(place.join("src").join("main.rs"), source)?;
    let built: PathBuf = place.join("build");
    done(
        Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--release", "--target-dir"])
            .arg(&built)
            .current_dir(place),
    )?;
    Ok(Command::new(built.join("release").join("w1-rig")))
}

fn done(command: &mut Command) -> Result<()> {
    let status = command.status()?;
    if !status.success() {
        bail!("{command:?} failed: {status}");
    }
    Ok(())
}
