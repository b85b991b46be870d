//! Traces: spans taken in while somebody reads, one run opened among a million spans, and how soon what was recorded can be
//! read. Beside each, bare SQL on a table of the same columns; with peers, a server for traces as well.
//!
//! A span is handed in twice, as in a run: open, and ended. Never here: the screen (the journeys look at that).

mod peers;

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use chimera_domain::{
    id::TenantId,
    time::{Span, Timestamp},
    trace::{SpanId, SpanKind, SpanStatus, TraceId, TraceSpan},
};
use chimera_ports::{
    clock::Clock,
    data_key::{DATA_KEY_BYTES, DataKey},
    page::PageRequest,
    spans::{SpanReader, SpanSink},
};
use chimera_store::SqliteSpans;
use serde_json::json;
use sqlx::{
    ConnectOptions, Connection, Row,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use uuid::Uuid;

use crate::{
    Options,
    figure::Figure,
    folder,
    series::{Series, exponent, rate},
};

const BENCH: &str = "traces";
/// Spans of one run: a campaign of one post has about as many.
const SPANS_OF_RUN: usize = 60;
/// Spans of one round of taking in.
const TAKEN: usize = 200_000;
/// Rounds of taking in; one more warms up.
const ROUNDS: usize = 3;
/// Spans that are handed in before what waits is written out: the file drops what does not fit its queue.
const AT_ONCE: usize = 12_000;
/// Spans in the file when runs are opened.
const KEPT: usize = 1_000_000;
/// Runs that are opened.
const OPENED: usize = 1_000;
/// Spans that are recorded and read back at once.
const TAILED: usize = 300;
/// Rows of one transaction of the bare table: as many as the product writes at most.
const BARE_BATCH: usize = 4_096;
const TAKEN_IN: &str = "ours, taken in and written";
const OPEN: &str = "a run opened: p50";
/// What P12 asks for.
const GOAL_RATE: f64 = 100_000.0;

pub(crate) fn run(options: Options) -> Result<()> {
    crate::runtime()?.block_on(measure(options))
}

async fn measure(options: Options) -> Result<()> {
    let made = Made {
        tenant: TenantId::from_uuid(Uuid::now_v7()),
        began: chimera_boot::SystemClock.now(),
    };
    taking_in(&made, options).await?;
    opening(&made, options).await?;
    if options.peers {
        peers::run(TAKEN_IN, OPEN)?;
    }
    Ok(())
}

/// Spans as a run makes them.
#[derive(Clone, Copy)]
struct Made {
    tenant: TenantId,
    began: Timestamp,
}

impl Made {
    fn trace(number: usize) -> TraceId {
        TraceId::from_bits(0x0197_c0de_0000_7000_8000_0000_0000_0000 + number as u128)
    }

    /// The span of this number, open or ended.
    fn span(&self, number: usize, has_ended: bool) -> TraceSpan {
        let (run, place) = (number / SPANS_OF_RUN, number % SPANS_OF_RUN);
        let seconds = |count: usize| Span::seconds(u32::try_from(count).unwrap_or(u32::MAX));
        let started_at = self.began + seconds(run);
        let attributes = json!({
            "gen_ai.operation.name": "chat",
            "gen_ai.request.model": "rehearsal-1",
            "gen_ai.usage.input_tokens": 1_200,
            "gen_ai.usage.output_tokens": 180,
            "chimera.campaign.id": Uuid::from_u128(run as u128),
            "gen_ai.output.messages": "Three grinders for under forty euros, and what a slower burr changes in the cup.",
        });
        TraceSpan {
            tenant: self.tenant,
            trace: Self::trace(run),
            span: SpanId::from_bits(number as u64 + 1),
            parent: (place > 0).then(|| SpanId::from_bits((run * SPANS_OF_RUN) as u64 + 1)),
            kind: SpanKind::Model,
            name: "chat rehearsal-1".to_owned(),
            started_at,
            ended_at: has_ended.then(|| started_at + seconds(1)),
            status: if has_ended {
                SpanStatus::Ok
            } else {
                SpanStatus::Open
            },
            attributes: attributes.as_object().cloned().unwrap_or_default().into(),
        }
    }
}

async fn taking_in(made: &Made, options: Options) -> Result<()> {
    let count = options.amount(TAKEN);
    let key = DataKey::new([7; DATA_KEY_BYTES]);
    let (mut plain, mut sealed, mut bare) =
        (Series::default(), Series::default(), Series::default());
    for round in 0..=ROUNDS {
        let folder = folder()?;
        let rates = [
            ours(made, &folder.path().join("plain.db"), None, count).await?,
            ours(made, &folder.path().join("sealed.db"), Some(&key), count).await?,
            by_bare_sql(made, &folder.path().join("bare.db"), count).await?,
        ];
        // The first one warms up.
        if round > 0 {
            for (series, rate) in [&mut plain, &mut sealed, &mut bare].into_iter().zip(rates) {
                series.push(rate);
            }
        }
    }
    let floor = "bare SQL, one insert a span";
    for (name, series) in [(TAKEN_IN, &plain), ("ours, encrypted at rest", &sealed)] {
        let rate = series.median();
        Figure::new(BENCH, name, rate, "spans/s")
            .beside(floor)
            .goal("P12 ≥ 100,000 spans/s", rate >= GOAL_RATE)
            .note("each span handed in twice, open and ended, and counted once; somebody opens a run all the while")
            .print();
    }
    Figure::new(BENCH, floor, bare.median(), "spans/s")
        .note(format!("the same columns, each span written once, {BARE_BATCH} to a transaction; no summary of the run, nobody reads"))
        .print();
    Ok(())
}

/// Spans a second that are handed in and written, while a reader opens one run after another.
async fn ours(made: &Made, path: &Path, key: Option<&DataKey>, count: usize) -> Result<f64> {
    let spans = SqliteSpans::open(path, key).await?;
    let reader = tokio::spawn(read_on(spans.clone(), made.tenant));
    let began = Instant::now();
    for from in (0..count).step_by(AT_ONCE) {
        for number in from..(from + AT_ONCE).min(count) {
            spans.record(made.span(number, false));
            spans.record(made.span(number, true));
        }
        spans.flush().await;
    }
    let rate = rate(count, began);
    reader.abort();
    ensure!(spans.dropped() == 0, "{} spans were lost", spans.dropped());
    let kept = read_all(&spans, made, count).await?;
    ensure!(kept == count, "{kept} of {count} spans can be read");
    spans.close().await;
    Ok(rate)
}

/// Somebody who looks at the newest run, again and again.
async fn read_on(spans: SqliteSpans, tenant: TenantId) {
    loop {
        if let Ok(page) = spans.traces(tenant, PageRequest::first(50)).await
            && let Some(newest) = page.items.first()
        {
            drop(spans.trace(tenant, newest.trace).await);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn read_all(spans: &SqliteSpans, made: &Made, count: usize) -> Result<usize> {
    let mut kept = 0;
    for run in 0..count.div_ceil(SPANS_OF_RUN) {
        kept += spans.trace(made.tenant, Made::trace(run)).await?.len();
    }
    Ok(kept)
}

async fn by_bare_sql(made: &Made, path: &Path, count: usize) -> Result<f64> {
    let mut conn = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .disable_statement_logging()
        .connect()
        .await?;
    sqlx::query(
        "CREATE TABLE spans (trace_id TEXT NOT NULL, span_id TEXT NOT NULL, tenant_id TEXT NOT NULL, parent_id TEXT, \
         kind TEXT NOT NULL, name TEXT NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER, status TEXT NOT NULL, \
         attributes TEXT NOT NULL, PRIMARY KEY (trace_id, span_id)) STRICT",
    )
    .execute(&mut conn)
    .await?;
    let began = Instant::now();
    for from in (0..count).step_by(BARE_BATCH) {
        let mut transaction = conn.begin().await?;
        for number in from..(from + BARE_BATCH).min(count) {
            let span = made.span(number, true);
            sqlx::query("INSERT INTO spans VALUES (?1, ?2, ?3, ?4, 'model', ?5, ?6, ?7, 'ok', ?8)")
                .bind(span.trace.to_string())
                .bind(span.span.to_string())
                .bind(span.tenant.to_string())
                .bind(span.parent.map(|parent| parent.to_string()))
                .bind(&span.name)
                .bind(span.started_at.micros())
                .bind(span.ended_at.map(Timestamp::micros))
                .bind(span.attributes.json())
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
    }
    let rate = rate(count, began);
    conn.close().await?;
    Ok(rate)
}

/// Opening one run while the file grows to its full size, and reading at once what was just recorded.
async fn opening(made: &Made, options: Options) -> Result<()> {
    let folder = folder()?;
    let path = folder.path().join("traces.db");
    let spans = SqliteSpans::open(&path, None).await?;
    let sizes = [KEPT / 100, KEPT / 10, KEPT].map(|size| options.amount(size));
    let (mut there, mut points) = (0, Vec::new());
    let mut last = Series::default();
    for size in sizes {
        for from in (there..size).step_by(AT_ONCE) {
            for number in from..(from + AT_ONCE).min(size) {
                spans.record(made.span(number, true));
            }
            spans.flush().await;
        }
        there = size;
        last = opened(&spans, made, size, options.amount(OPENED)).await?;
        points.push((size, last.median()));
    }
    ensure!(spans.dropped() == 0, "{} spans were lost", spans.dropped());
    let floor = "the same rows by bare SQL: p50";
    let bare = by_bare_reads(&path, made, there, options.amount(OPENED)).await?;
    let p99 = last.quantile(0.99);
    let kept = format!("one run of {SPANS_OF_RUN} spans, of {there} spans in the file");
    Figure::new(BENCH, OPEN, last.median(), "ms")
        .beside(floor)
        .note(kept)
        .print();
    Figure::new(BENCH, "a run opened: p99", p99, "ms")
        .goal("P12 p99 ≤ 5 ms", p99 <= 5.0)
        .print();
    Figure::new(BENCH, floor, bare.median(), "ms")
        .note("not decoded")
        .print();
    let grows = exponent(&points);
    Figure::new(BENCH, "growth of opening with the file", grows, "exponent")
        .goal("never worse than n log n", grows < 1.2)
        .note(format!("{} to {} spans", sizes[0], sizes[2]))
        .print();
    tail(&spans, made, there, options).await?;
    spans.close().await;
    Ok(())
}

/// Runs all over the file, far from each other.
async fn opened(spans: &SqliteSpans, made: &Made, size: usize, count: usize) -> Result<Series> {
    let mut times = Series::default();
    for at in 0..count {
        let trace = far(at, size);
        let began = Instant::now();
        let found = spans.trace(made.tenant, trace).await?;
        times.push_ms(began.elapsed());
        ensure!(found.len() == SPANS_OF_RUN, "a run of {}", found.len());
    }
    Ok(times)
}

/// A run somewhere in the file: a stride of a prime.
fn far(at: usize, size: usize) -> TraceId {
    Made::trace(at * 7_919 % (size / SPANS_OF_RUN).max(1))
}

async fn by_bare_reads(path: &Path, made: &Made, size: usize, count: usize) -> Result<Series> {
    let mut conn = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .disable_statement_logging()
        .connect()
        .await?;
    let mut times = Series::default();
    for at in 0..count {
        let began = Instant::now();
        let rows = sqlx::query(
            "SELECT * FROM spans WHERE trace_id = ?1 AND tenant_id = ?2 ORDER BY started_at, rowid",
        )
        .bind(far(at, size).to_string())
        .bind(made.tenant.to_string())
        .fetch_all(&mut conn)
        .await?;
        times.push_ms(began.elapsed());
        let columns = rows.first().context("a run without spans")?.len();
        ensure!(rows.len() == SPANS_OF_RUN && columns > 1, "not the same");
    }
    conn.close().await?;
    Ok(times)
}

/// A span is recorded, and read as whoever watches the run reads it.
async fn tail(spans: &SqliteSpans, made: &Made, from: usize, options: Options) -> Result<()> {
    let mut times = Series::default();
    // A run of its own, that begins where the file ended.
    let first = from.div_ceil(SPANS_OF_RUN) * SPANS_OF_RUN;
    for at in 0..options.amount(TAILED) {
        let number = first + at;
        let began = Instant::now();
        spans.record(made.span(number, false));
        let found = spans
            .trace(made.tenant, Made::trace(number / SPANS_OF_RUN))
            .await?;
        times.push_ms(began.elapsed());
        let is_there = found
            .iter()
            .any(|span| span.span == SpanId::from_bits(number as u64 + 1));
        ensure!(is_there, "what was recorded cannot be read");
    }
    let p99 = times.quantile(0.99);
    Figure::new(BENCH, "recorded to readable: p50", times.median(), "ms").print();
    Figure::new(BENCH, "recorded to readable: p99", p99, "ms")
        .goal("P12 ≤ 100 ms to the screen", p99 <= 100.0)
        .note("what the screen adds (one fact over the stream, one request) is not in it")
        .print();
    Ok(())
}
