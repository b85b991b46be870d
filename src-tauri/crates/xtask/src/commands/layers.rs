//! `cargo xtask layers`: who may know whom. The rules are in `layers`.

use std::process::ExitCode;

use anyhow::Result;

use crate::commands::verdict;
use crate::house::House;
use crate::stages;

/// Runs the check and says what it found.
pub(crate) fn run() -> Result<ExitCode> {
    Ok(verdict(stages::layers(&House::find()?)?))
}
