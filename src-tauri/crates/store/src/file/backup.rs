//! A copy of a database, made while it is in use, checked, and on the disk before its name is.
//!
//! Never here: putting a copy back. That is a person's act, with Chimera stopped.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use chimera_ports::data_key::DataKey;
use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use super::{
    leftovers::{Unfinished, sweep},
    reading::to_read,
    sealed::{form, key_for, with_key},
};
use crate::{
    StoreError,
    sqlite::{is_ours, translate},
};

/// Copies the database at `from` to `to`, which must not be there yet; answers how many bytes it has. It may be in use
/// meanwhile: the copy is of one moment. With a key, the copy of an encrypted database is encrypted with the same one.
///
/// # Errors
/// [`StoreError`] says what kept it; nothing is left at `to` then, and `from` is as it was.
pub async fn back_up(from: &Path, to: &Path, key: Option<&DataKey>) -> Result<u64, StoreError> {
    let failed = |detail: String| StoreError::Backup {
        path: from.to_owned(),
        backup: to.to_owned(),
        detail,
    };
    let is_there = || failed("something is there already, and is not written over".to_owned());
    if to.exists() {
        return Err(is_there());
    }
    let key = key_for(form(from)?, key);
    if !is_ours(from, key).await? {
        return Err(failed("there is no database to copy".to_owned()));
    }
    let folder = match to.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => folder.to_owned(),
        None => PathBuf::from("."),
    };
    std::fs::create_dir_all(&folder).map_err(|error| failed(error.to_string()))?;
    sweep(&folder, from);
    // Under another name until it is whole: what has the name is a copy.
    let unfinished = Unfinished::begin(to).map_err(|error| failed(error.to_string()))?;
    let made = make(from, &unfinished.path, key).await;
    let named = made.and_then(|bytes| match std::fs::hard_link(&unfinished.path, to) {
        Ok(()) => Ok(bytes),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Err(is_there()),
        Err(error) => Err(failed(error.to_string())),
    });
    // What is left of it is nobody's copy.
    drop(unfinished);
    let bytes = named?;
    File::open(&folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| failed(error.to_string()))?;
    Ok(bytes)
}

async fn make(from: &Path, copy: &Path, key: Option<&DataKey>) -> Result<u64, StoreError> {
    let failed = |detail: String| StoreError::Backup {
        path: from.to_owned(),
        backup: copy.to_owned(),
        detail,
    };
    let name = copy
        .to_str()
        .ok_or_else(|| failed("its name is not Unicode".to_owned()))?;
    // Made beforehand, so that nobody else on this machine reads along: the copy may lie in anybody's folder.
    owners_own(copy).map_err(|error| failed(error.to_string()))?;
    let mut conn = reading(from, key).await?;
    let copied = sqlx::query("VACUUM INTO ?1")
        .bind(name)
        .execute(&mut conn)
        .await;
    drop(conn.close().await);
    if let Err(error) = copied {
        return Err(match translate(from, &error) {
            damaged @ StoreError::Corrupt { .. } => damaged,
            _ => failed(error.to_string()),
        });
    }
    let mut conn = reading(copy, key).await?;
    let verdict: Result<String, sqlx::Error> = sqlx::query_scalar("PRAGMA integrity_check(1)")
        .fetch_one(&mut conn)
        .await;
    drop(conn.close().await);
    match verdict {
        Ok(verdict) if verdict == "ok" => {}
        Ok(verdict) => return Err(failed(format!("the copy is not sound: {verdict}"))),
        Err(error) => return Err(failed(format!("the copy cannot be read: {error}"))),
    }
    let on_disk = File::options()
        .write(true)
        .open(copy)
        .and_then(|file| file.sync_all().and_then(|()| file.metadata()));
    let file = on_disk.map_err(|error| failed(error.to_string()))?;
    Ok(file.len())
}

/// Makes an empty file that only its owner reads.
fn owners_own(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

async fn reading(path: &Path, key: Option<&DataKey>) -> Result<SqliteConnection, StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .disable_statement_logging();
    to_read(with_key(options, key), path)
        .await
        .connect()
        .await
        .map_err(|error| translate(path, &error))
}
