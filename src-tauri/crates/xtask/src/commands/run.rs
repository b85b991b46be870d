//! `cargo xtask run`: from a bare machine to an open console. What the console
//! shows is the product's business.

use std::env::consts::EXE_SUFFIX;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::house::{House, WINDOW};
use crate::install::{self, Consent, Purpose};
use crate::npm::Npm;
use crate::{hooks, machine, readiness, shell, stages};

/// The program without a window.
const HEADLESS: &str = "chimerad";

/// Arguments of `run`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Install what is missing without asking.
    #[arg(long, short)]
    yes: bool,
    /// Build with optimisation: slower to build, faster to use.
    #[arg(long)]
    release: bool,
    /// Serve the console on loopback even where a window could open.
    #[arg(long)]
    headless: bool,
    /// Serve, wait until it is ready and shows the console, and stop: proof that it runs here.
    #[arg(long)]
    until_ready: bool,
    /// Everything after `--` goes to the program.
    #[arg(last = true)]
    program_args: Vec<String>,
}

/// Gets the machine ready, builds, and opens Chimera.
pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let mut house = House::find()?;
    hooks::switch_on(&house)?;
    let is_headless = args.headless || args.until_ready || !machine::has_display();
    let opens_window = house.has_window()? && !is_headless;
    let mut purposes = vec![Purpose::Compile];
    if house.has_ui() {
        purposes.push(Purpose::Console);
    }
    if opens_window {
        purposes.push(Purpose::Window);
    }
    install::prepare(&mut house, &purposes, Consent::from_flag(args.yes))?;
    if house.has_ui() {
        Npm::console(&house).build()?;
    }
    let mut program = build(&house, opens_window, args.release)?;
    program.args(&args.program_args);
    if args.until_ready {
        readiness::prove(&mut program)?;
        return Ok(ExitCode::SUCCESS);
    }
    shell::become_child(&mut program)
}

/// Builds the window or the headless host, and returns how to start it.
fn build(house: &House, opens_window: bool, release: bool) -> Result<Command> {
    let package = if opens_window {
        house
            .package_of_room(WINDOW)?
            .unwrap_or_else(|| WINDOW.to_owned())
    } else {
        house.package_of_binary(HEADLESS)?
    };
    let binary = if opens_window {
        house.binary_of(&package)?
    } else {
        HEADLESS.to_owned()
    };
    let mut cargo = house.cargo();
    // In the workspace as the tests build it: by itself it would be compiled with other features, and everything twice.
    cargo
        .args(["build", "--bin", &binary])
        .args(stages::workspace(house)?);
    if release {
        cargo.arg("--release");
    }
    shell::run(&mut cargo)?;
    let profile = if release { "release" } else { "debug" };
    let built = house.target()?.join(profile).join(binary + EXE_SUFFIX);
    if opens_window {
        return Ok(house.command(&built.to_string_lossy()));
    }
    shell::say("no window here: the same console is served on loopback, at the address below");
    Ok(served(house, &built))
}

/// How the host without a window is started, with the console that was built here.
pub(crate) fn served(house: &House, program: &Path) -> Command {
    let mut served = house.command(&program.to_string_lossy());
    // The window has the console within itself; the server reads it from where it was built.
    served
        .arg("serve")
        .env("CHIMERA_UI_DIR", house.at("ui/dist"));
    served
}
