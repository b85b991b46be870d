//! Stable codes of everything that can go wrong between us and an authorization server.
//!
//! Never here: codes of the protocol itself (`mcp`).

use chimera_domain::fault::Fault;

/// The server, or its authorization server, says nothing that can be used.
pub const OAUTH_ANSWER_UNUSABLE: &str = "OAUTH_ANSWER_UNUSABLE";
/// An address of the authorization server may not be used.
pub const OAUTH_ADDRESS_REFUSED: &str = "OAUTH_ADDRESS_REFUSED";
/// What came is meant for, or from, somebody else.
pub const OAUTH_MISMATCH: &str = "OAUTH_MISMATCH";
/// There is no way to become a client of the authorization server.
pub const OAUTH_REGISTRATION_REFUSED: &str = "OAUTH_REGISTRATION_REFUSED";
/// The person, or the authorization server, said no.
pub const OAUTH_DENIED: &str = "OAUTH_DENIED";
/// The authorization server gave no token, or none that can be used.
pub const OAUTH_TOKEN_REFUSED: &str = "OAUTH_TOKEN_REFUSED";
/// The authorization server cannot be reached now.
pub const OAUTH_UNREACHABLE: &str = "OAUTH_UNREACHABLE";
/// The server keeps asking for more than it was given.
pub const OAUTH_ROUNDS_SPENT: &str = "OAUTH_ROUNDS_SPENT";
/// Nobody began what was to be ended.
pub const OAUTH_NOT_BEGUN: &str = "OAUTH_NOT_BEGUN";

/// Every code of this room, for the page and the row that each must have.
pub const ALL: [&str; 9] = [
    OAUTH_ANSWER_UNUSABLE,
    OAUTH_ADDRESS_REFUSED,
    OAUTH_MISMATCH,
    OAUTH_REGISTRATION_REFUSED,
    OAUTH_DENIED,
    OAUTH_TOKEN_REFUSED,
    OAUTH_UNREACHABLE,
    OAUTH_ROUNDS_SPENT,
    OAUTH_NOT_BEGUN,
];

/// What is said of an answer that cannot be used.
pub(crate) fn unusable(why: impl AsRef<str>) -> Fault {
    Fault::of(
        OAUTH_ANSWER_UNUSABLE,
        format!(
            "{}; nothing was authorized; tell whoever runs the server",
            why.as_ref()
        ),
    )
}

/// What is said of something that was meant for, or comes from, somebody else.
pub(crate) fn mismatch(why: impl AsRef<str>) -> Fault {
    Fault::of(
        OAUTH_MISMATCH,
        format!(
            "{}; nothing was authorized and nothing was sent there; begin again, and if it stays so, do not trust this server",
            why.as_ref()
        ),
    )
}

/// Names and reasons from outside are cut, and freed of what controls a terminal, before they enter a message.
pub(crate) fn cut(text: &str) -> String {
    const MAX_QUOTED_CHARS: usize = 200;
    let plain = text.chars().filter(|sign| !sign.is_control());
    let mut short: String = plain.take(MAX_QUOTED_CHARS).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_from_outside_are_cut_and_control_nothing() {
        assert_eq!(cut("short"), "short");
        assert_eq!(cut("a\u{1b}[31mb"), "a[31mb…");
        assert_eq!(cut(&"x".repeat(500)).chars().count(), 201);
    }
}
