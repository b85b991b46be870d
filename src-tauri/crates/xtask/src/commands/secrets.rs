//! `cargo xtask secrets`: looks for keys and passwords, in the tree or in what
//! the next commit would take in. The shapes are in `secrets`.

use std::process::ExitCode;

use anyhow::Result;

use crate::commands::verdict;
use crate::house::House;
use crate::{finding, secrets, stages};

/// Arguments of `secrets`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Look only at what the next commit would take in.
    #[arg(long)]
    staged: bool,
}

/// Runs the search and says what it found.
pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let house = House::find()?;
    if !args.staged {
        return Ok(verdict(stages::secrets(&house)?));
    }
    let found = secrets::inspect(&secrets::staged(&house)?);
    // A hook that has nothing to say is silent.
    Ok(verdict(
        found.is_empty() || finding::report("secrets", found),
    ))
}
