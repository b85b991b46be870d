//! Whether the data on the disk is encrypted, and the key that opens it.
//!
//! A new installation is encrypted wherever its key can be kept (the keychain, or the environment of a server). What
//! was made in plain stays so until the operator says otherwise, and says so itself. Never here: how a file is
//! encrypted (`store`), or how a key is sealed (`vault`).

use std::sync::Arc;

use anyhow::{Result, bail};
use chimera_contract::keychain::DataAtRest;
use chimera_ports::{data_key::DataKey, ids::IdSource};
use chimera_vault::{DataKeyError, DataKeyFile, Place};
use secrecy::SecretString;

use crate::{
    clock::TimeIds,
    files::DATABASE,
    secrets::Secrets,
    settings::{EncryptionSetting, KeychainSetting, Settings},
};

/// The file in the data folder that holds the sealed key.
pub(crate) const KEY_FILE: &str = "data.key";
/// The variable that the wrapping key is read from where there is no keychain: 64 hexadecimal digits.
pub(crate) const KEY_VARIABLE: &str = "DATA_ENCRYPTION_KEY";

/// What an operator without a keychain does.
const OTHER_WAY: &str = "set DATA_ENCRYPTION_KEY to 64 random hexadecimal digits where Chimera is started, and start \
                         once with CHIMERA_ENCRYPTION=required";

/// How the data lies on the disk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AtRest {
    /// Encrypted; the key of the key lies there.
    Encrypted(Place),
    /// Readable by whoever reads the disk.
    Plain {
        /// Why, and what to do about it.
        why: String,
    },
}

impl AtRest {
    /// As the console shows it.
    pub(crate) fn shown(&self) -> DataAtRest {
        match self {
            Self::Encrypted(Place::Keychain) => DataAtRest::Encrypted { variable: None },
            Self::Encrypted(Place::Environment { variable }) => DataAtRest::Encrypted {
                variable: Some(variable.clone()),
            },
            Self::Plain { why } => DataAtRest::Plain { why: why.clone() },
        }
    }
}

/// The key for this installation's files, made where there is none yet and one can be kept.
///
/// # Errors
/// When the data is encrypted and its key cannot be had, or when it must be and cannot.
pub(crate) async fn open(
    settings: &Settings,
    secrets: &Secrets,
    ids: &dyn IdSource,
) -> Result<(Option<DataKey>, AtRest)> {
    let file = key_file(settings);
    if file.exists() {
        let (key, place) = file.open(secrets.vault()).await?;
        return Ok((Some(key), AtRest::Encrypted(place)));
    }
    let is_new = !settings.data_dir.join(DATABASE).exists();
    let plain = |why: &str| {
        Ok((
            None,
            AtRest::Plain {
                why: why.to_owned(),
            },
        ))
    };
    match settings.encryption {
        EncryptionSetting::Off => plain("encryption is switched off (encryption = \"off\")"),
        EncryptionSetting::Auto if !is_new => plain(
            "it was made without encryption; start once with CHIMERA_ENCRYPTION=required to encrypt it",
        ),
        wanted => match file.create(secrets.vault(), ids.uuid()).await {
            Ok((key, place)) => {
                tracing::info!(?place, "the data on this disk is encrypted");
                Ok((Some(key), AtRest::Encrypted(place)))
            }
            Err(DataKeyError::NowhereToKeep { why }) if wanted == EncryptionSetting::Auto => {
                // Chosen, and not broken.
                if settings.keychain == KeychainSetting::None {
                    return plain(&format!("the keychain is switched off; {OTHER_WAY}"));
                }
                tracing::warn!(why, "the data on this disk is not encrypted");
                plain(&format!("the keychain cannot keep a key here; {OTHER_WAY}"))
            }
            Err(error) => Err(error.into()),
        },
    }
}

/// The key of files that somebody else may have open; nothing is made.
///
/// # Errors
/// When the data is encrypted and its key cannot be had.
pub(crate) async fn key_to_read(settings: &Settings) -> Result<Option<DataKey>> {
    let file = key_file(settings);
    if !file.exists() {
        return Ok(None);
    }
    let (key, _) = file.open(vault(settings).vault()).await?;
    Ok(Some(key))
}

/// The key that opens the data on another machine, in words, for a safe place.
///
/// # Errors
/// When the data is not encrypted, or the key cannot be had.
pub async fn export_key(settings: &Settings) -> Result<SecretString> {
    let key = existing(settings)?
        .recovery_key(vault(settings).vault())
        .await?;
    Ok(key)
}

/// Seals the data's key with a new one; the former opens nothing any more.
///
/// # Errors
/// When the data is not encrypted, or no new key can be kept.
pub async fn rotate_key(settings: &Settings) -> Result<()> {
    existing(settings)?.rewrap(vault(settings).vault()).await?;
    Ok(())
}

fn existing(settings: &Settings) -> Result<DataKeyFile> {
    let file = key_file(settings);
    if !file.exists() {
        bail!(
            "the data in {} is not encrypted, so there is no key; nothing was changed",
            settings.data_dir.display()
        );
    }
    Ok(file)
}

fn vault(settings: &Settings) -> Arc<Secrets> {
    Secrets::open(settings, Arc::new(TimeIds))
}

fn key_file(settings: &Settings) -> DataKeyFile {
    DataKeyFile::at(settings.data_dir.join(KEY_FILE))
}
