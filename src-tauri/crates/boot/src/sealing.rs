//! The key that signs where the audit log stands: made at its first use, kept in the keychain or supplied by the
//! environment, and nowhere else.
//!
//! Where none can be kept the log is chained and not signed; once it was signed, it is never carried on without its
//! key, or with another one that nobody agreed to. Never here: how a chain is made (`audit`).

use std::sync::Arc;

use anyhow::{Context, Result};
use async_trait::async_trait;
use chimera_audit::{Keys, Sealer, Signing};
use chimera_canon::{Digest, SigningKey, VerifyingKey};
use chimera_domain::{fault::Fault, id::TenantId};
use secrecy::{ExposeSecret, SecretString};

use crate::{secrets::Secrets, settings::Settings};

/// What the key is called in the keychain.
pub(crate) const KEY_NAME: &str = "audit-signing-key";
/// The variable that it is read from where there is no keychain: 64 hexadecimal digits.
pub(crate) const KEY_VARIABLE: &str = "AUDIT_SIGNING_KEY";

/// The keys of this installation's audit logs.
pub(crate) struct AuditKeys {
    secrets: Arc<Secrets>,
    /// Keys besides this machine's own that may have signed.
    trusted: Vec<VerifyingKey>,
}

impl AuditKeys {
    /// The keys under these settings.
    ///
    /// # Errors
    /// When one of `audit_trusted_keys` is no key.
    pub(crate) fn new(settings: &Settings, secrets: Arc<Secrets>) -> Result<Self> {
        let read = |key: &String| {
            key.parse()
                .with_context(|| format!("audit_trusted_keys: {key}"))
        };
        let trusted: Result<Vec<VerifyingKey>> =
            settings.audit_trusted_keys.iter().map(read).collect();
        Ok(Self {
            secrets,
            trusted: trusted?,
        })
    }

    /// This machine's key, if there is one.
    pub(crate) async fn own(&self, tenant: TenantId) -> Result<Option<SigningKey>, Fault> {
        let kept = self.secrets.kept(tenant, KEY_NAME).await?;
        kept.as_ref().map(read).transpose()
    }

    /// A new key, kept in the keychain.
    async fn make(&self, tenant: TenantId) -> Result<SigningKey, Fault> {
        let seed = SecretString::from(Digest::plain(&fresh_bytes()).to_hex());
        self.secrets.keep(tenant, KEY_NAME, seed).await?;
        // Read back: a key that is not kept must sign nothing.
        let kept = self.own(tenant).await?;
        kept.ok_or_else(|| unreadable("it was not there when it was read back"))
    }
}

#[async_trait]
impl Keys for AuditKeys {
    async fn signing(
        &self,
        tenant: TenantId,
        last: Option<VerifyingKey>,
    ) -> Result<Signing, Fault> {
        // Whoever names the key before as trusted has agreed to another one.
        let before = last.filter(|last| !self.trusted.contains(last));
        let key = match (self.own(tenant).await, before) {
            (Ok(Some(key)), Some(before)) if key.verifying_key() != before => {
                let now = key.verifying_key();
                return Err(another(
                    before,
                    &format!("the one that is here is another one, {now}"),
                ));
            }
            (Ok(Some(key)), _) => Ok(key),
            (Ok(None), Some(before)) => return Err(another(before, "it is not in the keychain")),
            (Err(fault), Some(before)) => {
                let why = format!("it cannot be had: {}", fault.message.trim_end_matches('.'));
                return Err(another(before, &why));
            }
            (Ok(None), None) => self.make(tenant).await,
            (Err(fault), None) => Err(fault),
        };
        match (key, last) {
            (Ok(key), _) => Ok(Signing {
                sealer: Sealer::new(Some(key)),
                unsigned: None,
            }),
            (Err(fault), Some(_)) => Err(fault),
            (Err(fault), None) => Ok(Signing {
                sealer: Sealer::new(None),
                unsigned: Some(fault),
            }),
        }
    }

    async fn trusted(&self, tenant: TenantId) -> Result<Vec<VerifyingKey>, Fault> {
        let own = self.own(tenant).await?;
        let own = own.iter().map(SigningKey::verifying_key);
        Ok(own.chain(self.trusted.iter().copied()).collect())
    }
}

/// The log was signed with a key that is not here.
fn another(before: VerifyingKey, why: &str) -> Fault {
    let message = format!(
        "The audit log was signed with the key {before}, and {why}. Records are written and none is lost, but nothing \
         is sealed until this is settled. Put that key back ({KEY_NAME} in the keychain, or {KEY_VARIABLE} where Chimera \
         is started). If it is gone for good, write it into audit_trusted_keys in the settings and start Chimera again: \
         what it signed stays trusted, another key signs from there on, and the change is on record."
    );
    Fault::of("AUDIT_KEY_LOST", message)
}

fn read(seed: &SecretString) -> Result<SigningKey, Fault> {
    let text = format!("sha256:{}", seed.expose_secret().trim());
    let seed: Digest = text
        .parse()
        .map_err(|_| unreadable("it is no 64 hexadecimal digits"))?;
    Ok(SigningKey::from_seed(&seed.to_bytes()))
}

fn unreadable(why: &str) -> Fault {
    let message = format!(
        "The key that signs the audit log cannot be used: {why}. Records are written and none is lost, but nothing is \
         signed with it; look at {KEY_NAME} in the keychain, or at {KEY_VARIABLE}."
    );
    Fault::of("AUDIT_KEY_UNREADABLE", message)
}

/// Bytes from the system's random source: each of these ids has 122 random bits.
fn fresh_bytes() -> Vec<u8> {
    (0..4)
        .flat_map(|_| *uuid::Uuid::new_v4().as_bytes())
        .collect()
}

#[cfg(test)]
mod tests {
    use chimera_domain::id::TenantId;

    use super::*;
    use crate::{clock::TimeIds, settings::KeychainSetting};

    const SEED: &str = "0707070707070707070707070707070707070707070707070707070707070707";

    fn keys(seed: Option<&str>, trusted: &[VerifyingKey]) -> AuditKeys {
        let settings = Settings {
            keychain: KeychainSetting::None,
            audit_signing_key: seed.map(SecretString::from),
            audit_trusted_keys: trusted.iter().map(ToString::to_string).collect(),
            ..Settings::default()
        };
        let secrets = Secrets::open(&settings, Arc::new(TimeIds));
        AuditKeys::new(&settings, secrets).unwrap()
    }

    fn tenant() -> TenantId {
        TenantId::from_uuid(uuid::Uuid::from_u128(1))
    }

    fn of(byte: u8) -> VerifyingKey {
        SigningKey::from_seed(&[byte; 32]).verifying_key()
    }

    #[tokio::test]
    async fn the_environment_supplies_the_key_where_there_is_no_keychain() {
        let keys = keys(Some(SEED), &[]);
        for last in [None, Some(of(7))] {
            let signing = keys.signing(tenant(), last).await.unwrap();
            assert_eq!(
                (signing.sealer.key(), signing.unsigned),
                (Some(of(7)), None)
            );
        }
        assert_eq!(keys.trusted(tenant()).await.unwrap(), [of(7)]);
    }

    #[tokio::test]
    async fn only_what_was_never_signed_goes_on_unsigned_and_says_why() {
        let keys = keys(None, &[]);
        let signing = keys.signing(tenant(), None).await.unwrap();
        assert_eq!(signing.sealer.key(), None);
        assert_eq!(signing.unsigned.unwrap().code, "KEYCHAIN_SWITCHED_OFF");
        let lost = keys.signing(tenant(), Some(of(7))).await.unwrap_err();
        assert_eq!(lost.code, "AUDIT_KEY_LOST");
        assert!(lost.message.contains(&of(7).to_string()), "{lost}");
    }

    #[tokio::test]
    async fn another_key_signs_only_where_the_one_before_is_named() {
        let refused = keys(Some(SEED), &[]).signing(tenant(), Some(of(8))).await;
        assert_eq!(refused.unwrap_err().code, "AUDIT_KEY_LOST");
        let agreed = keys(Some(SEED), &[of(8)]);
        let signing = agreed.signing(tenant(), Some(of(8))).await.unwrap();
        assert_eq!(signing.sealer.key(), Some(of(7)));
        assert_eq!(agreed.trusted(tenant()).await.unwrap(), [of(7), of(8)]);
    }

    #[tokio::test]
    async fn what_is_no_key_signs_nothing() {
        let keys = keys(Some("none"), &[]);
        let signing = keys.signing(tenant(), None).await.unwrap();
        assert_eq!(signing.unsigned.unwrap().code, "AUDIT_KEY_UNREADABLE");
        assert!(keys.signing(tenant(), Some(of(7))).await.is_err());
    }
}
