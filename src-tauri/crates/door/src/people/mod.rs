//! Secrets of people: passwords and session tokens.
//!
//! Never here: HTTP.

pub mod password;
pub mod token;
