//! The system's keychain, through the one library that speaks to all of them.
//!
//! Never here: a second way to keep a secret.

use std::error::Error as _;

use keyring::{Entry, Error};

use super::{Keychain, Known};
use crate::error::{Act, VaultError};

/// The service under which every entry of Chimera stands.
const SERVICE: &str = "chimera";

/// Secret Service, macOS Keychain or Windows Credential Manager.
pub(super) struct SystemKeychain;

impl Keychain for SystemKeychain {
    fn name(&self) -> &'static str {
        if cfg!(target_os = "macos") {
            "macOS Keychain"
        } else if cfg!(windows) {
            "Windows Credential Manager"
        } else {
            "Secret Service"
        }
    }

    fn describe(&self) -> Known {
        #[cfg(all(unix, not(target_os = "macos")))]
        return super::secret_service::describe(self.name());
        #[cfg(not(all(unix, not(target_os = "macos"))))]
        return Known {
            name: self.name().to_owned(),
            survives_reboot: crate::status::Survival::Yes,
        };
    }

    fn set(&self, act: Act, account: &str, secret: &[u8]) -> Result<(), VaultError> {
        entry(act, account)?
            .set_secret(secret)
            .map_err(|error| failure(act, account, &error))
    }

    fn get(&self, act: Act, account: &str) -> Result<Option<Vec<u8>>, VaultError> {
        match entry(act, account)?.get_secret() {
            Ok(secret) => Ok(Some(secret)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(failure(act, account, &error)),
        }
    }

    fn delete(&self, act: Act, account: &str) -> Result<bool, VaultError> {
        match entry(act, account)?.delete_credential() {
            Ok(()) => Ok(true),
            Err(Error::NoEntry) => Ok(false),
            Err(error) => Err(failure(act, account, &error)),
        }
    }
}

fn entry(act: Act, account: &str) -> Result<Entry, VaultError> {
    Entry::new(SERVICE, account).map_err(|error| failure(act, account, &error))
}

fn failure(act: Act, account: &str, error: &Error) -> VaultError {
    match error {
        // The library opens the keychain once and keeps only the bare fact; the cause is kept apart.
        Error::NoDefaultStore => VaultError::NoBackend {
            detail: Entry::store_status()
                .as_ref()
                .map_or_else(chain, |()| chain(error)),
        },
        Error::NoStorageAccess(_) => VaultError::Locked {
            detail: chain(error),
        },
        Error::PlatformFailure(_) if says_locked(&chain(error)) => VaultError::Locked {
            detail: chain(error),
        },
        Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::Ambiguous(_) => {
            VaultError::Unreadable {
                name: format!("{SERVICE}/{account}"),
                detail: what_is_wrong(error).to_owned(),
            }
        }
        other => VaultError::Refused {
            act,
            detail: chain(other),
        },
    }
}

/// In fixed words: the library's own would show what lies in the entry.
fn what_is_wrong(error: &Error) -> &'static str {
    match error {
        Error::Ambiguous(_) => "several entries bear this name",
        _ => "it is not in the form in which it was stored",
    }
}

/// The Secret Service names this error when it cannot ask anybody to unlock it.
fn says_locked(words: &str) -> bool {
    words.contains("Secret.Error.IsLocked") || words.contains("object locked")
}

/// The error and its causes, each once.
fn chain(error: &Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        let text = deeper.to_string();
        if !words.contains(&text) {
            words.push_str(": ");
            words.push_str(&text);
        }
        cause = deeper.source();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_never_shows_what_lies_in_an_entry() {
        let error = Error::BadEncoding(b"hunter2".to_vec());
        let shown = failure(Act::Get, "t/openai", &error);
        let expected = VaultError::Unreadable {
            name: "chimera/t/openai".to_owned(),
            detail: "it is not in the form in which it was stored".to_owned(),
        };
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_keychain_that_cannot_ask_anybody_is_locked() {
        let cause =
            "org.freedesktop.Secret.Error.IsLocked: Cannot create an item in a locked collection";
        let error = Error::PlatformFailure(cause.into());
        assert!(matches!(
            failure(Act::Set, "a", &error),
            VaultError::Locked { .. }
        ));
        let other = Error::PlatformFailure("the disk is full".into());
        let expected = VaultError::Refused {
            act: Act::Set,
            detail: "Platform failure: the disk is full".to_owned(),
        };
        assert_eq!(failure(Act::Set, "a", &other), expected);
    }
}
