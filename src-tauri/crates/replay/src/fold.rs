//! Large values are written once and named by number: boards repeat most of what they are made of.
//!
//! Never here: what a value means.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

/// The field by which a value names another one.
const NAME: &str = "$value";
/// Objects and lists of at least so many bytes of JSON are written once.
const LARGE_BYTES: usize = 160;
/// Most bytes of one line's JSON with everything in its place; a board with its texts is far below.
const MAX_WHOLE_BYTES: u64 = 64 << 20;
/// Deepest nesting of it, names counted as what they stand for: what JSON may have when it is read.
const MAX_DEPTH: u32 = 127;
const NEVER_TOLD: &str = "it names a value that was never told";

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

/// What the parts of a value come to, once every name in it is replaced by what it stands for.
#[derive(Clone, Copy, Debug, Default)]
struct Weight {
    bytes: u64,
    depth: u32,
}

impl Weight {
    const fn holds(self, inner: Self) -> Self {
        let depth = inner.depth.saturating_add(1);
        Self {
            bytes: self.bytes.saturating_add(inner.bytes),
            depth: if depth > self.depth {
                depth
            } else {
                self.depth
            },
        }
    }
}

/// Unfolds values that were read. They are kept as they were written: names of names would grow without end.
#[derive(Debug, Default)]
pub(crate) struct Unfolder {
    values: Vec<(Value, Weight)>,
}

impl Unfolder {
    /// Takes a numbered value; they come in order.
    ///
    /// # Errors
    /// Why it is none of a recording.
    pub(crate) fn take(&mut self, number: u64, value: Value) -> Result<(), &'static str> {
        if u64::try_from(self.values.len()) != Ok(number) {
            return Err("a value is out of its order");
        }
        let weight = self.checked(&value)?;
        self.values.push((value, weight));
        Ok(())
    }

    /// The value with everything in its place.
    ///
    /// # Errors
    /// Why it is none of a recording.
    pub(crate) fn unfold(&self, value: &Value) -> Result<Value, &'static str> {
        self.checked(value)?;
        self.whole(value).ok_or(NEVER_TOLD)
    }

    fn checked(&self, value: &Value) -> Result<Weight, &'static str> {
        let weight = self.weigh(value).ok_or(NEVER_TOLD)?;
        if weight.bytes > MAX_WHOLE_BYTES {
            return Err("unfolded, it is too large");
        }
        if weight.depth > MAX_DEPTH {
            return Err("unfolded, it is too deep");
        }
        Ok(weight)
    }

    fn named(&self, value: &Value) -> Option<&(Value, Weight)> {
        self.values.get(usize::try_from(value.as_u64()?).ok()?)
    }

    /// Nothing when it names one that was never told.
    fn weigh(&self, value: &Value) -> Option<Weight> {
        let plain = |bytes: usize| Weight {
            bytes: u64::try_from(bytes).unwrap_or(u64::MAX),
            depth: 0,
        };
        match value {
            Value::Object(fields) => match name_in(fields) {
                Some(number) => self.named(number).map(|(_, weight)| *weight),
                None => fields.iter().try_fold(plain(2), |weight, (name, field)| {
                    let inner = self.weigh(field)?;
                    Some(weight.holds(inner).holds(plain(name.len())))
                }),
            },
            Value::Array(items) => items.iter().try_fold(plain(2), |weight, item| {
                Some(weight.holds(self.weigh(item)?))
            }),
            Value::String(text) => Some(plain(text.len() + 2)),
            Value::Null | Value::Bool(_) | Value::Number(_) => Some(plain(8)),
        }
    }

    fn whole(&self, value: &Value) -> Option<Value> {
        match value {
            Value::Object(fields) => match name_in(fields) {
                Some(number) => self.whole(&self.named(number)?.0),
                None => {
                    let mut whole = Map::new();
                    for (name, field) in fields {
                        whole.insert(name.clone(), self.whole(field)?);
                    }
                    Some(Value::Object(whole))
                }
            },
            Value::Array(items) => items.iter().map(|item| self.whole(item)).collect(),
            plain => Some(plain.clone()),
        }
    }
}

/// The number of the value that these fields are a name of.
fn name_in(fields: &Map<String, Value>) -> Option<&Value> {
    (fields.len() == 1).then(|| fields.get(NAME)).flatten()
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
        for (number, value) in written {
            unfolder.take(number, value).unwrap();
        }
        assert_eq!(unfolder.unfold(&folded), Ok(all));
    }

    #[test]
    fn a_number_that_was_never_told_unfolds_to_nothing() {
        let mut unfolder = Unfolder::default();
        assert!(unfolder.take(1, json!({})).is_err(), "out of its order");
        assert_eq!(unfolder.unfold(&json!([{ NAME: 3 }])), Err(NEVER_TOLD));
        assert_eq!(unfolder.unfold(&json!({ NAME: "x" })), Err(NEVER_TOLD));
    }

    #[test]
    fn names_of_names_grow_neither_wide_nor_deep_without_end() {
        let grown = |times: usize| {
            let mut unfolder = Unfolder::default();
            unfolder.take(0, json!("x".repeat(LARGE_BYTES))).unwrap();
            (1..100_000_u64).find_map(|number| {
                let names = vec![json!({ NAME: number - 1 }); times];
                let refused = unfolder.take(number, names.into()).err()?;
                Some((number, refused))
            })
        };
        assert_eq!(grown(1), Some((128, "unfolded, it is too deep")));
        assert_eq!(grown(10), Some((6, "unfolded, it is too large")));
    }
}
