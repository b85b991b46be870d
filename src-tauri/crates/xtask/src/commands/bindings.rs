//! `cargo xtask bindings`: writes or compares the generated side of the
//! contract. How is in `bindings`.

use std::process::ExitCode;

use anyhow::Result;

use crate::commands::verdict;
use crate::house::House;
use crate::{bindings, shell};

/// Arguments of `bindings`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Change nothing; fail when a committed file differs from what the code says.
    #[arg(long)]
    check: bool,
}

/// Writes the files, or compares them.
pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let house = House::find()?;
    if !bindings::exist(&house) {
        shell::say("nothing to export yet: the room `api` is not built");
        return Ok(ExitCode::SUCCESS);
    }
    if args.check {
        return Ok(verdict(bindings::check(&house)?));
    }
    bindings::write(&house)?;
    Ok(ExitCode::SUCCESS)
}
