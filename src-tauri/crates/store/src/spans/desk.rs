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
    trace::{SpanId, SpanStatus, TraceId, TraceSpan},
};
use sqlx::{Connection, SqliteConnection};
use tokio::{
    sync::{mpsc, oneshot},
    time::Instant,
};

use crate::sqlite::{Listed, upsert};
use crate::{
    failure::Failure,
    rows::SpanRow,
    table::{Cell, Sheet},
};

/// How long spans are collected before they are written: what a watcher of a live run waits at most.
const FLUSH_AFTER: Duration = Duration::from_millis(40);
/// Most spans of one batch.
const MAX_BATCH_SPANS: usize = 4_096;
/// Runs that are forgotten at a time when there are too many spans.
const RUNS_FORGOTTEN: u32 = 32;
/// Attribute that names a run's campaign.
const CAMPAIGN: &str = "chimera.campaign.id";

pub(super) enum Job {
    Span(Box<TraceSpan>),
    Flush(oneshot::Sender<()>),
    Close(oneshot::Sender<()>),
}

pub(super) struct Desk {
    conn: SqliteConnection,
    waiting: mpsc::Receiver<Job>,
    dropped: Arc<AtomicU64>,
    kept: i64,
    max_kept: i64,
    /// Who waits until the file is closed.
    leaving: Vec<oneshot::Sender<()>>,
}

/// A span within its tenant's run.
type Key = (TenantId, TraceId, SpanId);

/// Spans to write, the last word on each, and who waits for them.
#[derive(Default)]
struct Batch {
    /// In the order in which they began.
    spans: Vec<TraceSpan>,
    places: HashMap<Key, usize>,
    replies: Vec<oneshot::Sender<()>>,
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
            leaving: Vec::new(),
        })
    }

    pub(super) async fn serve(mut self) {
        while let Some(batch) = self.gather().await {
            let spans = batch.spans.len() as u64;
            if let Err(failure) = self.write(&batch.spans).await {
                // No transaction is open after some errors; then this has nothing to do.
                drop(sqlx::query("ROLLBACK").execute(&mut self.conn).await);
                self.dropped.fetch_add(spans, Ordering::Relaxed);
                tracing::warn!(?failure, spans, "spans were lost");
            }
            for reply in batch.replies {
                // Whoever asked and went away needs no answer.
                let _ = reply.send(());
            }
        }
        if let Err(error) = self.conn.close().await {
            tracing::warn!(%error, "the file of spans was not closed well");
        }
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
        while batch.spans.len() < MAX_BATCH_SPANS && batch.replies.is_empty() {
            match tokio::time::timeout_at(until, self.waiting.recv()).await {
                Ok(Some(job)) => self.admit(job, &mut batch),
                Ok(None) | Err(_) => break,
            }
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
        let conn = &mut self.conn;
        sqlx::query("BEGIN IMMEDIATE").execute(&mut *conn).await?;
        let known = known(conn, spans).await?;
        let mut sheet = Sheet::default();
        let mut moves: HashMap<(TenantId, TraceId), Move> = HashMap::new();
        for span in spans {
            let key = (span.tenant, span.trace, span.span);
            let before = known.get(&(key.0.to_string(), key.1.to_string(), key.2.to_string()));
            let mut row = SpanRow::of(span)?;
            // Who ends a span after a restart need not know when it began.
            row.started_at = before.map_or(row.started_at, |before| {
                before.started_at.min(row.started_at)
            });
            moves
                .entry((span.tenant, span.trace))
                .or_insert_with(|| Move::of(span))
                .take(span, &row, before);
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
        self.kept += new;
        self.forget().await
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

/// What is stored of a span already.
struct Known {
    started_at: i64,
    is_open: bool,
    is_error: bool,
}

static KNOWN: LazyLock<Listed> = LazyLock::new(|| {
    Listed::new(
        "WITH w (tenant_id, trace_id, span_id) AS (VALUES",
        3,
        ") SELECT s.tenant_id, s.trace_id, s.span_id, s.started_at, s.status FROM w \
         CROSS JOIN spans s ON s.trace_id = w.trace_id AND s.span_id = w.span_id AND s.tenant_id = w.tenant_id",
    )
});

async fn known(
    conn: &mut SqliteConnection,
    spans: &[TraceSpan],
) -> Result<HashMap<(String, String, String), Known>, Failure> {
    let mut cells: Vec<Cell> = Vec::new();
    for span in spans {
        cells.extend([
            span.tenant.to_string().into(),
            span.trace.to_string().into(),
            span.span.to_string().into(),
        ]);
    }
    let found: Vec<(String, String, String, i64, String)> = KNOWN.ask(conn, &cells).await?;
    Ok(found
        .into_iter()
        .map(|(tenant, trace, span, started_at, status)| {
            let known = Known {
                started_at,
                is_open: status == "open",
                is_error: status == "error",
            };
            ((tenant, trace, span), known)
        })
        .collect())
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
        if let Some(id) = span
            .attributes
            .get(CAMPAIGN)
            .and_then(serde_json::Value::as_str)
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
