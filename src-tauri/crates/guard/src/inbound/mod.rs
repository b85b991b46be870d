//! What arrives from outside: made canonical, and read for instructions to the machine.
//!
//! Never here: what leaves (`outbound`), where a text came from (the artifact's sources say it).

mod attack;
#[cfg(test)]
mod corpus;
mod high;
mod medium;
mod normalise;
mod phrases;
mod reading;
mod rules;
mod scan;
mod vocabulary;
mod words;

pub use normalise::{
    Change, ChangeKind, Limits, Lines, MAX_POSITIONS, MAX_STACKED_MARKS, Normalised, normalise,
};
pub use rules::Family;
pub use scan::{
    Finding, HIGH_SCORE_BP, MAX_FINDINGS, MEDIUM_SCORE_BP, Scan, ThreatLevel, attacks_in, scan,
};
pub use words::{DeceptiveWord, deceptive_words};
