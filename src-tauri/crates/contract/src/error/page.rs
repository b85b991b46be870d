//! A code's page under `specs/errors/`, and the table that the UI reads.
//!
//! Never here: writing files, or which code is of which class (the domain's table, which is handed in).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    Effect, ErrorCode, all,
    fault::{self, Again, FaultCode, Left},
};

impl Effect {
    /// In words, for the page.
    const fn in_words(self) -> &'static str {
        match self {
            Self::Nothing => "Nothing was changed and nothing was sent.",
            Self::Unknown => {
                "Not known: it may have been done all the same. Look at the current state before you try again."
            }
        }
    }
}

impl Again {
    /// In words, for the page.
    const fn in_words(self) -> &'static str {
        match self {
            Self::No => "No.",
            Self::Yes => {
                "Yes, with growing pauses and as often as the policy allows (three times unless you changed it); after that a person is told."
            }
            Self::Waits => "It waits, and goes on by itself as soon as it can; no try is counted.",
            Self::Sometimes => {
                "Only where it may pass by itself: then the fault's class is `transient`, and it is tried again as often as the policy allows."
            }
        }
    }
}

impl Left {
    /// In words, for the page.
    const fn in_words(self) -> &'static str {
        match self {
            Self::Nothing => "No: nothing was sent, and nothing is kept but the record of it.",
            Self::Something => "Yes, what the sentence above says.",
            Self::Unknown => {
                "Not known: it may have been done all the same. Look at the far side before you try again."
            }
        }
    }
}

/// What each class asks for, in words; the word of one that tells of another failure is `of_cause`.
fn class_in_words(class: &str) -> &'static str {
    match class {
        "transient" => "`transient`: it passes, and trying again helps.",
        "waits" => "`waits`: what it needs comes back by itself; nothing is counted meanwhile.",
        "validation" => {
            "`validation`: something in it is not as it must be; it is said at once and not tried again."
        }
        "permanent" => "`permanent`: only a person can mend it, and is told.",
        "budget_exhausted" => "`budget_exhausted`: only a higher cap helps.",
        "of_cause" => "That of the failure that it tells of.",
        _ => "`unknown`: nobody foresaw it; the log has the whole story, and a person is told.",
    }
}

/// The page of a code that an HTTP answer carries.
fn of_error(entry: &ErrorCode, class: &str) -> String {
    let again = if entry.retryable {
        "Yes, the same request may succeed later."
    } else {
        "No, not without a change."
    };
    let status = entry.status.to_string();
    let rows = [
        ("HTTP status", status.as_str()),
        ("Class", class_in_words(class)),
        ("Did anything take effect?", entry.effect.in_words()),
        ("Does sending it again help?", again),
    ];
    page(entry.code, entry.text, &rows, entry.hint)
}

/// The page of a fault's code.
fn of_fault(entry: &FaultCode, class: &str) -> String {
    let rows = [
        ("Class", class_in_words(class)),
        ("Did anything take effect?", entry.left.in_words()),
        ("Is it tried again by itself?", entry.again.in_words()),
    ];
    page(entry.code, entry.text, &rows, entry.hint)
}

fn page(code: &str, text: &str, rows: &[(&str, &str)], hint: &str) -> String {
    let rows: String = rows
        .iter()
        .map(|(asked, answer)| format!("| {asked} | {answer} |\n"))
        .collect();
    format!("# {code}\n\n{text}\n\n| | |\n| --- | --- |\n{rows}\n## What to do\n\n{hint}\n")
}

/// Every code's page as Markdown, by code; `class` knows each code's class.
#[must_use]
pub fn pages(class: impl Fn(&str) -> String) -> BTreeMap<&'static str, String> {
    let errors = all().map(|entry| (entry.code, of_error(entry, &class(entry.code))));
    let faults = fault::all().map(|entry| (entry.code, of_fault(entry, &class(entry.code))));
    errors.chain(faults).collect()
}

/// The whole table for the UI, ordered by code. Rows of codes that an HTTP answer carries have a status.
#[must_use]
pub fn export(class: impl Fn(&str) -> String) -> Value {
    let errors = all().map(|entry| {
        let row = json!({
            "status": entry.status,
            "class": class(entry.code),
            "retryable": entry.retryable,
            "effect": entry.effect,
            "text": entry.text,
            "hint": entry.hint,
        });
        (entry.code, row)
    });
    let faults = fault::all().map(|entry| {
        let row = json!({
            "class": class(entry.code),
            "again": entry.again,
            "left": entry.left,
            "text": entry.text,
            "hint": entry.hint,
        });
        (entry.code, row)
    });
    let ordered: BTreeMap<&str, Value> = errors.chain(faults).collect();
    json!(ordered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_what_took_effect_and_what_to_do() {
        let pages = pages(|_| "transient".to_owned());
        assert_eq!(
            pages["MCP_TIMEOUT"],
            "# MCP_TIMEOUT\n\nThe MCP server gave no answer in time, or was busy with other calls.\n\n\
             | | |\n| --- | --- |\n\
             | Class | `transient`: it passes, and trying again helps. |\n\
             | Did anything take effect? | Not known: it may have been done all the same. Look at the far side before you try again. |\n\
             | Is it tried again by itself? | Yes, with growing pauses and as often as the policy allows (three times unless you changed it); after that a person is told. |\n\n\
             ## What to do\n\n\
             The message says whether the request had left. If it happens often, look at the server under Connections.\n"
        );
        assert!(pages["DAILY_BUDGET_EXHAUSTED"].contains("no try is counted"));
        assert!(pages["NOT_FOUND"].contains("| HTTP status | 404 |"));
    }

    #[test]
    fn every_code_has_one_row_and_only_those_of_http_answers_a_status() {
        let table = export(|_| "transient".to_owned());
        assert_eq!(
            table.as_object().map(serde_json::Map::len),
            Some(all().count() + fault::all().count())
        );
        assert_eq!(table["NOT_FOUND"]["status"], 404);
        assert_eq!(
            table["TOOL_COOLDOWN"],
            json!({
                "class": "transient",
                "again": "yes",
                "left": "nothing",
                "text": fault::tools::TOOL_COOLDOWN.text,
                "hint": fault::tools::TOOL_COOLDOWN.hint,
            })
        );
    }
}
