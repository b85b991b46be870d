//! Secrets of people: passwords and session tokens.
//!
//! Never here: HTTP.

pub(crate) mod password;
pub(crate) mod token;
