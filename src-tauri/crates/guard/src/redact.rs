//! Text for logs and the audit: secrets and personal data replaced by typed masks (SEC-05,
//! SEC-09).
//!
//! Never here: finding them (`sensitive`).

use serde_json::Value;

use crate::sensitive::find;
use crate::{MAX_TEXT_BYTES, span};

/// Replaces every secret and personal datum by a mask that tells its kind (`sk-****`,
/// `[email]`, `[card]`). A text longer than [`MAX_TEXT_BYTES`] is cut there, and says so:
/// what was not read is not shown.
#[must_use]
pub fn redact(text: &str) -> String {
    let read = span::head(text, MAX_TEXT_BYTES);
    let mut shown = String::with_capacity(read.len());
    let mut at = 0;
    for place in find(read) {
        shown.push_str(&read[at..place.span.start]);
        shown.push_str(&place.mask(read));
        at = place.span.end;
    }
    shown.push_str(&read[at..]);
    if read.len() < text.len() {
        shown.push_str(&format!(
            " [{} more bytes not shown]",
            text.len() - read.len()
        ));
    }
    shown
}

/// The same for every text of a value, names of fields included. A text under a name that is a credential's is masked
/// whatever it looks like. Digests, ids and times are none of the kinds that are masked.
#[must_use]
pub fn redact_json(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(redact(&text)),
        Value::Array(items) => items.into_iter().map(redact_json).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| match value {
                Value::String(text) if !text.is_empty() && names_a_credential(&name) => {
                    (name, Value::String(MASKED.to_owned()))
                }
                other => (redact(&name), redact_json(other)),
            })
            .collect(),
        plain => plain,
    }
}

/// What stands in the place of a value that is secret by its name.
const MASKED: &str = "[secret]";

/// Whether a field of this name holds a credential: whether anything behind it would be masked in a text.
pub(crate) fn names_a_credential(name: &str) -> bool {
    let text = format!("{name}=Xy7!xY8?");
    find(&text)
        .iter()
        .any(|place| place.span.start > name.len() && place.span.end == text.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn masks_tell_the_kind_and_nothing_else() {
        let key = format!("sk-{}", "abcdef1234567890");
        let line = format!(
            "key {key} of jane@example.org (+49 30 901820), card 4111-1111-1111-1111, DE89370400440532013000, 123-45-6789"
        );
        assert_eq!(
            redact(&line),
            "key sk-**** of [email] ([phone]), card [card], [iban], [ssn]"
        );
        assert_eq!(
            redact("url postgres://me:pa55word@db/x?password=abcd"),
            "url postgres://me:[secret]@db/x?password=[secret]"
        );
        assert_eq!(
            redact("nothing to hide, 10:30 on 2026-11-21"),
            "nothing to hide, 10:30 on 2026-11-21"
        );
    }

    #[test]
    fn a_value_is_masked_wherever_a_text_stands_and_by_the_name_it_stands_under() {
        let given = json!({
            "password": "hunter2", "nested": [{ "api_key": "plain", "to": "jane@example.org" }],
            "jane@example.org": 3, "max_tokens": "many", "design": "blue", "token": "", "n": 1,
            "intent_key": "chimera-0198",
        });
        assert_eq!(
            redact_json(given),
            json!({
                "password": "[secret]", "nested": [{ "api_key": "[secret]", "to": "[email]" }],
                "[email]": 3, "max_tokens": "many", "design": "blue", "token": "", "n": 1,
                "intent_key": "chimera-0198",
            })
        );
    }

    #[test]
    fn what_was_not_read_is_not_shown() {
        let long = "x ".repeat(MAX_TEXT_BYTES / 2) + "jane@example.org";
        assert!(redact(&long).ends_with("x  [16 more bytes not shown]"));
    }

    proptest! {
        #[test]
        fn a_planted_secret_never_survives(before in "[a-z .,:\n]{0,20}", after in "([ .,:\n][a-z .,:\n]{0,20})?") {
            let key = format!("sk-{}", "Ab1Cd2Ef3Gh4Ij5K");
            for secret in [key.as_str(), "jane.doe@example.org", "4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00"] {
                let shown = redact(&format!("{before} {secret}{after}"));
                prop_assert!(!shown.contains(secret), "{}", shown);
            }
        }
    }
}
