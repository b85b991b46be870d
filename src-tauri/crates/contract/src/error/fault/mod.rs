//! Codes of faults: what a step, an action, a feed, a key, a start or a file can fail with, and what to do.
//!
//! A fault is shown where it happened, in words that know the case; its code stands here, so that whoever
//! meets it can look it up. Never here: HTTP statuses (`code`'s), or a fault's own words.

pub mod audit;
pub mod feeds;
pub mod files;
pub mod keys;
pub mod memory;
pub mod model;
pub mod sandbox;
pub mod skills;
pub mod start;
pub mod tools;
pub mod work;

use serde::Serialize;

/// Whether it is tried again by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Again {
    /// Never.
    No,
    /// Always, as often as the policy allows.
    Yes,
    /// It waits for what it lacks and goes on by itself, with no try counted.
    Waits,
    /// Where the fault's class is `transient`: one code may stand for what passes and what stays.
    Sometimes,
}

/// Whether anything took effect.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Left {
    /// Nothing.
    Nothing,
    /// What the sentence says.
    Something,
    /// Nobody knows.
    Unknown,
}

/// One code of a fault.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct FaultCode {
    /// Stable code, SCREAMING_SNAKE.
    pub code: &'static str,
    /// Whether it is tried again by itself.
    pub again: Again,
    /// Whether anything took effect.
    pub left: Left,
    /// What happened, in one sentence.
    pub text: &'static str,
    /// What to do.
    pub hint: &'static str,
}

/// Declares the codes of one area: a constant each, and `CODES` with all of them.
macro_rules! faults {
    ($($name:ident: $again:ident, $left:ident, $text:literal, $hint:literal;)+) => {
        $(
            #[doc = $text]
            pub const $name: $crate::error::fault::FaultCode = $crate::error::fault::FaultCode {
                code: stringify!($name),
                again: $crate::error::fault::Again::$again,
                left: $crate::error::fault::Left::$left,
                text: $text,
                hint: $hint,
            };
        )+
        /// Every code of this area.
        pub const CODES: &[$crate::error::fault::FaultCode] = &[$($name),+];
    };
}
use faults;

/// Every code of a fault, by area. Those that an HTTP answer can carry too are in the other table.
pub fn all() -> impl Iterator<Item = &'static FaultCode> {
    [
        feeds::CODES,
        sandbox::CODES,
        tools::CODES,
        memory::CODES,
        model::CODES,
        skills::CODES,
        work::CODES,
        start::CODES,
        keys::CODES,
        files::CODES,
        audit::CODES,
    ]
    .into_iter()
    .flatten()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_is_declared_once_in_both_tables_together_and_in_whole_sentences() {
        let mut seen: BTreeSet<&str> = super::super::all().map(|entry| entry.code).collect();
        for entry in all() {
            assert!(seen.insert(entry.code), "{} is declared twice", entry.code);
            let shape =
                |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
            assert!((1..=64).contains(&entry.code.len()) && entry.code.bytes().all(shape));
            for words in [entry.text, entry.hint] {
                assert!(
                    words.ends_with('.'),
                    "{}: write whole sentences",
                    entry.code
                );
            }
        }
        assert!(seen.contains("FEED_MALFORMED") && seen.contains("NOT_FOUND"));
    }
}
