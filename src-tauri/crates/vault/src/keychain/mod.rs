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
pub trait Keychain: Send + Sync {
    /// Its name in words, known without asking it.
    fn name(&self) -> &'static str;

    /// What it says of itself when it is asked.
    fn describe(&self) -> Known;

    /// Keeps an entry, in place of one that was there.
    ///
    /// # Errors
    /// When it does not take it.
    fn set(&self, act: Act, account: &str, secret: &[u8]) -> Result<(), VaultError>;

    /// Finds an entry.
    ///
    /// # Errors
    /// When it does not answer.
    fn get(&self, act: Act, account: &str) -> Result<Option<Vec<u8>>, VaultError>;

    /// Takes an entry away; false when there was none.
    ///
    /// # Errors
    /// When it does not answer, or does not give it up.
    fn delete(&self, act: Act, account: &str) -> Result<bool, VaultError>;
}

/// What a keychain says of itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Known {
    /// Its name, with its version where it has one.
    pub name: String,
    /// Whether what it keeps survives a reboot.
    pub survives_reboot: Survival,
}

/// The keychain of this system.
pub(crate) fn system() -> Arc<dyn Keychain> {
    Arc::new(system::SystemKeychain)
}
