//! Handles: how an account is called on the network.
//!
//! Never here: who owns one.

use chimera_domain::{fault::Fault, id::AgentId};

use super::fault::{HANDLE_INVALID, refused};

/// Longest handle without its `@`, in characters.
const MAX_HANDLE_CHARS: usize = 30;

/// A handle as it is kept: `@`, then 1 to 30 of a–z, 0–9 and `_`.
///
/// # Errors
/// When it holds anything else.
pub(super) fn normalise(text: &str) -> Result<String, Fault> {
    let bare = text.strip_prefix('@').unwrap_or(text).to_ascii_lowercase();
    let fits = (1..=MAX_HANDLE_CHARS).contains(&bare.len())
        && bare
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !fits {
        let shown: String = text.chars().take(40).collect();
        return Err(refused(
            HANDLE_INVALID,
            format!("'{shown}' is no handle: use 1 to {MAX_HANDLE_CHARS} of a–z, 0–9 and _"),
        ));
    }
    Ok(format!("@{bare}"))
}

/// The handle of an agent that never took one: stable, and plainly not chosen.
pub(super) fn provisional(agent: AgentId) -> String {
    // The tail of a version 7 UUID is its random part.
    let (_, low) = agent.as_uuid().as_u64_pair();
    format!("@agent_{:08x}", low & 0xffff_ffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_per_handle() {
        assert_eq!(normalise("@Ada_1").as_deref(), Ok("@ada_1"));
        assert_eq!(normalise("ada_1").as_deref(), Ok("@ada_1"));
        for bad in [
            "",
            "@",
            "a b",
            "ädä",
            "@@a",
            "a-b",
            &"a".repeat(31),
            "a\u{202e}b",
        ] {
            assert_eq!(normalise(bad).unwrap_err().code, HANDLE_INVALID, "{bad}");
        }
    }
}
