//! Why a store could not be opened. Everything later is a `PortError`.
//!
//! Never here: recovery. The store changes nothing about a file that it refuses.

use std::path::PathBuf;

/// Why a database file could not be opened. Unless the text says otherwise, the file was left as it is.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another Chimera has it.
    #[error(
        "{} is in use by another Chimera{}; nothing was changed. Close that one, or give this one a data folder of \
         its own",
        path.display(),
        holder.map(|pid| format!(" (process {pid})")).unwrap_or_default()
    )]
    InUse {
        /// The database.
        path: PathBuf,
        /// Who has it, when known.
        holder: Option<u32>,
    },
    /// It is a file of something else.
    #[error(
        "{} is not a Chimera database ({found}); nothing was changed. {}",
        path.display(),
        match backup {
            Some(backup) => format!(
                "If it was one, copy it somewhere safe and put its newest copy, {}, in its place", backup.display()
            ),
            None => "Choose another path, or move that file away".to_owned(),
        }
    )]
    NotOurs {
        /// The file.
        path: PathBuf,
        /// What it looks like.
        found: String,
        /// The newest copy beside it.
        backup: Option<PathBuf>,
    },
    /// There is nothing in it any more, while what belongs to it still lies beside it.
    #[error(
        "{} is gone or empty, and {} still lies beside it, so that this is no first start; nothing was changed. {} To \
         begin anew, move what lies beside it away",
        path.display(),
        left.display(),
        match backup {
            Some(backup) => format!("Put the newest copy, {}, in its place.", backup.display()),
            None => "Put a copy of yours in its place (there is none beside it; `chimerad backup` makes one).".to_owned(),
        }
    )]
    Gone {
        /// The database.
        path: PathBuf,
        /// What was found beside it.
        left: PathBuf,
        /// The newest copy beside it.
        backup: Option<PathBuf>,
    },
    /// The file has two names, under each of which another Chimera could open it.
    #[error(
        "{} has another name in this file system (a hard link); nothing was changed. A log is kept by a file's name, so \
         that two programs on two names would destroy it: remove the other name, or make a copy of the file in its place",
        path.display()
    )]
    Linked {
        /// The database.
        path: PathBuf,
    },
    /// It is damaged.
    #[error(
        "{} is damaged: {detail}. Nothing was changed. Copy the file somewhere safe, then put {} in its place, or \
         recover what can be read with `sqlite3 FILE .recover`",
        path.display(),
        match backup {
            Some(backup) => format!("its newest copy, {},", backup.display()),
            None => "a copy of yours (there is none beside it; `chimerad backup` makes one)".to_owned(),
        }
    )]
    Corrupt {
        /// The database.
        path: PathBuf,
        /// What was found.
        detail: String,
        /// The newest copy beside it.
        backup: Option<PathBuf>,
    },
    /// A newer Chimera wrote it.
    #[error(
        "{} was written by a newer Chimera: it needs one that reads schema {needed}, this one reads up to \
         {supported}. Nothing was changed. Install the newer version, or open the backup from before the change",
        path.display()
    )]
    NewerSchema {
        /// The database.
        path: PathBuf,
        /// The lowest schema that a reader must know.
        needed: u32,
        /// The newest schema that this binary knows.
        supported: u32,
    },
    /// It cannot be written to.
    #[error(
        "{} cannot be written to ({detail}); nothing was changed. Check the owner and permissions of the file and its \
         folder, and that the disk is not mounted read-only. `chimerad backup --to` puts a copy on another disk",
        path.display()
    )]
    ReadOnly {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        detail: String,
    },
    /// No room.
    #[error(
        "there is no room for {} ({detail}); what was there is unharmed. Free some disk space, then start again. \
         `chimerad backup --to` puts a copy on another disk",
        path.display()
    )]
    Full {
        /// The database.
        path: PathBuf,
        /// What the system says.
        detail: String,
    },
    /// A copy could not be made; where it was to be made before a migration, there was none.
    #[error(
        "the backup {} of {} could not be made ({detail}); nothing was changed",
        backup.display(),
        path.display()
    )]
    Backup {
        /// The database.
        path: PathBuf,
        /// The copy that was to be made.
        backup: PathBuf,
        /// What went wrong.
        detail: String,
    },
    /// Anything else.
    #[error("{} cannot be opened: {detail}; nothing was changed", path.display())]
    Other {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        detail: String,
    },
}

impl StoreError {
    /// `path` is damaged; names the newest copy beside it.
    pub(crate) fn corrupt(path: &std::path::Path, detail: String) -> Self {
        Self::Corrupt {
            path: path.to_owned(),
            detail,
            backup: newest_backup(path),
        }
    }

    /// `path` is nothing that Chimera wrote; names the newest copy beside it.
    pub(crate) fn not_ours(path: &std::path::Path, found: impl Into<String>) -> Self {
        Self::NotOurs {
            path: path.to_owned(),
            found: found.into(),
            backup: newest_backup(path),
        }
    }

    /// What lies at `path` was opened, and nobody can work on it.
    pub(crate) fn no_thread(path: &std::path::Path, error: &std::io::Error) -> Self {
        Self::Other {
            path: path.to_owned(),
            detail: format!(
                "the system gives it no thread ({error}); end other programs, then start again"
            ),
        }
    }
}

/// The newest of the copies that lie beside a database.
pub(crate) fn newest_backup(database: &std::path::Path) -> Option<PathBuf> {
    let prefix = format!("{}.", database.file_name()?.to_str()?);
    let entries = std::fs::read_dir(database.parent()?).ok()?;
    let copies = entries.flatten().filter(|entry| {
        let name = entry.file_name();
        name.to_str()
            .is_some_and(|name| name.starts_with(&prefix) && name.ends_with(".bak"))
    });
    let dated = copies.filter_map(|entry| {
        let written = entry.metadata().ok()?.modified().ok()?;
        Some((written, entry.path()))
    });
    dated.max().map(|(_, path)| path)
}
