//! `chimerad backup`: a sound copy of the database, also while Chimera runs.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use chimera_boot::{Settings, back_up};
use clap::Args;

use crate::words::{note, say};

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The copy's name; nothing is written over. Beside the database, with the time in its name, when left out.
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

pub(crate) async fn run(settings: Settings, arguments: Arguments) -> Result<ExitCode> {
    let copy = back_up(&settings, arguments.to).await?;
    say(&copy.path.display().to_string());
    note(&format!(
        "{} bytes, checked. To go back to it: stop Chimera, move chimera.db with its -wal and -shm files away, and \
         copy this file to {}. What was decided after the copy was made is not in it: look at what went out before you \
         approve again.",
        copy.bytes,
        copy.of.display()
    ));
    Ok(ExitCode::SUCCESS)
}
