//! The chain over the audit log: sealing it, carrying checkpoints elsewhere, and proving that it still holds.
//!
//! Records are written unchained in the transactions that they report; the sealer follows a moment behind, gives each
//! a number, chains it to the one before, and signs where the chain stands. Never here: SQL, which acts are recorded,
//! where the key is kept.

mod anchor;
mod beginning;
mod bundle;
mod chain;
mod checkpoint;
mod cutting;
mod lines;
mod notary;
mod record;
mod report;
mod sealer;
mod verifier;
mod walk;

#[cfg(test)]
mod tests;

pub use anchor::{Anchors, MAX_ANCHOR_BYTES};
pub use bundle::{Exported, Sink, export, export_to, verify_bundle};
pub use cutting::{CutOutcome, CutRule, cut};
pub use notary::{
    Anchored, Check, Checking, Keys, Notary, NotaryOptions, Sealing, Signing, Status, Taken,
};
pub use report::{Completeness, Finding, MAX_FINDINGS, Pruned, Report, Standing};
pub use sealer::{MAX_SEALED_AT_ONCE, Sealed, Sealer};
pub use verifier::{Trust, verify};

use chimera_canon::CanonError;
use chimera_ports::error::PortError;

/// Why the log could not be sealed, anchored, exported or verified. That a log was altered is no error: it is what a
/// [`Report`] says.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] PortError),
    /// A record has no form that can be digested.
    #[error("a record cannot be digested: {0}")]
    Canon(#[from] CanonError),
    /// A file could not be read or written.
    #[error("{path}: {why}")]
    File {
        /// Which file.
        path: String,
        /// What went wrong.
        why: String,
    },
    /// The log was cut by rule while it was read.
    #[error("older records were taken out by rule while the log was read; do it again")]
    Moving,
    /// Whoever the export was for went away.
    #[error("nobody takes the export any more")]
    Gone,
}

impl AuditError {
    /// What was being done with a file, `read` or `written`, could not be.
    fn not(done: &str, path: &std::path::Path, why: &std::io::Error) -> Self {
        Self::file(path, format!("it cannot be {done}: {why}"))
    }

    fn file(path: &std::path::Path, why: impl std::fmt::Display) -> Self {
        Self::File {
            path: path.display().to_string(),
            why: why.to_string(),
        }
    }
}
