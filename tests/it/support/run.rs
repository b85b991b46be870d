//! `chimerad campaign run` as a process, with what it said.
//!
//! Never here: what it should have said.

use std::time::Duration;

use serde_json::Value;

use super::{daemon::finished, home::Home};

/// Longest run: the undo time and a cooldown for each post.
const RUNS_WITHIN: Duration = Duration::from_secs(100);

/// A finished run.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    /// Every line of standard output, as JSON.
    pub(crate) lines: Vec<Value>,
    /// Standard error.
    pub(crate) noted: String,
}

impl Run {
    /// The data of the line with this event.
    #[track_caller]
    pub(crate) fn told(&self, event: &str) -> &Value {
        let found = self.lines.iter().rev().find(|line| line["event"] == event);
        &found.unwrap_or_else(|| panic!("no line '{event}' in {self:#?}"))["data"]
    }

    /// The last that was said of each task, by its step.
    pub(crate) fn state_of(&self, step: &str) -> Option<&str> {
        let said = self
            .lines
            .iter()
            .rev()
            .filter(|line| line["event"] == "task");
        said.map(|line| &line["data"])
            .find(|data| data["step"] == step)
            .and_then(|data| data["state"].as_str())
    }
}

/// Runs a campaign to its end, with JSON output.
pub(crate) async fn campaign_run(home: &Home, goal: &str, feeds: &[&str], more: &[&str]) -> Run {
    let mut command = home.chimerad();
    command.args(["campaign", "run", "--json", "--goal", goal]);
    for feed in feeds {
        command.args(["--feed", feed]);
    }
    command.args(more);
    let (code, said, noted) = finished(command, RUNS_WITHIN).await;
    let lines = said
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    Run { code, lines, noted }
}
