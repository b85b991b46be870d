//! Memory: which backend keeps it and who embeds, by the settings.
//!
//! Never here: recall itself (`memory`), or its tools (`servers`).

use std::{sync::Arc, time::Duration};

use anyhow::{Result, bail};
use async_trait::async_trait;
use chimera_domain::{fault::Fault, id::TenantId, money::Usd};
use chimera_memory::{
    Books, DayLimits, EmbeddedMemory, EmbeddedOptions, Embedder, EndpointEmbedder,
    EndpointSettings, FolderEmbedder, GrpcOptions, KeySource, RateOf, WeaviateMemory,
    WeaviateOptions,
};
use chimera_ports::{
    clock::Clock,
    ids::IdSource,
    meaning::Meaning,
    memory::MemoryBackend,
    store::{Memories, People},
};
use chimera_store::SqliteStore;
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;

use crate::{
    outgoing,
    secrets::Secrets,
    settings::{MemorySettings, Settings},
};

/// The variable that the embedder's key is read from.
pub(crate) const EMBEDDER_KEY_VARIABLE: &str = "EMBEDDER_API_KEY";
/// What its key is called in the vault.
pub(crate) const EMBEDDER_KEY_NAME: &str = "embedder";
/// The variable that the key of a Weaviate is read from.
pub(crate) const WEAVIATE_KEY_VARIABLE: &str = "WEAVIATE_API_KEY";
/// What its key is called in the vault.
pub(crate) const WEAVIATE_KEY_NAME: &str = "weaviate";
/// Pause between two looks for memories that have no vector yet.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// Most memories of a tenant that are embedded, or copied, at one look.
const DONE_A_LOOK: usize = 10_000;

/// Memory as it was opened.
#[derive(Clone)]
pub(crate) struct Remembering {
    /// Who keeps and finds memories.
    pub(crate) backend: Arc<dyn MemoryBackend>,
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

/// A key out of the vault by its name, asked anew for each call.
struct NamedKey(Arc<Secrets>, &'static str);

#[async_trait]
impl KeySource for NamedKey {
    async fn key(&self, tenant: TenantId) -> Result<Option<SecretString>, Fault> {
        self.0.kept(tenant, self.1).await
    }
}

/// Where calls of an embedder behind an address are written down.
pub(crate) fn books(
    settings: &MemorySettings,
    store: &Arc<SqliteStore>,
    ids: &Arc<dyn IdSource>,
    clock: &Arc<dyn Clock>,
    rate_of: Arc<RateOf>,
) -> Books {
    Books {
        ledger: store.clone(),
        ids: ids.clone(),
        clock: clock.clone(),
        rate_of,
        limits: DayLimits {
            tokens: settings.embedder_tokens_a_day,
            usd: Usd::from_cents(i64::from(settings.embedder_cents_a_day)),
        },
    }
}

/// Opens memory. An embedder that cannot be used is told of, and memories are found by their words.
pub(crate) async fn open(
    settings: &Settings,
    store: Arc<dyn Memories>,
    secrets: Arc<Secrets>,
    books: Books,
) -> Result<Remembering> {
    let clock = books.clock.clone();
    let (embedder, embedder_fault) = match embedder(settings, secrets.clone(), books).await? {
        Ok(embedder) => (embedder, None),
        Err(fault) => {
            tracing::warn!(%fault, "memories are found by their words alone");
            (None, Some(fault))
        }
    };
    let backend: Arc<dyn MemoryBackend> = match weaviate(&settings.memory)? {
        Some((base_url, grpc_url)) => Arc::new(WeaviateMemory::new(WeaviateOptions {
            base_url,
            client: outgoing::client(settings)?,
            grpc: match grpc_url {
                Some(base_url) => Some(GrpcOptions {
                    base_url,
                    client: outgoing::calling(settings)?,
                }),
                None => None,
            },
            key: Arc::new(NamedKey(secrets, WEAVIATE_KEY_NAME)),
            store,
            embedder: embedder.clone(),
            embedder_fault,
            clock,
        })),
        None => Arc::new(EmbeddedMemory::new(EmbeddedOptions {
            store,
            embedder: embedder.clone(),
            embedder_fault,
            clock,
        })),
    };
    Ok(Remembering { backend, embedder })
}

/// The addresses of a Weaviate, REST's and, where there is one, gRPC's.
fn weaviate(settings: &MemorySettings) -> Result<Option<(String, Option<String>)>> {
    match (&settings.weaviate_url, &settings.weaviate_grpc_url) {
        (None, None) => Ok(None),
        (Some(rest), grpc) => Ok(Some((rest.clone(), grpc.clone()))),
        (None, Some(_)) => bail!(
            "WEAVIATE_GRPC_URL is set and WEAVIATE_URL is not: the schema goes over REST, so that both are needed. Nothing was started; set WEAVIATE_URL too, or take the other away"
        ),
    }
}

async fn embedder(
    settings: &Settings,
    secrets: Arc<Secrets>,
    books: Books,
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
    let client = outgoing::client(settings)?;
    let settings = EndpointSettings {
        base_url,
        model: memory.embedder_model.clone(),
    };
    let embedder = EndpointEmbedder::new(
        settings,
        client,
        Arc::new(NamedKey(secrets, EMBEDDER_KEY_NAME)),
        books,
    );
    Ok(Ok(Some(Arc::new(embedder))))
}

/// Gives vectors, or copies elsewhere, to memories that have none yet, until `stop`: those that were kept while nobody
/// answered, and all of them after another embedder or backend was chosen.
pub(crate) async fn keep_catching_up(
    memory: Remembering,
    store: Arc<SqliteStore>,
    stop: CancellationToken,
) {
    loop {
        for tenant in store.tenants().await.unwrap_or_default() {
            let catching_up = memory.backend.catch_up(tenant.id, DONE_A_LOOK);
            let done = tokio::select! {
                () = stop.cancelled() => return,
                done = catching_up => done,
            };
            match done {
                Ok(0) => {}
                Ok(count) => {
                    tracing::info!(tenant = %tenant.id, count, "memories were caught up with")
                }
                Err(fault) => {
                    tracing::debug!(tenant = %tenant.id, %fault, "memories wait for their vectors or copies");
                }
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_for_grpc_alone_is_refused_and_said_so() {
        let of = |rest: Option<&str>, grpc: Option<&str>| {
            weaviate(&MemorySettings {
                weaviate_url: rest.map(str::to_owned),
                weaviate_grpc_url: grpc.map(str::to_owned),
                ..MemorySettings::default()
            })
        };
        assert_eq!(of(None, None).unwrap(), None);
        let (rest, grpc) = (Some("http://w:8080"), Some("http://w:50051"));
        let both = (
            "http://w:8080".to_owned(),
            Some("http://w:50051".to_owned()),
        );
        assert_eq!(of(rest, None).unwrap(), Some((both.0.clone(), None)));
        assert_eq!(of(rest, grpc).unwrap(), Some(both));
        let refused = of(None, grpc).unwrap_err().to_string();
        assert!(refused.contains("set WEAVIATE_URL too"), "{refused}");
    }
}
