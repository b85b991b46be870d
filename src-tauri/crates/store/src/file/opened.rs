//! The file that was opened, told from another one that takes its place while it is open.
//!
//! On Unix a file can be taken away or replaced under a program that goes on writing into what nobody finds any more.
//! Elsewhere the system does not let that happen. Never here: what is in the file.

use std::path::{Path, PathBuf};

/// A file that is open, by its path and by what the system knows it as.
#[derive(Debug)]
pub(crate) struct OpenedFile {
    path: PathBuf,
    identity: Option<Identity>,
}

impl OpenedFile {
    /// The file that lies at `path` now.
    pub(crate) fn at(path: &Path) -> Self {
        Self {
            identity: identity(path),
            path: path.to_owned(),
        }
    }

    /// Whether it still lies where it was opened. Where nobody can tell, it does.
    pub(crate) fn lies_there(&self) -> bool {
        self.identity.is_none() || identity(&self.path) == self.identity
    }
}

/// Device and number of a file.
type Identity = (u64, u64);

#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    let found = std::fs::metadata(path).ok()?;
    Some((found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn identity(_: &Path) -> Option<Identity> {
    None
}
