//! Spans: never waiting, never lost without being counted, seen while the run goes on.

use std::sync::Arc;

use chimera_domain::{
    id::CampaignId,
    time::Timestamp,
    trace::{SpanId, SpanKind, SpanStatus, TraceContext, TraceSpan},
};
use chimera_ports::{
    error::PortError,
    ids::IdSource,
    page::PageRequest,
    spans::{SpanReader, SpanSink, TraceSummary},
};
use chimera_testkit::World;
use serde_json::json;
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};

use crate::{SqliteSpans, StoreError};

fn span(world: &World, at: TraceContext, parent: Option<SpanId>, name: &str) -> TraceSpan {
    TraceSpan {
        tenant: world.tenant,
        trace: at.trace,
        span: at.span,
        parent,
        kind: SpanKind::Agent,
        name: name.to_owned(),
        started_at: world.now(),
        ended_at: None,
        status: SpanStatus::Open,
        attributes: json!({"gen_ai.operation.name": "chat", "n": 0.5, "text": "ä\u{0}"})
            .as_object()
            .unwrap()
            .clone()
            .into(),
    }
}

fn ended(span: &TraceSpan, at: Timestamp, status: SpanStatus) -> TraceSpan {
    TraceSpan {
        ended_at: Some(at),
        status,
        ..span.clone()
    }
}

async fn fresh() -> (SqliteSpans, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let spans = SqliteSpans::open(folder.path().join("spans.sqlite"), None)
        .await
        .unwrap();
    (spans, folder)
}

async fn only(spans: &SqliteSpans, world: &World) -> TraceSummary {
    spans.flush().await;
    let found = spans.traces(world.tenant, PageRequest::default()).await;
    let mut found = found.unwrap().items;
    assert_eq!(found.len(), 1);
    found.remove(0)
}

#[tokio::test]
async fn a_run_is_summed_up_as_it_goes() {
    let (spans, _folder) = fresh().await;
    let world = World::default();
    let campaign = CampaignId::from_uuid(world.uuid());
    let at = world.trace();
    let mut root = span(&world, at, None, "invoke_workflow");
    root.kind = SpanKind::Workflow;
    root.attributes.tell("chimera.campaign.id", &campaign);
    let began = world.now();
    let child = |name: &str| {
        let at = TraceContext {
            span: world.ids.span(),
            ..at
        };
        span(&world, at, Some(root.span), name)
    };
    world.pass(1);
    // The child is heard of first.
    let one = child("one");
    spans.record(one.clone());
    let summary = only(&spans, &world).await;
    assert_eq!((summary.name.as_str(), summary.spans), ("one", 1));
    spans.record(root.clone());
    let two = child("two");
    spans.record(two.clone());
    let end = world.pass(2);
    spans.record(ended(&one, end, SpanStatus::Error));
    let mut expected = TraceSummary {
        trace: at.trace,
        name: "invoke_workflow".to_owned(),
        campaign: Some(campaign),
        started_at: began,
        ended_at: None,
        spans: 3,
        errors: 1,
    };
    assert_eq!(only(&spans, &world).await, expected);
    let last = world.pass(2);
    spans.record(ended(&two, last, SpanStatus::Ok));
    // Who ends a run after a restart does not know when it began; told twice, it counts once.
    let late = TraceSpan {
        started_at: last,
        ..ended(&root, last, SpanStatus::Ok)
    };
    spans.record(late.clone());
    spans.flush().await;
    spans.record(late);
    expected.ended_at = Some(last);
    assert_eq!(only(&spans, &world).await, expected);
    assert_eq!(
        spans.trace(world.tenant, at.trace).await.unwrap(),
        vec![
            ended(&root, last, SpanStatus::Ok),
            ended(&one, end, SpanStatus::Error),
            ended(&two, last, SpanStatus::Ok)
        ]
    );
    assert_eq!(spans.dropped(), 0);
}

#[tokio::test]
async fn running_runs_come_first_then_the_newest_in_pages() {
    let (spans, _folder) = fresh().await;
    let world = World::default();
    let mut names = Vec::new();
    for at in 0..25 {
        let now = world.pass(1);
        let open = span(&world, world.trace(), None, &at.to_string());
        let is_open = at % 6 == 0;
        spans.record(if is_open {
            open
        } else {
            ended(&open, now, SpanStatus::Ok)
        });
        names.push((is_open, at, at.to_string()));
    }
    names.sort_by(|one, two| two.cmp(one));
    spans.flush().await;
    let mut found = Vec::new();
    let mut page = PageRequest::first(4);
    loop {
        let more = spans.traces(world.tenant, page.clone()).await.unwrap();
        found.extend(more.items.into_iter().map(|summary| summary.name));
        let Some(next) = more.next else { break };
        page.after = Some(next);
    }
    let expected: Vec<String> = names.into_iter().map(|(_, _, name)| name).collect();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn another_tenants_runs_are_not_there() {
    let (spans, _folder) = fresh().await;
    let world = World::default();
    let other = world.other_tenant();
    let mine = span(&world, world.trace(), None, "mine");
    spans.record(mine.clone());
    spans.flush().await;
    let theirs = spans.trace(other.tenant, mine.trace).await;
    assert!(matches!(theirs, Err(PortError::NotFound { .. })));
    let theirs = spans.traces(other.tenant, PageRequest::default()).await;
    assert_eq!(theirs.unwrap().items, Vec::new());
    assert_eq!(
        spans.trace(world.tenant, mine.trace).await.unwrap(),
        vec![mine]
    );
}

#[tokio::test]
async fn an_open_span_is_seen_without_being_asked_for() {
    let (spans, _folder) = fresh().await;
    let world = World::default();
    let open = span(&world, world.trace(), None, "live");
    spans.record(open.clone());
    // No flush: the desk writes by itself.
    while spans.trace(world.tenant, open.trace).await.is_err() {
        tokio::task::yield_now().await;
    }
    assert_eq!(
        spans.trace(world.tenant, open.trace).await.unwrap(),
        vec![open]
    );
}

#[tokio::test]
async fn under_pressure_spans_are_dropped_and_counted() {
    let (spans, folder) = fresh().await;
    let world = World::default();
    let at = world.trace();
    let sent = 70_000;
    // Somebody else writes into the file meanwhile, so that the desk cannot keep up.
    let mut other = SqliteConnectOptions::new()
        .filename(folder.path().join("spans.sqlite"))
        .connect()
        .await
        .unwrap();
    let begun = sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await;
    begun.unwrap();
    for _ in 0..sent {
        let at = TraceContext {
            span: world.ids.span(),
            ..at
        };
        spans.record(span(&world, at, None, "x"));
    }
    assert!(spans.dropped() > 0, "the queue has an end");
    other.close().await.unwrap();
    let summary = only(&spans, &world).await;
    assert_eq!(u64::from(summary.spans) + spans.dropped(), sent);
    spans.close().await;
    spans.record(span(&world, at, None, "late"));
    assert_eq!(u64::from(summary.spans) + spans.dropped(), sent + 1);
}

#[tokio::test]
async fn a_flood_of_those_who_ask_for_room_loses_nothing() {
    let (spans, _folder) = fresh().await;
    let world = Arc::new(World::default());
    let at = world.trace();
    let (agents, turns) = (10_000, 4);
    let work: Vec<_> = (0..agents)
        .map(|_| {
            let (spans, world) = (spans.clone(), Arc::clone(&world));
            tokio::spawn(async move {
                for _ in 0..turns {
                    spans.room().await;
                    let at = TraceContext {
                        span: world.ids.span(),
                        ..at
                    };
                    let open = span(&world, at, None, "turn");
                    spans.record(open.clone());
                    tokio::task::yield_now().await;
                    spans.record(ended(&open, open.started_at, SpanStatus::Ok));
                }
            })
        })
        .collect();
    for agent in work {
        agent.await.unwrap();
    }
    spans.flush().await;
    assert_eq!(spans.dropped(), 0);
    let summary = only(&spans, &world).await;
    assert_eq!(summary.spans, agents * turns);
    assert_eq!(summary.ended_at, Some(summary.started_at), "none is open");
}

#[tokio::test]
async fn work_that_a_crash_cut_off_does_not_run_for_ever() {
    let (spans, folder) = fresh().await;
    let world = World::default();
    let at = world.trace();
    let mut root = span(&world, at, None, "run");
    root.kind = SpanKind::Workflow;
    let at = TraceContext {
        span: world.ids.span(),
        ..at
    };
    let working = span(&world, at, Some(root.span), "work");
    let done_at = TraceContext {
        span: world.ids.span(),
        ..at
    };
    let last = world.pass(9);
    let done = ended(
        &span(&world, done_at, Some(root.span), "done"),
        last,
        SpanStatus::Ok,
    );
    for span in [&root, &working, &done] {
        spans.record(span.clone());
    }
    spans.close().await;
    let path = folder.path().join("spans.sqlite");
    let spans = SqliteSpans::open(&path, None).await.unwrap();
    let cut = ended(&working, last, SpanStatus::Cancelled);
    assert_eq!(
        spans.trace(world.tenant, at.trace).await.unwrap(),
        vec![root.clone(), cut, done]
    );
    assert_eq!(only(&spans, &world).await.ended_at, None, "the run goes on");
    spans.record(ended(&root, last, SpanStatus::Ok));
    assert_eq!(only(&spans, &world).await.ended_at, Some(last));
}

#[tokio::test]
async fn the_oldest_ended_runs_are_forgotten_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("spans.sqlite");
    let spans = SqliteSpans::open_keeping(path, None, 100).await.unwrap();
    let world = World::default();
    let open = span(&world, world.trace(), None, "open");
    spans.record(open.clone());
    let mut runs = Vec::new();
    for _ in 0..150 {
        let now = world.pass(1);
        let run = ended(&span(&world, world.trace(), None, "x"), now, SpanStatus::Ok);
        spans.record(run.clone());
        runs.push(run);
    }
    spans.flush().await;
    let mut kept = 0;
    for run in &runs {
        kept += usize::from(spans.trace(world.tenant, run.trace).await.is_ok());
    }
    assert!((60..=100).contains(&kept), "{kept}");
    for run in &runs[150 - kept..] {
        assert!(spans.trace(world.tenant, run.trace).await.is_ok());
    }
    assert!(spans.trace(world.tenant, open.trace).await.is_ok());
}

#[tokio::test]
async fn a_newer_or_foreign_file_is_left_alone() {
    let (spans, folder) = fresh().await;
    spans.close().await;
    let path = folder.path().join("spans.sqlite");
    let mut conn: sqlx::SqliteConnection =
        sqlx::ConnectOptions::connect(&sqlx::sqlite::SqliteConnectOptions::new().filename(&path))
            .await
            .unwrap();
    sqlx::query("PRAGMA user_version = 9")
        .execute(&mut conn)
        .await
        .unwrap();
    drop(conn);
    let error = SqliteSpans::open(&path, None).await.unwrap_err();
    assert!(
        matches!(error, StoreError::NewerSchema { needed: 9, .. }),
        "{error}"
    );
    let text = folder.path().join("letter.txt");
    std::fs::write(
        &text,
        "This is no database, but it is long enough to be one. ".repeat(40),
    )
    .unwrap();
    let error = SqliteSpans::open(&text, None).await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
}
