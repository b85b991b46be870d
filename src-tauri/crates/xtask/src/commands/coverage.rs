//! `cargo xtask coverage`: which lines the tests reach, per room. How is in
//! `coverage`.

use std::process::ExitCode;

use anyhow::Result;

use crate::commands::verdict;
use crate::coverage;
use crate::house::House;
use crate::install::{self, Consent, Purpose};
use crate::servers;

/// Arguments of `coverage`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Install what is missing without asking.
    #[arg(long, short)]
    yes: bool,
    /// Fail when the covered share of all lines is below what the requirements want.
    #[arg(long)]
    enforce: bool,
}

/// Measures, and writes the page.
pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let mut house = House::find()?;
    let purposes = [
        Purpose::Compile,
        Purpose::Test,
        Purpose::Console,
        Purpose::Servers,
        Purpose::Coverage,
    ];
    install::prepare(&mut house, &purposes, Consent::from_flag(args.yes))?;
    servers::install(&house)?;
    let percent = coverage::measure(&house)?;
    Ok(verdict(
        !args.enforce || percent >= coverage::WANTED_PERCENT,
    ))
}
