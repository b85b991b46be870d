//! The one task that writes spans: collects for a moment, writes a batch, moves the runs' summaries along.
//!
//! Never here: reading for people.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use chimera_domain::{
    id::TenantId,
    trace::{SpanStatus, TraceId, TraceSpan},
};
use chimera_ports::{error::PortError, spans::PrunedSpans};
use sqlx::{Connection, SqliteConnection};
use tokio::{
    sync::{mpsc, oneshot},
    time::Instant,
};

use super::{
    known::{Key, Known, Open},
    persons,
    pruning::{self, Due},
    room::Room,
};
use crate::batch::{Listed, upsert};
use crate::{
    failure::Failure,
    rows::SpanRow,
    scrub::{not_scrubbed, overwriting, scrub},
    table::{Cell, Sheet},
};

/// How long spans are collected before they are written: what a watcher of a live run waits at most.
const FLUSH_AFTER: Duration = Duration::from_millis(40);
/// Most spans of one batch.
const MAX_BATCH_SPANS: usize = 4_096;
/// Runs that are forgotten at a time when there are too many spans.
const RUNS_FORGOTTEN: u32 = 32;

pub(super) enum Job {
    Span(Box<TraceSpan>),
    Flush(oneshot::Sender<()>),
    Chore(Chore, oneshot::Sender<Result<PrunedSpans, Failure>>),
    Close(oneshot::Sender<()>),
}

/// What is done to stored spans, between two batches.
pub(super) enum Chore {
    Prune(Due),
    Erase(persons::Wanted),
}

pub(super) struct Desk {
    conn: SqliteConnection,
    waiting: mpsc::Receiver<Job>,
    dropped: Arc<AtomicU64>,
    kept: i64,
    max_kept: i64,
    /// Spans that are open as this process wrote them.
    open: Open,
    /// Who waits until the file is closed.
    leaving: Vec<oneshot::Sender<()>>,
}

/// Spans to write, the last word on each, and who waits for them.
#[derive(Default)]
struct Batch {
    /// In the order in which they began.
    spans: Vec<TraceSpan>,
    places: HashMap<Key, usize>,
    replies: Vec<oneshot::Sender<()>>,
    chore: Option<(Chore, oneshot::Sender<Result<PrunedSpans, Failure>>)>,
}

/// What a batch changes about one run.
struct Move {
    trace_id: String,
    tenant_id: String,
    name: String,
    named_at: i64,
    campaign_id: Option<String>,
    started_at: i64,
    last_end: Option<i64>,
    spans: i64,
    open_spans: i64,
    errors: i64,
}

impl Desk {
    pub(super) async fn new(
        mut conn: SqliteConnection,
        waiting: mpsc::Receiver<Job>,
        dropped: Arc<AtomicU64>,
        max_kept: i64,
    ) -> Result<Self, sqlx::Error> {
        let (kept,): (i64,) = sqlx::query_as("SELECT coalesce(sum(spans), 0) FROM traces")
            .fetch_one(&mut conn)
            .await?;
        Ok(Self {
            conn,
            waiting,
            dropped,
            kept,
            max_kept,
            open: Open::default(),
            leaving: Vec::new(),
        })
    }

    pub(super) async fn serve(mut self, room: Arc<Room>) {
        while let Some(batch) = self.gather().await {
            room.ease(self.waiting.len());
            let spans = batch.spans.len() as u64;
            if let Err(failure) = self.write(&batch.spans).await {
                // No transaction is open after some errors; then this has nothing to do.
                drop(sqlx::query("ROLLBACK").execute(&mut self.conn).await);
                self.open.forget();
                self.dropped.fetch_add(spans, Ordering::Relaxed);
                tracing::warn!(?failure, spans, "spans were lost");
            }
            if let Some((chore, reply)) = batch.chore {
                self.open.forget();
                let pruned = self.done(chore).await;
                if pruned.is_err() {
                    drop(sqlx::query("ROLLBACK").execute(&mut self.conn).await);
                }
                let _ = reply.send(pruned);
            }
            for reply in batch.replies {
                // Whoever asked and went away needs no answer.
                let _ = reply.send(());
            }
        }
        if let Err(error) = self.conn.close().await {
            tracing::warn!(%error, "the file of spans was not closed well");
        }
        room.ease(0);
        for reply in self.leaving {
            let _ = reply.send(());
        }
    }

    /// What comes within a moment; `None` when nobody can come any more.
    async fn gather(&mut self) -> Option<Batch> {
        let mut batch = Batch::default();
        let first = self.waiting.recv().await?;
        self.admit(first, &mut batch);
        let until = Instant::now() + FLUSH_AFTER;
        while batch.spans.len() < MAX_BATCH_SPANS
            && batch.replies.is_empty()
            && batch.chore.is_none()
        {
            // What is there already is taken without a look at the clock.
            let job = match self.waiting.try_recv() {
                Ok(job) => job,
                Err(_) => match tokio::time::timeout_at(until, self.waiting.recv()).await {
                    Ok(Some(job)) => job,
                    Ok(None) | Err(_) => break,
                },
            };
            self.admit(job, &mut batch);
        }
        Some(batch)
    }

    fn admit(&mut self, job: Job, batch: &mut Batch) {
        match job {
            Job::Span(span) => {
                let key = (span.tenant, span.trace, span.span);
                let next = batch.spans.len();
                match batch.places.entry(key) {
                    Entry::Vacant(place) => {
                        place.insert(next);
                        batch.spans.push(*span);
                    }
                    Entry::Occupied(place) => {
                        if let Some(before) = batch.spans.get_mut(*place.get()) {
                            let started_at = before.started_at.min(span.started_at);
                            *before = TraceSpan {
                                started_at,
                                ..*span
                            };
                        }
                    }
                }
            }
            Job::Flush(reply) => batch.replies.push(reply),
            Job::Chore(chore, reply) => batch.chore = Some((chore, reply)),
            Job::Close(reply) => {
                self.waiting.close();
                self.leaving.push(reply);
            }
        }
    }

    async fn write(&mut self, spans: &[TraceSpan]) -> Result<(), Failure> {
        if spans.is_empty() {
            return Ok(());
        }
        let rows: Vec<SpanRow> = spans.iter().map(SpanRow::of).collect::<Result<_, _>>()?;
        let conn = &mut self.conn;
        sqlx::query("BEGIN IMMEDIATE").execute(&mut *conn).await?;
        let known = self.open.known(conn, spans, &rows).await?;
        let mut sheet = Sheet::default();
        let mut moves: HashMap<(TenantId, TraceId), Move> = HashMap::new();
        let mut began = Vec::with_capacity(rows.len());
        for ((span, mut row), before) in spans.iter().zip(rows).zip(known) {
            // Who ends a span after a restart need not know when it began.
            row.started_at = before.as_ref().map_or(row.started_at, |before| {
                before.started_at.min(row.started_at)
            });
            moves
                .entry((span.tenant, span.trace))
                .or_insert_with(|| Move::of(span))
                .take(span, &row, before.as_ref());
            began.push(row.started_at);
            sheet.push(row);
        }
        upsert(conn, &sheet).await?;
        let mut cells = Vec::new();
        let mut new = 0;
        for step in moves.into_values() {
            new += step.spans;
            step.cells(&mut cells);
        }
        MOVE.run(conn, &cells).await?;
        sqlx::query("COMMIT").execute(&mut *conn).await?;
        for (span, began) in spans.iter().zip(began) {
            self.open.written(span, began);
        }
        self.kept += new;
        self.forget().await
    }

    /// Does a chore, and leaves nothing of what it took out in the file.
    async fn done(&mut self, chore: Chore) -> Result<PrunedSpans, Failure> {
        overwriting(&mut self.conn, true).await?;
        let done = match chore {
            Chore::Prune(due) => self.prune(due).await,
            Chore::Erase(wanted) => {
                let erased = persons::erase(&mut self.conn, &wanted).await?;
                if let Err(failure) = scrub(&mut self.conn).await {
                    not_scrubbed(&PortError::from(failure));
                }
                Ok(erased)
            }
        };
        overwriting(&mut self.conn, false).await?;
        done
    }

    async fn prune(&mut self, due: Due) -> Result<PrunedSpans, Failure> {
        let pruned = pruning::prune(&mut self.conn, due).await?;
        self.kept -= i64::try_from(pruned.spans).unwrap_or(i64::MAX);
        Ok(pruned)
    }

    /// Forgets the oldest ended runs while there are too many spans.
    async fn forget(&mut self) -> Result<(), Failure> {
        while self.kept > self.max_kept {
            sqlx::query("BEGIN IMMEDIATE")
                .execute(&mut self.conn)
                .await?;
            let gone = sqlx::query(
                "DELETE FROM spans WHERE trace_id IN \
                 (SELECT trace_id FROM traces WHERE running = 0 ORDER BY started_at LIMIT ?1)",
            )
            .bind(RUNS_FORGOTTEN)
            .execute(&mut self.conn)
            .await?;
            sqlx::query(
                "DELETE FROM traces WHERE trace_id IN \
                 (SELECT trace_id FROM traces WHERE running = 0 ORDER BY started_at LIMIT ?1)",
            )
            .bind(RUNS_FORGOTTEN)
            .execute(&mut self.conn)
            .await?;
            sqlx::query("COMMIT").execute(&mut self.conn).await?;
            let gone = i64::try_from(gone.rows_affected()).unwrap_or(i64::MAX);
            if gone == 0 {
                // Everything that is left still runs.
                break;
            }
            self.kept -= gone;
        }
        Ok(())
    }
}

impl Move {
    fn cells(self, cells: &mut Vec<Cell>) {
        cells.extend([self.trace_id, self.tenant_id, self.name].map(Cell::from));
        cells.extend([
            self.named_at.into(),
            self.campaign_id.into(),
            self.started_at.into(),
            self.last_end.into(),
        ]);
        cells.extend([self.spans, self.open_spans, self.errors].map(Cell::Int));
    }

    fn of(span: &TraceSpan) -> Self {
        Self {
            trace_id: span.trace.to_string(),
            tenant_id: span.tenant.to_string(),
            name: String::new(),
            named_at: i64::MAX,
            campaign_id: None,
            started_at: i64::MAX,
            last_end: None,
            spans: 0,
            open_spans: 0,
            errors: 0,
        }
    }

    fn take(&mut self, span: &TraceSpan, row: &SpanRow, before: Option<&Known>) {
        // A span without a parent names its run; until one comes, the earliest does.
        let rank = if span.parent.is_none() {
            i64::MIN
        } else {
            row.started_at
        };
        if rank < self.named_at || self.name.is_empty() {
            self.name.clone_from(&span.name);
            self.named_at = rank;
        }
        if let Some(id) = span.attributes.campaign()
            && self.campaign_id.as_deref() != Some(id)
        {
            self.campaign_id = Some(id.to_owned());
        }
        self.started_at = self.started_at.min(row.started_at);
        self.last_end = self.last_end.max(row.ended_at);
        self.spans += i64::from(before.is_none());
        self.open_spans += i64::from(span.status == SpanStatus::Open)
            - i64::from(before.is_some_and(|known| known.is_open));
        self.errors += i64::from(span.status == SpanStatus::Error)
            - i64::from(before.is_some_and(|known| known.is_error));
    }
}

static MOVE: LazyLock<Listed> = LazyLock::new(|| {
    Listed::new(
        "INSERT INTO traces (trace_id, tenant_id, name, named_at, campaign_id, started_at, last_end, spans, \
             open_spans, errors) VALUES",
        10,
        "ON CONFLICT (trace_id, tenant_id) DO UPDATE SET \
         name = CASE WHEN excluded.named_at <= traces.named_at THEN excluded.name ELSE traces.name END, \
         named_at = min(traces.named_at, excluded.named_at), \
         campaign_id = coalesce(traces.campaign_id, excluded.campaign_id), \
         started_at = min(traces.started_at, excluded.started_at), \
         last_end = max(coalesce(traces.last_end, excluded.last_end), coalesce(excluded.last_end, traces.last_end)), \
         spans = traces.spans + excluded.spans, \
         open_spans = traces.open_spans + excluded.open_spans, \
         errors = traces.errors + excluded.errors",
    )
});
