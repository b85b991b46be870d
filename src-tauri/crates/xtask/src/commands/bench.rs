//! `cargo xtask bench`: measures and writes the figures down. How is in
//! `benches`.

use std::process::ExitCode;

use anyhow::Result;

use crate::benches;
use crate::house::House;
use crate::install::{self, Consent, Purpose};

/// Arguments of `bench`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The bench to run; all when left out.
    name: Option<String>,
    /// Install the peers and run them beside ours.
    #[arg(long)]
    peers: bool,
}

/// Measures, and writes what was measured.
pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let mut house = House::find()?;
    install::prepare(&mut house, &[Purpose::Compile], Consent::from_flag(false))?;
    benches::measure(&house, args.name.as_deref(), args.peers)?;
    Ok(ExitCode::SUCCESS)
}
