//! Memory as those see it who stand before it: the `memory` MCP server, and the screen on which a person looks at what
//! an agent remembers.
//!
//! Never here: which backend it is (crate `memory`), or its rows (`store::Memories`).

use async_trait::async_trait;
use chimera_domain::{
    change::Change,
    fault::Fault,
    id::{MemoryId, TenantId},
    memory::{Memory, MemoryKind, Owner},
    time::Timestamp,
};

use crate::page::{Page, PageRequest};

/// What is asked of memory.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecallQuery {
    /// In words.
    pub text: String,
    /// Of which kinds; all of them when empty.
    pub kinds: Vec<MemoryKind>,
    /// How many at most.
    pub limit: u32,
}

/// How an answer was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FoundBy {
    /// By words alone: nothing here knows what a text means.
    Words,
    /// By words and by meaning.
    WordsAndMeaning,
}

/// A memory that fits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// The memory.
    pub memory: Memory,
    /// How well it fits what was asked, 0 to 1,000.
    pub score: u16,
}

/// What was recalled, best first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recollection {
    /// The memories.
    pub found: Vec<Found>,
    /// How.
    pub by: FoundBy,
    /// Why it was not found by meaning, where that was meant.
    pub problem: Option<Fault>,
}

/// Which backend keeps memories, what it searches with, and how it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MemoryStanding {
    /// `embedded` or `weaviate`.
    pub backend: &'static str,
    /// Where it is, when it is elsewhere.
    pub address: Option<String>,
    /// Where it is searched over gRPC, when it is; over REST otherwise.
    pub grpc_address: Option<String>,
    /// Whether it was never run against a live server, only against recorded traffic.
    pub never_run_live: bool,
    /// Whose vectors are searched; absent where words alone are.
    pub embedder: Option<String>,
    /// Memories of the tenant, where the backend can count them.
    pub memories: Option<u64>,
    /// Those of them that can be found by meaning.
    pub embedded: Option<u64>,
    /// What is wrong and what to do, when something is.
    pub problem: Option<Fault>,
    /// What went wrong last since the start, and when; also when it works again.
    pub last_problem: Option<(Timestamp, Fault)>,
}

impl MemoryStanding {
    /// How memories are found while everything works.
    #[must_use]
    pub const fn finds_by(&self) -> FoundBy {
        if self.embedder.is_some() {
            FoundBy::WordsAndMeaning
        } else {
            FoundBy::Words
        }
    }
}

/// What agents remember.
#[async_trait]
pub trait MemoryBackend: Send + Sync {
    /// Keeps memories of one owner; one whose id the owner has already is replaced.
    ///
    /// # Errors
    /// When one of them is not acceptable or the backend refuses; the fault says what was kept.
    async fn remember(&self, owner: Owner, memories: Vec<Memory>) -> Result<(), Fault>;

    /// What fits a question best.
    ///
    /// # Errors
    /// When the backend cannot be asked. Without meaning it is asked by words, and says so.
    async fn recall(&self, owner: Owner, query: RecallQuery) -> Result<Recollection, Fault>;

    /// Memories, newest first; of one kind or all, since a time or ever.
    ///
    /// # Errors
    /// When the backend cannot be asked.
    async fn list(
        &self,
        owner: Owner,
        kind: Option<MemoryKind>,
        since: Option<Timestamp>,
        page: PageRequest,
    ) -> Result<Page<Memory>, Fault>;

    /// Forgets one memory, with notes.
    ///
    /// # Errors
    /// When the owner has none of that id; then nothing was written.
    async fn forget(&self, owner: Owner, id: MemoryId, notes: Vec<Change>) -> Result<(), Fault>;

    /// Does what was left undone while the embedder or the backend did not answer, of at most `most` memories of a
    /// tenant; answers of how many.
    ///
    /// # Errors
    /// When it does not answer still; what was done before stays.
    async fn catch_up(&self, tenant: TenantId, most: usize) -> Result<usize, Fault>;

    /// Asks the backend and the embedder now whether they answer; says in a sentence what they said.
    ///
    /// # Errors
    /// What is wrong and what to do.
    async fn try_out(&self, tenant: TenantId) -> Result<String, Fault>;

    /// How it stands for a tenant.
    async fn standing(&self, tenant: TenantId) -> MemoryStanding;
}
