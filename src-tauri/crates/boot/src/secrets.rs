//! The vault of this installation: opened at start, tried out beside everything else, asked by name.
//!
//! Never here: where a keychain keeps things (`vault`), or who may store a key (the API).

use std::sync::Arc;

use async_trait::async_trait;
use chimera_contract::keychain::{SuppliedKey, Survival as WireSurvival};
use chimera_domain::{
    fault::{Fault, FaultClass},
    id::TenantId,
};
use chimera_door::options::{Keychain, KeychainStatus};
use chimera_model::provider::Family;
use chimera_ports::ids::IdSource;
use chimera_vault::{
    EnvironmentSecret, Found, KeychainChoice, Place, SecretName, Survival, Vault, VaultError,
    VaultOptions, VaultStatus, WRAPPING_KEY_NAME,
};
use secrecy::SecretString;
use tokio::sync::watch;

use crate::{
    at_rest, memory, sealing,
    settings::{KeychainSetting, Settings},
};

/// The variables that keys of providers are read from.
pub(crate) fn key_variables() -> impl Iterator<Item = &'static str> {
    Family::ALL.into_iter().filter_map(Family::key_variable)
}

fn key_variable_words() -> String {
    key_variables().collect::<Vec<_>>().join(" or ")
}

/// Keys of the installation itself. The code that needs one reads it by its name; a person can neither store one, nor have
/// it handed to a provider or a server, in no workspace.
const OWN: [&str; 2] = [sealing::KEY_NAME, WRAPPING_KEY_NAME];

/// Whether this is the name of such a key.
pub(crate) fn is_own(name: &str) -> bool {
    OWN.contains(&name)
}

/// The vault, and what trying its keychain out showed last.
pub(crate) struct Secrets {
    vault: Vault,
    supplied: Vec<SuppliedKey>,
    last: watch::Sender<Option<VaultStatus>>,
}

impl Secrets {
    /// Opens the vault. The keychain is not asked yet.
    pub(crate) fn open(settings: &Settings, ids: Arc<dyn IdSource>) -> Arc<Self> {
        let keychain = match settings.keychain {
            KeychainSetting::System => KeychainChoice::System,
            KeychainSetting::None => KeychainChoice::None,
        };
        let supplied_to = |name: &str, variable: &str, value: &Option<SecretString>| {
            value.as_ref().map(|value| EnvironmentSecret {
                name: name.to_owned(),
                variable: variable.to_owned(),
                value: value.clone(),
            })
        };
        let providers: Vec<EnvironmentSecret> = Family::ALL
            .into_iter()
            .filter_map(|family| {
                let variable = family.key_variable()?;
                let key = settings.model.keys.get(variable).cloned();
                supplied_to(family.name(), variable, &key)
            })
            .collect();
        let supplied = providers
            .iter()
            .map(|one| SuppliedKey {
                name: one.name.clone(),
                variable: one.variable.clone(),
            })
            .collect();
        let audit = supplied_to(
            sealing::KEY_NAME,
            sealing::KEY_VARIABLE,
            &settings.audit_signing_key,
        );
        let embedder = supplied_to(
            memory::EMBEDDER_KEY_NAME,
            memory::EMBEDDER_KEY_VARIABLE,
            &settings.memory.embedder_key,
        );
        let data = supplied_to(WRAPPING_KEY_NAME, at_rest::KEY_VARIABLE, &settings.data_key);
        let weaviate = supplied_to(
            memory::WEAVIATE_KEY_NAME,
            memory::WEAVIATE_KEY_VARIABLE,
            &settings.memory.weaviate_key,
        );
        let others = audit
            .into_iter()
            .chain(embedder)
            .chain(data)
            .chain(weaviate);
        let environment = providers.into_iter().chain(others).collect();
        let vault = Vault::open(VaultOptions {
            keychain,
            environment,
            ids,
        });
        Arc::new(Self {
            vault,
            supplied,
            last: watch::channel(None).0,
        })
    }

    /// The vault itself, for the key that everything else waits for.
    pub(crate) const fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Tries the keychain out, beside whatever else starts.
    pub(crate) fn try_out_beside(self: &Arc<Self>) {
        let secrets = self.clone();
        tokio::spawn(async move { secrets.probe().await });
    }

    /// Tries the keychain out now, and says in the log what came of it.
    async fn probe(&self) -> VaultStatus {
        let status = self.vault.probe().await;
        match &status.problem {
            None => tracing::info!(
                backend = status.backend,
                survives_reboot = ?status.survives_reboot,
                "the keychain works"
            ),
            Some(fault) if fault.code == VaultError::SwitchedOff.fault().code => {
                tracing::info!("the keychain is switched off; keys come from the environment");
            }
            Some(fault) => tracing::warn!(
                backend = status.backend,
                %fault,
                "the keychain does not work; no key can be kept on this machine"
            ),
        }
        self.last.send_replace(Some(status.clone()));
        status
    }

    /// What trying it out showed last; waits for the first try.
    pub(crate) async fn known(&self) -> VaultStatus {
        let mut last = self.last.subscribe();
        // The sender is this value's own: it outlives the wait.
        if let Ok(status) = last.wait_for(Option::is_some).await
            && let Some(status) = status.clone()
        {
            return status;
        }
        self.vault.probe().await
    }

    /// A secret of Chimera's own, if there is one.
    pub(crate) async fn kept(
        &self,
        tenant: TenantId,
        name: &str,
    ) -> Result<Option<SecretString>, Fault> {
        match self.vault.get(&named(tenant, name)?).await {
            Ok(found) => Ok(Some(found.secret)),
            Err(VaultError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.fault()),
        }
    }

    /// Keeps a secret of Chimera's own.
    pub(crate) async fn keep(
        &self,
        tenant: TenantId,
        name: &str,
        secret: SecretString,
    ) -> Result<(), Fault> {
        let kept = self.vault.set(&named(tenant, name)?, secret).await;
        kept.map_err(|error| error.fault())
    }

    /// A secret that a server of a workspace's own is handed. What the environment supplies belongs to whoever started
    /// Chimera, and to no other workspace than the first.
    pub(crate) async fn handed(
        &self,
        tenant: TenantId,
        name: &str,
        here_first: bool,
    ) -> Result<Option<SecretString>, Fault> {
        match self.vault.get(&of_a_person(tenant, name)?).await {
            Ok(Found {
                place: Place::Environment { .. },
                ..
            }) if !here_first => Ok(None),
            Ok(found) => Ok(Some(found.secret)),
            Err(VaultError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.fault()),
        }
    }

    /// The key of a provider, from the environment or the keychain.
    pub(crate) async fn key(&self, tenant: TenantId, name: &str) -> Result<SecretString, Fault> {
        let found = self.vault.get(&of_a_person(tenant, name)?).await;
        found
            .map(|found| found.secret)
            .map_err(|error| match error {
                VaultError::NotFound { .. } => Fault::new(
                    FaultClass::Permanent,
                    "PROVIDER_KEY_MISSING",
                    format!("The keychain holds no key {name}. Store it under Connections."),
                ),
                other => with_the_other_way(&other),
            })
    }
}

/// The name of a secret that a person may store and have handed on: not one of the installation's own.
fn of_a_person(tenant: TenantId, name: &str) -> Result<SecretName, Fault> {
    if is_own(name) {
        let message = format!(
            "'{name}' is a key of Chimera itself, which nobody stores and which is handed to nobody. Nothing was changed; choose another name."
        );
        return Err(Fault::new(
            FaultClass::Validation,
            "SECRET_NAME_INVALID",
            message,
        ));
    }
    named(tenant, name)
}

fn named(tenant: TenantId, name: &str) -> Result<SecretName, Fault> {
    SecretName::new(tenant, name).map_err(|error| {
        let message = format!("{error}. Nothing was changed.");
        Fault::new(FaultClass::Validation, "SECRET_NAME_INVALID", message)
    })
}

/// The failure with the way that works without a keychain.
fn with_the_other_way(error: &VaultError) -> Fault {
    let mut fault = error.fault();
    let keychain_fails = fault.code.starts_with("KEYCHAIN_");
    let variables = key_variable_words();
    if keychain_fails && !fault.message.contains(&variables) {
        fault.message = format!(
            "{}. Without a keychain, set {variables} where Chimera is started; a key is never kept in a plain file.",
            sentence(&fault.message)
        );
    }
    fault
}

/// The words with a capital at their beginning and no full stop at their end.
fn sentence(words: &str) -> String {
    let words = words.trim_end_matches('.');
    let mut signs = words.chars();
    signs.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(signs).collect()
    })
}

fn shown(status: VaultStatus) -> KeychainStatus {
    let mut problem = status.problem;
    if let Some(fault) = &mut problem {
        fault.message = format!("{}.", sentence(&fault.message));
    }
    KeychainStatus {
        backend: status.backend,
        works: status.works,
        survives_reboot: match status.survives_reboot {
            Survival::Yes => WireSurvival::Yes,
            Survival::No => WireSurvival::No,
            Survival::Unknown => WireSurvival::Unknown,
        },
        problem,
    }
}

#[async_trait]
impl Keychain for Secrets {
    async fn status(&self) -> KeychainStatus {
        shown(self.known().await)
    }

    async fn try_out(&self) -> KeychainStatus {
        shown(self.probe().await)
    }

    fn supplied(&self) -> Vec<SuppliedKey> {
        self.supplied.clone()
    }

    async fn store(&self, tenant: TenantId, name: &str, key: SecretString) -> Result<(), Fault> {
        let name = of_a_person(tenant, name)?;
        let stored = self.vault.set(&name, key).await;
        stored.map_err(|error| with_the_other_way(&error))
    }

    async fn remove(&self, tenant: TenantId, name: &str) -> Result<(), Fault> {
        match self.vault.delete(&of_a_person(tenant, name)?).await {
            // Somebody took it away in the system's own password program: what was asked for is so.
            Ok(()) | Err(VaultError::NotFound { .. }) => Ok(()),
            Err(error) => Err(with_the_other_way(&error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use chimera_domain::id::TenantId;
    use secrecy::ExposeSecret;
    use uuid::Uuid;

    use super::*;
    use crate::{clock::TimeIds, settings::ModelSettings};

    fn secrets(api_key: Option<&str>) -> Arc<Secrets> {
        let settings = Settings {
            keychain: KeychainSetting::None,
            model: ModelSettings {
                keys: api_key
                    .map(|key| ("OPENAI_API_KEY".to_owned(), SecretString::from(key)))
                    .into_iter()
                    .collect(),
                ..ModelSettings::default()
            },
            ..Settings::default()
        };
        Secrets::open(&settings, Arc::new(TimeIds))
    }

    fn tenant() -> TenantId {
        TenantId::from_uuid(Uuid::from_u128(1))
    }

    #[tokio::test]
    async fn without_a_keychain_a_key_is_refused_and_the_other_way_is_named() {
        let secrets = secrets(None);
        secrets.try_out_beside();
        let status = Keychain::status(&*secrets).await;
        assert!(!status.works);
        let refused = secrets
            .store(tenant(), "openai", SecretString::from("fake"))
            .await
            .unwrap_err();
        assert_eq!(refused.code, "KEYCHAIN_SWITCHED_OFF");
        assert!(refused.message.contains("set OPENAI_API_KEY"), "{refused}");
        let missing = secrets.key(tenant(), "openai").await.unwrap_err();
        assert_eq!(missing.code, "PROVIDER_KEY_MISSING");
        let invalid = secrets.key(tenant(), "../etc").await.unwrap_err();
        assert_eq!(invalid.class, FaultClass::Validation);
    }

    #[tokio::test]
    async fn the_installations_own_keys_are_read_by_its_own_code_alone() {
        let own = [sealing::KEY_VARIABLE, at_rest::KEY_VARIABLE];
        assert_eq!(chimera_registry::OWN_VARIABLES, own);
        let settings = Settings {
            keychain: KeychainSetting::None,
            audit_signing_key: Some(SecretString::from("seed")),
            data_key: Some(SecretString::from("key")),
            ..Settings::default()
        };
        let secrets = Secrets::open(&settings, Arc::new(TimeIds));
        for name in OWN {
            let found = secrets.kept(tenant(), name).await.unwrap();
            assert!(found.is_some(), "{name}: whose it is reads it");
            let taken = [
                secrets.key(tenant(), name).await.map(|_| ()),
                secrets.handed(tenant(), name, true).await.map(|_| ()),
                secrets.store(tenant(), name, SecretString::from("x")).await,
                Keychain::remove(&*secrets, tenant(), name).await,
            ];
            for refused in taken {
                assert_eq!(refused.unwrap_err().code, "SECRET_NAME_INVALID", "{name}");
            }
        }
    }

    #[tokio::test]
    async fn what_the_environment_supplies_is_found_and_not_overwritten() {
        let secrets = secrets(Some("from-the-environment"));
        let supplied = SuppliedKey {
            name: "openai".to_owned(),
            variable: "OPENAI_API_KEY".to_owned(),
        };
        assert_eq!(Keychain::supplied(&*secrets), [supplied]);
        let found = secrets.key(tenant(), "openai").await.unwrap();
        assert_eq!(found.expose_secret(), "from-the-environment");
        let refused = secrets
            .store(tenant(), "openai", SecretString::from("fake"))
            .await
            .unwrap_err();
        assert_eq!(refused.code, "SECRET_READ_ONLY");
    }
}
