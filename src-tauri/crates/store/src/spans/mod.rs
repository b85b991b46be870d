//! Spans in a file of their own: taken without ever waiting, written in batches, read beside.
//!
//! Who asks for room before it makes some is slowed down to what is written. A span that comes all the same when the
//! queue is full is lost and counted, as one is in a crash. Never here: the truth (that is the store).

mod desk;
mod known;
mod persons;
mod pruning;
mod read;
mod room;

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use chimera_domain::{id::TenantId, time::Timestamp, trace::TraceSpan};
use chimera_ports::{
    data_key::DataKey,
    error::PortError,
    spans::{PrunedSpans, SpanPruning, SpanSink},
};
use sqlx::{
    ConnectOptions, SqliteConnection, SqlitePool, raw_sql,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::{mpsc, oneshot};

use self::{
    desk::{Chore, Desk, Job},
    pruning::Due,
    room::{EASY, Room},
};
use crate::{
    StoreError,
    file::{Form, form, refused, seal, wait_at_exit, with_key},
    sqlite::translate,
    thread,
};

/// Most spans that wait to be written; what comes then is dropped and counted.
const MAX_WAITING_SPANS: usize = 65_536;
/// Most spans that are kept; beyond, the oldest ended runs are forgotten.
const MAX_KEPT_SPANS: i64 = 2_000_000;
/// Connections that read.
const READERS: u32 = 2;
/// The schema of the file.
const SCHEMA: i64 = 1;

/// Takes and reads spans. Cheap to clone.
#[derive(Clone, Debug)]
pub struct SqliteSpans {
    reads: SqlitePool,
    jobs: mpsc::Sender<Job>,
    room: Arc<Room>,
    dropped: Arc<AtomicU64>,
}

impl SqliteSpans {
    /// Opens the file of spans, making it when it is not there. With a key it is encrypted, also when it was plain.
    ///
    /// Work that a crash cut off is marked as cancelled.
    ///
    /// # Errors
    /// [`StoreError`] says what is wrong with the file; a file that is refused is left as it was.
    pub async fn open(path: impl Into<PathBuf>, key: Option<&DataKey>) -> Result<Self, StoreError> {
        Self::open_keeping(path.into(), key, MAX_KEPT_SPANS).await
    }

    pub(super) async fn open_keeping(
        path: PathBuf,
        key: Option<&DataKey>,
        max_kept: i64,
    ) -> Result<Self, StoreError> {
        if let Some(folder) = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            std::fs::create_dir_all(folder).map_err(|error| refused(folder, &error))?;
        }
        if let (Some(key), Form::Plain) = (key, form(&path)?) {
            seal(&path, key).await?;
        }
        let wrong = |error: sqlx::Error| translate(&path, &error);
        let common = SqliteConnectOptions::new()
            .filename(&path)
            .pragma("temp_store", "memory")
            .disable_statement_logging();
        let common = with_key(common, key);
        let mut conn = common
            .clone()
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .pragma("secure_delete", crate::scrub::SECURE_DELETE)
            .connect()
            .await
            .map_err(wrong)?;
        wait_at_exit();
        let (schema,): (i64,) = sqlx::query_as("PRAGMA user_version")
            .fetch_one(&mut conn)
            .await
            .map_err(wrong)?;
        if schema > SCHEMA {
            let needed = u32::try_from(schema).unwrap_or(u32::MAX);
            return Err(StoreError::NewerSchema {
                path,
                needed,
                supported: u32::try_from(SCHEMA).unwrap_or(u32::MAX),
            });
        }
        prepare(&mut conn, schema).await.map_err(wrong)?;
        let reads = SqlitePoolOptions::new()
            .max_connections(READERS)
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(common.pragma("query_only", "1"))
            .await
            .map_err(wrong)?;
        let (jobs, waiting) = mpsc::channel(MAX_WAITING_SPANS);
        let dropped = Arc::new(AtomicU64::new(0));
        let room = Arc::new(Room::default());
        let desk = Desk::new(conn, waiting, Arc::clone(&dropped), max_kept)
            .await
            .map_err(wrong)?;
        let started = thread::run("store-spans", desk.serve(Arc::clone(&room))).await;
        started.map_err(|error| StoreError::no_thread(&path, &error))?;
        Ok(Self {
            reads,
            jobs,
            room,
            dropped,
        })
    }

    /// How many spans were lost since the file was opened.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// Waits until every span that was recorded before this call can be read.
    pub async fn flush(&self) {
        let (reply, done) = oneshot::channel();
        if self.jobs.send(Job::Flush(reply)).await.is_ok() {
            // The desk has gone when there is no answer: then there is nothing to wait for.
            drop(done.await);
        }
    }

    /// Writes what waits and closes the file. Spans that come later are dropped and counted.
    pub async fn close(&self) {
        let (reply, done) = oneshot::channel();
        if self.jobs.send(Job::Close(reply)).await.is_ok() {
            drop(done.await);
        }
        self.reads.close().await;
    }
}

#[async_trait]
impl SpanSink for SqliteSpans {
    fn record(&self, span: TraceSpan) {
        if self.jobs.try_send(Job::Span(Box::new(span))).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    async fn room(&self) {
        let waiting = || self.jobs.max_capacity() - self.jobs.capacity();
        // Of a closed queue nobody would tell.
        self.room
            .wait(|| !self.jobs.is_closed() && waiting() >= EASY)
            .await;
    }
}

#[async_trait]
impl SpanPruning for SqliteSpans {
    async fn prune(
        &self,
        tenant: TenantId,
        before: Timestamp,
        runs: u32,
    ) -> Result<PrunedSpans, PortError> {
        let due = Due {
            tenant,
            before,
            runs,
        };
        self.chore(Chore::Prune(due)).await
    }
}

impl SqliteSpans {
    /// Has something done to stored spans by the task that writes them.
    async fn chore(&self, chore: Chore) -> Result<PrunedSpans, PortError> {
        let closed =
            || PortError::Internal("the file of spans is closed; nothing was changed".to_owned());
        let (reply, done) = oneshot::channel();
        let asked = self.jobs.send(Job::Chore(chore, reply)).await;
        asked.map_err(|_| closed())?;
        Ok(done.await.map_err(|_| closed())??)
    }
}

/// Makes the tables, or ends what the last process left open: nobody else will.
///
/// Waits (a campaign's run, an approval, an action on its way) outlive a process and stay open.
async fn prepare(conn: &mut SqliteConnection, schema: i64) -> Result<(), sqlx::Error> {
    if schema == 0 {
        raw_sql("BEGIN IMMEDIATE").execute(&mut *conn).await?;
        raw_sql(include_str!("../../migrations/spans/0001_spans.sql"))
            .execute(&mut *conn)
            .await?;
        raw_sql("PRAGMA user_version = 1; COMMIT")
            .execute(conn)
            .await?;
        return Ok(());
    }
    raw_sql(
        "BEGIN IMMEDIATE; \
         UPDATE spans SET status = 'cancelled', ended_at = max(spans.started_at, coalesce(t.last_end, t.started_at)) \
             FROM traces t \
             WHERE t.trace_id = spans.trace_id AND t.tenant_id = spans.tenant_id AND t.running = 1 \
                 AND spans.status = 'open' AND spans.kind NOT IN ('workflow', 'approval', 'effect'); \
         UPDATE traces SET (open_spans, last_end) = \
             (SELECT count(*) FILTER (WHERE s.status = 'open'), max(s.ended_at) FROM spans s \
                 WHERE s.trace_id = traces.trace_id AND s.tenant_id = traces.tenant_id) \
             WHERE running = 1; \
         COMMIT",
    )
    .execute(conn)
    .await?;
    Ok(())
}
