//! The smoke test of the real window: on a virtual display, with a real keychain, driven by WebKit's own
//! driver. How it is driven is in `tests/window/`; here it only gets the program and is counted.

use anyhow::Result;

use crate::house::{House, WINDOW};
use crate::npm::{self, Npm};
use crate::shell;
use crate::stages::rust;
use crate::summary::{self, Tally};

/// The test's entry, run with Node; it needs no packages. Its last line is `N passed, N failed`.
const ENTRY: &str = "tests/window/main.mjs";

/// True once there is a window and a test of it.
pub(super) fn exist(house: &House) -> Result<bool> {
    Ok(house.has_window()? && house.at(ENTRY).is_file())
}

/// Builds the window and lets it be driven.
pub(super) fn run(house: &House) -> Result<Tally> {
    // The console is taken into the program; the stage before has built it, unless it was left out.
    if !npm::is_built(house.root()) {
        Npm::console(house).build()?;
    }
    let Some(package) = house.package_of_room(WINDOW)? else {
        return Ok(Tally::default());
    };
    let programs = rust::build(house)?;
    let mut node = house.command("node");
    node.arg(ENTRY)
        .env("CHIMERA_WINDOW", programs.join(&package));
    let mut counted = Tally::default();
    let succeeded = shell::listen(&mut node, |line| {
        if let Some(tally) = summary::closing(line) {
            counted = tally;
        }
    })?;
    Ok(Tally::of_runner(counted, succeeded))
}
