//! Memory as its callers meet it, on a real store in a file, with embedders that are there and that fail.
//!
//! Never here: a network that is not on this machine.

mod both;
mod endpoint;
mod folder;
mod grpc;
mod index;
mod isolation;
mod recall;
mod recorded;
mod rpc;
mod troubles;
mod weaviate;
mod wire;

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chimera_domain::{
    artifact::Origin,
    fault::Fault,
    id::{MemoryId, TenantId},
    memory::{Memory, MemoryKind, Owner},
};
use chimera_ports::{memory::RecallQuery, store::Personas};
use chimera_store::{SqliteStore, StoreOptions};
use chimera_testkit::{World, store_contract::Bed};
use tempfile::TempDir;

use crate::{EmbeddedMemory, EmbeddedOptions, Embedder, codes::embedder_unavailable};

/// A store with one agent, and memory on it.
struct Home {
    bed: Bed,
    store: Arc<SqliteStore>,
    _folder: TempDir,
}

impl Home {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = StoreOptions::at(folder.path().join("chimera.db"));
        let store = Arc::new(SqliteStore::open(options).await.unwrap());
        Self {
            bed: Bed::in_store(store.as_ref(), World::default()).await,
            store,
            _folder: folder,
        }
    }

    fn memory(&self, embedder: Option<Arc<dyn Embedder>>) -> EmbeddedMemory {
        EmbeddedMemory::new(EmbeddedOptions {
            store: self.store.clone(),
            embedder,
            embedder_fault: None,
            clock: self.bed.world.clock.clone(),
        })
    }

    fn owner(&self) -> Owner {
        Owner {
            tenant: self.bed.campaign.tenant,
            agent: self.bed.agent.id,
        }
    }

    async fn sister(&self) -> Owner {
        let (agent, persona) = self.bed.world.agent("sister");
        self.store
            .create_agent(&agent, &persona, Vec::new())
            .await
            .unwrap();
        Owner {
            agent: agent.id,
            ..self.owner()
        }
    }

    /// An agent of another tenant.
    async fn stranger(&self) -> Owner {
        let bed = Bed::in_store(self.store.as_ref(), self.bed.world.other_tenant()).await;
        Owner {
            tenant: bed.campaign.tenant,
            agent: bed.agent.id,
        }
    }

    fn a_memory(&self, owner: Owner, text: &str) -> Memory {
        Memory {
            id: MemoryId::from_uuid(self.bed.world.uuid()),
            owner,
            kind: MemoryKind::Fact,
            text: text.to_owned(),
            source: "a test".to_owned(),
            task: None,
            origin: Origin::Model,
            tags: Vec::new(),
            importance: 50,
            at: self.bed.world.now(),
        }
    }
}

fn asking(text: &str) -> RecallQuery {
    RecallQuery {
        text: text.to_owned(),
        kinds: Vec::new(),
        limit: 5,
    }
}

/// An embedder that knows what a few words mean: one direction for each meaning.
struct Meanings {
    name: String,
    meanings: &'static [&'static [&'static str]],
    fails: Mutex<bool>,
    asked: Mutex<usize>,
}

impl Meanings {
    fn new(name: &str, meanings: &'static [&'static [&'static str]]) -> Arc<Self> {
        Arc::new(Self {
            name: name.to_owned(),
            meanings,
            fails: Mutex::new(false),
            asked: Mutex::new(0),
        })
    }
}

#[async_trait]
impl Embedder for Meanings {
    fn name(&self) -> &str {
        &self.name
    }

    async fn embed(&self, _: TenantId, texts: Vec<String>) -> Result<Vec<Vec<f32>>, Fault> {
        *self.asked.lock().unwrap() += 1;
        if *self.fails.lock().unwrap() {
            return Err(embedder_unavailable("it is away"));
        }
        let place = |text: &String| -> Vec<f32> {
            let text = text.to_lowercase();
            let has = |words: &&[&str]| words.iter().any(|word| text.contains(word));
            let raw = self
                .meanings
                .iter()
                .map(|words| f32::from(u8::from(has(words))));
            crate::embedder::unit(raw.collect()).unwrap()
        };
        Ok(texts.iter().map(place).collect())
    }
}
