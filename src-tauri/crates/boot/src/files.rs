//! The files of an installation: opened with their key, and theirs alone.
//!
//! Never here: whether they are encrypted (`at_rest`), or what is in them (`store`).

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result};
use chimera_domain::fault::Fault;
use chimera_ports::{data_key::DataKey, ids::IdSource};
use chimera_store::{SqliteSpans, SqliteStore, StoreError, StoreOptions};

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
    /// That spans of before are lost, when they are.
    pub(crate) lost_spans: Option<Fault>,
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
    let (spans, lost_spans) = open_spans(&settings.data_dir.join(SPANS), key.as_ref()).await?;
    Ok(Files {
        store,
        spans: Arc::new(spans),
        lost_spans,
        at_rest,
    })
}

/// Opens the file of spans. A damaged one is put aside as it is, and another begun: it is not the truth, and must keep
/// nobody from their work.
async fn open_spans(path: &Path, key: Option<&DataKey>) -> Result<(SqliteSpans, Option<Fault>)> {
    let detail = match SqliteSpans::open(path, key).await {
        Err(StoreError::Corrupt { detail, .. }) => detail,
        opened => return Ok((opened?, None)),
    };
    let aside = put_aside(path).with_context(|| {
        format!(
            "{} is damaged ({detail}) and cannot be put aside; nothing was changed. Move it away, then start again",
            path.display()
        )
    })?;
    let message = format!(
        "{} is damaged ({detail}). It lies as {} now, and traces begin anew: those of before are not shown. Campaigns, reviews and the audit log are kept elsewhere and are not touched by it.",
        path.display(),
        aside.display()
    );
    tracing::error!("{message}");
    let spans = SqliteSpans::open(path, key).await?;
    Ok((spans, Some(Fault::of("TRACES_SET_ASIDE", message))))
}

/// Gives a file, and the logs that SQLite keeps beside it, a name that nothing else has.
fn put_aside(path: &Path) -> std::io::Result<PathBuf> {
    let named = |name: &Path, suffix: &str| {
        let mut name = name.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    let aside = (1..)
        .map(|number| named(path, &format!(".damaged-{number}")))
        .find(|name| !name.exists())
        .unwrap_or_else(|| named(path, ".damaged"));
    std::fs::rename(path, &aside)?;
    for log in ["-wal", "-shm"] {
        match std::fs::rename(named(path, log), named(&aside, log)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(aside)
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
        kept_along: vec![settings.data_dir.join(SPANS)],
        ..StoreOptions::at(settings.data_dir.join(DATABASE))
    })
    .await?;
    Ok((Arc::new(store), key, at_rest))
}
