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
