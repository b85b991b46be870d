//! `chimerad person export` and `chimerad person erase`.
//!
//! Both go through the same API as everybody. Never here: erasing what was not shown before.

use std::{fs::OpenOptions, io::Write, path::PathBuf, process::ExitCode};

use anyhow::{Context, Result};
use chimera_boot::{Chimera, Settings};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::{door::Door, words::say};

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Write everything that is kept about a person into one new file, or to standard output.
    Export(Export),
    /// Show what would be erased, and erase it when the code that is shown then is given.
    Erase(Erase),
}

#[derive(Args, Debug)]
pub(crate) struct Export {
    /// Exact identifiers: e-mail addresses, telephone numbers, names, handles.
    #[arg(required = true)]
    identifiers: Vec<String>,
    /// The file to make.
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Erase {
    /// Exact identifiers: e-mail addresses, telephone numbers, names, handles.
    #[arg(required = true)]
    identifiers: Vec<String>,
    /// Why; it is kept in the audit log.
    #[arg(long)]
    reason: String,
    /// The code that the first call showed.
    #[arg(long)]
    confirm: Option<String>,
}

pub(crate) async fn run(settings: Settings, command: Command) -> Result<ExitCode> {
    let chimera = Chimera::open_kept(settings).await?;
    let door = Door::new(chimera.caller());
    let done = match command {
        Command::Export(asked) => export(&door, asked).await,
        Command::Erase(asked) => erase(&door, asked).await,
    };
    chimera.shut_down().await;
    done.map(|()| ExitCode::SUCCESS)
}

async fn found(door: &Door, identifiers: &[String]) -> Result<Value> {
    let asked = json!({ "identifiers": identifiers });
    door.write("POST", "/api/v1/persons/export", None, Some(&asked))
        .await
}

async fn export(door: &Door, asked: Export) -> Result<()> {
    let Some(path) = asked.to else {
        let bundle = serde_json::to_string_pretty(&found(door, &asked.identifiers).await?)?;
        say(&bundle);
        return Ok(());
    };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let told = || format!("{} could not be written", path.display());
    // First: what is asked for is on record as handed out.
    let mut file = options.open(&path).with_context(told)?;
    let written = async {
        let bundle = serde_json::to_string_pretty(&found(door, &asked.identifiers).await?)?;
        file.write_all(bundle.as_bytes()).with_context(told)?;
        file.sync_all().with_context(told)
    };
    if let Err(error) = written.await {
        // A part of it is no answer; that it could not be taken away changes nothing about why.
        drop(std::fs::remove_file(&path));
        return Err(error);
    }
    say(&format!("everything that is kept is in {}", path.display()));
    Ok(())
}

async fn erase(door: &Door, asked: Erase) -> Result<()> {
    let Some(confirm) = asked.confirm else {
        let bundle = found(door, &asked.identifiers).await?;
        let places = bundle["places"].as_array().cloned().unwrap_or_default();
        let stay = places.iter().filter(|place| !place["stays"].is_null());
        say(&format!(
            "{} texts name this person, of which {} stay; nothing was erased yet",
            places.len(),
            stay.clone().count()
        ));
        for place in stay {
            say(&format!(
                "  stays: {} {} ({})",
                place["shelf"].as_str().unwrap_or_default(),
                place["key"].as_str().unwrap_or_default(),
                place["stays"].as_str().unwrap_or_default()
            ));
        }
        say(&format!(
            "to erase exactly this, say it again with --confirm {}",
            bundle["confirm"].as_str().unwrap_or_default()
        ));
        return Ok(());
    };
    let body = json!({
        "identifiers": asked.identifiers, "reason": asked.reason, "confirm": confirm,
    });
    let erased = door
        .write("POST", "/api/v1/persons/erase", None, Some(&body))
        .await?;
    say(&format!(
        "erased; from here on this person is {}",
        erased["pseudonym"].as_str().unwrap_or_default()
    ));
    for (shelf, rows) in erased["changed"].as_object().into_iter().flatten() {
        say(&format!("  {shelf}: {rows}"));
    }
    Ok(())
}
