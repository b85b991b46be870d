//! Cargo's own stages: format, lints, licences, tests.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::house::{House, WINDOW};
use crate::install::{self, Purpose};
use crate::npm::{self, Npm};
use crate::servers;
use crate::shell;
use crate::stages::{Manner, simulations};
use crate::summary::{self, Tally};

/// Is everything formatted? Names the files that are not; `cargo fmt` mends them.
pub(crate) fn fmt(house: &House) -> Result<bool> {
    shell::succeeds(house.cargo().args(["fmt", "--all", "--", "--check", "-l"]))
}

/// Do the lints agree, tests included?
pub(crate) fn clippy(house: &House) -> Result<bool> {
    let mut cargo = house.cargo();
    cargo
        .arg("clippy")
        .args(workspace(house)?)
        .args(["--all-targets", "--", "--deny", "warnings"]);
    shell::succeeds(&mut cargo)
}

/// Are the foreign libraries ones that we may and want to use? Advisories are
/// left to whoever has a network: this answer must not change with the hour.
pub(super) fn deny(house: &House) -> Result<bool> {
    let mut cargo = house.cargo();
    cargo.args([
        "deny",
        "--log-level",
        "warn",
        "check",
        "--hide-inclusion-graph",
        "bans",
        "licenses",
        "sources",
    ]);
    shell::succeeds(&mut cargo)
}

/// Builds every program and every test, and says in which folder they lie. In one go: a program that is
/// built alone gets its libraries compiled a second time, with other features.
pub(crate) fn build(house: &House) -> Result<PathBuf> {
    let mut cargo = house.cargo();
    cargo
        .args(["build", "--all-targets"])
        .args(workspace(house)?);
    shell::run(&mut cargo)?;
    Ok(house.target()?.join("debug"))
}

/// Every Rust test of the workspace, on the programs of the same build.
pub(super) fn all_tests(house: &House, manner: Manner) -> Result<Tally> {
    servers::install(house)?;
    let profile = if manner.every_test { "ci" } else { "default" };
    let programs = build(house)?;
    let mut cargo = nextest(house, &["--profile", profile])?;
    let simulated = simulations::counting(house)?;
    cargo.env("CHIMERAD", programs.join("chimerad"));
    cargo.env(simulations::TOLD_IN, &simulated);
    let mut tally = count(&mut cargo)?;
    // What broke off has not told all of them.
    if tally.failed == 0 {
        tally += simulations::are_enough(house, &simulated, tally)?;
    }
    Ok(tally)
}

/// The tests that sit beside the code.
pub(crate) fn unit_tests(house: &House) -> Result<Tally> {
    count(&mut nextest(house, &["--lib", "--bins"])?)
}

fn nextest(house: &House, choice: &[&str]) -> Result<Command> {
    let mut cargo = house.cargo();
    cargo
        .args(["nextest", "run", "--no-tests", "pass"])
        .args(workspace(house)?)
        .args(choice);
    Ok(cargo)
}

fn count(cargo: &mut Command) -> Result<Tally> {
    let mut counted = Tally::default();
    let succeeded = shell::listen(cargo, |line| {
        if let Some(tally) = summary::nextest(line) {
            counted = tally;
        }
    })?;
    Ok(Tally::of_runner(counted, succeeded))
}

/// Cargo's words for "all packages", without the window where it cannot be
/// compiled: no web view installed, or no way to build the console that is put
/// into it. A console that was never built is built now.
pub(crate) fn workspace(house: &House) -> Result<Vec<String>> {
    let mut words = vec!["--workspace".to_owned()];
    if !house.has_window()? {
        return Ok(words);
    }
    let lack = if !install::is_ready(Purpose::Window) {
        "its system libraries are not installed"
    } else if npm::is_built(house.root()) {
        return Ok(words);
    } else if install::has_node(house) {
        Npm::console(house).build()?;
        return Ok(words);
    } else {
        "the console is not built, and Node is not installed to build it"
    };
    if let Some(package) = house.package_of_room(WINDOW)? {
        shell::say(&format!("the window is left out: {lack}"));
        words.extend(["--exclude".to_owned(), package]);
    }
    Ok(words)
}
