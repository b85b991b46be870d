//! Session tokens: 256 random bits, known to the holder alone; the store keeps their digest.
//!
//! Never here: where a token travels.

use argon2::password_hash::try_generate_salt;
use chimera_domain::digest::Digest;

use crate::problem::{Answer, Problem};

/// What the token of a session begins with, so that a secret scanner knows one when it sees one.
const SESSION: &str = "chs_";
/// The same of an API key of a workspace.
const KEY: &str = "chk_";
/// Signs of an API key that may be shown: its beginning and 32 of its 256 bits.
const SHOWN_SIGNS: usize = 12;
/// Hexadecimal digits of 256 bits.
const DIGITS: usize = 64;

/// A new token of a session from the operating system's random source.
///
/// # Errors
/// `INTERNAL_ERROR`, when the system gives no random numbers.
pub fn mint() -> Answer<String> {
    mint_as(SESSION)
}

/// A new API key, and the signs of it that may be shown afterwards.
///
/// # Errors
/// As [`mint`].
pub fn mint_key() -> Answer<(String, String)> {
    let key = mint_as(KEY)?;
    let prefix = key.chars().take(SHOWN_SIGNS).collect();
    Ok((key, prefix))
}

fn mint_as(beginning: &str) -> Answer<String> {
    use std::fmt::Write as _;
    let mut token = String::with_capacity(beginning.len() + DIGITS);
    token.push_str(beginning);
    // Two salts of 16 bytes: the source is the system's, only the function's name speaks of salt.
    for _ in 0..2 {
        let bytes = try_generate_salt().map_err(|error| Problem::internal(&error))?;
        for byte in bytes {
            let _ = write!(token, "{byte:02x}");
        }
    }
    Ok(token)
}

/// What the store looks a token up by; `None` for what cannot be a token.
#[must_use]
pub fn digest(token: &str) -> Option<Digest> {
    let digits = token
        .strip_prefix(SESSION)
        .or_else(|| token.strip_prefix(KEY))?;
    let plain = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    (digits.len() == DIGITS && digits.bytes().all(plain)).then(|| Digest::plain(token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_256_bits_and_never_comes_twice() {
        let (one, two) = (mint().unwrap(), mint().unwrap());
        assert_ne!(one, two);
        assert_eq!(one.len(), 68);
        assert_eq!(digest(&one), Some(Digest::plain(one.as_bytes())));
        let (key, prefix) = mint_key().unwrap();
        assert_eq!((key.len(), prefix.len()), (68, 12));
        assert!(key.starts_with(&prefix) && prefix.starts_with("chk_"));
        assert_eq!(digest(&key), Some(Digest::plain(key.as_bytes())));
    }

    #[test]
    fn what_is_no_token_is_not_looked_up() {
        for text in [
            "",
            "chs_",
            "chs_xyz",
            &"a".repeat(68),
            &format!("chs_{}", "G".repeat(64)),
        ] {
            assert_eq!(digest(text), None, "{text}");
        }
    }
}
