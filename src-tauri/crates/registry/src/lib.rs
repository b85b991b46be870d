//! The operator's registry of MCP servers, its reading side: files and entries become what is run, every variable of
//! theirs put in or refused.
//!
//! Never here: storing an entry, a secret's value, or starting anything.

mod clear;
mod form;
mod launch;
mod once;
mod template;

pub use form::{Draft, MAX_FILE_BYTES, MAX_SERVERS, read};
pub use launch::{checked, handed_over, handed_secrets, launch, secrets};
pub use template::OWN_VARIABLES;

use chimera_domain::fault::Fault;

/// Variables of the host's environment by name, as boot read them.
pub type Environment = std::collections::BTreeMap<String, String>;

/// The refusal of something that makes no sense.
fn invalid(message: impl Into<String>) -> Fault {
    Fault::of(chimera_codes::MCP_ENTRY_INVALID, message)
}

/// Longest name of a server, in characters.
const MAX_NAME_CHARS: usize = 64;

/// Looks at a server's name.
///
/// # Errors
/// When it is not 1 to 64 of `A–Z a–z 0–9 . _ -`, beginning with a letter or digit.
pub fn check_name(name: &str) -> Result<(), Fault> {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let begins = name
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_alphanumeric());
    if begins && name.len() <= MAX_NAME_CHARS && name.bytes().all(good) {
        return Ok(());
    }
    Err(invalid(format!(
        "'{}' cannot be the name of a server. Nothing was stored; use 1 to {MAX_NAME_CHARS} of A–Z, a–z, 0–9, '.', '_' and '-', beginning with a letter or digit.",
        chimera_codes::cut(name)
    )))
}
