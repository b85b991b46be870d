//! Text with a bound: people's and models' words are checked for length where they enter.
//!
//! Never here: what the words mean (that is `guard` and `policy`).

use std::{fmt, ops::Deref};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why a text was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    /// Nothing but white space.
    #[error("{what} is empty; write at least {min} characters")]
    Empty {
        /// What was being written.
        what: &'static str,
        /// Smallest length in characters.
        min: usize,
    },
    /// Outside the bounds.
    #[error("{what} has {length} characters; it may have {min} to {max}")]
    Length {
        /// What was being written.
        what: &'static str,
        /// Length found, in characters.
        length: usize,
        /// Smallest length in characters.
        min: usize,
        /// Largest length in characters.
        max: usize,
    },
}

/// Checks `text`'s length in characters after trimming.
///
/// # Errors
/// When it is empty or outside `min..=max`.
pub fn bounded(
    what: &'static str,
    text: &str,
    min: usize,
    max: usize,
) -> Result<String, InvalidText> {
    let trimmed = text.trim();
    let length = trimmed.chars().count();
    if length == 0 && min > 0 {
        return Err(InvalidText::Empty { what, min });
    }
    if length < min || length > max {
        return Err(InvalidText::Length {
            what,
            length,
            min,
            max,
        });
    }
    Ok(trimmed.to_owned())
}

/// `text` in at most `most` characters: cut at the end of a word, with an ellipsis where something is missing.
#[must_use]
pub fn clipped(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let room: String = text.chars().take(most.saturating_sub(1)).collect();
    let ends_a_word = text
        .chars()
        .nth(room.chars().count())
        .is_some_and(char::is_whitespace);
    let kept = match room.rsplit_once(char::is_whitespace) {
        Some((kept, _)) if !ends_a_word => kept,
        _ => room.as_str(),
    };
    let kept = kept.trim_end_matches(|letter: char| !letter.is_alphanumeric());
    format!("{kept}…")
}

/// A goal in plain words, 10 to 1,000 characters (UI-35).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Goal(#[schemars(length(min = 10, max = 1000))] String);

impl Goal {
    /// Fewest characters of a goal.
    pub const MIN_CHARS: usize = 10;
    /// Most characters of a goal.
    pub const MAX_CHARS: usize = 1_000;

    /// Takes a goal as a person wrote it.
    ///
    /// # Errors
    /// When it is empty, too short or too long.
    pub fn new(text: &str) -> Result<Self, InvalidText> {
        bounded("The goal", text, Self::MIN_CHARS, Self::MAX_CHARS).map(Self)
    }
}

impl Deref for Goal {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl TryFrom<String> for Goal {
    type Error = InvalidText;
    fn try_from(text: String) -> Result<Self, InvalidText> {
        Self::new(&text)
    }
}

impl From<Goal> for String {
    fn from(goal: Goal) -> Self {
        goal.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_trimmed_and_bounded_in_characters_not_bytes() {
        assert_eq!(&*Goal::new("  ten letters \n").unwrap(), "ten letters");
        assert!(Goal::new(&"ö".repeat(1_000)).is_ok());
        assert_eq!(
            Goal::new(&"ö".repeat(1_001)),
            Err(InvalidText::Length {
                what: "The goal",
                length: 1_001,
                min: 10,
                max: 1_000
            })
        );
        assert_eq!(
            Goal::new(" \t"),
            Err(InvalidText::Empty {
                what: "The goal",
                min: 10
            })
        );
    }

    #[test]
    fn what_is_too_long_is_cut_after_a_word_and_says_so() {
        for (text, most, wanted) in [
            ("one two three", 20, "one two three"),
            ("one two, three four", 12, "one two…"),
            ("one two three", 8, "one two…"),
            ("one", 3, "one"),
            ("", 5, ""),
        ] {
            assert_eq!(clipped(text, most), wanted, "{text}");
        }
        assert!(clipped(&"ö".repeat(99), 10).chars().count() <= 10);
    }
}
