//! The official conformance suite of the Model Context Protocol drives our host, by the scenarios that
//! `tests/conformance/` names. How it is driven is there; here it only gets what it needs and is counted.

use anyhow::{Context, Result};

use crate::house::House;
use crate::npm::Npm;
use crate::shell;
use crate::stages::rust;
use crate::summary::{self, Tally};

/// Where the suite, its Node and the list of scenarios are.
const FOLDER: &str = "tests/conformance";
/// The suite's own entry, run with Node. Its last line is `N passed, N failed`.
const ENTRY: &str = "tests/conformance/main.mjs";

/// True once there are scenarios.
pub(super) fn exist(house: &House) -> bool {
    house.at(ENTRY).is_file()
}

/// Builds the program that the suite starts, and lets the suite run.
pub(super) fn run(house: &House) -> Result<Tally> {
    Npm::at(house, FOLDER)
        .context("the conformance suite has no package.json")?
        .install()?;
    let programs = rust::build(house)?;
    let mut node = house.command("node");
    node.arg(ENTRY)
        .env("CLIENT", programs.join("examples/conformance"));
    let mut counted = Tally::default();
    let succeeded = shell::listen(&mut node, |line| {
        if let Some(tally) = summary::closing(line) {
            counted = tally;
        }
    })?;
    Ok(Tally::of_runner(counted, succeeded))
}
