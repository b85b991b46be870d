//! The key that a store encrypts its files with.
//!
//! Never here: where it is kept (`vault`), or how a file is encrypted (`store`).

use std::{fmt, sync::Arc};

use secrecy::{ExposeSecret, SecretBox};

/// Bytes of the key: AES with 256 bits.
pub const DATA_KEY_BYTES: usize = 32;

/// A random key of 256 bits. Cheap to clone; never shown, and wiped from memory with its last clone.
#[derive(Clone)]
pub struct DataKey(Arc<SecretBox<[u8; DATA_KEY_BYTES]>>);

impl DataKey {
    /// The key of these bytes, which the caller made with a good source of randomness.
    #[must_use]
    pub fn new(bytes: [u8; DATA_KEY_BYTES]) -> Self {
        Self(Arc::new(SecretBox::new(Box::new(bytes))))
    }

    /// Its bytes, for whoever encrypts.
    #[must_use]
    pub fn expose(&self) -> &[u8; DATA_KEY_BYTES] {
        self.0.expose_secret()
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_not_shown() {
        let shown = format!("{:?}", DataKey::new([7; DATA_KEY_BYTES]));
        assert!(!shown.contains('7'), "{shown}");
    }
}
