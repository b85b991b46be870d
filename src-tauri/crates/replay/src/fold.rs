//! Large values are written once and named by number: boards repeat most of what they are made of.
//!
//! Never here: what a value means.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

/// The field by which a value names another one.
const NAME: &str = "$value";
/// Objects and lists of at least so many bytes of JSON are written once.
const LARGE_BYTES: usize = 160;

/// Folds values for writing.
#[derive(Debug, Default)]
pub(crate) struct Folder {
    known: HashMap<String, u64>,
}

impl Folder {
    /// The folded value; values that are new on the way go to `write` with their numbers, inner ones first.
    pub(crate) fn fold(&mut self, value: &Value, write: &mut dyn FnMut(u64, &Value)) -> Value {
        let folded = match value {
            Value::Object(fields) => Value::Object(
                fields
                    .iter()
                    .map(|(name, field)| (name.clone(), self.fold(field, write)))
                    .collect(),
            ),
            Value::Array(items) => items.iter().map(|item| self.fold(item, write)).collect(),
            plain => return plain.clone(),
        };
        let text = folded.to_string();
        if text.len() < LARGE_BYTES {
            return folded;
        }
        let next = u64::try_from(self.known.len()).unwrap_or(u64::MAX);
        let number = match self.known.get(&text) {
            Some(number) => *number,
            None => {
                write(next, &folded);
                self.known.insert(text, next);
                next
            }
        };
        json!({ NAME: number })
    }
}

/// Unfolds values that were read.
#[derive(Debug, Default)]
pub(crate) struct Unfolder {
    values: Vec<Value>,
}

impl Unfolder {
    /// Takes a numbered value; they come in order. False for one out of its order, or that names an unknown one.
    pub(crate) fn take(&mut self, number: u64, value: &Value) -> bool {
        let fits = u64::try_from(self.values.len()) == Ok(number);
        match self.unfold(value) {
            Some(value) if fits => {
                self.values.push(value);
                true
            }
            _ => false,
        }
    }

    /// The value with everything in its place; nothing when it names one that was never told.
    pub(crate) fn unfold(&self, value: &Value) -> Option<Value> {
        match value {
            Value::Object(fields) if fields.len() == 1 && fields.contains_key(NAME) => {
                let number = usize::try_from(fields.get(NAME)?.as_u64()?).ok()?;
                self.values.get(number).cloned()
            }
            Value::Object(fields) => {
                let mut whole = Map::new();
                for (name, field) in fields {
                    whole.insert(name.clone(), self.unfold(field)?);
                }
                Some(Value::Object(whole))
            }
            Value::Array(items) => items.iter().map(|item| self.unfold(item)).collect(),
            plain => Some(plain.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_folded_unfolds_to_the_same_and_is_written_once() {
        let large = json!({"words": "x".repeat(200), "inner": {"list": vec!["y".repeat(30); 8]}});
        let all = json!({"a": large, "b": [large, 1, null], "c": {"small": true}});
        let (mut folder, mut unfolder) = (Folder::default(), Unfolder::default());
        let mut written = Vec::new();
        let folded = folder.fold(&all, &mut |number, value| {
            written.push((number, value.clone()))
        });
        let again = folder.fold(&all, &mut |_, _| panic!("written twice"));
        assert_eq!(folded, again);
        assert!(folded.to_string().len() < LARGE_BYTES);
        for (number, value) in &written {
            assert!(unfolder.take(*number, value));
        }
        assert_eq!(unfolder.unfold(&folded), Some(all));
    }

    #[test]
    fn a_number_that_was_never_told_unfolds_to_nothing() {
        let mut unfolder = Unfolder::default();
        assert!(!unfolder.take(1, &json!({})), "out of its order");
        assert_eq!(unfolder.unfold(&json!([{ NAME: 3 }])), None);
        assert_eq!(unfolder.unfold(&json!({ NAME: "x" })), None);
    }
}
