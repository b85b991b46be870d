//! A code's page under `specs/errors/`, and the table that the UI reads.
//!
//! Never here: writing files.

use serde_json::{Value, json};

use super::{Effect, ErrorCode, all};

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

/// The page of one code, as Markdown.
#[must_use]
pub fn markdown(entry: &ErrorCode) -> String {
    let again = if entry.retryable {
        "Yes, the same request may succeed later."
    } else {
        "No, not without a change."
    };
    format!(
        "# {code}\n\n{text}\n\n| | |\n| --- | --- |\n| HTTP status | {status} |\n| Did anything take effect? | {effect} |\n| Does sending it again help? | {again} |\n\n## What to do\n\n{hint}\n",
        code = entry.code,
        text = entry.text,
        status = entry.status,
        effect = entry.effect.in_words(),
        hint = entry.hint,
    )
}

/// The whole table for the UI, ordered by code.
#[must_use]
pub fn export() -> Value {
    let mut entries: Vec<&ErrorCode> = all().collect();
    entries.sort_by_key(|entry| entry.code);
    let rows: serde_json::Map<String, Value> = entries
        .into_iter()
        .map(|entry| {
            let row = json!({
                "status": entry.status,
                "retryable": entry.retryable,
                "effect": entry.effect,
                "text": entry.text,
                "hint": entry.hint,
            });
            (entry.code.to_owned(), row)
        })
        .collect();
    Value::Object(rows)
}
