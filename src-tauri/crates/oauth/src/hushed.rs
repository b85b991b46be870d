//! Secrets taken out of what others say, and the last of them that a session had.
//!
//! Never here: who says it.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use chimera_blotting::Secrets;
use secrecy::{ExposeSecret, SecretString};

use crate::keeping::Kept;

/// Most secrets of one session that are remembered: those of its last five tokens.
const MAX_HANDED: usize = 15;

/// A text without these values, however they are spelled; of one that contains another the whole is taken out. Signs that
/// control a terminal go as well.
pub(crate) fn hushed<'a>(text: &str, secrets: impl IntoIterator<Item = &'a str>) -> String {
    let plain: String = text.chars().filter(|sign| !sign.is_control()).collect();
    Secrets::of(secrets.into_iter().map(str::to_owned)).text(plain)
}

/// The last secrets that a session was given. The former ones count as well: an answer that is under way while they are
/// renewed may have them in it.
#[derive(Default)]
pub(crate) struct Handed(Mutex<VecDeque<SecretString>>);

impl Handed {
    /// Remembers those of this authorization.
    pub(crate) fn note(&self, kept: &Kept) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let values = [
            kept.access.as_deref(),
            kept.refresh.as_deref(),
            kept.client.secret(),
        ];
        for value in values.into_iter().flatten() {
            if all.iter().any(|known| known.expose_secret() == value) {
                continue;
            }
            all.push_back(SecretString::from(value));
            if all.len() > MAX_HANDED {
                all.pop_front();
            }
        }
    }

    /// All of them.
    pub(crate) fn all(&self) -> Vec<SecretString> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_taken_out_plain_or_as_a_form_writes_it_and_with_signs_in_it_that_are_cut_away() {
        let secrets = ["code/1", "code/12", "abc"];
        assert_eq!(
            hushed("no code/1, code%2F12, co\u{7}de/1, abc", secrets),
            "no •••, •••, •••, abc"
        );
    }
}
