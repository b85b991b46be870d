//! The vault: finds a secret in the environment or the keychain, keeps it in the keychain.
//!
//! Never here: how a keychain is spoken to (`keychain`), or waiting for it (`turns`).

use std::{collections::BTreeMap, fmt, sync::Arc};

use chimera_ports::ids::IdSource;
use secrecy::{ExposeSecret, SecretString};

use crate::{
    environment::EnvironmentSecret,
    error::{Act, VaultError},
    keychain::{self, Keychain},
    name::SecretName,
    status::{Survival, VaultStatus},
    turns::Turns,
};

/// Largest secret in bytes: what the tightest keychain (Windows) takes.
pub const MAX_SECRET_BYTES: usize = 2_560;

/// Whether a keychain is used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeychainChoice {
    /// The one of the system: Secret Service, macOS Keychain or Windows Credential Manager.
    System,
    /// None: secrets come from the environment alone, as on a server.
    None,
}

/// What a vault is made of.
pub struct VaultOptions {
    /// Which keychain.
    pub keychain: KeychainChoice,
    /// What the environment supplies; it wins over the keychain.
    pub environment: Vec<EnvironmentSecret>,
    /// Makes the random entry of a probe.
    pub ids: Arc<dyn IdSource>,
}

/// Where a secret was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Place {
    /// In the system's keychain.
    Keychain,
    /// In this environment variable.
    Environment {
        /// Its name.
        variable: String,
    },
}

/// A secret and where it lay.
#[derive(Clone, Debug)]
pub struct Found {
    /// The secret.
    pub secret: SecretString,
    /// Where it lay.
    pub place: Place,
}

/// The secrets of this installation. Cheap to clone; all clones share one queue to the keychain.
#[derive(Clone)]
pub struct Vault {
    pub(crate) keychain: Option<Arc<dyn Keychain>>,
    environment: Arc<BTreeMap<String, EnvironmentSecret>>,
    ids: Arc<dyn IdSource>,
    pub(crate) turns: Turns,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let backend = self.keychain.as_ref().map(|keychain| keychain.name());
        f.debug_struct("Vault")
            .field("keychain", &backend)
            .finish_non_exhaustive()
    }
}

impl Vault {
    /// Opens the vault. Nothing is asked of the keychain before the first call.
    #[must_use]
    pub fn open(options: VaultOptions) -> Self {
        let keychain = match options.keychain {
            KeychainChoice::System => Some(keychain::system()),
            KeychainChoice::None => None,
        };
        Self::with(keychain, options.environment, options.ids)
    }

    /// Opens the vault over another keychain than the system's, with nothing from the environment.
    #[must_use]
    pub fn over(keychain: Arc<dyn Keychain>, ids: Arc<dyn IdSource>) -> Self {
        Self::with(Some(keychain), Vec::new(), ids)
    }

    pub(crate) fn with(
        keychain: Option<Arc<dyn Keychain>>,
        environment: Vec<EnvironmentSecret>,
        ids: Arc<dyn IdSource>,
    ) -> Self {
        let by_name = environment
            .into_iter()
            .map(|one| (one.name.clone(), one))
            .collect();
        Self {
            keychain,
            environment: Arc::new(by_name),
            ids,
            turns: Turns::new(),
        }
    }

    /// Tries the keychain out: writes a random entry, reads it back, and deletes it.
    pub async fn probe(&self) -> VaultStatus {
        let Some(keychain) = self.keychain.clone() else {
            return VaultStatus {
                backend: "environment variables".to_owned(),
                works: false,
                survives_reboot: Survival::Unknown,
                problem: Some(VaultError::SwitchedOff.fault()),
            };
        };
        let usual = keychain.name().to_owned();
        let (account, value) = (
            format!("probe/{}", self.ids.uuid()),
            self.ids.uuid().to_string(),
        );
        let probed = self.turns.take(Act::Probe, move || {
            try_out(&*keychain, &account, value.as_bytes())?;
            Ok(keychain.describe())
        });
        match probed.await {
            Ok(known) => VaultStatus {
                backend: known.name,
                works: true,
                survives_reboot: known.survives_reboot,
                problem: None,
            },
            Err(error) => VaultStatus {
                backend: usual,
                works: false,
                survives_reboot: Survival::Unknown,
                problem: Some(error.fault()),
            },
        }
    }

    /// Keeps a secret in the keychain, in place of one that was there.
    ///
    /// # Errors
    /// When the environment supplies it, when it is empty or too large, or when the keychain does not
    /// take it. A secret is never put anywhere else instead.
    pub async fn set(&self, name: &SecretName, secret: SecretString) -> Result<(), VaultError> {
        let bytes = secret.expose_secret().len();
        if !(1..=MAX_SECRET_BYTES).contains(&bytes) {
            return Err(VaultError::WrongSize {
                bytes,
                limit: MAX_SECRET_BYTES,
            });
        }
        let keychain = self.writable(name)?;
        let account = name.account();
        self.turns
            .take(Act::Set, move || {
                keychain.set(Act::Set, &account, secret.expose_secret().as_bytes())
            })
            .await
    }

    /// Finds a secret: in the environment first, else in the keychain.
    ///
    /// # Errors
    /// When there is none, or when the keychain does not answer.
    pub async fn get(&self, name: &SecretName) -> Result<Found, VaultError> {
        if let Some(supplied) = self.environment.get(name.name()) {
            let place = Place::Environment {
                variable: supplied.variable.clone(),
            };
            return Ok(Found {
                secret: supplied.value.clone(),
                place,
            });
        }
        let not_found = || VaultError::NotFound {
            name: name.to_string(),
        };
        let keychain = self.keychain.clone().ok_or_else(not_found)?;
        let account = name.account();
        let bytes = self
            .turns
            .take(Act::Get, move || keychain.get(Act::Get, &account))
            .await?
            .ok_or_else(not_found)?;
        let text = String::from_utf8(bytes).map_err(|_| VaultError::Unreadable {
            name: name.to_string(),
            detail: "it is not text".to_owned(),
        })?;
        Ok(Found {
            secret: SecretString::from(text),
            place: Place::Keychain,
        })
    }

    /// Takes a secret out of the keychain.
    ///
    /// # Errors
    /// When there is none, when the environment supplies it, or when the keychain does not answer.
    pub async fn delete(&self, name: &SecretName) -> Result<(), VaultError> {
        let keychain = self.writable(name)?;
        let account = name.account();
        let there = self
            .turns
            .take(Act::Delete, move || keychain.delete(Act::Delete, &account))
            .await?;
        if there {
            Ok(())
        } else {
            Err(VaultError::NotFound {
                name: name.to_string(),
            })
        }
    }

    fn writable(&self, name: &SecretName) -> Result<Arc<dyn Keychain>, VaultError> {
        if let Some(supplied) = self.environment.get(name.name()) {
            return Err(VaultError::ReadOnly {
                variable: supplied.variable.clone(),
            });
        }
        self.keychain.clone().ok_or(VaultError::SwitchedOff)
    }
}

fn try_out(keychain: &dyn Keychain, account: &str, value: &[u8]) -> Result<(), VaultError> {
    let wrong = |detail: &str| VaultError::Refused {
        act: Act::Probe,
        detail: detail.to_owned(),
    };
    keychain.set(Act::Probe, account, value)?;
    let read = keychain.get(Act::Probe, account);
    // Deleted whatever was read, so that a probe leaves nothing behind.
    let deleted = keychain.delete(Act::Probe, account);
    match read? {
        Some(bytes) if bytes == value => {}
        Some(_) => return Err(wrong("it returned something else than was stored")),
        None => return Err(wrong("it forgot at once what was stored")),
    }
    if deleted? {
        Ok(())
    } else {
        Err(wrong("it could not delete what was stored"))
    }
}
