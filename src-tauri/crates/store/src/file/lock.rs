//! One Chimera per database: an advisory lock on a file beside it.
//!
//! SQLite itself would let a second process in. Never here: locks on rows.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::time::Instant;

use crate::StoreError;

/// How often a taken lock is tried again, within the patience given.
const LOCK_POLL: Duration = Duration::from_millis(25);

/// Holds the lock until it is dropped; the system drops it for a process that dies.
#[derive(Debug)]
pub(crate) struct InstanceLock {
    _file: File,
}

impl InstanceLock {
    /// Takes the lock of `database`, waiting at most `patience` for a predecessor that is just leaving.
    ///
    /// It lies beside the file itself, however that is reached: a symbolic link leads to the same lock, and a file with
    /// two names of its own is refused.
    pub(crate) async fn take(database: &Path, patience: Duration) -> Result<Self, StoreError> {
        let itself = match std::fs::canonicalize(database) {
            Ok(itself) => itself,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => database.to_owned(),
            Err(error) => return Err(refused(database, &error)),
        };
        if has_two_names(&itself) {
            return Err(StoreError::Linked { path: itself });
        }
        let path = beside(&itself, ".lock");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|error| refused(&path, &error))?;
        let until = Instant::now() + patience;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if Instant::now() < until => {
                    tokio::time::sleep(LOCK_POLL).await
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(StoreError::InUse {
                        path: database.to_owned(),
                        holder: holder(&mut file),
                    });
                }
                Err(TryLockError::Error(error)) => return Err(refused(&path, &error)),
            }
        }
        // Who holds it is only told to the next one; a lock without it is as good.
        drop(sign(&mut file));
        Ok(Self { _file: file })
    }
}

#[cfg(unix)]
fn has_two_names(file: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(file).is_ok_and(|file| file.is_file() && file.nlink() > 1)
}

/// Elsewhere nothing tells.
#[cfg(not(unix))]
const fn has_two_names(_: &Path) -> bool {
    false
}

/// The path with something appended to its last part.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// A file system's refusal in the store's words.
pub(crate) fn refused(path: &Path, error: &std::io::Error) -> StoreError {
    let (path, detail) = (path.to_owned(), error.to_string());
    match error.kind() {
        std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
            StoreError::ReadOnly { path, detail }
        }
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
            StoreError::Full { path, detail }
        }
        _ => StoreError::Other { path, detail },
    }
}

fn sign(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0))?;
    writeln!(file, "{}", std::process::id())
}

fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.take(32).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}
