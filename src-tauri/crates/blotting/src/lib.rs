//! Known secrets taken out of what others say: whoever was handed one may repeat it, and from there it would reach people,
//! logs, models and posts.
//!
//! They are found word for word, and as JSON, a form or an address writes them (`spelled`).
//!
//! Never here: secrets that nobody knows (`guard` looks for those), or ones that are changed in another way before they
//! are repeated.

mod spelled;

use std::{mem, sync::Arc};

use serde_json::Value;

use spelled::{LONGEST_SPELLING, without};

/// Values shorter than this are no secrets worth taking out, and would maim ordinary words.
const MIN_SECRET_CHARS: usize = 4;
/// Lines shorter than this, of a secret of several lines, are not taken out by themselves.
const MIN_LINE_CHARS: usize = 12;
/// What stands in the place of one.
const BLOT: &str = "•••";

/// Secrets to take out. A copy of it costs nothing.
#[derive(Clone, Default)]
pub struct Secrets(Arc<[String]>);

impl Secrets {
    /// These values; of one that contains another the whole is taken out, and one of several lines line by line as well.
    #[must_use]
    pub fn of(values: impl IntoIterator<Item = String>) -> Self {
        let mut values: Vec<String> = values
            .into_iter()
            .filter(|value| value.chars().count() >= MIN_SECRET_CHARS)
            .collect();
        let lines: Vec<String> = values
            .iter()
            .filter(|value| value.contains('\n'))
            .flat_map(|value| value.lines().map(str::trim))
            .filter(|line| line.chars().count() >= MIN_LINE_CHARS)
            .map(str::to_owned)
            .collect();
        values.extend(lines);
        values.sort_by(|one, other| other.len().cmp(&one.len()).then(one.cmp(other)));
        values.dedup();
        Self(values.into())
    }

    /// The same, and these.
    #[must_use]
    pub fn and(&self, more: impl IntoIterator<Item = String>) -> Self {
        Self::of(self.0.iter().cloned().chain(more))
    }

    /// A text without them.
    #[must_use]
    pub fn text(&self, text: String) -> String {
        self.0
            .iter()
            .fold(text, |text, secret| without(text, secret, BLOT))
    }

    /// The most bytes that one of them takes, however it is spelled.
    #[must_use]
    pub fn longest(&self) -> usize {
        self.0
            .first()
            .map_or(0, |secret| secret.len().saturating_mul(LONGEST_SPELLING))
    }

    /// Takes them out of every text in a value; what is no text stays as it is.
    pub fn blot(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.text(mem::take(text)),
            Value::Array(items) => items.iter_mut().for_each(|item| self.blot(item)),
            Value::Object(fields) => fields.values_mut().for_each(|field| self.blot(field)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn of_a_secret_of_several_lines_no_line_is_left() {
        let secrets = Secrets::of(["-----BEGIN KEY-----\nMIIEvQIBADANBg\nx\n".to_owned()]);
        assert_eq!(secrets.text("MIIEvQIBADANBg x".to_owned()), "••• x");
    }

    #[test]
    fn of_a_secret_that_contains_another_nothing_is_left() {
        let secrets = Secrets::of(["token".to_owned()]).and(["Bearer token".to_owned()]);
        assert_eq!(secrets.text("Bearer token, token".to_owned()), "•••, •••");
        assert_eq!(secrets.longest(), 6 * "Bearer token".len());
    }

    #[test]
    fn texts_alone_are_changed_however_json_writes_them() {
        let secrets = Secrets::of(["se\"cret-1".to_owned(), "12345678".to_owned()]);
        let mut value = json!({"chat": 12_345_678, "told": ["12345678", "se\"cret-1"]});
        secrets.blot(&mut value);
        assert_eq!(value, json!({"chat": 12_345_678, "told": ["•••", "•••"]}));
    }
}
