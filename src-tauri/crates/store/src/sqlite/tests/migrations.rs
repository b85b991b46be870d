//! A file of an older schema is brought up to date, after a copy of it was made.

use std::path::Path;

use chimera_ports::store::People;
use chimera_testkit::World;
use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use super::{fresh, open};
use crate::sqlite::migrate::{MIGRATIONS, SCHEMA_VERSION, apply};

async fn connect(path: &Path) -> SqliteConnection {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .connect()
        .await
        .unwrap()
}

/// A file as the binary of schema `version` would have left it.
async fn of_version(path: &Path, version: usize) {
    let mut conn = connect(path).await;
    sqlx::raw_sql("PRAGMA application_id = 1128810829")
        .execute(&mut conn)
        .await
        .unwrap();
    for step in &MIGRATIONS[..version] {
        apply(&mut conn, step).await.unwrap();
    }
    conn.close().await.unwrap();
}

async fn schema(path: &Path) -> Vec<(String, String)> {
    let mut conn = connect(path).await;
    let found = sqlx::query_as("SELECT name, coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
        .fetch_all(&mut conn)
        .await
        .unwrap();
    conn.close().await.unwrap();
    found
}

#[tokio::test]
async fn every_older_schema_becomes_the_newest() {
    let (store, folder) = fresh().await;
    store.close().await.unwrap();
    let newest = schema(&folder.path().join("chimera.db")).await;
    for version in 1..MIGRATIONS.len() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("chimera.db");
        of_version(&path, version).await;
        let old = schema(&path).await;
        let store = open(folder.path()).await;
        let tenant = World::default().tenant();
        store.create_tenant(&tenant, Vec::new()).await.unwrap();
        store.close().await.unwrap();
        assert_eq!(schema(&path).await, newest, "from {version}");
        let backup = folder
            .path()
            .join(format!("chimera.db.schema-{version}.bak"));
        assert_eq!(schema(&backup).await, old, "the copy is what there was");
    }
}

#[tokio::test]
async fn an_up_to_date_or_new_file_is_not_copied() {
    let (store, folder) = fresh().await;
    store.close().await.unwrap();
    open(folder.path()).await.close().await.unwrap();
    let names: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".bak"))
        .collect();
    assert_eq!(names, Vec::<String>::new());
}

#[tokio::test]
async fn an_earlier_copy_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chimera.db");
    of_version(&path, 3).await;
    let taken = folder.path().join("chimera.db.schema-3.bak");
    std::fs::write(&taken, "precious").unwrap();
    open(folder.path()).await.close().await.unwrap();
    assert_eq!(std::fs::read(&taken).unwrap(), b"precious");
    assert!(folder.path().join("chimera.db.schema-3.2.bak").exists());
}

#[test]
fn numbers_follow_and_readers_never_need_more_than_there_is() {
    for (step, number) in MIGRATIONS.iter().zip(1..) {
        assert_eq!(step.number, number);
        assert!(step.min_reader <= step.number);
    }
    assert_eq!(
        MIGRATIONS.last().map(|step| step.number),
        Some(SCHEMA_VERSION)
    );
}

/// A plan's steps and a task for each, as the binary of schema 10 would have left them.
async fn with_caps(path: &Path, steps: &str, tasks: &[(&str, i64, &str)]) {
    let mut conn = connect(path).await;
    let mut sql = format!(
        "PRAGMA foreign_keys = OFF; INSERT INTO plans (id, tenant_id, campaign_id, revision, steps, author, rationale, \
             version_id, updated_at) VALUES ('p', 't', 'c', 1, '{steps}', 'a', 'r', 'v', 1);"
    );
    for (step, cap, state) in tasks {
        sql += &format!(
            "INSERT INTO tasks (id, tenant_id, campaign_id, agent_id, step, type, task_type, skill, title, instructions, \
                 payload, priority, max_cost_usd, state, state_data, waiting_on, attempts, rejections, guidance, trace_id, \
                 span_id, version_id, created_at, updated_at) \
             VALUES ('{step}', 't', 'c', 'a', '{step}', 'x', 'x', 's', 't', 'i', '{{}}', 50, {cap}, '{state}', '{{}}', 0, 0, \
                 0, '[]', 't', 's', 'v', 1, 1);"
        );
    }
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
        .execute(&mut conn)
        .await
        .unwrap();
    conn.close().await.unwrap();
}

#[tokio::test]
async fn a_cap_that_nobody_typed_and_no_price_gave_is_taken_off() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chimera.db");
    of_version(&path, 10).await;
    let step = |key: &str, cap: &str, estimate: &str, more: &str| {
        format!(
            r#"{{"key":"{key}","title":"T \"0.05\"","max_cost":"{cap}","estimated_cost":"{estimate}"{more}}}"#
        )
    };
    let steps = [
        step("blind", "0.05", "0.00", ""),
        step("typed", "0.05", "0.00", r#","edited":true"#),
        step("priced", "0.05", "0.01", ""),
    ];
    let cents = 10_000_000;
    let tasks = [
        ("blind", 5 * cents, "ready"),
        ("blind~1", 5 * cents, "blocked"),
        ("typed", 5 * cents, "ready"),
        ("priced", 5 * cents, "ready"),
        ("replan-1", 50 * cents, "ready"),
        ("gone", 5 * cents, "failed"),
    ];
    with_caps(&path, &format!("[{}]", steps.join(",")), &tasks).await;
    open(folder.path()).await.close().await.unwrap();
    let mut conn = connect(&path).await;
    let uncapped: Vec<(String,)> =
        sqlx::query_as("SELECT step FROM tasks WHERE uncapped = 1 ORDER BY step")
            .fetch_all(&mut conn)
            .await
            .unwrap();
    assert_eq!(uncapped, [("blind".to_owned(),), ("blind~1".to_owned(),)]);
    let (after,): (String,) = sqlx::query_as("SELECT steps FROM plans")
        .fetch_one(&mut conn)
        .await
        .unwrap();
    let blind = steps[0].replace(r#""max_cost":"0.05","#, "");
    assert_eq!(after, format!("[{blind},{},{}]", steps[1], steps[2]));
}
