//! What the vault needs of a keychain, and the one of this system.
//!
//! Never here: names of secrets, timeouts, threads.

#[cfg(all(unix, not(target_os = "macos")))]
mod secret_service;
mod system;

use std::sync::Arc;

use crate::{
    error::{Act, VaultError},
    status::Survival,
};

/// Entries by account. Every call may block for as long as it likes.
pub(crate) trait Keychain: Send + Sync {
    /// Its name in words, known without asking it.
    fn name(&self) -> &'static str;

    /// What it says of itself when it is asked.
    fn describe(&self) -> Known;

    /// Keeps an entry, in place of one that was there.
    fn set(&self, act: Act, account: &str, secret: &[u8]) -> Result<(), VaultError>;

    /// Finds an entry.
    fn get(&self, act: Act, account: &str) -> Result<Option<Vec<u8>>, VaultError>;

    /// Takes an entry away; false when there was none.
    fn delete(&self, act: Act, account: &str) -> Result<bool, VaultError>;
}

/// What a keychain says of itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Known {
    pub(crate) name: String,
    pub(crate) survives_reboot: Survival,
}

/// The keychain of this system.
pub(crate) fn system() -> Arc<dyn Keychain> {
    Arc::new(system::SystemKeychain)
}
