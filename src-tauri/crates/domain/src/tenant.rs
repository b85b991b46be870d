//! A customer and its slug (C34). Never here: its data.

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{id::TenantId, time::Timestamp};

/// The readable name of a tenant: `t_` and 2 to 63 of a–z, 0–9, `_`, `-`, starting with a letter or digit.
#[derive(
    Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
pub struct TenantSlug(#[schemars(regex(pattern = r"^t_[a-z0-9][a-z0-9_-]{1,62}$"))] String);

/// Text that is not a tenant slug.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{0}' is not a tenant name; it must match t_[a-z0-9][a-z0-9_-]{{1,62}}, for example t_acme"
)]
pub struct InvalidTenantSlug(pub String);

impl FromStr for TenantSlug {
    type Err = InvalidTenantSlug;
    fn from_str(text: &str) -> Result<Self, InvalidTenantSlug> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let valid = text.strip_prefix("t_").is_some_and(|rest| {
            let bytes = rest.as_bytes();
            (2..=63).contains(&bytes.len())
                && plain(bytes[0])
                && bytes
                    .iter()
                    .all(|byte| plain(*byte) || matches!(byte, b'_' | b'-'))
        });
        if valid {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidTenantSlug(text.chars().take(80).collect()))
        }
    }
}

impl TryFrom<String> for TenantSlug {
    type Error = InvalidTenantSlug;
    fn try_from(text: String) -> Result<Self, InvalidTenantSlug> {
        text.parse()
    }
}

impl From<TenantSlug> for String {
    fn from(slug: TenantSlug) -> Self {
        slug.0
    }
}

impl fmt::Display for TenantSlug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A customer of this installation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tenant {
    /// Key of every row that belongs to it.
    pub id: TenantId,
    /// Readable name.
    pub slug: TenantSlug,
    /// Name as people write it.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_follow_the_pattern() {
        for good in [
            "t_ac",
            "t_a-b_c",
            "t_0123456789012345678901234567890123456789012345678901234567890ab",
        ] {
            assert!(good.parse::<TenantSlug>().is_ok(), "{good}");
        }
        for bad in [
            "acme",
            "t_a",
            "t_-a",
            "t_Ab",
            "t_a b",
            &format!("t_{}", "a".repeat(64)),
        ] {
            assert!(bad.parse::<TenantSlug>().is_err(), "{bad}");
        }
    }
}
