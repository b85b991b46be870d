//! Files encrypted as a whole: which form a file has, a connection with its key, and the way from plain to sealed.
//!
//! Every page of the file, of its write-ahead log and of its copies is encrypted and authenticated by SQLCipher, so
//! that no column can be forgotten. Never here: where the key comes from.

use std::{
    fmt::Write as _,
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use chimera_ports::data_key::DataKey;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions,
};

use super::lock::{beside, refused};
use crate::{StoreError, sqlite::translate};

/// First bytes of every SQLite file that is not encrypted.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// What is appended to the name of a file while its sealed form is written.
const UNFINISHED: &str = ".sealing";

/// What lies at a path, by its first bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Form {
    /// Nothing yet.
    Empty,
    /// A SQLite file that anybody can read.
    Plain,
    /// An encrypted file, or something else altogether.
    Unreadable,
}

/// Looks at the first bytes of a file.
pub(crate) fn form(path: &Path) -> Result<Form, StoreError> {
    let mut head = Vec::new();
    match File::open(path) {
        Ok(file) => file
            .take(MAGIC.len() as u64)
            .read_to_end(&mut head)
            .map_err(|error| refused(path, &error))?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Form::Empty),
        Err(error) => return Err(refused(path, &error)),
    };
    Ok(match head.as_slice() {
        [] => Form::Empty,
        head if head == MAGIC => Form::Plain,
        _ => Form::Unreadable,
    })
}

/// The key with which a file of this form is read: a plain one has none, whatever will become of it.
pub(crate) fn key_for(form: Form, key: Option<&DataKey>) -> Option<&DataKey> {
    key.filter(|_| form != Form::Plain)
}

/// Options that open a file with its key.
pub(crate) fn with_key(
    options: SqliteConnectOptions,
    key: Option<&DataKey>,
) -> SqliteConnectOptions {
    match key {
        // Nobody reads what statements are sent; a key in one is logged nowhere.
        Some(key) => options
            .pragma("key", format!("\"{}\"", literal(key)))
            .disable_statement_logging(),
        None => options,
    }
}

/// The key as SQLCipher takes it without deriving another one from it.
fn literal(key: &DataKey) -> String {
    let mut literal = "x'".to_owned();
    for byte in key.expose() {
        // Writing to a string does not fail.
        let _ = write!(literal, "{byte:02x}");
    }
    literal.push('\'');
    literal
}

/// Encrypts a plain file in its place. Whoever calls this has the file alone.
///
/// The sealed form is written beside it, checked, brought to the disk, and takes the name in one step: a process that is
/// killed leaves the one or the other, whole.
pub(crate) async fn seal(path: &Path, key: &DataKey) -> Result<(), StoreError> {
    let sealing = beside(path, UNFINISHED);
    remove(&sealing)?;
    let sealed = write_sealed(path, &sealing, key).await;
    if let Err(error) = sealed {
        // What is left of it is nobody's.
        drop(std::fs::remove_file(&sealing));
        return Err(error);
    }
    let placed = File::options()
        .write(true)
        .open(&sealing)
        .and_then(|file| file.sync_all())
        .and_then(|()| std::fs::rename(&sealing, path))
        .and_then(|()| sync_folder(path));
    placed.map_err(|error| refused(path, &error))
}

async fn write_sealed(path: &Path, sealing: &Path, key: &DataKey) -> Result<(), StoreError> {
    let wrong = |error: sqlx::Error| translate(path, &error);
    let mut conn = SqliteConnectOptions::new()
        .filename(path)
        // For what is attached: the file itself is there.
        .create_if_missing(true)
        .disable_statement_logging()
        .connect()
        .await
        .map_err(wrong)?;
    let exported = export(&mut conn, sealing, key).await;
    drop(conn.close().await);
    let objects = exported.map_err(wrong)?;
    // Without its log the plain file is whole, and no log of it is left beside the sealed one.
    for log in ["-wal", "-shm", "-journal"] {
        remove(&beside(path, log))?;
    }
    let unsound = |detail: String| StoreError::Other {
        path: path.to_owned(),
        detail: format!("its encrypted form is not sound: {detail}"),
    };
    let options = SqliteConnectOptions::new()
        .filename(sealing)
        .read_only(true);
    let mut conn = with_key(options, Some(key))
        .connect()
        .await
        .map_err(|error| unsound(error.to_string()))?;
    let verdict: Result<(String, i64), sqlx::Error> = async {
        let verdict = sqlx::query_scalar("PRAGMA integrity_check(1)")
            .fetch_one(&mut conn)
            .await?;
        Ok((verdict, count_objects(&mut conn, "main").await?))
    }
    .await;
    drop(conn.close().await);
    match verdict.map_err(|error| unsound(error.to_string()))? {
        (verdict, count) if verdict == "ok" && count == objects => Ok(()),
        (verdict, count) => Err(unsound(format!("{verdict}; {count} of {objects} tables"))),
    }
}

/// Copies everything; answers how many tables and indices there are.
async fn export(
    conn: &mut SqliteConnection,
    sealing: &Path,
    key: &DataKey,
) -> Result<i64, sqlx::Error> {
    // All of the log into the file, and the log away.
    sqlx::query("PRAGMA journal_mode = DELETE")
        .execute(&mut *conn)
        .await?;
    let name = sealing
        .to_str()
        .ok_or_else(|| sqlx::Error::Configuration("the name of the file is not Unicode".into()))?;
    // Neither a name nor a key can be a parameter here: the one is quoted, the other has hexadecimal digits only.
    sqlx::query(AssertSqlSafe(format!(
        "ATTACH DATABASE '{}' AS sealed KEY \"{}\"",
        name.replace('\'', "''"),
        literal(key)
    )))
    .execute(&mut *conn)
    .await?;
    sqlx::query("SELECT sqlcipher_export('sealed')")
        .execute(&mut *conn)
        .await?;
    for pragma in ["user_version", "application_id"] {
        let value: i64 = sqlx::query_scalar(AssertSqlSafe(format!("PRAGMA main.{pragma}")))
            .fetch_one(&mut *conn)
            .await?;
        sqlx::query(AssertSqlSafe(format!("PRAGMA sealed.{pragma} = {value}")))
            .execute(&mut *conn)
            .await?;
    }
    let objects = count_objects(conn, "main").await?;
    sqlx::query("DETACH DATABASE sealed")
        .execute(&mut *conn)
        .await?;
    Ok(objects)
}

async fn count_objects(conn: &mut SqliteConnection, schema: &str) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(AssertSqlSafe(format!(
        "SELECT count(*) FROM {schema}.sqlite_schema"
    )))
    .fetch_one(conn)
    .await
}

fn remove(path: &PathBuf) -> Result<(), StoreError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(refused(path, &error)),
        _ => Ok(()),
    }
}

fn sync_folder(path: &Path) -> std::io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all())
}
