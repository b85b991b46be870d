//! What the disk and SQLite give to somebody with no product around them: the peers of the queue.

use std::{
    fs::File,
    io::{Seek, SeekFrom, Write},
    path::Path,
    time::Instant,
};

use anyhow::{Result, ensure};
use sqlx::{
    ConnectOptions, Connection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use crate::series::rate;

/// Bytes of one write: a page.
const PAGE: [u8; 4_096] = [7; 4_096];
/// Pages that are written over and over, so that the file does not grow, as a write-ahead log does not.
const PAGES: usize = 256;
/// Stages of one task.
pub(crate) const STAGES: [&str; 4] = ["working", "recorded", "judging", "releasing"];

/// Pages written, each followed by fdatasync: a second.
pub(crate) fn syncs(folder: &Path, count: usize) -> Result<f64> {
    let path = folder.join("syncs");
    let mut file = File::create(&path)?;
    file.write_all(&PAGE.repeat(PAGES))?;
    file.sync_all()?;
    let began = Instant::now();
    for number in 0..count {
        if number.is_multiple_of(PAGES) {
            file.seek(SeekFrom::Start(0))?;
        }
        file.write_all(&PAGE)?;
        file.sync_data()?;
    }
    let rate = rate(count, began);
    std::fs::remove_file(path)?;
    Ok(rate)
}

/// Tasks a second that pass their stages in a bare table: one compare-and-swap of a small row for each stage,
/// `batch` of them in one transaction; no state beside it, no audit, no events.
pub(crate) async fn tasks(folder: &Path, count: usize, batch: usize) -> Result<f64> {
    let path = folder.join("bare.db");
    let mut conn = SqliteConnectOptions::new()
        .filename(&path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .disable_statement_logging()
        .connect()
        .await?;
    sqlx::query(
        "CREATE TABLE tasks (id INTEGER PRIMARY KEY, state TEXT NOT NULL, version INTEGER NOT NULL)",
    )
    .execute(&mut conn)
    .await?;
    sqlx::query(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) \
         INSERT INTO tasks SELECT i, 'ready', 0 FROM n",
    )
    .bind(i64::try_from(count)?)
    .execute(&mut conn)
    .await?;
    let ids: Vec<i64> = (1..=i64::try_from(count)?).collect();
    let began = Instant::now();
    for group in ids.chunks(batch) {
        for (version, stage) in STAGES.iter().enumerate() {
            move_on(&mut conn, group, stage, i64::try_from(version)?).await?;
        }
    }
    let rate = rate(count, began);
    conn.close().await?;
    for end in ["", "-wal", "-shm"] {
        let file = folder.join(format!("bare.db{end}"));
        if file.exists() {
            std::fs::remove_file(file)?;
        }
    }
    Ok(rate)
}

async fn move_on(
    conn: &mut SqliteConnection,
    ids: &[i64],
    stage: &str,
    version: i64,
) -> Result<()> {
    let mut transaction = conn.begin().await?;
    for id in ids {
        let done = sqlx::query(
            "UPDATE tasks SET state = ?1, version = version + 1 WHERE id = ?2 AND version = ?3",
        )
        .bind(stage)
        .bind(id)
        .bind(version)
        .execute(&mut *transaction)
        .await?;
        ensure!(done.rows_affected() == 1, "a bare row was not there");
    }
    transaction.commit().await?;
    Ok(())
}
