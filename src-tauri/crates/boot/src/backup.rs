//! Where copies of the database lie, and what they are called.
//!
//! Never here: how a copy is made (`store`).

use std::path::PathBuf;

use anyhow::Result;
use chimera_ports::clock::Clock;

use crate::{at_rest, clock::SystemClock, files::DATABASE, settings::Settings};

/// A copy that was made and checked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Backup {
    /// The copy.
    pub path: PathBuf,
    /// The database that it is of.
    pub of: PathBuf,
    /// Its size.
    pub bytes: u64,
}

/// Copies the database to `to`, or beside it under a name of this second. A Chimera may be running on it.
///
/// # Errors
/// When there is none, when it is damaged, when the copy cannot be written or is not sound, or when its name is taken.
pub async fn back_up(settings: &Settings, to: Option<PathBuf>) -> Result<Backup> {
    let of = settings.data_dir.join(DATABASE);
    let now = SystemClock.now().to_string();
    // 2026-11-22T09:15:01… as 20261122T091501.
    let second: String = now
        .chars()
        .take_while(|c| *c != '.' && *c != 'Z')
        .filter(|c| c.is_ascii_alphanumeric())
        .collect();
    let beside = || settings.data_dir.join(format!("{DATABASE}.{second}.bak"));
    let path = to.unwrap_or_else(beside);
    let key = at_rest::key_to_read(settings).await?;
    let bytes = chimera_store::back_up(&of, &path, key.as_ref()).await?;
    Ok(Backup { path, of, bytes })
}
