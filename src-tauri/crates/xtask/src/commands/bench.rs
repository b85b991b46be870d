//! `cargo xtask bench`: measures and writes the figures down. How is in
//! `benches`.

use std::process::ExitCode;

use anyhow::Result;

use crate::benches;
use crate::house::House;
use crate::install::{self, Consent, Purpose};
use crate::npm::Npm;

/// The bench that opens the real window, and so needs the console that is built into it.
const OPENS_THE_WINDOW: &str = "window";

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
    let is_wanted = args
        .name
        .as_deref()
        .is_none_or(|name| name == OPENS_THE_WINDOW);
    let opens_window = is_wanted && house.has_ui() && house.has_window()?;
    let mut purposes = vec![Purpose::Compile];
    if opens_window {
        purposes.extend([Purpose::Console, Purpose::Window]);
    }
    install::prepare(&mut house, &purposes, Consent::from_flag(false))?;
    if opens_window {
        Npm::console(&house).build()?;
    }
    benches::measure(&house, args.name.as_deref(), args.peers)?;
    Ok(ExitCode::SUCCESS)
}
