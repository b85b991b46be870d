//! What is known of an error code, and the whole table.
//!
//! Never here: the codes themselves; they stand with their area.

use serde::Serialize;

use super::{keychain, people, registry, request, work};

/// Whether a request that failed with this code changed anything.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Nothing was changed and nothing was sent.
    Nothing,
    /// It may have been done all the same; look before trying again.
    Unknown,
}

/// One error code.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct ErrorCode {
    /// Stable code, SCREAMING_SNAKE.
    pub code: &'static str,
    /// HTTP status.
    pub status: u16,
    /// Whether the same request may succeed when it is sent again.
    pub retryable: bool,
    /// Whether anything took effect.
    pub effect: Effect,
    /// What happened, in one sentence for the person in front of the screen.
    pub text: &'static str,
    /// What to do.
    pub hint: &'static str,
}

/// Declares the codes of one area: a constant each, and `CODES` with all of them.
macro_rules! codes {
    ($($name:ident: $status:literal, $retryable:literal, $effect:ident, $text:literal, $hint:literal;)+) => {
        $(
            #[doc = $text]
            pub const $name: $crate::error::ErrorCode = $crate::error::ErrorCode {
                code: stringify!($name),
                status: $status,
                retryable: $retryable,
                effect: $crate::error::Effect::$effect,
                text: $text,
                hint: $hint,
            };
        )+
        /// Every code of this area.
        pub const CODES: &[$crate::error::ErrorCode] = &[$($name),+];
    };
}
pub(super) use codes;

/// Every code, by area.
pub fn all() -> impl Iterator<Item = &'static ErrorCode> {
    [
        request::CODES,
        people::CODES,
        work::CODES,
        keychain::CODES,
        registry::CODES,
    ]
    .into_iter()
    .flatten()
}

/// The entry of `code`, if it is declared.
#[must_use]
pub fn find(code: &str) -> Option<&'static ErrorCode> {
    all().find(|entry| entry.code == code)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_is_declared_once_in_the_shape_that_the_envelope_promises() {
        let mut seen = BTreeSet::new();
        for entry in all() {
            assert!(seen.insert(entry.code), "{} is declared twice", entry.code);
            let shape =
                |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
            assert!((1..=64).contains(&entry.code.len()) && entry.code.bytes().all(shape));
            assert!((400..600).contains(&entry.status), "{}", entry.code);
            for words in [entry.text, entry.hint] {
                assert!(
                    words.ends_with('.'),
                    "{}: write whole sentences",
                    entry.code
                );
            }
        }
        assert!(find("NOT_FOUND").is_some_and(|entry| entry.status == 404));
        assert_eq!(find("NO_SUCH_CODE"), None);
    }
}
