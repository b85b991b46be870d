//! `chimerad doctor`: looks at everything that Chimera needs and says what to do.

use std::process::ExitCode;

use anyhow::Result;
use chimera_boot::{Settings, examine};
use clap::Args;
use serde_json::json;

use crate::words::{in_words, say};

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Write JSON instead of lines for people.
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(settings: Settings, arguments: &Arguments) -> Result<ExitCode> {
    let findings = examine(settings).await;
    let well = findings.iter().all(|finding| finding.well);
    if arguments.json {
        let rows: Vec<_> = findings
            .iter()
            .map(|finding| json!({ "part": finding.part, "well": finding.well, "words": in_words(finding.words.clone()) }))
            .collect();
        say(&serde_json::to_string_pretty(
            &json!({ "ok": well, "parts": rows }),
        )?);
    } else {
        for finding in &findings {
            let mark = if finding.well { "ok  " } else { "BAD " };
            say(&format!(
                "{mark} {:<10} {}",
                finding.part,
                in_words(finding.words.clone())
            ));
        }
    }
    Ok(if well {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}
