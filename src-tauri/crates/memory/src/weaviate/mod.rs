//! Weaviate as the place where memories are searched. Their rows stay in the store of this installation: what is
//! listed, shown and counted comes from there, and what Weaviate finds are numbers of rows, which are read there within
//! their owner.
//!
//! So nothing is lost while it cannot be reached: memories are kept, found by their words, and copied once it is back.
//! Never run against a live server: only against requests that its own client was recorded sending and answers that its
//! own client's classes encoded, over a real socket. Never here: REST (`wire`), gRPC (`grpc`), SQL.

mod copying;
pub(crate) mod grpc;
mod transport;
mod trouble;
pub(crate) mod wire;

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use chimera_domain::{
    change::Change,
    fault::Fault,
    id::{MemoryId, TenantId},
    memory::{Memory, MemoryKind, Owner},
    time::Timestamp,
};
use chimera_net::HttpClient;
use chimera_ports::{
    clock::Clock,
    memory::{FoundBy, MemoryBackend, MemoryStanding, RecallQuery, Recollection},
    page::{Page, PageRequest},
    store::Memories,
};
use tokio::time::timeout;
use tracing::warn;
use uuid::Uuid;

use self::{grpc::Grpc, transport::Transport, wire::Wire};
use crate::{
    EmbeddedMemory, EmbeddedOptions,
    codes::{embedder_unavailable, of_store},
    embedder::{Embedder, KeySource},
    found::ranked,
    rank::{CANDIDATES, CANDIDATES_OF_KIND},
    rest::Rests,
    words,
};

/// The class of agents' memories (C13).
pub(crate) const CLASS: &str = "AgentMemory";
/// The one vector of an object.
pub(crate) const VECTOR: &str = "default";
/// Where words are looked for.
pub(crate) const WORDS_IN: [&str; 2] = ["content", "relevance_tags"];
/// Greatest distance of vectors that counts as likeness: what is left of one by [`MIN_COSINE`](crate::rank::MIN_COSINE).
pub(crate) const MAX_DISTANCE: f64 = 0.8;
/// Longest time for one request.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);
/// Longest wait for the vector of a question.
const QUESTION_PATIENCE: Duration = Duration::from_secs(3);
/// Most memories that are copied while one is written; the rest is copied beside the work.
const COPIED_AT_ONCE: usize = 64;

/// What the backend is made from.
pub struct WeaviateOptions {
    /// Address without a path, for example `https://weaviate.example:8080`.
    pub base_url: String,
    /// The guarded client.
    pub client: HttpClient,
    /// Where it is spoken to over gRPC; over REST alone when absent.
    pub grpc: Option<GrpcOptions>,
    /// The key, where there is one.
    pub key: Arc<dyn KeySource>,
    /// Rows.
    pub store: Arc<dyn Memories>,
    /// Who embeds, when anybody does.
    pub embedder: Option<Arc<dyn Embedder>>,
    /// Why nobody does although somebody should.
    pub embedder_fault: Option<Fault>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// The gRPC side of a Weaviate.
pub struct GrpcOptions {
    /// Address without a path, for example `https://weaviate.example:50051`.
    pub base_url: String,
    /// The guarded client, one that speaks HTTP/2.
    pub client: HttpClient,
}

/// What is looked for there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question<'a> {
    /// These words, where there are any.
    pub(crate) words: &'a str,
    /// What is near to this vector, where somebody embeds.
    pub(crate) vector: Option<&'a [f32]>,
}

/// Memory that is searched in a Weaviate.
pub struct WeaviateMemory {
    there: Transport,
    /// The same rows, by their words alone.
    own: EmbeddedMemory,
    store: Arc<dyn Memories>,
    embedder: Option<Arc<dyn Embedder>>,
    embedder_fault: Option<Fault>,
    clock: Arc<dyn Clock>,
    /// What copies are called in the store: another server or embedder needs others.
    copies: String,
    /// What is, or was, the matter with the server, and with the embedder.
    rests: Rests,
    embedder_rests: Rests,
    /// What it does not take of what is copied; it is searched all the same.
    copy_rests: Rests,
    /// Tenants of ours that have a tenant there: it is made with the first copy, and stays.
    copied: Mutex<HashSet<TenantId>>,
}

impl WeaviateMemory {
    /// Memory in this Weaviate. Nothing is sent yet.
    #[must_use]
    pub fn new(options: WeaviateOptions) -> Self {
        let embedder = options.embedder.as_deref().map_or("words", Embedder::name);
        Self {
            copies: format!("{embedder} in weaviate at {}", options.base_url),
            own: EmbeddedMemory::new(EmbeddedOptions {
                store: options.store.clone(),
                embedder: None,
                embedder_fault: None,
                clock: options.clock.clone(),
            }),
            there: Transport {
                grpc: options
                    .grpc
                    .map(|grpc| Grpc::new(&grpc.base_url, grpc.client, options.key.clone())),
                rest: Wire {
                    base_url: options.base_url,
                    client: options.client,
                    key: options.key,
                },
            },
            store: options.store,
            embedder: options.embedder,
            embedder_fault: options.embedder_fault,
            clock: options.clock,
            rests: Rests::default(),
            embedder_rests: Rests::default(),
            copy_rests: Rests::default(),
            copied: Mutex::default(),
        }
    }

    fn rest(&self, tenant: TenantId, fault: &Fault) {
        warn!(%tenant, %fault, "memories are kept here and copied later");
        self.rests.begin(tenant, self.clock.now(), fault);
    }

    fn rests(&self, tenant: TenantId) -> Option<Fault> {
        self.rests.now(tenant, self.clock.now())
    }

    /// Whether anything of the tenant was ever copied: before that the server has no such tenant and refuses to search.
    async fn is_there(&self, tenant: TenantId) -> Result<bool, Fault> {
        let known = |copied: &Mutex<HashSet<TenantId>>| {
            let copied = copied.lock().unwrap_or_else(PoisonError::into_inner);
            copied.contains(&tenant)
        };
        if known(&self.copied) {
            return Ok(true);
        }
        let counts = self.store.count_all(tenant, &self.copies).await;
        let is_there = counts.map_err(of_store)?.embedded > 0;
        if is_there {
            let mut copied = self.copied.lock().unwrap_or_else(PoisonError::into_inner);
            copied.insert(tenant);
        }
        Ok(is_there)
    }

    async fn place(&self, tenant: TenantId, text: &str) -> Result<Option<Vec<f32>>, Fault> {
        let Some(embedder) = self.embedder.as_deref() else {
            return self.embedder_fault.clone().map_or(Ok(None), Err);
        };
        if let Some(fault) = self.embedder_rests.now(tenant, self.clock.now()) {
            return Err(fault);
        }
        let asked: String = text.chars().take(words::MAX_QUERY_CHARS).collect();
        let embedded = timeout(QUESTION_PATIENCE, embedder.embed(tenant, vec![asked])).await;
        let embedded = embedded
            .unwrap_or_else(|_| Err(embedder_unavailable("the embedder took too long")))
            .inspect_err(|fault| self.embedder_rests.begin(tenant, self.clock.now(), fault))?;
        Ok(embedded
            .into_iter()
            .next()
            .filter(|vector| !vector.is_empty()))
    }

    async fn found(&self, owner: Owner, query: &RecallQuery) -> Result<Recollection, Fault> {
        let most = if query.kinds.is_empty() {
            CANDIDATES
        } else {
            CANDIDATES_OF_KIND
        };
        if !self.is_there(owner.tenant).await? {
            return self.own.recall(owner, query.clone()).await;
        }
        let asked = words::of(&query.text).join(" ");
        // An embedder that fails leaves the words; that is told.
        let (vector, problem) = match self.place(owner.tenant, &query.text).await {
            Ok(vector) => (vector, None),
            Err(fault) => (None, Some(fault)),
        };
        let by = match vector {
            Some(_) => FoundBy::WordsAndMeaning,
            None => FoundBy::Words,
        };
        let question = Question {
            words: &asked,
            vector: vector.as_deref(),
        };
        let lists = self.there.search(owner, question, most).await?;
        let now = self.clock.now();
        let found = ranked(self.store.as_ref(), owner, &lists, query, now).await?;
        Ok(Recollection {
            found: found.best,
            by,
            problem,
        })
    }
}

#[async_trait]
impl MemoryBackend for WeaviateMemory {
    async fn remember(&self, owner: Owner, memories: Vec<Memory>) -> Result<(), Fault> {
        self.own.remember(owner, memories).await?;
        // It is kept; a copy that cannot be made now is made later (`catch_up`).
        drop(self.copy(owner.tenant, COPIED_AT_ONCE).await);
        Ok(())
    }

    async fn recall(&self, owner: Owner, query: RecallQuery) -> Result<Recollection, Fault> {
        let asked = match self.rests(owner.tenant) {
            Some(fault) => Err(fault),
            None => {
                let found = self.found(owner, &query).await;
                found.inspect_err(|fault| self.rest(owner.tenant, fault))
            }
        };
        match asked {
            Ok(found) => Ok(found),
            Err(fault) => Ok(Recollection {
                problem: Some(fault),
                ..self.own.recall(owner, query).await?
            }),
        }
    }

    async fn list(
        &self,
        owner: Owner,
        kind: Option<MemoryKind>,
        since: Option<Timestamp>,
        page: PageRequest,
    ) -> Result<Page<Memory>, Fault> {
        self.own.list(owner, kind, since, page).await
    }

    /// The copy goes first: where it cannot be taken away, nothing is forgotten.
    async fn forget(&self, owner: Owner, id: MemoryId, notes: Vec<Change>) -> Result<(), Fault> {
        let known = self.store.memory(owner, id).await.map_err(of_store)?;
        self.there.delete(&known).await?;
        self.own.forget(owner, id, notes).await
    }

    async fn catch_up(&self, tenant: TenantId, most: usize) -> Result<usize, Fault> {
        self.copy(tenant, most).await
    }

    async fn try_out(&self, tenant: TenantId) -> Result<String, Fault> {
        // Whoever tries it asks, whatever it rests for.
        self.embedder_rests.end(tenant);
        let version = self.there.version(tenant).await;
        let version = version.inspect_err(|fault| self.rest(tenant, fault))?;
        self.rests.end(tenant);
        self.place(tenant, "memory").await?;
        let counts = self.store.count_all(tenant, &self.copies).await;
        let counts = counts.map_err(of_store)?;
        Ok(format!(
            "Weaviate {version} answers{}; {} of {} memories are copied to it.",
            match self.there.grpc {
                Some(_) => " over REST and gRPC",
                None => " over REST",
            },
            counts.embedded,
            counts.memories
        ))
    }

    async fn standing(&self, tenant: TenantId) -> MemoryStanding {
        let counts = self.store.count_all(tenant, &self.copies).await;
        let (counts, problem) = match counts {
            Ok(counts) => (Some(counts), None),
            Err(error) => (None, Some(of_store(error))),
        };
        MemoryStanding {
            backend: "weaviate",
            address: Some(self.there.rest.base_url.clone()),
            grpc_address: self
                .there
                .grpc
                .as_ref()
                .map(|grpc| grpc.address().to_owned()),
            never_run_live: true,
            embedder: self.embedder.as_deref().map(|one| one.name().to_owned()),
            memories: counts.map(|counts| counts.memories),
            embedded: counts.map(|counts| counts.embedded),
            problem: problem
                .or_else(|| self.embedder_fault.clone())
                .or_else(|| self.rests(tenant))
                .or_else(|| self.copy_rests.now(tenant, self.clock.now()))
                .or_else(|| self.embedder_rests.now(tenant, self.clock.now())),
            last_problem: self
                .rests
                .last(tenant)
                .or_else(|| self.copy_rests.last(tenant))
                .or_else(|| self.embedder_rests.last(tenant)),
        }
    }
}

/// The id of a memory's copy: two agents may have memories of the same id.
pub(crate) fn object_id(memory: &Memory) -> Uuid {
    let name = format!("{}/{}", memory.owner.agent, memory.id);
    let digest = chimera_domain::digest::Digest::plain(name.as_bytes()).to_bytes();
    let first = digest.first_chunk::<16>().copied().unwrap_or_default();
    uuid::Builder::from_custom_bytes(first).into_uuid()
}
