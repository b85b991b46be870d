//! `chimerad key`: the key that the data on this disk is encrypted with.

use std::process::ExitCode;

use anyhow::Result;
use chimera_boot::{Settings, export_key, rotate_key};
use clap::Subcommand;
use secrecy::ExposeSecret;

use crate::words::{note, say};

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Show the key, for a safe place away from this machine: with it and the file data.key the data opens anywhere.
    Export,
    /// Seal the data's key with a new one. The data itself is not written anew.
    Rotate,
}

pub(crate) async fn run(settings: Settings, command: &Command) -> Result<ExitCode> {
    match command {
        Command::Export => {
            let key = export_key(&settings).await?;
            say(key.expose_secret());
            note(
                "Whoever has this and the data folder reads everything in it. To open the data elsewhere, set \
                 DATA_ENCRYPTION_KEY to it where Chimera is started.",
            );
        }
        Command::Rotate => {
            rotate_key(&settings).await?;
            note(
                "The data's key is sealed with a new key. The one before opens nothing any more, but with copies of \
                 data.key that were made before now: delete those, and keep the new one (`chimerad key export`).",
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}
