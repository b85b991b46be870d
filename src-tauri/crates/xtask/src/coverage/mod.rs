//! Line coverage: the tool, the tools of the compiler that it needs, and the
//! page with a row per room. What must be covered is said in the requirements.

mod llvm;
mod page;

use std::fs;

use anyhow::{Context, Result, ensure};

use crate::house::House;
use crate::{shell, stages};

/// The page that holds the table.
const PAGE: &str = "specs/coverage.md";

/// Share of lines, in percent, that the requirements ask for (TST-02).
pub(crate) const WANTED_PERCENT: f64 = 80.0;

/// Runs all tests instrumented, prints and writes the table, and returns the
/// covered share of all lines in percent.
pub(crate) fn measure(house: &House) -> Result<f64> {
    let report = house.target()?.join("xtask/coverage.json");
    if let Some(folder) = report.parent() {
        fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    }
    let mut cargo = house.cargo();
    cargo
        .args([
            "llvm-cov",
            "nextest",
            "--json",
            "--summary-only",
            "--output-path",
        ])
        .arg(&report);
    cargo
        .args(stages::workspace(house)?)
        .args(["--no-tests", "pass", "--no-fail-fast"]);
    cargo.envs(llvm::environment(house)?);
    ensure!(
        shell::succeeds(&mut cargo)?,
        "coverage of failing tests says nothing; mend them first"
    );
    let text = fs::read_to_string(&report).context("reading the coverage report")?;
    let rooms = page::rooms(&text, house.root())?;
    let table = page::table(&rooms);
    println!("{table}");
    fs::write(house.at(PAGE), page::page(&table)).with_context(|| format!("writing {PAGE}"))?;
    Ok(page::total(&rooms).percent())
}
