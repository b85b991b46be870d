//! Why the data key cannot be had or made, and what to do.
//!
//! Never here: a key, not even a part of it.

use std::path::PathBuf;

use super::WRAPPING_KEY_NAME;
use crate::{error::VaultError, vault::Place};

/// Why the data key cannot be had, or cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum DataKeyError {
    /// The wrapping key cannot be read.
    #[error(
        "the data is encrypted, and the key for {} cannot be read: {cause}. Nothing was opened or changed",
        file.display()
    )]
    Locked {
        /// The envelope.
        file: PathBuf,
        /// Why.
        cause: VaultError,
    },
    /// The wrapping key that is there is another one.
    #[error(
        "the data is encrypted, and {} does not open {}. Nothing was changed. Supply the key that it was sealed with \
         (`chimerad key export` showed it), or put the key file back that belongs to this installation",
        place(place_found), file.display()
    )]
    Wrong {
        /// The envelope.
        file: PathBuf,
        /// Where the other key lies.
        place_found: Place,
    },
    /// The wrapping key is not one.
    #[error(
        "{} is no key: it must be 64 hexadecimal digits (two of them, with a comma between, while one takes the \
         other's place). Nothing was changed",
        place(place_found)
    )]
    Malformed {
        /// Where it lies.
        place_found: Place,
    },
    /// The envelope is not one.
    #[error(
        "{} is not a key file of Chimera: {detail}. Nothing was changed; put back the one that belongs to this data",
        file.display()
    )]
    Envelope {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// The envelope cannot be read or written.
    #[error("{} cannot be read or written: {cause}. Nothing was changed", file.display())]
    Disk {
        /// The file.
        file: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// No key can be kept here, so none was made.
    #[error(
        "no key can be kept here that would still be there tomorrow: {why}. Nothing was encrypted"
    )]
    NowhereToKeep {
        /// Why.
        why: String,
    },
    /// The key comes from the environment, which only its owner changes.
    #[error(
        "the key comes from the environment variable {variable}; nothing was changed. Set it to the new key, a comma, \
         and the present one, and try again; afterwards the new one alone is enough"
    )]
    Supplied {
        /// The variable.
        variable: String,
    },
    /// The system has no randomness to give.
    #[error("the system gives no random numbers. Nothing was changed")]
    NoRandomness,
}

fn place(place: &Place) -> String {
    match place {
        Place::Keychain => format!("the entry {WRAPPING_KEY_NAME} of the system's keychain"),
        Place::Environment { variable } => format!("the environment variable {variable}"),
    }
}
