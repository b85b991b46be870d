//! Where secrets are kept: the system's keychain, and the environment that a server is started with.
//!
//! Here: naming a secret, keeping it (one that is too long for an entry in pieces), finding it again, taking it away, and saying truthfully whether
//! the keychain of this machine works. Never here: a file with secrets in plain text, reading the
//! environment (boot hands it in), or what a secret is good for.

mod data_key;
mod environment;
mod error;
mod keychain;
mod long;
mod name;
mod status;
mod turns;
mod vault;

#[cfg(test)]
mod tests;

pub use data_key::{DataKeyError, DataKeyFile, WRAPPING_KEY_NAME};
pub use environment::EnvironmentSecret;
pub use error::{Act, VaultError};
pub use keychain::{Keychain, Known};
pub use long::{LongName, MAX_LONG_BYTES};
pub use name::{InvalidSecretName, SecretName};
pub use status::{Survival, VaultStatus};
pub use turns::KEYCHAIN_TIMEOUT;
pub use vault::{Found, KeychainChoice, MAX_SECRET_BYTES, Place, Vault, VaultOptions};
