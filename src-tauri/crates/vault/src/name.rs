//! What a secret is called, and under which account the keychain finds it.
//!
//! Never here: the secret.

use std::fmt;

use chimera_domain::id::TenantId;

/// Most bytes of a name.
const MAX_NAME_BYTES: usize = 64;

/// A secret's name within its tenant: 1 to 64 of a–z, 0–9, `.`, `_`, `-`, starting with a letter or digit.
///
/// In a keychain it stands as `chimera/<tenant>/<name>`: the service `chimera`, the account
/// `<tenant>/<name>`. The tenant is named by its key, so that two folders of state on one machine
/// do not take each other's secrets.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SecretName {
    tenant: TenantId,
    name: String,
}

/// Text that cannot name a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} cannot name a secret; use 1 to 64 of a–z, 0–9, '.', '_' and '-', starting with a letter or digit, for example openai"
)]
pub struct InvalidSecretName(pub String);

impl SecretName {
    /// The secret `name` of `tenant`.
    ///
    /// # Errors
    /// When the text cannot name a secret.
    pub fn new(tenant: TenantId, name: &str) -> Result<Self, InvalidSecretName> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let begins_well = name.bytes().next().is_some_and(plain);
        let is_plain = name
            .bytes()
            .all(|byte| plain(byte) || b"._-".contains(&byte));
        if begins_well && is_plain && name.len() <= MAX_NAME_BYTES {
            Ok(Self {
                tenant,
                name: name.to_owned(),
            })
        } else {
            Err(InvalidSecretName(name.chars().take(80).collect()))
        }
    }

    /// A secret of an installation as a whole, whose id stands where a tenant's would.
    pub(crate) fn of_installation(installation: TenantId, name: &'static str) -> Self {
        Self {
            tenant: installation,
            name: name.to_owned(),
        }
    }

    /// The name within its tenant.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whose it is.
    #[must_use]
    pub const fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Account in the keychain, below the service `chimera`.
    pub(crate) fn account(&self) -> String {
        format!("{}/{}", self.tenant, self.name)
    }
}

impl fmt::Display for SecretName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "chimera/{}/{}", self.tenant, self.name)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn names_are_plain_and_bounded() {
        let tenant = TenantId::from_uuid(Uuid::from_u128(1));
        for good in ["openai", "0", "x.api-key_2", &"a".repeat(64)] {
            assert_eq!(
                SecretName::new(tenant, good).map(|name| name.name().to_owned()),
                Ok(good.to_owned())
            );
        }
        for bad in [
            "",
            "-a",
            ".a",
            "Open",
            "a/b",
            "a b",
            "ä",
            "a\0",
            &"a".repeat(65),
        ] {
            assert_eq!(
                SecretName::new(tenant, bad),
                Err(InvalidSecretName(bad.to_owned()))
            );
        }
    }

    #[test]
    fn an_account_names_the_tenant() {
        let tenant = TenantId::from_uuid(Uuid::from_u128(7));
        let name = SecretName::new(tenant, "openai").unwrap();
        assert_eq!(
            name.account(),
            "00000000-0000-0000-0000-000000000007/openai"
        );
        assert_eq!(
            name.to_string(),
            "chimera/00000000-0000-0000-0000-000000000007/openai"
        );
    }
}
