//! What is the matter with a Weaviate, in the words and under the code that fit: what passes by itself is waited out,
//! what only a person can mend is said so.
//!
//! Never here: trying again.

use std::{collections::BTreeMap, fmt::Display};

use chimera_domain::fault::Fault;
use chimera_net::NetError;

use crate::codes::{REFUSED, UNAVAILABLE};

/// What was refused of several, by its place among them, and why.
pub(super) type Refused = BTreeMap<usize, Fault>;

/// Most characters of the server's own words that are told.
const MAX_TOLD_CHARS: usize = 300;

/// What a server says where it gives no code, or one for everything, and which no later try mends: that it has no such
/// tenant or class, or holds vectors of another length. In its own words, which are the only sign there is.
const FOR_GOOD: [&str; 5] = [
    "tenant not found",
    "could not find class",
    "vector dimensions do not match",
    "vector with length",
    "invalid",
];

/// It passes: nobody has to do anything.
pub(super) fn away(address: &str, why: impl Display) -> Fault {
    let words = format!(
        "Weaviate at {address} is of no use at the moment: {why}. Memories are kept here and found by their words meanwhile; nothing was lost"
    );
    Fault::of(UNAVAILABLE, words)
}

/// Only a person can mend it.
pub(super) fn refused(address: &str, why: impl Display) -> Fault {
    let words = format!(
        "Weaviate at {address} cannot be used: {why}. Memories are kept here and found by their words until this is mended; nothing was lost"
    );
    Fault::of(REFUSED, words)
}

/// It refused in its own words, which say whether that will pass.
pub(super) fn of_words(address: &str, what: &str, words: &str) -> Fault {
    let told = told(words);
    let lower = words.to_lowercase();
    if FOR_GOOD.iter().any(|sign| lower.contains(sign)) {
        refused(address, format_args!("{what}: {told}"))
    } else {
        away(address, format_args!("{what}: {told}"))
    }
}

/// There was no answer.
pub(super) fn of_net(address: &str, error: &NetError) -> Fault {
    if error.is_transient() {
        away(address, error)
    } else {
        refused(address, error)
    }
}

/// Whether the server says that it has no such tenant, or no class at all: then it has no copy of anything either.
pub(super) fn has_nothing(words: &str) -> bool {
    let words = words.to_lowercase();
    FOR_GOOD[..2].iter().any(|sign| words.contains(sign))
}

/// The server's words as far as they are told.
pub(super) fn told(words: &str) -> String {
    match words.trim() {
        "" => "it does not say why".to_owned(),
        words => words.chars().take(MAX_TOLD_CHARS).collect(),
    }
}
