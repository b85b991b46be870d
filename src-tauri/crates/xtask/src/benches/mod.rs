//! Measuring: starts the bench, collects its figures, and puts them into
//! the page of figures. What is measured, and how, is in `tests/`; no number is
//! made or rounded into something better here.

mod figure;
mod page;

use std::fs;

use anyhow::{Context, Result, ensure};

use crate::benches::figure::Figure;
use crate::house::House;
use crate::{machine, shell};

/// The page that holds the figures.
const PAGE: &str = "specs/performance.md";
/// The bench that measures, of the package of tests: `figures [NAME] [--peers]`. Each line of
/// its standard output that is a JSON object is a figure. It is a bench and no
/// binary, so that what it alone needs are dependencies of tests.
const BENCH: &str = "figures";

/// Measures one bench, or all, and writes the figures into the page.
pub(crate) fn measure(house: &House, name: Option<&str>, peers: bool) -> Result<()> {
    // Asked before anything is measured: what is committed meanwhile was not.
    let facts = facts(house)?;
    let mut cargo = house.cargo();
    // With the features of the whole workspace, as the programs that it measures are built: nothing is built twice.
    cargo.args(["bench", "--workspace", "--bench", BENCH, "--"]);
    cargo.args(name);
    if peers {
        cargo.arg("--peers");
    }
    let mut figures = Vec::new();
    let succeeded = shell::listen(&mut cargo, |line| figures.extend(Figure::parse(line)))?;
    ensure!(
        succeeded,
        "the bench failed; its own words are above, and {PAGE} is unchanged"
    );
    ensure!(
        !figures.is_empty(),
        "the bench printed no figure; {PAGE} is unchanged"
    );
    let path = house.at(PAGE);
    let old = fs::read_to_string(&path).unwrap_or_default();
    fs::write(&path, page::with(&old, &figures, &facts))
        .with_context(|| format!("writing {PAGE}"))?;
    shell::say(&format!("{} figures written to {PAGE}", figures.len()));
    Ok(())
}

/// What the figures depend on: machine, compiler, commit, day.
fn facts(house: &House) -> Result<String> {
    let rustc = shell::capture(house.command("rustc").arg("--version"))?;
    let commit = shell::capture(house.command("git").args(["rev-parse", "--short", "HEAD"]))?;
    // The page itself changes with every bench.
    let others = format!(":(exclude){PAGE}");
    let changed =
        shell::capture(
            house
                .command("git")
                .args(["status", "--porcelain", "--", ".", &others]),
        )?;
    let as_committed = changed.trim().is_empty();
    if !as_committed {
        shell::say(&format!(
            "the figures are of a tree with changes that nobody else has; commit first to have them repeatable:\n{}",
            changed.trim_end()
        ));
    }
    let more = if as_committed {
        ""
    } else {
        " with changes that are not in it"
    };
    let day = shell::capture(house.command("date").args(["-u", "+%F"]))?;
    Ok(format!(
        "{}; {}; commit {}{more}; {}",
        machine::facts(),
        rustc.trim(),
        commit.trim(),
        day.trim()
    ))
}
