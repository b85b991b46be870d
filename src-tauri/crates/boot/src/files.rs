//! The files of an installation: opened with their key, and theirs alone.
//!
//! Never here: whether they are encrypted (`at_rest`), or what is in them (`store`).

use std::sync::Arc;

use anyhow::Result;
use chimera_ports::{data_key::DataKey, ids::IdSource};
use chimera_store::{SqliteSpans, SqliteStore, StoreOptions};

use crate::{
    at_rest::{self, AtRest},
    secrets::Secrets,
    settings::Settings,
};

/// The database's file in the data folder.
pub(crate) const DATABASE: &str = "chimera.db";
/// The file of spans beside it.
const SPANS: &str = "spans.sqlite";

/// What an installation keeps.
#[derive(Clone)]
pub(crate) struct Files {
    pub(crate) store: Arc<SqliteStore>,
    pub(crate) spans: Arc<SqliteSpans>,
    pub(crate) at_rest: AtRest,
}

impl Files {
    /// Closes all of it. Whoever leaves the process without it leaves threads behind that still close files while the
    /// library that encrypts them is taken down.
    pub(crate) async fn close(&self) -> Result<()> {
        self.spans.close().await;
        self.store.close().await?;
        Ok(())
    }
}

/// Opens all of it: the store first, so that a second instance changes nothing of the first's.
pub(crate) async fn open(
    settings: &Settings,
    secrets: &Secrets,
    ids: &dyn IdSource,
) -> Result<Files> {
    let (store, key, at_rest) = open_keyed(settings, secrets, ids).await?;
    let spans = SqliteSpans::open(settings.data_dir.join(SPANS), key.as_ref()).await?;
    Ok(Files {
        store,
        spans: Arc::new(spans),
        at_rest,
    })
}

/// Opens the store alone.
pub(crate) async fn open_store(
    settings: &Settings,
    secrets: &Secrets,
    ids: &dyn IdSource,
) -> Result<Arc<SqliteStore>> {
    Ok(open_keyed(settings, secrets, ids).await?.0)
}

async fn open_keyed(
    settings: &Settings,
    secrets: &Secrets,
    ids: &dyn IdSource,
) -> Result<(Arc<SqliteStore>, Option<DataKey>, AtRest)> {
    let (key, at_rest) = at_rest::open(settings, secrets, ids).await?;
    let store = SqliteStore::open(StoreOptions {
        max_bytes: settings.max_database_bytes,
        key: key.clone(),
        ..StoreOptions::at(settings.data_dir.join(DATABASE))
    })
    .await?;
    Ok((Arc::new(store), key, at_rest))
}
