//! `chimerad replay`: decides a recorded run again, with nothing but the recording, and says where it came out differently.
//!
//! Exit codes: 0 everything that stands in it came out as recorded, 1 something did not, or it is no recording, 5 nothing
//! was decided in it, so that nothing is proven. Never here: deciding.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use chimera_boot::{Played, play_recording};
use clap::Args;
use serde_json::json;

use crate::words::{note, say};

/// Nothing was decided in it.
const NOTHING_DECIDED: u8 = 5;

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The recording, as `serve --record`, `campaign run --record` or the setting `record` made it.
    recording: PathBuf,
    /// Write one JSON object instead of lines for people.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let played = play_recording(&arguments.recording)?;
    if arguments.json {
        say(&told(&played).to_string());
    } else {
        in_words(&played);
    }
    Ok(match &played.difference {
        Some(_) => ExitCode::FAILURE,
        None if played.decisions == 0 => ExitCode::from(NOTHING_DECIDED),
        None => ExitCode::SUCCESS,
    })
}

fn told(played: &Played) -> serde_json::Value {
    json!({
        "decisions": played.decisions, "refused": played.refused, "events": played.events,
        "leaves": played.leaves, "answers": played.answers, "calls": played.calls, "full": played.full,
        "cut": played.cut, "ended": played.ended,
        "difference": played.difference.as_ref().map(|found| json!({
            "decision": found.decision, "asked": found.asked, "at": found.at,
            "recorded": found.recorded, "now": found.now,
        })),
    })
}

fn in_words(played: &Played) {
    say(&format!(
        "{} decisions ({} refused) with {} events; {} answers of models and {} calls of tools stand in the recording.",
        played.decisions, played.refused, played.events, played.answers, played.calls
    ));
    if played.full {
        note("The recording ended early because its file was full.");
    }
    if played.cut {
        note(
            "The last line is cut off, as where the process was killed; everything before it was played.",
        );
    }
    if played.difference.is_none() && !played.ended && !played.full && !played.cut {
        note(
            "It has no end: the process was killed, it runs yet, or what followed was taken out. What stands in it was played.",
        );
    }
    let nothing = || "nothing".to_owned();
    match &played.difference {
        None if played.decisions == 0 => {
            say("Nothing was decided in it, so that nothing is proven.");
        }
        None => say(
            "Every decision came out as recorded. Nobody was asked, nothing was called, nothing was stored.",
        ),
        Some(found) => say(&format!(
            "Decision {}, {}, came out differently at {}: {} was recorded, {} came of it now. Nothing was played beyond.",
            found.decision,
            found.asked,
            found.at,
            found.recorded.clone().unwrap_or_else(nothing),
            found.now.clone().unwrap_or_else(nothing),
        )),
    }
}
