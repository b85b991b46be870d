//! Where the network keeps its records: a need of two sizes.
//!
//! Never here: what the records mean.

use super::record::Record;

/// Keeps records in order. Called from one place at a time, where blocking is allowed.
pub trait SandboxState: Send {
    /// Every record so far, oldest first. Called once, before anything else.
    ///
    /// # Errors
    /// When they cannot be read or are damaged; nothing was changed.
    fn load(&mut self) -> Result<Vec<Record>, StateError>;

    /// Adds a record. When it returns, the record survives a crash.
    ///
    /// # Errors
    /// After [`StateError::Uncertain`] nobody knows; after any other error nothing was added.
    fn append(&mut self, record: &Record) -> Result<(), StateError>;

    /// Puts `records` in the place of all others, wholly or not at all.
    ///
    /// # Errors
    /// When that failed; the old records still stand.
    fn replace(&mut self, records: &[Record]) -> Result<(), StateError>;
}

/// Why the state did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// The disk or the file system refused.
    #[error(
        "the sandbox cannot {what} {path}: {why}; nothing was changed; see to the disk and try again"
    )]
    Disk {
        /// What was tried.
        what: &'static str,
        /// With which file.
        path: String,
        /// The system's words.
        why: String,
    },
    /// There is no room.
    #[error(
        "there is no room on the disk of {path}; nothing was changed; make room, then it goes on by itself"
    )]
    Full {
        /// Which file.
        path: String,
    },
    /// Another process has it.
    #[error(
        "the sandbox state {path} is in use by another process; nothing was changed; close that one"
    )]
    InUse {
        /// Which file.
        path: String,
    },
    /// The records are damaged in the middle, which no crash explains.
    #[error(
        "the sandbox state is damaged at record {record}: {why}; nothing was changed; restore a backup, or move the file away to start anew"
    )]
    Damaged {
        /// Which record, counted from 1.
        record: usize,
        /// What is wrong with it.
        why: String,
    },
    /// A write failed half-way and could not be taken back.
    #[error(
        "nobody knows whether the last post reached the disk; the sandbox takes no more until it is opened again; then ask with the same intent key"
    )]
    Uncertain,
}

/// Keeps nothing beyond this process: for tests and demonstrations.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct MemoryState;

impl SandboxState for MemoryState {
    fn load(&mut self) -> Result<Vec<Record>, StateError> {
        Ok(Vec::new())
    }

    fn append(&mut self, _: &Record) -> Result<(), StateError> {
        Ok(())
    }

    fn replace(&mut self, _: &[Record]) -> Result<(), StateError> {
        Ok(())
    }
}
