//! The schema: its numbered migrations and how a file is brought up to date.
//!
//! Migrations only add (style 17). Never here: reading or writing rows.

use std::path::{Path, PathBuf};

use sqlx::{SqliteConnection, raw_sql};

use crate::file::beside;
use crate::{
    StoreError,
    failure::{Failure, primary_code},
};

/// One step of the schema.
pub(crate) struct Migration {
    /// 1, 2, 3 …
    pub(crate) number: u32,
    /// The lowest schema that a binary must know to open a file with this step.
    pub(crate) min_reader: u32,
    /// What it does.
    pub(crate) sql: &'static str,
}

/// Every step, in order. The PostgreSQL folder has the same numbers.
pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        number: 1,
        min_reader: 1,
        sql: include_str!("../../migrations/sqlite/0001_people.sql"),
    },
    Migration {
        number: 2,
        min_reader: 2,
        sql: include_str!("../../migrations/sqlite/0002_campaigns.sql"),
    },
    Migration {
        number: 3,
        min_reader: 3,
        sql: include_str!("../../migrations/sqlite/0003_tasks.sql"),
    },
    Migration {
        number: 4,
        min_reader: 4,
        sql: include_str!("../../migrations/sqlite/0004_reviews.sql"),
    },
    Migration {
        number: 5,
        min_reader: 5,
        sql: include_str!("../../migrations/sqlite/0005_content.sql"),
    },
    Migration {
        number: 6,
        min_reader: 6,
        sql: include_str!("../../migrations/sqlite/0006_logs.sql"),
    },
    Migration {
        number: 7,
        // An older binary does not know the status FAILED.
        min_reader: 7,
        sql: include_str!("../../migrations/sqlite/0007_endings.sql"),
    },
    Migration {
        number: 8,
        min_reader: 7,
        sql: include_str!("../../migrations/sqlite/0008_rehearsal.sql"),
    },
    Migration {
        number: 9,
        // An older binary does not know the kind of task in which the planner is asked again.
        min_reader: 9,
        sql: include_str!("../../migrations/sqlite/0009_replanning.sql"),
    },
    Migration {
        number: 10,
        // An older binary would make calls that no line tells of, and overlook a budget that is used up.
        min_reader: 10,
        sql: include_str!("../../migrations/sqlite/0010_ledger.sql"),
    },
    Migration {
        number: 11,
        // An older binary would take a step without a cap for one that may cost nothing.
        min_reader: 11,
        sql: include_str!("../../migrations/sqlite/0011_caps.sql"),
    },
    Migration {
        number: 12,
        min_reader: 11,
        sql: include_str!("../../migrations/sqlite/0012_figures.sql"),
    },
    Migration {
        number: 13,
        // An older binary writes records that are sealed when a newer one is back.
        min_reader: 11,
        sql: include_str!("../../migrations/sqlite/0013_chain.sql"),
    },
    Migration {
        number: 14,
        min_reader: 11,
        sql: include_str!("../../migrations/sqlite/0014_trend_clusters.sql"),
    },
    Migration {
        number: 15,
        min_reader: 11,
        sql: include_str!("../../migrations/sqlite/0015_memory.sql"),
    },
    Migration {
        number: 16,
        min_reader: 11,
        sql: include_str!("../../migrations/sqlite/0016_dead_letters.sql"),
    },
    Migration {
        number: 17,
        // An older binary starts none of them.
        min_reader: 11,
        sql: include_str!("../../migrations/sqlite/0017_mcp_servers.sql"),
    },
    Migration {
        number: 18,
        // An older binary would let an API key do what only a person may.
        min_reader: 18,
        sql: include_str!("../../migrations/sqlite/0018_keys.sql"),
    },
    Migration {
        number: 19,
        // An older binary reads no labels, and what it writes carries none: a person decides about that.
        min_reader: 18,
        sql: include_str!("../../migrations/sqlite/0019_provenance.sql"),
    },
    Migration {
        number: 20,
        min_reader: 11,
        sql: include_str!("../../migrations/sqlite/0020_memory_tasks.sql"),
    },
    Migration {
        number: 21,
        // An older binary would call a log that was cut by rule broken, and carry records on that were taken out.
        min_reader: 21,
        sql: include_str!("../../migrations/sqlite/0021_retention.sql"),
    },
    Migration {
        number: 22,
        // An older binary would carry a plan's private words on as if they were nobody's business to keep.
        min_reader: 22,
        sql: include_str!("../../migrations/sqlite/0022_plan_privacy.sql"),
    },
    Migration {
        number: 23,
        // An older binary would make calls beyond a step's tokens, and set none aside.
        min_reader: 23,
        sql: include_str!("../../migrations/sqlite/0023_tokens.sql"),
    },
];

/// The newest schema that this binary knows.
pub(crate) const SCHEMA_VERSION: u32 = MIGRATIONS.len() as u32;

/// Brings a file from schema `from` (0: empty) to the newest, after a backup when there is anything in it.
pub(crate) async fn migrate(
    conn: &mut SqliteConnection,
    path: &Path,
    from: u32,
) -> Result<(), StoreError> {
    let pending = || MIGRATIONS.iter().filter(|step| step.number > from);
    if pending().next().is_none() {
        return Ok(());
    }
    if from > 0 {
        back_up(conn, path, from).await?;
    }
    for step in pending() {
        apply(conn, step)
            .await
            .map_err(|error| failed(path, step, &error))?;
    }
    Ok(())
}

/// Applies one step in one transaction.
pub(crate) async fn apply(
    conn: &mut SqliteConnection,
    step: &Migration,
) -> Result<(), sqlx::Error> {
    sqlx::query("BEGIN IMMEDIATE").execute(&mut *conn).await?;
    let applied = async {
        raw_sql(step.sql).execute(&mut *conn).await?;
        sqlx::query(
            "INSERT INTO schema_info (id, version, min_reader_version, clean) VALUES (1, ?1, ?2, 0) \
             ON CONFLICT (id) DO UPDATE SET version = ?1, min_reader_version = max(min_reader_version, ?2)",
        )
        .bind(step.number)
        .bind(step.min_reader)
        .execute(&mut *conn)
        .await?;
        sqlx::query("COMMIT").execute(&mut *conn).await
    }
    .await;
    if applied.is_err() {
        // No transaction is open after some errors; then this has nothing to do.
        drop(sqlx::query("ROLLBACK").execute(conn).await);
    }
    applied.map(drop)
}

async fn back_up(conn: &mut SqliteConnection, path: &Path, from: u32) -> Result<(), StoreError> {
    let backup = free_name(path, from);
    let failed = |detail: String| StoreError::Backup {
        path: path.to_owned(),
        backup: backup.clone(),
        detail,
    };
    let Some(target) = backup.to_str() else {
        return Err(failed("its name is not Unicode".to_owned()));
    };
    sqlx::query("VACUUM INTO ?1")
        .bind(target)
        .execute(conn)
        .await
        .map_err(|error| failed(error.to_string()))?;
    tracing::info!(backup = %backup.display(), from, to = SCHEMA_VERSION, "the database was copied before its change");
    Ok(())
}

/// Most backups of one schema that are told apart by number.
const MAX_BACKUPS: u32 = 1_000;

/// A name beside the database that nothing has yet.
fn free_name(path: &Path, from: u32) -> PathBuf {
    let plain = beside(path, &format!(".schema-{from}.bak"));
    let numbered =
        (2..MAX_BACKUPS).map(|count| beside(path, &format!(".schema-{from}.{count}.bak")));
    std::iter::once(plain.clone())
        .chain(numbered)
        .find(|name| !name.exists())
        .unwrap_or(plain)
}

fn failed(path: &Path, step: &Migration, error: &sqlx::Error) -> StoreError {
    let path = path.to_owned();
    let detail = format!("schema step {} failed: {error}", step.number);
    match primary_code(error) {
        Some(13) => StoreError::Full { path, detail },
        Some(8) => StoreError::ReadOnly { path, detail },
        Some(11 | 26) => StoreError::corrupt(&path, detail),
        _ => StoreError::Other { path, detail },
    }
}

/// What a file says of itself.
pub(crate) struct SchemaInfo {
    pub(crate) version: u32,
    pub(crate) min_reader: u32,
    pub(crate) is_clean: bool,
}

/// Reads what the file says of itself; `None` when it has no tables at all.
pub(crate) async fn schema_info(
    conn: &mut SqliteConnection,
) -> Result<Option<SchemaInfo>, Failure> {
    let tables: (i64,) = sqlx::query_as("SELECT count(*) FROM sqlite_schema")
        .fetch_one(&mut *conn)
        .await?;
    if tables.0 == 0 {
        return Ok(None);
    }
    let (version, min_reader, clean): (u32, u32, i64) =
        sqlx::query_as("SELECT version, min_reader_version, clean FROM schema_info")
            .fetch_one(conn)
            .await?;
    Ok(Some(SchemaInfo {
        version,
        min_reader,
        is_clean: clean != 0,
    }))
}
