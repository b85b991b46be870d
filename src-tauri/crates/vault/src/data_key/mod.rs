//! The key that an installation's data is encrypted with, and the file that holds it in an envelope.
//!
//! The data key is random and never changes: everything on the disk would have to be written anew. It lies beside the
//! data in a small file, sealed (AES-256-GCM) by a wrapping key that lies in the vault alone. A new wrapping key means a
//! new envelope, not new data. Never here: what is encrypted (`store`), or whether anything is (`boot`).

mod envelope;
mod error;

use std::{
    fs::File,
    io::{ErrorKind, Read},
    path::PathBuf,
};

use chimera_domain::id::TenantId;
use chimera_ports::data_key::{DATA_KEY_BYTES, DataKey};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use self::envelope::{NONCE_BYTES, Write, fresh, hex, put, seal, unhex, unseal};
pub use self::error::DataKeyError;
use crate::{
    error::VaultError,
    name::SecretName,
    status::Survival,
    vault::{Place, Vault},
};

/// What the wrapping key is called in the vault.
pub const WRAPPING_KEY_NAME: &str = "data-key";
/// The form of the file that this program writes and reads.
const FORMAT: u32 = 1;
/// How the data key is sealed.
const ALGORITHM: &str = "AES-256-GCM";
/// Most bytes of the file that are read.
const MAX_FILE_BYTES: u64 = 4_096;
/// Between two wrapping keys, where one takes the other's place: the first seals, either opens.
const BETWEEN_KEYS: char = ',';

/// What lies in the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    format: u32,
    /// Names the wrapping key's entry: two folders on one machine have two keys.
    installation: Uuid,
    algorithm: String,
    /// Nonce, sealed key and tag, in hexadecimal digits.
    sealed: String,
}

/// An installation's key file.
#[derive(Debug, Clone)]
pub struct DataKeyFile {
    path: PathBuf,
}

impl DataKeyFile {
    /// The key file at this path, whether it is there or not.
    #[must_use]
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Whether it is there. What cannot be told counts as there: data must not be written in plain by mistake.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.path.try_exists().unwrap_or(true)
    }

    /// The data key, and where its wrapping key was found.
    ///
    /// # Errors
    /// When the file is not whole, or when the vault has not the key that it was sealed with.
    pub async fn open(&self, vault: &Vault) -> Result<(DataKey, Place), DataKeyError> {
        let envelope = self.read()?;
        let (keys, found) = self.wrapping_keys(vault, envelope.installation).await?;
        let sealed = unhex(&envelope.sealed).filter(|sealed| sealed.len() > NONCE_BYTES);
        let sealed = sealed.ok_or_else(|| self.bad("what is sealed cannot be read"))?;
        let opened = keys
            .iter()
            .find_map(|key| unseal(key, envelope.installation, &sealed));
        match opened {
            Some(key) => Ok((DataKey::new(key), found)),
            None => Err(DataKeyError::Wrong {
                file: self.path.clone(),
                place_found: found,
            }),
        }
    }

    /// Makes a data key and its file. The wrapping key is the one that the environment supplies, or a new one that the
    /// keychain keeps and was read back from.
    ///
    /// # Errors
    /// When no key can be kept, or the file cannot be written. A file that is there is not written over.
    pub async fn create(
        &self,
        vault: &Vault,
        installation: Uuid,
    ) -> Result<(DataKey, Place), DataKeyError> {
        if self.exists() {
            return Err(self.bad("there is one already"));
        }
        let name = entry(installation);
        let (wrapping, found) = match self.wrapping_keys(vault, installation).await {
            Ok((keys, found)) => (keys[0], found),
            Err(DataKeyError::Locked {
                cause: VaultError::NotFound { .. },
                ..
            }) => (self.kept(vault, &name, None).await?, Place::Keychain),
            Err(DataKeyError::Locked { cause, .. }) => {
                return Err(DataKeyError::NowhereToKeep {
                    why: cause.to_string(),
                });
            }
            Err(other) => return Err(other),
        };
        let data_key = fresh()?;
        match self.write(&wrapping, installation, &data_key, Write::New) {
            Ok(()) => Ok((DataKey::new(data_key), found)),
            // Another Chimera was faster: its key is the one that counts, and ours opens nothing.
            Err(DataKeyError::Disk { cause, .. }) if cause.kind() == ErrorKind::AlreadyExists => {
                if found == Place::Keychain {
                    drop(vault.delete(&name).await);
                }
                self.open(vault).await
            }
            Err(error) => Err(error),
        }
    }

    /// Seals the same data key with a new wrapping key. Killed at any point, the file is opened by what the vault then
    /// has.
    ///
    /// # Errors
    /// When the present key cannot be had, or a new one cannot be kept.
    pub async fn rewrap(&self, vault: &Vault) -> Result<(), DataKeyError> {
        let installation = self.read()?.installation;
        let (data_key, found) = self.open(vault).await?;
        let (keys, _) = self.wrapping_keys(vault, installation).await?;
        match found {
            Place::Environment { variable } => {
                let [new, _] = keys.as_slice() else {
                    return Err(DataKeyError::Supplied { variable });
                };
                self.write(new, installation, data_key.expose(), Write::Over)
            }
            Place::Keychain => {
                let name = entry(installation);
                // Both, until the file is sealed with the new one.
                let new = self.kept(vault, &name, Some(&keys)).await?;
                self.write(&new, installation, data_key.expose(), Write::Over)?;
                let alone = SecretString::from(hex(&new));
                vault
                    .set(&name, alone)
                    .await
                    .map_err(|cause| self.locked(cause))
            }
        }
    }

    /// The wrapping key in words: with it and the file, the data is opened anywhere.
    ///
    /// # Errors
    /// As [`Self::open`]: a key that does not open the file is not shown as if it did.
    pub async fn recovery_key(&self, vault: &Vault) -> Result<SecretString, DataKeyError> {
        self.open(vault).await?;
        let installation = self.read()?.installation;
        let (keys, _) = self.wrapping_keys(vault, installation).await?;
        Ok(SecretString::from(hex(&keys[0])))
    }

    /// A new wrapping key in the keychain, before those that were there, and read back.
    async fn kept(
        &self,
        vault: &Vault,
        name: &SecretName,
        before: Option<&[[u8; DATA_KEY_BYTES]]>,
    ) -> Result<[u8; DATA_KEY_BYTES], DataKeyError> {
        let status = vault.probe().await;
        if let Some(problem) = status.problem {
            let why = problem.message;
            return Err(DataKeyError::NowhereToKeep { why });
        }
        if status.survives_reboot == Survival::No {
            let why = format!("{} forgets at the next reboot", status.backend);
            return Err(DataKeyError::NowhereToKeep { why });
        }
        let new = fresh()?;
        let last = before.and_then(<[_]>::first);
        let all: Vec<String> = std::iter::once(&new)
            .chain(last)
            .map(|key| hex(key))
            .collect();
        let all = SecretString::from(all.join(&BETWEEN_KEYS.to_string()));
        let stored = vault.set(name, all.clone()).await;
        stored.map_err(|cause| self.locked(cause))?;
        let found = vault.get(name).await.map_err(|cause| self.locked(cause))?;
        if found.secret.expose_secret() == all.expose_secret() {
            Ok(new)
        } else {
            let why = "what was read back is not what was kept".to_owned();
            Err(DataKeyError::NowhereToKeep { why })
        }
    }

    /// One or two keys: the first seals.
    async fn wrapping_keys(
        &self,
        vault: &Vault,
        installation: Uuid,
    ) -> Result<(Vec<[u8; DATA_KEY_BYTES]>, Place), DataKeyError> {
        let found = vault.get(&entry(installation)).await;
        let found = found.map_err(|cause| self.locked(cause))?;
        let keys: Option<Vec<_>> = found
            .secret
            .expose_secret()
            .trim()
            .split(BETWEEN_KEYS)
            .map(|key| <[u8; DATA_KEY_BYTES]>::try_from(unhex(key.trim())?).ok())
            .collect();
        match keys {
            Some(keys) if (1..=2).contains(&keys.len()) => Ok((keys, found.place)),
            _ => Err(DataKeyError::Malformed {
                place_found: found.place,
            }),
        }
    }

    fn read(&self) -> Result<Envelope, DataKeyError> {
        let disk = |cause| self.disk(cause);
        let mut text = String::new();
        let file = File::open(&self.path).map_err(disk)?;
        file.take(MAX_FILE_BYTES)
            .read_to_string(&mut text)
            .map_err(disk)?;
        let envelope: Envelope =
            serde_json::from_str(&text).map_err(|error| self.bad(&error.to_string()))?;
        if envelope.format != FORMAT || envelope.algorithm != ALGORITHM {
            return Err(self.bad("it is of another version of Chimera"));
        }
        Ok(envelope)
    }

    /// Writes the envelope under its name in one step, readable by its owner alone.
    fn write(
        &self,
        wrapping: &[u8; DATA_KEY_BYTES],
        installation: Uuid,
        data_key: &[u8; DATA_KEY_BYTES],
        write: Write,
    ) -> Result<(), DataKeyError> {
        let envelope = Envelope {
            format: FORMAT,
            installation,
            algorithm: ALGORITHM.to_owned(),
            sealed: hex(&seal(wrapping, installation, data_key)?),
        };
        let text = serde_json::to_string_pretty(&envelope)
            .map_err(|error| self.bad(&error.to_string()))?;
        let mut unfinished = self.path.as_os_str().to_owned();
        unfinished.push(format!(".{}.unfinished", std::process::id()));
        let unfinished = PathBuf::from(unfinished);
        let put = put(&unfinished, &self.path, &text, write);
        if put.is_err() || write == Write::New {
            // Under this name it is nobody's.
            drop(std::fs::remove_file(&unfinished));
        }
        put.map_err(|cause| self.disk(cause))
    }

    fn locked(&self, cause: VaultError) -> DataKeyError {
        DataKeyError::Locked {
            file: self.path.clone(),
            cause,
        }
    }

    fn bad(&self, detail: &str) -> DataKeyError {
        DataKeyError::Envelope {
            file: self.path.clone(),
            detail: detail.to_owned(),
        }
    }

    fn disk(&self, cause: std::io::Error) -> DataKeyError {
        DataKeyError::Disk {
            file: self.path.clone(),
            cause,
        }
    }
}

/// The vault's entry for an installation, which stands where a tenant's would.
fn entry(installation: Uuid) -> SecretName {
    SecretName::of_installation(TenantId::from_uuid(installation), WRAPPING_KEY_NAME)
}
