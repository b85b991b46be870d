//! A copy while it is being made, and what is left of one whose maker was killed: nobody writes it any more.
//!
//! Whoever makes a copy holds a lock on an empty file beside it, which the system lets go of with the process. Never here:
//! copies that are whole.

use std::{
    collections::BTreeSet,
    fs::{File, read_dir, remove_file},
    io,
    path::{Path, PathBuf},
};

use super::lock::beside;

/// End of the name of a copy that is not whole.
const UNFINISHED: &str = ".unfinished";
/// End of the name of the file that says that somebody makes it.
const WRITING: &str = ".writing";
/// What SQLite may keep beside a file.
const LOGS: [&str; 3] = ["-journal", "-wal", "-shm"];

/// The place of a copy until it is whole. Nothing is left there when this goes.
pub(super) struct Unfinished {
    pub(super) path: PathBuf,
    mark: PathBuf,
    _lock: File,
}

impl Unfinished {
    /// A place for the copy that will be `copy`.
    ///
    /// # Errors
    /// When the folder takes no file.
    pub(super) fn begin(copy: &Path) -> io::Result<Self> {
        let own = beside(copy, &format!(".{}", std::process::id()));
        let mark = beside(&own, WRITING);
        let lock = loop {
            let lock = File::options()
                .write(true)
                .create(true)
                .truncate(false)
                .open(&mark)?;
            lock.lock()?;
            // Who sweeps may have taken it away in between.
            if mark.exists() {
                break lock;
            }
        };
        Ok(Self {
            path: beside(&own, UNFINISHED),
            mark,
            _lock: lock,
        })
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // What could not be taken away is taken away by the next one.
        drop(remove_file(&self.path));
        drop(remove_file(&self.mark));
    }
}

/// Takes away what copies of `database` left in `folder` that nobody makes any more, and says so. Other programs' files
/// stay: one is ours by the empty file beside it, or by the database's name.
pub(super) fn sweep(folder: &Path, database: &Path) {
    let Ok(entries) = read_dir(folder) else {
        // Whoever writes there next is told why it cannot be.
        return;
    };
    let names = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok());
    let copies: BTreeSet<String> = names.filter_map(|name| copy_of(&name)).collect();
    for own in copies {
        let mark = folder.join(format!("{own}{WRITING}"));
        // Held until all of it is gone.
        let Some(_held) = nobodys(&mark, &own, database) else {
            continue;
        };
        let path = folder.join(format!("{own}{UNFINISHED}"));
        for log in LOGS {
            drop(remove_file(beside(&path, log)));
        }
        match remove_file(&path) {
            Ok(()) => {
                tracing::warn!(
                    path = %path.display(),
                    "a copy whose maker was killed was not whole; it was taken away"
                );
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                tracing::warn!(
                    path = %path.display(), %error,
                    "a copy that is not whole could not be taken away; delete it by hand"
                );
            }
        }
        drop(remove_file(mark));
    }
}

/// The copy that a file is a part of before it is whole, with the number of the process that makes it.
fn copy_of(name: &str) -> Option<String> {
    let name = LOGS
        .iter()
        .find_map(|log| name.strip_suffix(log))
        .unwrap_or(name);
    let own = [UNFINISHED, WRITING]
        .iter()
        .find_map(|end| name.strip_suffix(end))?;
    let (copy, number) = own.rsplit_once('.')?;
    let numbered = !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit());
    (!copy.is_empty() && numbered).then(|| own.to_owned())
}

/// The lock of a copy of ours that nobody makes, where it has one.
fn nobodys(mark: &Path, own: &str, database: &Path) -> Option<Option<File>> {
    match File::open(mark) {
        Ok(mark) => {
            let empty = mark.metadata().is_ok_and(|mark| mark.len() == 0);
            (empty && mark.try_lock().is_ok()).then_some(Some(mark))
        }
        // Of a Chimera that made none yet.
        Err(error) if error.kind() == io::ErrorKind::NotFound => database
            .file_name()
            .and_then(|name| name.to_str())
            .and_then(|name| own.strip_prefix(name))
            .filter(|rest| rest.starts_with('.'))
            .map(|_| None),
        Err(_) => None,
    }
}
