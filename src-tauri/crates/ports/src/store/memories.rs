//! What agents remember, as rows: texts, the words in them, and their vectors.
//!
//! Every call names an [`Owner`], and none looks beyond it (COG-16). Never here: which memory matters most (crate
//! `memory` ranks).

use async_trait::async_trait;
use chimera_domain::{
    change::Change,
    id::{AgentId, MemoryId, TenantId},
    memory::{Memory, MemoryKind, Owner},
    time::Timestamp,
};

use crate::{
    error::PortError,
    page::{Page, PageRequest},
};

/// A memory with the number of its row. A memory whose text changes gets another number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kept {
    /// Number of the row: rises with every write of its owner.
    pub seq: u64,
    /// The memory.
    pub memory: Memory,
}

/// The vector of one memory.
#[derive(Clone, PartialEq, Debug)]
pub struct Embedded {
    /// Number of the vector's own row: rises, so that what is new can be asked for.
    pub seq: u64,
    /// Row of the memory.
    pub of: u64,
    /// The vector.
    pub vector: Vec<f32>,
}

/// Where words are found among an owner's memories.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct WordRows {
    /// Memories of the owner.
    pub held: u64,
    /// Rows of each word, in the order of the words.
    pub rows: Vec<Vec<u64>>,
}

/// How much is remembered, and how much of it has a vector of an embedder.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct MemoryCounts {
    /// Memories.
    pub memories: u64,
    /// Those with a vector of the embedder that was asked about.
    pub embedded: u64,
}

/// Memories of agents.
#[async_trait]
pub trait Memories: Send + Sync {
    /// Keeps memories of one owner, with notes. One whose id the owner has already is replaced. Answers the rows'
    /// numbers in the order of the memories.
    ///
    /// # Errors
    /// When the tenant has no such agent, when one of them is somebody else's, or when the store refuses. Then none
    /// is kept.
    async fn keep(
        &self,
        owner: Owner,
        memories: Vec<Memory>,
        notes: Vec<Change>,
    ) -> Result<Vec<u64>, PortError>;

    /// One memory.
    ///
    /// # Errors
    /// When the owner has none of that id.
    async fn memory(&self, owner: Owner, id: MemoryId) -> Result<Memory, PortError>;

    /// The memories of these rows, in no order; a row that is gone, or another's, is left out.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn kept(&self, owner: Owner, rows: &[u64]) -> Result<Vec<Kept>, PortError>;

    /// Those of these rows that have no vector of `embedder`: whatever was only written once more has its own already.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn kept_without_vector(
        &self,
        owner: Owner,
        embedder: &str,
        rows: &[u64],
    ) -> Result<Vec<Kept>, PortError>;

    /// Memories, newest first; of one kind or all, since a time or ever.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn memories(
        &self,
        owner: Owner,
        kind: Option<MemoryKind>,
        since: Option<Timestamp>,
        page: PageRequest,
    ) -> Result<Page<Memory>, PortError>;

    /// For each word the rows that have it in text or tags, newest first, at most `most` each; and how many memories
    /// the owner has.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn rows_with(
        &self,
        owner: Owner,
        words: &[String],
        most: u32,
    ) -> Result<WordRows, PortError>;

    /// How many memories all agents of a tenant have together, and how many of them have a vector of `embedder`.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn count_all(&self, tenant: TenantId, embedder: &str) -> Result<MemoryCounts, PortError>;

    /// Forgets a memory with its words and its vector, with notes.
    ///
    /// # Errors
    /// When the owner has none of that id; then the notes are not written either.
    async fn forget_memory(
        &self,
        owner: Owner,
        id: MemoryId,
        notes: Vec<Change>,
    ) -> Result<(), PortError>;

    /// Keeps vectors of rows, each in the place of any that its row had. A row that is gone is left out.
    ///
    /// # Errors
    /// When the store refuses.
    async fn keep_vectors(
        &self,
        owner: Owner,
        embedder: &str,
        vectors: Vec<(u64, Vec<f32>)>,
    ) -> Result<(), PortError>;

    /// Vectors of one embedder and one length behind the row numbered `after`, in order. Vectors of any other are
    /// never among them: numbers of two spaces cannot be compared.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn vectors_after(
        &self,
        owner: Owner,
        embedder: &str,
        dimension: u32,
        after: u64,
        limit: u32,
    ) -> Result<Vec<Embedded>, PortError>;

    /// Memories of a tenant that have no vector of `embedder`, newest first, each with its agent.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn without_vector(
        &self,
        tenant: TenantId,
        embedder: &str,
        limit: u32,
    ) -> Result<Vec<(AgentId, Kept)>, PortError>;
}
