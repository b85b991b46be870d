//! `cargo xtask tidy`: the budgets and manners of the code. The rules are in `tidy`.

use std::process::ExitCode;

use anyhow::Result;

use crate::commands::verdict;
use crate::house::House;
use crate::stages;

/// Runs the check and says what it found.
pub(crate) fn run() -> Result<ExitCode> {
    Ok(verdict(stages::tidy(&House::find()?)?))
}
