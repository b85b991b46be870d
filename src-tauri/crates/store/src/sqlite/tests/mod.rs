//! The contract of the store on SQLite, and what only a file can do wrong.

mod contract;

use tempfile::TempDir;

use crate::{SqliteStore, StoreOptions};

/// A store in a folder of its own, which lives as long as the second part.
async fn fresh() -> (SqliteStore, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(StoreOptions::at(folder.path().join("chimera.db")))
        .await
        .unwrap();
    (store, folder)
}
