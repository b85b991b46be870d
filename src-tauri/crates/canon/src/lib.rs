//! Canonical JSON, digests and signatures: the one place where a value is turned
//! into the bytes that are hashed, signed and compared.
//!
//! Never here: what is digested or signed and why (nouns belong to `domain`, chains to
//! `audit`), key storage, randomness, time, IO.

mod digest;
mod hex;
mod json;
mod sign;
mod strict;

pub use digest::{Digest, MAX_DOMAIN_CHARS};
pub use json::{MAX_EXACT_INTEGER, canonical_json};
pub use sign::{Signature, SigningKey, VerifyingKey};

/// Why a value could not be made canonical, read back or verified. None of these has any
/// effect outside the call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CanonError {
    /// The value has no canonical JSON form.
    #[error("the value has no canonical JSON form: {reason}")]
    NotCanonical {
        /// What stood in the way, in words.
        reason: String,
    },
    /// A domain-separation tag that is empty, too long, or has other characters than `a-z 0-9 . _ -`.
    #[error(
        "{tag:?} is not a digest domain: use 1 to {MAX_DOMAIN_CHARS} of a-z, 0-9, '.', '_' and '-'"
    )]
    Domain {
        /// The tag as given.
        tag: String,
    },
    /// Text that should be a digest, a key or a signature and is not.
    #[error("not a {kind}: expected \"{prefix}\" and {digits} lower-case hexadecimal digits")]
    Malformed {
        /// What was expected ("digest", "verifying key", "signature").
        kind: &'static str,
        /// The prefix that names the algorithm.
        prefix: &'static str,
        /// How many hexadecimal digits follow the prefix.
        digits: usize,
    },
    /// 32 bytes that are no usable ed25519 public key (not on the curve, or of small order).
    #[error("these bytes are not a usable ed25519 public key; take the key from its owner again")]
    WeakKey,
    /// The signature was not made over this digest by this key.
    #[error("the signature does not fit this digest and key: treat the signed record as altered")]
    BadSignature,
}
