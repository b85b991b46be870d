//! Plays a recording: decides everything in it again and compares what comes of it.
//!
//! Never here: a network, a store, a clock: everything stands in the recording.

use std::io::{self, BufRead};

use chimera_domain::change::{Change, ChangeSet};
use chimera_engine::{decide, decide_campaign};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    fold::Unfolder,
    line::{Decision, FORMAT, Line, Outcome, Subject},
};

/// Longest line of a recording in bytes.
const MAX_LINE_BYTES: u64 = 16 << 20;
/// Most characters of a value that a difference repeats.
const MAX_SHOWN_CHARS: usize = 300;

/// What came of playing a recording.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Played {
    /// Decisions that were made again.
    pub decisions: usize,
    /// Those that the engine refused.
    pub refused: usize,
    /// Events that came of them.
    pub events: usize,
    /// Leaves to act among them; none was used.
    pub leaves: usize,
    /// Answers of models in the recording.
    pub answers: usize,
    /// Calls of tools in it.
    pub calls: usize,
    /// Where it came out differently first; nothing is played beyond.
    pub difference: Option<Difference>,
    /// Whether recording ended early because the file was full.
    pub full: bool,
    /// Whether it has its end: without one, what was decided afterwards is not in it.
    pub ended: bool,
    /// Whether the last line is cut off, as where the process was killed; everything before it was played.
    pub cut: bool,
}

/// The first difference.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// Number of the decision, from one.
    pub decision: usize,
    /// What was asked, and of what.
    pub asked: String,
    /// Where in what came of it, as a JSON pointer.
    pub at: String,
    /// What was recorded there; nothing when it is new.
    pub recorded: Option<String>,
    /// What came of it now; nothing when it is missing.
    pub now: Option<String>,
}

/// Why a recording cannot be played.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It cannot be read.
    #[error("the recording cannot be read")]
    File(#[from] io::Error),
    /// A line is none of a recording.
    #[error("line {number} is none of a recording: {reason}")]
    Line {
        /// Which, from one.
        number: usize,
        /// Why.
        reason: String,
    },
    /// It is of another form.
    #[error("the recording is of form {found}; this program plays form {FORMAT}")]
    Format {
        /// Its form.
        found: u32,
    },
    /// Decisions were taken out of it, or put into it.
    #[error(
        "the recording ended with {recorded} decisions, and {found} stand in it: it was altered"
    )]
    Altered {
        /// How many there were at its end.
        recorded: u64,
        /// How many there are.
        found: usize,
    },
    /// It has no beginning.
    #[error("this is no recording: its first line does not say so")]
    NoBeginning,
}

/// Plays a recording. `mask` does to a decided set what was done to it before it was stored.
///
/// # Errors
/// When it is no recording, or not a whole one.
pub fn play(
    mut recording: impl BufRead,
    mask: &dyn Fn(&mut ChangeSet),
) -> Result<Played, Unreadable> {
    let (mut played, mut values) = (Played::default(), Unfolder::default());
    let (mut number, mut text) = (0, String::new());
    loop {
        text.clear();
        number += 1;
        let read = io::Read::take(&mut recording, MAX_LINE_BYTES).read_line(&mut text)?;
        if read == 0 {
            break;
        }
        let invalid = |reason: String| Unreadable::Line { number, reason };
        if !text.ends_with('\n') {
            if u64::try_from(read) == Ok(MAX_LINE_BYTES) {
                return Err(invalid("it is too long".to_owned()));
            }
            if number == 1 {
                return Err(Unreadable::NoBeginning);
            }
            played.cut = true;
            break;
        }
        let mut folded: Value =
            serde_json::from_str(&text).map_err(|error| invalid(error.to_string()))?;
        if folded["line"] == "value" {
            let number = folded["number"].as_u64().unwrap_or(u64::MAX);
            values
                .take(number, folded["value"].take())
                .map_err(|why| invalid(why.to_owned()))?;
            continue;
        }
        let whole = values
            .unfold(&folded)
            .map_err(|why| invalid(why.to_owned()))?;
        let line: Line =
            serde_json::from_value(whole).map_err(|error| invalid(error.to_string()))?;
        match line {
            Line::Begun { format, .. } if format != FORMAT => {
                return Err(Unreadable::Format { found: format });
            }
            Line::Begun { .. } if number > 1 => {
                return Err(invalid("a recording begins once".to_owned()));
            }
            Line::Begun { .. } | Line::Value { .. } => {}
            _ if played.ended || played.full => {
                return Err(invalid("it stands behind the end".to_owned()));
            }
            _ if number == 1 => return Err(Unreadable::NoBeginning),
            Line::Decided(decision) => {
                take(&mut played, *decision, mask);
                if played.difference.is_some() {
                    return Ok(played);
                }
            }
            Line::Answered { .. } => played.answers += 1,
            Line::Called { .. } => played.calls += 1,
            Line::Full => played.full = true,
            Line::Ended { decisions } if usize::try_from(decisions) == Ok(played.decisions) => {
                played.ended = true;
            }
            Line::Ended { decisions } => {
                return Err(Unreadable::Altered {
                    recorded: decisions,
                    found: played.decisions,
                });
            }
        }
    }
    if number == 1 {
        return Err(Unreadable::NoBeginning);
    }
    Ok(played)
}

fn take(played: &mut Played, decision: Decision, mask: &dyn Fn(&mut ChangeSet)) {
    played.decisions += 1;
    let asked = asked(&decision.subject);
    let recorded = decision.outcome.clone();
    let (now, ids_left) = again(decision, mask);
    match &now {
        Outcome::Refused { .. } => played.refused += 1,
        Outcome::Decided { set, leave, .. } => {
            let events = set.changes.iter();
            played.events += events
                .filter(|change| matches!(change, Change::Event(_)))
                .count();
            played.leaves += usize::from(*leave);
        }
    }
    let difference = match (serde_json::to_value(&recorded), serde_json::to_value(&now)) {
        (Ok(recorded), Ok(now)) => first_difference("", Some(&recorded), Some(&now)),
        // What was read from JSON can be written as JSON.
        _ => None,
    };
    let of_ids = || {
        (ids_left != 0).then(|| {
            let found = format!("{ids_left} more or fewer");
            ("/ids".to_owned(), None, Some(found))
        })
    };
    played.difference = difference
        .or_else(of_ids)
        .map(|(at, recorded, now)| Difference {
            decision: played.decisions,
            asked,
            at,
            recorded,
            now,
        });
}

/// Decides again; and how many of the recorded ids were left over, or (negative) were missing.
fn again(decision: Decision, mask: &dyn Fn(&mut ChangeSet)) -> (Outcome, i64) {
    let (recorded, given) = (decision.outcome, decision.given);
    let mut ids = given.ids.into_iter();
    let mut missing = 0;
    let mut mint = || {
        ids.next().unwrap_or_else(|| {
            missing += 1;
            Uuid::nil()
        })
    };
    let mut engine_given = chimera_engine::Given {
        now: given.now,
        actor: given.actor,
        policy: &given.policy,
        mint: &mut mint,
    };
    let decided = match decision.subject {
        Subject::Task { board, command } => decide(&board, *command, &mut engine_given)
            .map(|decided| (decided.set, decided.grant.is_some())),
        Subject::Campaign { campaign, command } => {
            decide_campaign(&campaign, *command, &mut engine_given).map(|set| (set, false))
        }
    };
    let outcome = match decided {
        Err(refusal) => Outcome::Refused {
            words: refusal.to_string(),
        },
        Ok((mut set, leave)) => {
            mask(&mut set);
            Outcome::Decided {
                set: Box::new(set),
                // What the store said is no decision.
                stored: matches!(recorded, Outcome::Decided { stored: true, .. }),
                leave,
            }
        }
    };
    let left = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    (outcome, left - missing)
}

fn asked(subject: &Subject) -> String {
    let word = |command: &dyn std::fmt::Debug| {
        let shown = format!("{command:?}");
        let end = shown
            .find(|sign: char| !sign.is_alphanumeric())
            .unwrap_or(shown.len());
        shown[..end].to_owned()
    };
    match subject {
        Subject::Task { board, command } => {
            format!("{} of \"{}\"", word(command), board.task.step)
        }
        Subject::Campaign { campaign, command } => {
            format!("{} of campaign {}", word(command), campaign.id)
        }
    }
}

type Found = (String, Option<String>, Option<String>);

fn first_difference(at: &str, recorded: Option<&Value>, now: Option<&Value>) -> Option<Found> {
    match (recorded, now) {
        (Some(Value::Object(one)), Some(Value::Object(other))) => one
            .keys()
            .chain(other.keys().filter(|name| !one.contains_key(*name)))
            .find_map(|name| {
                first_difference(&format!("{at}/{name}"), one.get(name), other.get(name))
            }),
        (Some(Value::Array(one)), Some(Value::Array(other))) => (0..one.len().max(other.len()))
            .find_map(|place| {
                first_difference(&format!("{at}/{place}"), one.get(place), other.get(place))
            }),
        (recorded, now) if recorded == now => None,
        (recorded, now) => Some((at.to_owned(), recorded.map(shown), now.map(shown))),
    }
}

fn shown(value: &Value) -> String {
    value.to_string().chars().take(MAX_SHOWN_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_difference_is_named_by_its_place() {
        let recorded = json!({"a": 1, "b": [{"c": "x"}, {"c": "y"}], "d": null});
        for (now, at, was, is) in [
            (
                json!({"a": 1, "b": [{"c": "x"}, {"c": "z"}], "d": null}),
                "/b/1/c",
                Some("\"y\""),
                Some("\"z\""),
            ),
            (
                json!({"a": 1, "b": [{"c": "x"}], "d": null}),
                "/b/1",
                Some("{\"c\":\"y\"}"),
                None,
            ),
            (
                json!({"a": 1, "b": [{"c": "x"}, {"c": "y"}], "d": null, "e": 2}),
                "/e",
                None,
                Some("2"),
            ),
        ] {
            assert_eq!(
                first_difference("", Some(&recorded), Some(&now)),
                Some((at.to_owned(), was.map(str::to_owned), is.map(str::to_owned)))
            );
        }
        assert_eq!(
            first_difference("", Some(&recorded), Some(&recorded.clone())),
            None
        );
    }

    #[test]
    fn what_is_no_recording_is_said_so() {
        let refused = |text: &str| play(text.as_bytes(), &|_| {}).unwrap_err().to_string();
        assert!(refused("").contains("no recording"));
        assert!(refused("{\"line\":\"full\"}\n").contains("no recording"));
        assert!(refused("hello\n").contains("line 1"));
        assert!(
            refused("{\"line\":\"begun\",\"format\":9,\"at\":\"2026-01-01T00:00:00Z\"}\n")
                .contains("form 9")
        );
        let begun = "{\"line\":\"begun\",\"format\":1,\"at\":\"2026-01-01T00:00:00Z\"}\n";
        assert!(refused("{\"line\":\"begun\"").contains("no recording"));
        let unknown = "{\"line\":\"answered\",\"ask\":\"plan\",\"question\":{\"$value\":7},\"answer\":null}\n";
        assert!(refused(&format!("{begun}{unknown}")).contains("never told"));
        let empty = play(begun.as_bytes(), &|_| {}).unwrap();
        assert_eq!(empty, Played::default());
        assert!(refused(&format!("{begun}{begun}")).contains("begins once"));
    }

    #[test]
    fn a_recording_has_its_end_and_as_many_decisions_as_it_says() {
        let begun = "{\"line\":\"begun\",\"format\":1,\"at\":\"2026-01-01T00:00:00Z\"}\n";
        let ended = |decisions: u32| {
            let text = format!("{begun}{{\"line\":\"ended\",\"decisions\":{decisions}}}\n");
            play(text.as_bytes(), &|_| {})
        };
        let whole = ended(0).unwrap();
        assert!(whole.ended && whole.decisions == 0);
        let altered = ended(3).unwrap_err().to_string();
        assert!(altered.contains("3 decisions, and 0 stand"), "{altered}");
        let behind = format!("{begun}{{\"line\":\"full\"}}\n{{\"line\":\"full\"}}\n");
        let behind = play(behind.as_bytes(), &|_| {}).unwrap_err().to_string();
        assert!(behind.contains("behind the end"), "{behind}");
    }

    #[test]
    fn a_recording_of_a_process_that_was_killed_is_played_up_to_its_last_whole_line() {
        let whole = "{\"line\":\"begun\",\"format\":1,\"at\":\"2026-01-01T00:00:00Z\"}\n\
                     {\"line\":\"answered\",\"ask\":\"plan\",\"question\":null,\"answer\":null}\n";
        let cut = format!("{whole}{{\"line\":\"answ");
        let played = play(cut.as_bytes(), &|_| {}).unwrap();
        let expected = Played {
            answers: 1,
            cut: true,
            ..Played::default()
        };
        assert_eq!(played, expected);
        let long = format!(
            "{whole}{}",
            "x".repeat(usize::try_from(MAX_LINE_BYTES).unwrap())
        );
        let refused = play(long.as_bytes(), &|_| {}).unwrap_err().to_string();
        assert!(refused.contains("line 3"), "{refused}");
    }
}
