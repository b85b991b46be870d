//! The state as a file: one JSON record per line, each on disk before the network answers.
//!
//! A crash can only cut the last line short; such a line never was acknowledged and is dropped.
//! Anything else that cannot be read is damage, and then nothing is touched. Only one process may
//! have the file open.
//!
//! Never here: what the records mean.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
};

use super::{
    record::Record,
    state::{SandboxState, StateError},
};

/// Longest record, in bytes; a post's text and what surrounds it are far shorter.
const MAX_RECORD_BYTES: usize = 64 * 1024;

/// Records in a file.
#[derive(Debug)]
pub struct JournalState {
    path: PathBuf,
    /// Held for as long as this lives; a file of its own, because the journal is renamed.
    _lock: File,
    file: File,
    /// Bytes of whole records.
    length: u64,
    is_uncertain: bool,
}

impl JournalState {
    /// Opens the journal at `path`, creating it when there is none. The folder must exist.
    ///
    /// # Errors
    /// When it cannot be opened, or another process has it.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, StateError> {
        let path = path.into();
        let lock_path = beside(&path, "lock");
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock_path)
            .map_err(|error| disk("open", &lock_path, &error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(StateError::InUse {
                    path: path.display().to_string(),
                });
            }
            Err(TryLockError::Error(error)) => return Err(disk("lock", &lock_path, &error)),
        }
        let file = open_for_appending(&path).map_err(|error| disk("open", &path, &error))?;
        Ok(Self {
            path,
            _lock: lock,
            file,
            length: 0,
            is_uncertain: false,
        })
    }

    fn disk(&self, what: &'static str) -> impl Fn(io::Error) -> StateError + '_ {
        move |error| disk(what, &self.path, &error)
    }

    /// Takes back a write that failed; the file then ends where its whole records end.
    fn take_back(&mut self) {
        let is_back = self
            .file
            .set_len(self.length)
            .and_then(|()| self.file.sync_data());
        self.is_uncertain = is_back.is_err();
    }
}

impl SandboxState for JournalState {
    fn load(&mut self) -> Result<Vec<Record>, StateError> {
        let file = File::open(&self.path).map_err(self.disk("read"))?;
        let mut reader = BufReader::new(file);
        let (mut records, mut length, mut line) = (Vec::new(), 0_u64, Vec::new());
        loop {
            line.clear();
            let room = MAX_RECORD_BYTES as u64 + 1;
            let read = reader.by_ref().take(room).read_until(b'\n', &mut line);
            let bytes = read.map_err(self.disk("read"))?;
            let number = records.len() + 1;
            if line.last() != Some(&b'\n') {
                if bytes > MAX_RECORD_BYTES {
                    return Err(damaged(number, "it is too long"));
                }
                // The end, or a last line that a crash cut short.
                break;
            }
            let record = serde_json::from_slice(&line)
                .map_err(|error| damaged(number, &error.to_string()))?;
            records.push(record);
            length += bytes as u64;
        }
        let on_disk = self.file.metadata().map_err(self.disk("read"))?.len();
        if on_disk > length {
            self.file.set_len(length).map_err(self.disk("mend"))?;
            tracing::warn!(
                bytes = on_disk - length,
                "the sandbox journal ended in half a record, which was dropped"
            );
        }
        self.length = length;
        Ok(records)
    }

    fn append(&mut self, record: &Record) -> Result<(), StateError> {
        if self.is_uncertain {
            return Err(StateError::Uncertain);
        }
        let line = line(record)?;
        if let Err(error) = self
            .file
            .write_all(&line)
            .and_then(|()| self.file.sync_data())
        {
            self.take_back();
            if self.is_uncertain {
                return Err(StateError::Uncertain);
            }
            return Err(disk("write", &self.path, &error));
        }
        self.length += line.len() as u64;
        Ok(())
    }

    fn replace(&mut self, records: &[Record]) -> Result<(), StateError> {
        let fresh = beside(&self.path, "new");
        let write = || -> io::Result<u64> {
            let mut file = File::create(&fresh)?;
            let mut length = 0;
            for record in records {
                let line = line(record).map_err(io::Error::other)?;
                file.write_all(&line)?;
                length += line.len() as u64;
            }
            file.sync_all()?;
            Ok(length)
        };
        let length = write().map_err(|error| {
            // Half of it takes room that the disk may not have; the old records stand where they stood.
            let _ = fs::remove_file(&fresh);
            disk("rewrite", &self.path, &error)
        })?;
        // Should this fail after the renaming, our handle is no longer the file of that name.
        self.is_uncertain = true;
        fs::rename(&fresh, &self.path)
            .and_then(|()| sync_folder(&self.path))
            .map_err(|error| disk("rewrite", &self.path, &error))?;
        self.file = open_for_appending(&self.path).map_err(self.disk("open"))?;
        self.length = length;
        self.is_uncertain = false;
        Ok(())
    }
}

fn open_for_appending(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().create(true).append(true).open(path)?;
    sync_folder(path)?;
    Ok(file)
}

/// Makes a name in a folder survive a crash; a no-op where folders cannot be opened.
fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        File::open(folder)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

fn line(record: &Record) -> Result<Vec<u8>, StateError> {
    let mut line = serde_json::to_vec(record).map_err(|error| damaged(0, &error.to_string()))?;
    line.push(b'\n');
    if line.len() > MAX_RECORD_BYTES {
        return Err(damaged(0, "it is too long to be kept"));
    }
    Ok(line)
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    PathBuf::from(name)
}

fn disk(what: &'static str, path: &Path, error: &io::Error) -> StateError {
    let path = path.display().to_string();
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StateError::Full { path },
        _ => StateError::Disk {
            what,
            path,
            why: error.to_string(),
        },
    }
}

fn damaged(record: usize, why: &str) -> StateError {
    StateError::Damaged {
        record,
        why: why.to_owned(),
    }
}
