//! Why a secret could not be kept or found, and what to do.
//!
//! Never here: the secret, not even a part of it.

use std::fmt;

use chimera_domain::fault::{Fault, FaultClass};

use crate::turns::KEYCHAIN_TIMEOUT;

/// What was asked of the keychain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Act {
    /// Keeping a secret.
    Set,
    /// Finding one.
    Get,
    /// Taking one away.
    Delete,
    /// Trying the keychain out.
    Probe,
}

impl Act {
    /// What is known of the effect when no answer came.
    const fn without_answer(self) -> &'static str {
        match self {
            Self::Set => "whether the secret was stored is not known",
            Self::Get => "nothing was changed",
            Self::Delete => "whether the secret was deleted is not known",
            Self::Probe => "nothing of yours was touched",
        }
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Set => "storing a secret",
            Self::Get => "reading a secret",
            Self::Delete => "deleting a secret",
            Self::Probe => "trying the keychain out",
        })
    }
}

/// Why a secret could not be kept, found or taken away.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// There is no such secret.
    #[error(
        "there is no secret {name}; nothing was changed. Enter it under Connections, or set its environment variable"
    )]
    NotFound {
        /// Which.
        name: String,
    },
    /// The keychain is there and does not open.
    #[error(
        "the system's keychain is locked, or was never created ({detail}); nothing was stored. Unlock it (on Linux: open \"Passwords and Keys\" or sign in to the desktop once), then try again"
    )]
    Locked {
        /// The keychain's own words.
        detail: String,
    },
    /// This machine has no keychain that Chimera could use.
    #[error(
        "this machine offers no keychain ({detail}); nothing was stored. On Linux install and start one, for example gnome-keyring, and restart Chimera; on a server put the secret into the environment instead"
    )]
    NoBackend {
        /// What was found instead.
        detail: String,
    },
    /// The settings say that no keychain is to be used.
    #[error(
        "this installation keeps its secrets in its environment; nothing was stored. Set the variable where Chimera is started, and restart it"
    )]
    SwitchedOff,
    /// No answer in time.
    #[error(
        "the system's keychain did not answer within {} seconds while {act}; {}. If a window asks you to unlock it, answer there and try again; otherwise restart the keychain",
        KEYCHAIN_TIMEOUT.as_secs(), act.without_answer()
    )]
    Timeout {
        /// What was asked.
        act: Act,
    },
    /// The environment supplies this secret, so it cannot be changed from here.
    #[error(
        "this secret comes from the environment variable {variable}; nothing was changed. Change or unset it where Chimera is started"
    )]
    ReadOnly {
        /// The variable.
        variable: String,
    },
    /// The secret cannot be kept as it is.
    #[error("a secret must have 1 to {limit} bytes, this one has {bytes}; nothing was stored")]
    WrongSize {
        /// Its size in bytes.
        bytes: usize,
        /// The largest that every system's keychain takes.
        limit: usize,
    },
    /// What the keychain holds under this name is not what Chimera put there.
    #[error(
        "the keychain's entry for {name} cannot be read ({detail}); nothing was changed. Delete it in the system's own password program and enter it again"
    )]
    Unreadable {
        /// Which.
        name: String,
        /// What is wrong with it.
        detail: String,
    },
    /// The keychain refused for a reason of its own.
    #[error("the system's keychain failed while {act} ({detail}); {}. Try again, and look into the keychain's own log if it stays", act.without_answer())]
    Refused {
        /// What was asked.
        act: Act,
        /// The keychain's own words.
        detail: String,
    },
}

impl VaultError {
    /// The failure as it is stored and shown.
    #[must_use]
    pub fn fault(&self) -> Fault {
        let (class, code) = match self {
            Self::NotFound { .. } => (FaultClass::Permanent, "SECRET_NOT_FOUND"),
            Self::Locked { .. } => (FaultClass::Permanent, "KEYCHAIN_LOCKED"),
            Self::NoBackend { .. } => (FaultClass::Permanent, "KEYCHAIN_MISSING"),
            Self::SwitchedOff => (FaultClass::Permanent, "KEYCHAIN_SWITCHED_OFF"),
            Self::Timeout { .. } => (FaultClass::Transient, "KEYCHAIN_TIMEOUT"),
            Self::ReadOnly { .. } => (FaultClass::Validation, "SECRET_READ_ONLY"),
            Self::WrongSize { .. } => (FaultClass::Validation, "SECRET_WRONG_SIZE"),
            Self::Unreadable { .. } => (FaultClass::Permanent, "SECRET_UNREADABLE"),
            Self::Refused { .. } => (FaultClass::Unknown, "KEYCHAIN_REFUSED"),
        };
        Fault::new(class, code, self.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeout_says_what_is_known_of_the_effect() {
        let words = |act| VaultError::Timeout { act }.to_string();
        assert!(words(Act::Set).contains(
            "within 5 seconds while storing a secret; whether the secret was stored is not known."
        ));
        assert!(words(Act::Get).contains("while reading a secret; nothing was changed."));
    }

    #[test]
    fn a_locked_keychain_needs_a_person_and_a_silent_one_may_be_asked_again() {
        let locked = VaultError::Locked {
            detail: "no prompt".to_owned(),
        }
        .fault();
        assert_eq!(
            (locked.class, locked.code.as_str()),
            (FaultClass::Permanent, "KEYCHAIN_LOCKED")
        );
        let silent = VaultError::Timeout { act: Act::Probe }.fault();
        assert_eq!(
            (silent.class, silent.code.as_str()),
            (FaultClass::Transient, "KEYCHAIN_TIMEOUT")
        );
    }
}
