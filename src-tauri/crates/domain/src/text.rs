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
    /// A character that is not seen, or that turns what stands beside it.
    #[error(
        "{what} has the character U+{sign:04X}, which nobody sees or which turns the direction of reading; take it out"
    )]
    Unseen {
        /// What was being written.
        what: &'static str,
        /// The first one.
        sign: u32,
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

/// Checks a text that a person writes: its length, and that all of it can be seen as it is. Control characters other than
/// line breaks and tabs, tag characters, and marks that overturn the direction of reading are refused, not taken out: what
/// is stored is what was written.
///
/// # Errors
/// As for [`bounded`], and for the first such character.
pub fn written(
    what: &'static str,
    text: &str,
    min: usize,
    max: usize,
) -> Result<String, InvalidText> {
    let text = bounded(what, text, min, max)?;
    match text.chars().find(|sign| is_unseen(*sign)) {
        Some(sign) => Err(InvalidText::Unseen {
            what,
            sign: u32::from(sign),
        }),
        None => Ok(text),
    }
}

fn is_unseen(sign: char) -> bool {
    match sign {
        '\n' | '\r' | '\t' => false,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}' => true,
        other => other.is_control(),
    }
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
    /// When it is empty, too short or too long, or has characters that are not seen.
    pub fn new(text: &str) -> Result<Self, InvalidText> {
        written("The goal", text, Self::MIN_CHARS, Self::MAX_CHARS).map(Self)
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
    /// One that is stored: it is read whatever is refused today.
    fn try_from(text: String) -> Result<Self, InvalidText> {
        bounded("The goal", &text, Self::MIN_CHARS, Self::MAX_CHARS).map(Self)
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
    fn what_nobody_sees_is_refused_where_it_is_written_and_read_where_it_is_stored() {
        let unseen = |sign| InvalidText::Unseen {
            what: "The goal",
            sign,
        };
        for (text, sign) in [
            ("\0".repeat(20), 0),
            ("One post\u{1b}[2J about tea".to_owned(), 0x1b),
            ("One post \u{202e}about tea".to_owned(), 0x202e),
            ("One post \u{2067}about tea".to_owned(), 0x2067),
            ("One post about tea\u{e0041}!".to_owned(), 0xe0041),
        ] {
            assert_eq!(Goal::new(&text), Err(unseen(sign)), "{text:?}");
            assert!(Goal::try_from(text).is_ok());
        }
        for text in [
            "One post\r\n\tabout tea",
            "می\u{200c}خواهم یک پست",
            "\u{200f}פוסט אחד על תה",
            "A post by 👩\u{200d}💻",
        ] {
            assert!(Goal::new(text).is_ok(), "{text:?}");
        }
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
