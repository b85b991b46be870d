//! The keychain of the machine that Chimera runs on, and which keys are kept in it.
//!
//! Never here: a key on its way back. It goes in with [`NewKey`] and never comes out.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{scalar::Time, task::Fault};

/// Whether what is kept outlives the machine's next start.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Survival {
    /// It is kept on disk, encrypted by the system.
    Yes,
    /// It is gone when the person signs out or the machine stops.
    No,
    /// The keychain does not tell.
    Unknown,
}

/// The keychain, as trying it out has shown it.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Keychain {
    /// Its name in words, for example `GNOME Keyring (Secret Service)`.
    pub backend: String,
    /// Whether a random entry could be written, read back and deleted.
    pub works: bool,
    /// Whether what is kept survives a reboot.
    pub survives_reboot: Survival,
    /// What is wrong and what to do, when it does not work.
    pub problem: Option<Fault>,
    /// Keys that were stored through Chimera, by name. Never the keys themselves.
    pub keys: Vec<StoredKey>,
    /// Keys that the environment supplies where Chimera was started; they win over stored ones of the same name.
    pub supplied: Vec<SuppliedKey>,
    /// How Chimera's own data lies on the disk; absent where it is not known.
    pub data: Option<DataAtRest>,
}

/// How Chimera's own data lies on the disk.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(tag = "form", rename_all = "snake_case")]
pub enum DataAtRest {
    /// Encrypted as a whole.
    Encrypted {
        /// The environment variable that its key comes from; absent where the keychain has it.
        variable: Option<String>,
    },
    /// Readable by whoever reads the disk.
    Plain {
        /// Why, and what to do about it.
        why: String,
    },
}

/// A key that is kept in the keychain.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct StoredKey {
    /// Its name, as `KeyPlace` names it.
    pub name: String,
    /// Name of the person who stored it.
    pub stored_by: String,
    /// When.
    pub stored_at: Time,
}

/// A key that the environment supplies.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct SuppliedKey {
    /// Its name, as `KeyPlace` names it.
    pub name: String,
    /// The variable that it comes from.
    pub variable: String,
}

/// A key to keep, in place of one of the same name.
#[derive(Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    /// What it is called: 1 to 64 of a–z, 0–9, `.`, `_` and `-`, starting with a letter or digit.
    pub name: String,
    /// The key itself, 1 to 2,560 bytes. It is written into the keychain and nowhere else.
    pub key: String,
}

impl fmt::Debug for NewKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewKey")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_does_not_show_when_it_is_logged() {
        let key = NewKey {
            name: "openai".to_owned(),
            key: "hunter2".to_owned(),
        };
        assert_eq!(format!("{key:?}"), r#"NewKey { name: "openai", .. }"#);
    }
}
