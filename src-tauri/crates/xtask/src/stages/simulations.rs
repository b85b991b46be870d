//! Simulations among all tests (TST-01): runs of the real program with a model that is scripted or rehearsed, which were
//! recorded and decided again from the recording alone. Each test that was one says so by a file of its name; a test counts by
//! what it did, and not by where it stands.
//!
//! Never here: the runs (`tests/it`), or what a recording holds (`replay`).

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::house::House;
use crate::shell;
use crate::stages::console;
use crate::summary::Tally;

/// The variable that names the folder in which tests tell that they were simulations.
pub(super) const TOLD_IN: &str = "CHIMERA_SIMULATED";
/// Least share of all tests, of Rust and of the console, in percent.
const LEAST_PERCENT: u64 = 10;

/// An empty folder to tell it in.
pub(super) fn counting(house: &House) -> Result<PathBuf> {
    let folder = house.target()?.join("simulated");
    if folder.exists() {
        fs::remove_dir_all(&folder).context("removing what was told of simulations before")?;
    }
    fs::create_dir_all(&folder).context("making a folder to tell simulations in")?;
    Ok(folder)
}

/// One check more: whether what the tests told is enough of them all.
pub(super) fn are_enough(house: &House, told: &Path, of_rust: Tally) -> Result<Tally> {
    let simulations = fs::read_dir(told).context("counting simulations")?.count();
    let simulations = u64::try_from(simulations).unwrap_or(u64::MAX);
    let of_console = console::counted(house)?;
    let all = of_rust.passed + of_console.passed + of_console.failed;
    let enough = is_enough(simulations, all);
    let verdict = if enough { "enough" } else { "too few" };
    shell::say(&format!(
        "{simulations} of {all} tests are simulations of agents: {verdict}, {LEAST_PERCENT} % are wanted (TST-01)"
    ));
    Ok(Tally::of(enough))
}

fn is_enough(simulations: u64, all: u64) -> bool {
    simulations.saturating_mul(100) >= all.saturating_mul(LEAST_PERCENT)
}

#[cfg(test)]
mod tests {
    use super::is_enough;

    #[test]
    fn a_tenth_is_enough_and_less_is_not() {
        assert!(is_enough(240, 2_400));
        assert!(!is_enough(239, 2_400));
    }
}
