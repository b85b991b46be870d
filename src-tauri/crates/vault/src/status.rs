//! What the keychain of this machine is worth.
//!
//! Never here: finding out (the vault tries it).

use chimera_domain::fault::Fault;

/// Whether what is kept outlives the machine's next start.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Survival {
    /// It is kept on disk, encrypted by the system.
    Yes,
    /// It is gone when the person signs out or the machine stops.
    No,
    /// Nobody tells: the keychain does not, or its program is none that is known to keep.
    Unknown,
}

/// What trying the keychain out has shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VaultStatus {
    /// The keychain's name in words, for example `GNOME Keyring (Secret Service)`.
    pub backend: String,
    /// Whether a random entry could be written, read back and deleted just now.
    pub works: bool,
    /// Whether what is kept survives a reboot.
    pub survives_reboot: Survival,
    /// What is wrong and what to do, when it does not work.
    pub problem: Option<Fault>,
}
