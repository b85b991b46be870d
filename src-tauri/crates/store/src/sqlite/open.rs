//! Opening a database: whose it is, whether it is sound, whether this binary may read it; then up to date.
//!
//! A file that is refused is left as it was. Never here: reading or writing rows.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use chimera_ports::data_key::DataKey;
use sqlx::{
    ConnectOptions, Connection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{
    commit::{BatchLimits, Writer},
    migrate::{self, SCHEMA_VERSION, SchemaInfo},
    store::SqliteStore,
};
use crate::{
    StoreError,
    board::BoardReader,
    error::newest_backup,
    failure::{Failure, primary_code},
    file::{
        Form, InstanceLock, OpenedFile, beside, form, key_for, refused, seal, to_read,
        wait_at_exit, with_key,
    },
    scrub::SECURE_DELETE,
};

/// `PRAGMA application_id` of a Chimera database: "CHIM" in ASCII.
const APPLICATION_ID: i64 = 0x4348_494d;
/// Pages of the write-ahead log after which they are moved into the file.
const CHECKPOINT_PAGES: u32 = 4_000;
/// Bytes of page cache of the writing connection.
const WRITER_CACHE_KIB: u32 = 65_536;
/// Bytes of page cache of each reading connection.
const READER_CACHE_KIB: u32 = 16_384;
/// The schema that brought the chain over the audit log.
const CHAINED_SINCE: u32 = 13;
/// Prepared statements that a connection keeps.
const STATEMENTS_KEPT: usize = 256;

/// How a store is opened. [`StoreOptions::at`] has sensible values.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// The database file; made, with its folder, when it is not there.
    pub path: PathBuf,
    /// How long a statement waits for another program's lock on the file.
    pub busy_timeout: Duration,
    /// How long a predecessor that is just leaving is waited for.
    pub lock_wait: Duration,
    /// Most writes that share one transaction.
    pub batch_max_items: usize,
    /// Longest that a write waits for company, when company is to be expected.
    pub batch_max_wait: Duration,
    /// Connections that read.
    pub readers: u32,
    /// Largest size of the file in bytes; `None` for what the disk holds.
    pub max_bytes: Option<u64>,
    /// The key that the file is encrypted with; a plain file is encrypted on opening. `None` for a plain file.
    pub key: Option<DataKey>,
    /// Files that are written once there is a database, and not before: where one is there without it, it was lost.
    pub kept_along: Vec<PathBuf>,
}

impl StoreOptions {
    /// The usual options for a database at `path`.
    #[must_use]
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            busy_timeout: Duration::from_secs(5),
            lock_wait: Duration::from_secs(2),
            batch_max_items: 512,
            batch_max_wait: Duration::from_millis(2),
            readers: 4,
            max_bytes: None,
            key: None,
            kept_along: Vec::new(),
        }
    }
}

pub(super) async fn open(options: &StoreOptions) -> Result<SqliteStore, StoreError> {
    let path = options.path.as_path();
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::create_dir_all(folder).map_err(|error| refused(folder, &error))?;
    }
    let lock = InstanceLock::take(path, options.lock_wait).await?;
    let key = options.key.as_ref();
    let info = inspect(path, key).await?;
    if info.is_none() {
        is_first_start(options)?;
    }
    if let (Some(key), Form::Plain) = (key, form(path)?) {
        seal(path, key).await?;
    }
    let from = info.as_ref().map_or(0, |info| info.version);
    let mut conn = connect(options, path).await?;
    if info.is_none() {
        sqlx::query("PRAGMA application_id = 1128810829")
            .execute(&mut conn)
            .await
            .map_err(|error| translate(path, &error))?;
    }
    migrate::migrate(&mut conn, path, from).await?;
    sqlx::query("UPDATE schema_info SET clean = 0")
        .execute(&mut conn)
        .await
        .map_err(|error| translate(path, &error))?;
    let reads = SqlitePoolOptions::new()
        .max_connections(options.readers.max(1))
        .min_connections(1)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(reader(options))
        .await
        .map_err(|error| translate(path, &error))?;
    let limits = BatchLimits {
        max_items: options.batch_max_items.max(1),
        max_wait: options.batch_max_wait,
    };
    let writer = Writer::start(conn, OpenedFile::at(path), limits, lock).await;
    let writer = writer.map_err(|error| StoreError::no_thread(path, &error))?;
    let boards = BoardReader::start(reads.clone()).await;
    let boards = boards.map_err(|error| StoreError::no_thread(path, &error))?;
    Ok(SqliteStore::new(reads, boards, writer))
}

/// Refuses to begin anew where a database was: copies of it, its log, or what is kept along with it tell so.
fn is_first_start(options: &StoreOptions) -> Result<(), StoreError> {
    let path = options.path.as_path();
    let backup = newest_backup(path);
    let log = Some(beside(path, "-wal")).filter(|log| has_content(log));
    let mut kept = options.kept_along.iter().filter(|file| has_content(file));
    match backup.clone().or(log).or_else(|| kept.next().cloned()) {
        None => Ok(()),
        Some(left) => Err(StoreError::Gone {
            path: path.to_owned(),
            left,
            backup,
        }),
    }
}

fn has_content(file: &Path) -> bool {
    std::fs::metadata(file).is_ok_and(|file| file.len() > 0)
}

/// Whether there is a database of ours in the file.
pub(crate) async fn is_ours(path: &Path, key: Option<&DataKey>) -> Result<bool, StoreError> {
    inspect(path, key).await.map(|info| info.is_some())
}

/// A store whose every write fails, on a file that may belong to another process.
pub(super) async fn open_to_read(options: &StoreOptions) -> Result<SqliteStore, StoreError> {
    let path = options.path.as_path();
    let Some(info) = inspect(path, options.key.as_ref()).await? else {
        return Err(StoreError::Other {
            path: path.to_owned(),
            detail: "there is no database of Chimera here; name its folder with --data-dir"
                .to_owned(),
        });
    };
    if info.version < CHAINED_SINCE {
        let version = info.version;
        return Err(StoreError::Other {
            path: path.to_owned(),
            detail: format!(
                "its schema is {version}, which has no chain over the audit log; start this program on it once to bring it up to date"
            ),
        });
    }
    // Its owner encrypts it, not a reader.
    let as_it_is = StoreOptions {
        key: key_for(form(path)?, options.key.as_ref()).cloned(),
        ..options.clone()
    };
    let reads = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(to_read(reader(&as_it_is), path).await)
        .await
        .map_err(|error| translate(path, &error))?;
    let boards = BoardReader::start(reads.clone()).await;
    let boards = boards.map_err(|error| StoreError::no_thread(path, &error))?;
    Ok(SqliteStore::new(reads, boards, Writer::closed()))
}

/// Looks at the file without being able to change it; `None` when there is nothing in it yet.
async fn inspect(path: &Path, key: Option<&DataKey>) -> Result<Option<SchemaInfo>, StoreError> {
    let form = form(path)?;
    let key = key_for(form, key);
    match form {
        Form::Empty => return Ok(None),
        Form::Unreadable if key.is_none() => {
            let found = "no SQLite file, unless it is encrypted and the key file beside it is gone";
            return Err(StoreError::not_ours(path, found));
        }
        Form::Plain | Form::Unreadable => {}
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .disable_statement_logging();
    let options = to_read(with_key(options, key), path).await;
    let opened = async {
        let mut conn = options
            .connect()
            .await
            .map_err(|error| translate(path, &error))?;
        let info = look(&mut conn, path).await;
        // A connection that cannot change anything has nothing to say on leaving.
        drop(conn.close().await);
        info
    };
    match opened.await {
        Err(StoreError::Corrupt { detail, .. }) if key.is_some() => {
            let detail = format!(
                "it cannot be decrypted ({detail}): its beginning is damaged, or the key file beside it belongs to another"
            );
            Err(StoreError::corrupt(path, detail))
        }
        info => info,
    }
}

async fn look(conn: &mut SqliteConnection, path: &Path) -> Result<Option<SchemaInfo>, StoreError> {
    let (id,): (i64,) = sqlx::query_as("PRAGMA application_id")
        .fetch_one(&mut *conn)
        .await
        .map_err(|error| translate(path, &error))?;
    let info = if id == APPLICATION_ID || id == 0 {
        migrate::schema_info(conn).await
    } else {
        Ok(None)
    };
    let info = match info {
        Ok(Some(info)) if id == APPLICATION_ID => info,
        Ok(None) if id == 0 || id == APPLICATION_ID => return Ok(None),
        Err(Failure::Sql(error)) if id == APPLICATION_ID || is_damage(&error) => {
            return Err(translate(path, &error));
        }
        _ => {
            let found = "a SQLite database of another program";
            return Err(StoreError::not_ours(path, found));
        }
    };
    if info.min_reader > SCHEMA_VERSION {
        return Err(StoreError::NewerSchema {
            path: path.to_owned(),
            needed: info.min_reader,
            supported: SCHEMA_VERSION,
        });
    }
    if !info.is_clean {
        // The last one was cut off. SQLite survives that; disks do not always.
        let (verdict,): (String,) = sqlx::query_as("PRAGMA quick_check(1)")
            .fetch_one(conn)
            .await
            .map_err(|error| translate(path, &error))?;
        if verdict != "ok" {
            return Err(StoreError::corrupt(path, verdict));
        }
    }
    Ok(Some(info))
}

/// What every connection to the file has in common.
fn common(options: &StoreOptions) -> SqliteConnectOptions {
    let common = SqliteConnectOptions::new()
        .filename(&options.path)
        .foreign_keys(true)
        .busy_timeout(options.busy_timeout)
        .statement_cache_capacity(STATEMENTS_KEPT)
        .pragma("temp_store", "memory")
        .disable_statement_logging();
    with_key(common, options.key.as_ref())
}

fn reader(options: &StoreOptions) -> SqliteConnectOptions {
    common(options)
        .create_if_missing(false)
        .pragma("query_only", "1")
        .pragma("cache_size", format!("-{READER_CACHE_KIB}"))
}

async fn connect(options: &StoreOptions, path: &Path) -> Result<SqliteConnection, StoreError> {
    let writing = common(options)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES.to_string())
        .pragma("secure_delete", SECURE_DELETE)
        .pragma("cache_size", format!("-{WRITER_CACHE_KIB}"));
    let mut conn = writing
        .connect()
        .await
        .map_err(|error| translate(path, &error))?;
    wait_at_exit();
    if let Some(max_bytes) = options.max_bytes {
        let (page_bytes,): (i64,) = sqlx::query_as("PRAGMA page_size")
            .fetch_one(&mut conn)
            .await
            .map_err(|error| translate(path, &error))?;
        let pages = i64::try_from(max_bytes).unwrap_or(i64::MAX) / page_bytes.max(1);
        // A pragma takes no parameters; a number cannot carry SQL.
        sqlx::query(sqlx::AssertSqlSafe(format!(
            "PRAGMA max_page_count = {}",
            pages.max(1)
        )))
        .execute(&mut conn)
        .await
        .map_err(|error| translate(path, &error))?;
    }
    Ok(conn)
}

fn is_damage(error: &sqlx::Error) -> bool {
    matches!(primary_code(error), Some(11 | 26))
}

/// An error on opening in the store's words.
pub(crate) fn translate(path: &Path, error: &sqlx::Error) -> StoreError {
    let (path, detail) = (path.to_owned(), error.to_string());
    match primary_code(error) {
        Some(11 | 26) => StoreError::corrupt(&path, detail),
        Some(3 | 8) => StoreError::ReadOnly { path, detail },
        Some(13) => StoreError::Full { path, detail },
        Some(5) => StoreError::InUse { path, holder: None },
        _ => StoreError::Other { path, detail },
    }
}
