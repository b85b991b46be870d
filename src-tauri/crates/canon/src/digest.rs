//! SHA-256 digests of values and of bytes, always under a domain-separation tag that says
//! what kind of thing was digested.
//!
//! Never here: hash chains (`audit`), password hashing, which fields a digest covers.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::{CanonError, canonical_json, hex};

/// Longest domain-separation tag, in characters (all of them ASCII).
pub const MAX_DOMAIN_CHARS: usize = 64;

/// A SHA-256 digest; as text and in JSON `sha256:` and 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of a value: SHA-256 over the tag, a NUL byte and the canonical JSON.
    ///
    /// The tag names kind and version of the thing (`chimera.approval.v1`), so that no
    /// approval can ever pass for a checkpoint of equal content. Anyone can recompute it:
    /// `printf 'chimera.approval.v1\0%s' "$json" | sha256sum`.
    ///
    /// # Errors
    /// [`CanonError::Domain`] for an unusable tag, [`CanonError::NotCanonical`] as in
    /// [`canonical_json`].
    pub fn of(domain: &str, value: &impl Serialize) -> Result<Self, CanonError> {
        Self::of_bytes(domain, &canonical_json(value)?)
    }

    /// The digest of bytes that are their own canonical form: SHA-256 over the tag, a NUL
    /// byte and the bytes.
    ///
    /// # Errors
    /// [`CanonError::Domain`] for an unusable tag.
    pub fn of_bytes(domain: &str, bytes: &[u8]) -> Result<Self, CanonError> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b);
        if domain.is_empty() || domain.len() > MAX_DOMAIN_CHARS || !domain.bytes().all(allowed) {
            return Err(CanonError::Domain {
                tag: domain.chars().take(MAX_DOMAIN_CHARS).collect(),
            });
        }
        let hash = Sha256::new()
            .chain_update(domain)
            .chain_update([0])
            .chain_update(bytes)
            .finalize();
        Ok(Self(hash.into()))
    }

    /// Plain SHA-256 with no tag, as `sha256sum` prints it: for files and tokens that others
    /// hash too. Never compare it with a digest made under a tag.
    #[must_use]
    pub fn plain(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// A digest read from its 32 stored bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 32] {
        self.0
    }

    /// The 64 hexadecimal digits without the `sha256:` prefix.
    #[must_use]
    pub fn to_hex(self) -> String {
        hex::encode(&self.0)
    }

    fn try_from_bytes(bytes: [u8; 32]) -> Result<Self, CanonError> {
        Ok(Self(bytes))
    }
}

hex::text_form!(Digest, "digest", "sha256:");

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ABC: &str = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn plain_is_the_sha_256_of_fips_180_4() {
        assert_eq!(Digest::plain(b"abc").to_string(), ABC);
    }

    #[test]
    fn a_value_digests_by_meaning_under_its_tag() {
        let one = Digest::of("chimera.test.v1", &json!({"b": 1.0, "a": "x"})).unwrap();
        assert_eq!(
            one,
            Digest::of("chimera.test.v1", &json!({"a": "x", "b": 1})).unwrap()
        );
        assert_eq!(
            one,
            Digest::plain(b"chimera.test.v1\0{\"a\":\"x\",\"b\":1}")
        );
        assert_ne!(
            one,
            Digest::of("chimera.test.v2", &json!({"a": "x", "b": 1})).unwrap()
        );
        assert_ne!(
            one,
            Digest::of("chimera.test.v1", &json!({"a": "x", "b": 2})).unwrap()
        );
    }

    #[test]
    fn a_tag_cannot_swallow_the_separator() {
        for tag in [
            "",
            "a\0b",
            "Chimera",
            "a b",
            "é",
            &"x".repeat(MAX_DOMAIN_CHARS + 1),
        ] {
            assert!(
                matches!(Digest::of_bytes(tag, b""), Err(CanonError::Domain { .. })),
                "{tag:?}"
            );
        }
    }

    #[test]
    fn text_and_json_have_one_spelling() {
        let digest = Digest::plain(b"abc");
        assert_eq!(ABC.parse(), Ok(digest));
        assert_eq!(serde_json::to_value(digest).unwrap(), json!(ABC));
        assert_eq!(
            serde_json::from_value::<Digest>(json!(ABC)).unwrap(),
            digest
        );
        assert_eq!(format!("{digest:?}"), format!("Digest({ABC})"));
        assert_eq!(Digest::from_bytes(digest.to_bytes()), digest);
        assert_eq!(format!("sha256:{}", digest.to_hex()), ABC);
        for wrong in [
            &ABC.to_uppercase(),
            &ABC[7..],
            &ABC[..70],
            &format!("{ABC}0"),
            "sha256:",
            "sha1:ab",
            "",
        ] {
            let expected = CanonError::Malformed {
                kind: "digest",
                prefix: "sha256:",
                digits: 64,
            };
            assert_eq!(wrong.parse::<Digest>(), Err(expected), "{wrong}");
        }
    }
}
