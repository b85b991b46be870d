//! The contract of the store on SQLite, and what only a file can do wrong.

mod boards;
mod contract;
mod files;
mod migrations;
mod persons;
mod plans;
mod pruning;
mod scrubbing;
mod sealed;
mod spans;
mod statements;
mod writing;

use std::path::Path;

use tempfile::TempDir;

use crate::{SqliteStore, StoreOptions};

/// A store in a folder of its own, which lives as long as the second part.
async fn fresh() -> (SqliteStore, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    (store, folder)
}

/// The store in `folder`.
async fn open(folder: &Path) -> SqliteStore {
    SqliteStore::open(options(folder)).await.unwrap()
}

fn options(folder: &Path) -> StoreOptions {
    StoreOptions::at(folder.join("chimera.db"))
}
