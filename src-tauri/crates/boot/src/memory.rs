//! Memory: which backend keeps it and who embeds, by the settings.
//!
//! Never here: recall itself (`memory`), or its tools (`servers`).

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result};
use async_trait::async_trait;
use chimera_domain::{fault::Fault, id::TenantId};
use chimera_memory::{
    EmbeddedMemory, EmbeddedOptions, Embedder, EndpointEmbedder, EndpointSettings, FolderEmbedder,
    KeySource,
};
use chimera_net::{HttpClient, HttpSettings};
use chimera_ports::{clock::Clock, meaning::Meaning, memory::MemoryBackend, store::People};
use chimera_store::SqliteStore;
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;

use crate::{secrets::Secrets, settings::Settings};

/// The variable that the embedder's key is read from.
pub(crate) const EMBEDDER_KEY_VARIABLE: &str = "EMBEDDER_API_KEY";
/// What its key is called in the vault.
pub(crate) const EMBEDDER_KEY_NAME: &str = "embedder";
/// Pause between two looks for memories that have no vector yet.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// Most memories of a tenant that are embedded at one look.
const EMBEDDED_A_LOOK: usize = 10_000;

/// Memory as it was opened.
#[derive(Clone)]
pub(crate) struct Remembering {
    /// Who keeps and finds memories.
    pub(crate) backend: Arc<dyn MemoryBackend>,
    embedded: Arc<EmbeddedMemory>,
    embedder: Option<Arc<dyn Embedder>>,
}

impl Remembering {
    /// What memory's embedder makes of texts, for what else is found by meaning.
    pub(crate) fn meaning(&self) -> Option<Arc<dyn Meaning>> {
        let embedder = self.embedder.clone()?;
        Some(Arc::new(ByEmbedder(embedder)))
    }
}

struct ByEmbedder(Arc<dyn Embedder>);

#[async_trait]
impl Meaning for ByEmbedder {
    fn name(&self) -> &str {
        self.0.name()
    }

    async fn vectors(&self, tenant: TenantId, texts: Vec<String>) -> Result<Vec<Vec<f32>>, Fault> {
        self.0.embed(tenant, texts).await
    }
}

/// The embedder's key out of the vault, asked anew for each call.
struct EmbedderKey(Arc<Secrets>);

#[async_trait]
impl KeySource for EmbedderKey {
    async fn key(&self, tenant: TenantId) -> Result<Option<SecretString>, Fault> {
        self.0.kept(tenant, EMBEDDER_KEY_NAME).await
    }
}

/// Opens memory. An embedder that cannot be used is told of, and memories are found by their words.
pub(crate) async fn open(
    settings: &Settings,
    store: Arc<SqliteStore>,
    secrets: Arc<Secrets>,
    clock: Arc<dyn Clock>,
) -> Result<Remembering> {
    let (embedder, embedder_fault) = match embedder(settings, secrets).await? {
        Ok(embedder) => (embedder, None),
        Err(fault) => {
            tracing::warn!(%fault, "memories are found by their words alone");
            (None, Some(fault))
        }
    };
    let embedded = Arc::new(EmbeddedMemory::new(EmbeddedOptions {
        store,
        embedder: embedder.clone(),
        embedder_fault,
        clock,
    }));
    Ok(Remembering {
        backend: embedded.clone(),
        embedded,
        embedder,
    })
}

async fn embedder(
    settings: &Settings,
    secrets: Arc<Secrets>,
) -> Result<Result<Option<Arc<dyn Embedder>>, Fault>> {
    let memory = &settings.memory;
    if let Some(folder) = &memory.embedder_folder {
        return Ok(FolderEmbedder::open(folder.clone())
            .await
            .map(|embedder| Some(Arc::new(embedder) as Arc<dyn Embedder>)));
    }
    let Some(base_url) = memory.embedder_url.clone() else {
        return Ok(Ok(None));
    };
    let client = HttpClient::new(HttpSettings {
        allow_hosts: settings
            .allow_hosts
            .iter()
            .map(|host| host.parse())
            .collect::<Result<_, _>>()
            .context("allow_hosts cannot be read")?,
        ..HttpSettings::default()
    })?;
    let settings = EndpointSettings {
        base_url,
        model: memory.embedder_model.clone(),
    };
    let embedder = EndpointEmbedder::new(settings, client, Arc::new(EmbedderKey(secrets)));
    Ok(Ok(Some(Arc::new(embedder))))
}

/// Gives vectors to memories that have none of the embedder in use, until `stop`: those that were kept while it did
/// not answer, and all of them after another was chosen.
pub(crate) async fn keep_embedding(
    memory: Remembering,
    store: Arc<SqliteStore>,
    stop: CancellationToken,
) {
    loop {
        for tenant in store.tenants().await.unwrap_or_default() {
            let embedding = memory.embedded.embed_missing(tenant.id, EMBEDDED_A_LOOK);
            let embedded = tokio::select! {
                () = stop.cancelled() => return,
                embedded = embedding => embedded,
            };
            match embedded {
                Ok(0) => {}
                Ok(count) => tracing::info!(tenant = %tenant.id, count, "memories were embedded"),
                Err(fault) => {
                    tracing::debug!(tenant = %tenant.id, %fault, "memories wait for their vectors");
                }
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}
