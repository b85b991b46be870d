//! `chimerad retention`: how long each kind of data is kept, and what the last run took out.
//!
//! Never here: changing it; the console does, with a version and a record.

use std::process::ExitCode;

use anyhow::Result;
use chimera_boot::{Chimera, Settings};
use clap::Args;
use serde_json::Value;

use crate::{door::Door, words::say};

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Take out now what was kept long enough, and do not wait for the clock.
    #[arg(long)]
    now: bool,
    /// Write JSON instead of lines for people.
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(settings: Settings, asked: &Arguments) -> Result<ExitCode> {
    let chimera = Chimera::open_kept(settings).await?;
    let told = tell(&chimera, asked).await;
    chimera.shut_down().await;
    told.map(|()| ExitCode::SUCCESS)
}

async fn tell(chimera: &Chimera, asked: &Arguments) -> Result<()> {
    if asked.now {
        chimera.take_out_now().await?;
    }
    let kept = Door::new(chimera.caller()).get("/api/v1/retention").await?;
    if asked.json {
        say(&serde_json::to_string_pretty(&kept)?);
        return Ok(());
    }
    for item in kept["items"].as_array().into_iter().flatten() {
        say(&line(item));
    }
    let word = |name: &str| kept[name].as_str().unwrap_or("never").to_owned();
    say(&format!(
        "last run {}, next run {}",
        word("last_ended_at"),
        word("next_at")
    ));
    Ok(())
}

fn line(item: &Value) -> String {
    let kept = item["days"]
        .as_u64()
        .map_or_else(|| "for ever".to_owned(), |days| format!("{days} days"));
    let chosen = if item["chosen"] == true {
        "chosen"
    } else {
        "default"
    };
    let held_up = item["held_up"]
        .as_str()
        .map(|why| format!("; {why}"))
        .unwrap_or_default();
    format!(
        "{:<14} {kept} ({chosen}); the last run took out {} rows{held_up}",
        item["holding"].as_str().unwrap_or_default(),
        item["rows"]
    )
}
