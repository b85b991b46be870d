//! `cargo xtask servers`: installs what `tests/it/real_servers.rs` needs, for who runs the tests without `cargo xtask test`.
//! How is in `servers`.

use std::process::ExitCode;

use anyhow::Result;

use crate::house::House;
use crate::install::{self, Consent, Purpose};
use crate::servers;

/// Arguments of `servers`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Install packages without asking.
    #[arg(long)]
    yes: bool,
}

/// Prepares the machine and installs them.
pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let mut house = House::find()?;
    let purposes = [Purpose::Console, Purpose::Servers];
    install::prepare(&mut house, &purposes, Consent::from_flag(args.yes))?;
    servers::install(&house)?;
    Ok(ExitCode::SUCCESS)
}
