//! The web console's stage: its lints, its types, its tests, its build.

use std::fs;

use anyhow::{Context, Result};

use crate::house::House;
use crate::install;
use crate::npm::Npm;
use crate::shell;
use crate::summary::{self, Tally};

/// Where Vitest leaves its report, below `ui/`.
const REPORT: &str = "node_modules/.vitest-report.json";

/// What Vitest counted last; nothing where it never ran here.
pub(super) fn counted(house: &House) -> Result<Tally> {
    let report = Npm::console(house).path(REPORT);
    fs::read_to_string(report).map_or_else(|_| Ok(Tally::default()), |text| summary::vitest(&text))
}

/// Everything, ending with the build that the window takes in.
pub(super) fn all(house: &House) -> Result<Tally> {
    let npm = Npm::console(house);
    npm.install()?;
    let mut tally = types_lint_and_tests(&npm)?;
    tally += Tally::of(npm.script("build", &[])?);
    Ok(tally)
}

/// The quick part, for the inner loop; passes when there is no console.
pub(crate) fn check(house: &House) -> Result<bool> {
    if !house.has_ui() {
        return Ok(true);
    }
    if !install::has_node(house) {
        shell::say("the console is left out: Node is not installed (`cargo xtask test` says more)");
        return Ok(true);
    }
    let npm = Npm::console(house);
    npm.install()?;
    Ok(types_lint_and_tests(&npm)?.failed == 0)
}

/// Lints, types and unit tests.
fn types_lint_and_tests(npm: &Npm<'_>) -> Result<Tally> {
    let mut tally = Tally::of(npm.script("lint", &[])?);
    tally += Tally::of(npm.script("typecheck", &[])?);
    tally += vitest(npm)?;
    Ok(tally)
}

fn vitest(npm: &Npm<'_>) -> Result<Tally> {
    let report = npm.path(REPORT);
    // An old report must not speak for a run that wrote none.
    if report.exists() {
        fs::remove_file(&report).context("removing the last report of Vitest")?;
    }
    let output = format!("--outputFile.json={REPORT}");
    let succeeded = npm.script("test", &["--reporter=default", "--reporter=json", &output])?;
    let counted = fs::read_to_string(&report)
        .map_or_else(|_| Ok(Tally::default()), |text| summary::vitest(&text))?;
    Ok(Tally::of_runner(counted, succeeded))
}
