//! What was taken out is in no file any more: the bytes of database, spans and their logs are searched, not their rows.

use std::{fs, path::Path};

use chimera_domain::{
    change::Change,
    person::Identifier,
    retention::Holding,
    time::Span,
    trace::{SpanKind, SpanStatus, TraceContext, TraceSpan},
};
use chimera_ports::{
    ids::IdSource,
    spans::{SpanPersons, SpanPruning, SpanSink},
    store::{Contents, Log, PersonErasure, Persons, Pruning, Settings},
};
use chimera_testkit::{World, store_contract::Bed};
use serde_json::json;

use super::fresh;
use crate::SqliteSpans;

const NAME: &str = "Theodora Quill";
/// Long enough that a row lies on pages of its own.
const LONG: usize = 9_000;

/// Files in a folder that hold these words, in whatever case.
fn holding(folder: &Path, words: &str) -> Vec<String> {
    let words = words.to_lowercase().into_bytes();
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let bytes = fs::read(path).unwrap().to_ascii_lowercase();
            bytes.windows(words.len()).any(|part| part == words)
        })
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

fn jane() -> Vec<Identifier> {
    Identifier::parse_all(&[NAME.to_owned()]).unwrap()
}

#[tokio::test]
async fn an_erased_person_is_in_no_byte_of_the_database_or_its_log() {
    let (store, folder) = fresh().await;
    let bed = Bed::in_store(&store, World::default()).await;
    let tenant = bed.campaign.tenant;
    // Rows of every length, some of which were written over before: their former versions lie in what is free.
    for number in 0..40 {
        let mut trend = bed.world.trend(&format!("t{number}"));
        trend.title = format!("{NAME} opens bar {number}");
        trend.description = format!("{} {NAME}", "x".repeat(number * LONG / 40));
        for version in ["first", "second"] {
            trend.topic = version.to_owned();
            let saved = store.save_trends(tenant, vec![trend.clone()], bed.world.now());
            saved.await.unwrap();
        }
        let mut alert = bed.world.alert(&format!("X{number}"));
        alert.detail = format!("{NAME} wrote {}", "y".repeat(number * LONG / 40));
        store
            .append(tenant, vec![Change::Alert(alert)])
            .await
            .unwrap();
    }
    for reason in [
        format!("{NAME} asked"),
        "somebody asked".to_owned(),
        format!("{NAME} again"),
    ] {
        let marker = json!({ "reason": reason });
        let put = store.put_setting(tenant, "person.erasing", marker, Vec::new());
        put.await.unwrap();
    }
    assert_ne!(holding(folder.path(), NAME), [""; 0]);
    let erasure = PersonErasure {
        identifiers: jane(),
        tombstone: "[erased]".to_owned(),
        account: None,
        marker: "person.erasing".to_owned(),
    };
    let erased = store
        .erase_person(tenant, erasure, Vec::new())
        .await
        .unwrap();
    assert_eq!(erased["trends"], 40);
    assert_eq!(holding(folder.path(), NAME), [""; 0]);
    assert!(
        !holding(folder.path(), "[erased]").is_empty(),
        "it is written"
    );
    store.close().await.unwrap();
    assert_eq!(holding(folder.path(), NAME), [""; 0]);
}

#[tokio::test]
async fn what_retention_takes_out_is_overwritten() {
    let (store, folder) = fresh().await;
    let bed = Bed::in_store(&store, World::default()).await;
    let tenant = bed.campaign.tenant;
    let mut trend = bed.world.trend("t");
    trend.description = format!("{}{NAME}{}", "x".repeat(LONG), "x".repeat(LONG));
    let saved = store.save_trends(tenant, vec![trend], bed.world.now());
    saved.await.unwrap();
    let later = bed.world.now() + Span::seconds(3_600);
    let gone = store.prune(tenant, Holding::Trends, later, 10).await;
    assert_eq!(gone.unwrap(), 1);
    // The log is moved into the file when it is closed.
    store.close().await.unwrap();
    assert_eq!(holding(folder.path(), NAME), [""; 0]);
}

fn told(world: &World, at: TraceContext, number: usize) -> TraceSpan {
    TraceSpan {
        tenant: world.tenant,
        trace: at.trace,
        span: at.span,
        parent: None,
        kind: SpanKind::Agent,
        name: format!("{NAME} {number}"),
        started_at: world.now(),
        ended_at: Some(world.now()),
        status: SpanStatus::Ok,
        attributes: json!({ "text": format!("{} {NAME}", "z".repeat(number * LONG / 40)) })
            .as_object()
            .unwrap()
            .clone()
            .into(),
    }
}

#[tokio::test]
async fn spans_of_an_erased_person_and_of_what_is_old_leave_no_byte() {
    let world = World::default();
    for erases in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let spans = SqliteSpans::open(folder.path().join("spans.sqlite"), None)
            .await
            .unwrap();
        for number in 0..40 {
            let at = TraceContext {
                trace: world.ids.trace(),
                span: world.ids.span(),
            };
            spans.record(told(&world, at, number));
        }
        spans.flush().await;
        assert_ne!(holding(folder.path(), NAME), [""; 0]);
        if erases {
            let erased = spans.erase_person(world.tenant, &jane(), "[erased]").await;
            assert_eq!(erased.unwrap(), 40);
            assert_eq!(holding(folder.path(), NAME), [""; 0]);
        } else {
            let later = world.now() + Span::seconds(3_600);
            let pruned = spans.prune(world.tenant, later, 100).await.unwrap();
            assert_eq!(pruned.spans, 40);
        }
        spans.close().await;
        assert_eq!(holding(folder.path(), NAME), [""; 0], "erases: {erases}");
    }
}
