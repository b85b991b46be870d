//! How a file is read that is not to be changed, also on a disk on which nothing can be made.
//!
//! Never here: what is read.

use std::path::Path;

use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};

use super::lock::beside;
use crate::failure::primary_code;

/// SQLite's code for a file that it cannot open.
const CANNOT_OPEN: i32 = 14;

/// The same to read alone. SQLite puts an index of the log beside a database to read it, which a disk that is mounted
/// read-only does not take, and then opens nothing. Where there is no log, there is nothing to index: then, and only if it
/// cannot be read otherwise, SQLite is told that nobody changes the file.
pub(crate) async fn to_read(options: SqliteConnectOptions, path: &Path) -> SqliteConnectOptions {
    let options = options.read_only(true);
    let looked = async {
        let mut conn = options.clone().connect().await?;
        let looked = sqlx::query("PRAGMA schema_version")
            .execute(&mut conn)
            .await;
        drop(conn.close().await);
        looked.map(drop)
    };
    match looked.await {
        // Whoever has it open to write has its log beside it.
        Err(error)
            if primary_code(&error) == Some(CANNOT_OPEN) && !beside(path, "-wal").exists() =>
        {
            options.immutable(true)
        }
        _ => options,
    }
}
