//! The server, once as `run` starts it; and the journeys: a browser walks through the console on the real backend. How
//! they walk is in `tests/journeys/`; here they only get what they need and are counted.

use anyhow::{Context, Result};

use crate::commands::run;
use crate::house::House;
use crate::machine;
use crate::npm::Npm;
use crate::readiness;
use crate::shell;
use crate::stages::rust;
use crate::summary::{self, Tally};

/// The journeys' own entry, run with Node. Its last line is `N passed, N failed`.
const ENTRY: &str = "tests/journeys/main.mjs";

/// True once there are journeys.
pub(super) fn exist(house: &House) -> bool {
    house.at(ENTRY).is_file()
}

/// Builds what the journeys drive and lets them walk.
pub(super) fn run(house: &House) -> Result<Tally> {
    Npm::console(house).install()?;
    if let Some(own) = Npm::at(house, "tests/journeys") {
        own.install()?;
    }
    let programs = rust::build(house)?;
    let mut served = run::served(house, &programs.join("chimerad"));
    let home = tempfile::tempdir().context("making a folder for the server")?;
    served.args(["--port", "0", "--data-dir"]).arg(home.path());
    let shown = readiness::prove(&mut served)
        .inspect_err(|error| shell::say(&format!("what `run` starts does not come up: {error:#}")));
    let mut node = house.command("node");
    node.arg(ENTRY).env("CHIMERAD", programs.join("chimerad"));
    if let Some(chromium) = machine::find_program("chromium") {
        node.env("CHROMIUM", chromium);
    }
    let mut counted = Tally::default();
    let succeeded = shell::listen(&mut node, |line| {
        if let Some(tally) = summary::closing(line) {
            counted = tally;
        }
    })?;
    let mut tally = Tally::of(shown.is_ok());
    tally += Tally::of_runner(counted, succeeded);
    Ok(tally)
}
