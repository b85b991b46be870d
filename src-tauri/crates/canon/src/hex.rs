//! Fixed-size byte strings as `prefix:<lower-case hex>`, one spelling per value so that
//! equal text means equal bytes.
//!
//! Never here: meaning of the bytes.

use std::fmt;

use crate::CanonError;

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Writes `prefix` and then every byte as two lower-case digits.
pub(crate) fn write(f: &mut fmt::Formatter<'_>, prefix: &str, bytes: &[u8]) -> fmt::Result {
    f.write_str(prefix)?;
    f.write_str(&encode(bytes))
}

/// Every byte as two lower-case digits.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble)]);
    bytes
        .iter()
        .flat_map(|b| [digit(b >> 4), digit(b & 0x0f)])
        .collect()
}

/// Reads exactly what [`write`] writes; upper case, a missing prefix or another length is refused.
pub(crate) fn read<const N: usize>(
    kind: &'static str,
    prefix: &'static str,
    text: &str,
) -> Result<[u8; N], CanonError> {
    decode(text, prefix).ok_or(CanonError::Malformed {
        kind,
        prefix,
        digits: 2 * N,
    })
}

fn decode<const N: usize>(text: &str, prefix: &str) -> Option<[u8; N]> {
    let digits = text.strip_prefix(prefix)?.as_bytes();
    if digits.len() != 2 * N {
        return None;
    }
    let nibble = |d: u8| {
        DIGITS
            .iter()
            .position(|&x| x == d)
            .and_then(|n| u8::try_from(n).ok())
    };
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
    }
    Some(bytes)
}

/// `Display`, `FromStr` and serde for a type that has `PREFIX`, `KIND`, `bytes()` and `from_bytes`.
macro_rules! text_form {
    ($type:ty, $kind:literal, $prefix:literal) => {
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::hex::write(f, $prefix, &self.to_bytes())
            }
        }

        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({self})", stringify!($type))
            }
        }

        impl std::str::FromStr for $type {
            type Err = $crate::CanonError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::try_from_bytes($crate::hex::read($kind, $prefix, text)?)
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use text_form;
