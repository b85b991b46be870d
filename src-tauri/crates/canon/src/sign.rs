//! ed25519 (RFC 8032) over digests: keys, signatures and strict verification.
//!
//! Never here: key storage (`vault`), randomness (the caller brings 32 random bytes), which
//! records are signed.

use std::fmt;

use crate::{CanonError, Digest, hex};

/// A private key. Shows nothing of itself in `Debug` and is wiped from memory when dropped.
#[derive(Clone)]
pub struct SigningKey(ed25519_dalek::SigningKey);

/// A public key; as text `ed25519:` and 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct VerifyingKey(ed25519_dalek::VerifyingKey);

/// A signature over a [`Digest`]; as text `ed25519:` and 128 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature([u8; 64]);

impl SigningKey {
    /// The key that belongs to a 32-byte seed: fresh bytes from the operating system's random
    /// source for a new key, or the bytes kept in the vault for an old one.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// The seed, to be handed to the vault and to nobody else.
    #[must_use]
    pub fn expose_seed(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// The public half.
    #[must_use]
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey(self.0.verifying_key())
    }

    /// Signs the 32 bytes of the digest. The digest's domain tag keeps one kind of record from
    /// passing for another.
    #[must_use]
    pub fn sign(&self, digest: &Digest) -> Signature {
        Signature(ed25519_dalek::Signer::sign(&self.0, &digest.to_bytes()).to_bytes())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey(****, public {})", self.verifying_key())
    }
}

impl VerifyingKey {
    /// Accepts the 32 bytes of a public key.
    ///
    /// # Errors
    /// [`CanonError::WeakKey`] when they are no point of the curve, or one of small order,
    /// under which a signature would prove nothing.
    pub fn try_from_bytes(bytes: [u8; 32]) -> Result<Self, CanonError> {
        match ed25519_dalek::VerifyingKey::from_bytes(&bytes) {
            Ok(key) if !key.is_weak() => Ok(Self(key)),
            _ => Err(CanonError::WeakKey),
        }
    }

    /// The 32 bytes.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// Checks that this key signed this digest, by the strict rules (no malleable or
    /// small-order forms), so that all verifiers agree.
    ///
    /// # Errors
    /// [`CanonError::BadSignature`].
    pub fn verify(&self, digest: &Digest, signature: &Signature) -> Result<(), CanonError> {
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        self.0
            .verify_strict(&digest.to_bytes(), &signature)
            .map_err(|_| CanonError::BadSignature)
    }
}

impl Signature {
    /// A signature read from its 64 stored bytes; only [`VerifyingKey::verify`] says whether
    /// it is one.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 64]) -> Self {
        Self(bytes)
    }

    /// The 64 bytes.
    #[must_use]
    pub const fn to_bytes(&self) -> [u8; 64] {
        self.0
    }

    fn try_from_bytes(bytes: [u8; 64]) -> Result<Self, CanonError> {
        Ok(Self(bytes))
    }
}

hex::text_form!(VerifyingKey, "verifying key", "ed25519:");
hex::text_form!(Signature, "signature", "ed25519:");

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    // RFC 8032, section 7.1, TEST 1. Its message is empty, which no digest is, so the vector is
    // checked against the wrapped key; what we sign is checked by verification below.
    const SEED: &str = "x:9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    const PUBLIC: &str = "ed25519:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    const EMPTY_MESSAGE_SIGNATURE: &str = "x:e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";

    fn key() -> SigningKey {
        SigningKey::from_seed(&hex::read("seed", "x:", SEED).unwrap())
    }

    #[test]
    fn the_key_pair_and_signature_of_rfc_8032_test_1() {
        assert_eq!(key().verifying_key().to_string(), PUBLIC);
        let signature: [u8; 64] = hex::read("signature", "x:", EMPTY_MESSAGE_SIGNATURE).unwrap();
        assert_eq!(
            ed25519_dalek::Signer::sign(&key().0, b"").to_bytes(),
            signature
        );
    }

    #[test]
    fn a_signature_holds_for_its_digest_and_key_only() {
        let digest = Digest::plain(b"record");
        let signature = key().sign(&digest);
        let public = key().verifying_key();
        assert_eq!(public.verify(&digest, &signature), Ok(()));
        assert_eq!(
            public.verify(&Digest::plain(b"another"), &signature),
            Err(CanonError::BadSignature)
        );
        let other = SigningKey::from_seed(&[7; 32]).verifying_key();
        assert_eq!(
            other.verify(&digest, &signature),
            Err(CanonError::BadSignature)
        );
        for byte in 0..64 {
            let mut bytes = signature.to_bytes();
            bytes[byte] ^= 1;
            assert_eq!(
                public.verify(&digest, &Signature::from_bytes(bytes)),
                Err(CanonError::BadSignature)
            );
        }
    }

    #[test]
    fn keys_and_signatures_travel_as_text() {
        let public = key().verifying_key();
        let signature = key().sign(&Digest::plain(b"record"));
        assert_eq!(PUBLIC.parse(), Ok(public));
        assert_eq!(signature.to_string().parse(), Ok(signature));
        assert_eq!(
            serde_json::from_value::<VerifyingKey>(json!(PUBLIC)).unwrap(),
            public
        );
        assert_eq!(
            serde_json::from_value::<Signature>(json!(signature)).unwrap(),
            signature
        );
        assert_eq!(
            SigningKey::from_seed(key().expose_seed()).verifying_key(),
            public
        );
    }

    #[test]
    fn a_key_that_proves_nothing_is_refused() {
        let small_order = [[0; 32], {
            let mut one = [0; 32];
            one[0] = 1;
            one
        }];
        for bytes in small_order {
            assert_eq!(
                VerifyingKey::try_from_bytes(bytes),
                Err(CanonError::WeakKey)
            );
        }
    }

    #[test]
    fn debug_shows_the_public_half_only() {
        let shown = format!("{:?}", key());
        assert_eq!(shown, format!("SigningKey(****, public {PUBLIC})"));
        assert!(!shown.contains(&SEED[2..]));
    }
}
