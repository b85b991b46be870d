//! The ways in which a port can fail (style 5), the one that only a commit knows, and the states of a disk.
//!
//! Never here: retry decisions.

use chimera_domain::fault::Fault;

/// What keeps the store from being written, until somebody mends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The disk is full, or the database has reached its largest size.
    Full,
    /// The file or its disk cannot be written to.
    ReadOnly,
    /// The file is damaged.
    Damaged,
}

impl Trouble {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Full, Self::ReadOnly, Self::Damaged];

    /// Its stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Full => "STORE_FULL",
            Self::ReadOnly => "STORE_READ_ONLY",
            Self::Damaged => "STORE_DAMAGED",
        }
    }
}

/// Why a port did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PortError {
    /// There is no such thing for this tenant. Nothing happened.
    #[error("there is no {noun} {key}")]
    NotFound {
        /// What was looked for.
        noun: &'static str,
        /// Under which key.
        key: String,
    },
    /// The request makes no sense. Nothing happened.
    #[error("{0}")]
    Invalid(String),
    /// Somebody else changed it first. Nothing happened; read again and decide again.
    #[error(
        "This {noun} was changed in the meantime. Nothing was done; read it again, look at what changed, and decide again."
    )]
    Conflict {
        /// What was to be changed.
        noun: &'static str,
        /// Under which key.
        key: String,
    },
    /// The store is in a state that somebody has to mend. Nothing of this was written, and nothing that was there is
    /// lost.
    #[error("{words}")]
    Trouble {
        /// Which.
        trouble: Trouble,
        /// In words, with what to do.
        words: String,
    },
    /// The adapter itself is in trouble: the text says how. Whether anything happened is in the text.
    #[error("{0}")]
    Internal(String),
}

impl PortError {
    /// There is no `noun` under `key`.
    #[must_use]
    pub fn not_found(noun: &'static str, key: impl ToString) -> Self {
        Self::NotFound {
            noun,
            key: key.to_string(),
        }
    }
    /// Somebody else changed `noun` `key` first.
    #[must_use]
    pub fn conflict(noun: &'static str, key: impl ToString) -> Self {
        Self::Conflict {
            noun,
            key: key.to_string(),
        }
    }
    /// The same as the fault of a piece of work that met it.
    #[must_use]
    pub fn into_fault(self) -> Fault {
        if let Self::Trouble { trouble, words } = self {
            return Fault::of(trouble.code(), words);
        }
        let code = if self.is_conflict() {
            "VERSION_CONFLICT"
        } else {
            "STORE_FAILED"
        };
        Fault::of(code, self.to_string())
    }
    /// Whether the store itself is in trouble, so that the same may be stored later.
    #[must_use]
    pub const fn is_trouble(&self) -> bool {
        matches!(self, Self::Trouble { .. })
    }
    /// Whether reading again and deciding again can help.
    #[must_use]
    pub const fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict { .. })
    }
}
