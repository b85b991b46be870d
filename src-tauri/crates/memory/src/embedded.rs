//! The backend that ships: rows, words and vectors in the store of this installation.
//!
//! Without an embedder it finds memories by their words alone, and says so. Never here: SQL.

use std::{collections::HashMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use chimera_domain::{
    change::Change,
    fault::Fault,
    id::{MemoryId, TenantId},
    memory::{Memory, MemoryKind, Owner},
    time::Timestamp,
};
use chimera_ports::{
    clock::Clock,
    memory::{FoundBy, MemoryBackend, MemoryStanding, RecallQuery, Recollection},
    page::{Page, PageRequest},
    store::{Kept, Memories},
};
use tokio::time::timeout;
use tracing::warn;

use crate::{
    codes::{INVALID, embedder_unavailable, invalid, of_store},
    embedder::{Embedder, TEXTS_AT_ONCE},
    found::ranked,
    index::Indexes,
    rank::{CANDIDATES, CANDIDATES_OF_KIND, MAX_ROWS_PER_WORD, Scored, by_words},
    rest::Rests,
    words,
};

/// Most memories that are kept at once.
const MAX_AT_ONCE: usize = 256;
/// Longest wait for the vector of a question; then it is answered by words.
const QUESTION_PATIENCE: Duration = Duration::from_secs(3);
/// What is embedded to see whether an embedder answers.
const TRIED_WORD: &str = "memory";

/// What the backend is made from.
pub struct EmbeddedOptions {
    /// Rows.
    pub store: Arc<dyn Memories>,
    /// Who embeds, when anybody does.
    pub embedder: Option<Arc<dyn Embedder>>,
    /// Why nobody does although somebody should.
    pub embedder_fault: Option<Fault>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// Memory in the store of this installation.
pub struct EmbeddedMemory {
    options: EmbeddedOptions,
    indexes: Indexes,
    /// What is, or was, the matter with the embedder.
    rests: Rests,
}

/// A question's place in the space of an embedder.
struct Placed<'a> {
    embedder: &'a dyn Embedder,
    vector: Vec<f32>,
}

/// What was found by words.
struct ByWords {
    /// Memories that the owner has.
    held: u64,
    list: Vec<Scored>,
}

/// Rows that may fit, best first, and how they were found.
struct Lists {
    lists: Vec<Vec<Scored>>,
    by: FoundBy,
    problem: Option<Fault>,
}

impl EmbeddedMemory {
    /// Memory on these parts. Nothing is read yet.
    #[must_use]
    pub fn new(options: EmbeddedOptions) -> Self {
        Self {
            options,
            indexes: Indexes::default(),
            rests: Rests::default(),
        }
    }

    /// Embeds memories of a tenant that have no vector of the embedder in use: those that were kept while it did not
    /// answer, and all of them after another was chosen. Answers how many it embedded; at most `most`.
    ///
    /// # Errors
    /// When the embedder or the store fails; what was embedded before stays.
    async fn embed_missing(&self, tenant: TenantId, most: usize) -> Result<usize, Fault> {
        let Some(embedder) = self.options.embedder.as_deref() else {
            return Ok(0);
        };
        let mut done = 0;
        while done < most {
            if let Some(fault) = self.rests(tenant) {
                return Err(fault);
            }
            let limit = u32::try_from(TEXTS_AT_ONCE).unwrap_or(u32::MAX);
            let missing = self
                .options
                .store
                .without_vector(tenant, embedder.name(), limit)
                .await
                .map_err(of_store)?;
            if missing.is_empty() {
                break;
            }
            let mut of_owner: HashMap<Owner, Vec<Kept>> = HashMap::new();
            for (agent, kept) in missing {
                of_owner
                    .entry(Owner { tenant, agent })
                    .or_default()
                    .push(kept);
            }
            for (owner, kept) in of_owner {
                done += kept.len();
                self.embed_rows(embedder, owner, kept).await?;
            }
        }
        Ok(done)
    }

    async fn embed_rows(
        &self,
        embedder: &dyn Embedder,
        owner: Owner,
        kept: Vec<Kept>,
    ) -> Result<(), Fault> {
        let texts = kept.iter().map(|kept| kept.memory.text.clone()).collect();
        let vectors = embedder
            .embed(owner.tenant, texts)
            .await
            .inspect_err(|fault| self.rest(owner.tenant, fault))?;
        let rows = kept.iter().map(|kept| kept.seq).zip(vectors).collect();
        self.options
            .store
            .keep_vectors(owner, embedder.name(), rows)
            .await
            .map_err(of_store)
    }

    /// The embedder is left alone for a while after it failed.
    fn rest(&self, tenant: TenantId, fault: &Fault) {
        warn!(%tenant, %fault, "memories are found by their words alone for a while");
        self.rests.begin(tenant, self.options.clock.now(), fault);
    }

    fn rests(&self, tenant: TenantId) -> Option<Fault> {
        self.rests.now(tenant, self.options.clock.now())
    }

    /// The question's place, where anybody can give it one now.
    async fn place(&self, tenant: TenantId, text: &str) -> Result<Option<Placed<'_>>, Fault> {
        let Some(embedder) = self.options.embedder.as_deref() else {
            return self.options.embedder_fault.clone().map_or(Ok(None), Err);
        };
        if let Some(fault) = self.rests(tenant) {
            return Err(fault);
        }
        let asked: String = text.chars().take(words::MAX_QUERY_CHARS).collect();
        let embedded = timeout(QUESTION_PATIENCE, embedder.embed(tenant, vec![asked]))
            .await
            .unwrap_or_else(|_| {
                Err(embedder_unavailable(format_args!(
                    "the embedder {} took longer than {} s",
                    embedder.name(),
                    QUESTION_PATIENCE.as_secs()
                )))
            })
            .inspect_err(|fault| self.rest(tenant, fault))?;
        let vector = embedded.into_iter().next().unwrap_or_default();
        Ok((!vector.is_empty()).then_some(Placed { embedder, vector }))
    }

    /// What fits by words, and what by meaning where anybody knows it.
    async fn lists(&self, owner: Owner, text: &str, most: usize) -> Result<Lists, Fault> {
        let by_words = self.by_words(owner, text, most);
        let by_meaning = self.by_meaning(owner, text, most);
        // Neither waits for the other where there is something to be found; else nobody is asked to embed the question.
        let (words, near) = if self.indexes.holds(owner) {
            let (words, near) = tokio::join!(by_words, by_meaning);
            (words?, near)
        } else {
            let words = by_words.await?;
            if words.held == 0 {
                (words, Ok(None))
            } else {
                (words, by_meaning.await)
            }
        };
        let alone = |by, problem| Lists {
            lists: vec![words.list.clone()],
            by,
            problem,
        };
        if words.held == 0 {
            return Ok(alone(self.usual(), None));
        }
        Ok(match near {
            Err(fault) => alone(FoundBy::Words, Some(fault)),
            Ok(None) => alone(FoundBy::Words, None),
            Ok(Some(near)) => Lists {
                lists: vec![words.list, near],
                by: FoundBy::WordsAndMeaning,
                problem: None,
            },
        })
    }

    async fn by_words(&self, owner: Owner, text: &str, most: usize) -> Result<ByWords, Fault> {
        let asked = words::of(text);
        let store = &self.options.store;
        let found = store.rows_with(owner, &asked, MAX_ROWS_PER_WORD).await;
        let found = found.map_err(of_store)?;
        Ok(ByWords {
            held: found.held,
            list: by_words(found.held, &found.rows, most),
        })
    }

    /// `None` where there is no embedder.
    async fn by_meaning(
        &self,
        owner: Owner,
        text: &str,
        most: usize,
    ) -> Result<Option<Vec<Scored>>, Fault> {
        let Some(Placed { embedder, vector }) = self.place(owner.tenant, text).await? else {
            return Ok(None);
        };
        let store = self.options.store.as_ref();
        let near = self
            .indexes
            .nearest(store, owner, embedder.name(), vector, most);
        near.await.map(Some)
    }

    fn usual(&self) -> FoundBy {
        if self.options.embedder.is_some() {
            FoundBy::WordsAndMeaning
        } else {
            FoundBy::Words
        }
    }
}

#[async_trait]
impl MemoryBackend for EmbeddedMemory {
    async fn remember(&self, owner: Owner, memories: Vec<Memory>) -> Result<(), Fault> {
        if memories.len() > MAX_AT_ONCE {
            let message =
                format!("At most {MAX_AT_ONCE} memories are kept at once; nothing was kept.");
            return Err(Fault::of(INVALID, message));
        }
        let memories: Vec<Memory> = memories
            .into_iter()
            .map(Memory::checked)
            .collect::<Result<_, _>>()
            .map_err(|error| invalid(&error))?;
        let store = &self.options.store;
        let rows = store
            .keep(owner, memories, Vec::new())
            .await
            .map_err(of_store)?;
        // It is kept; a vector that cannot be had now comes later (`embed_missing`).
        let Some(embedder) = self.options.embedder.as_deref() else {
            return Ok(());
        };
        if self.rests(owner.tenant).is_some() {
            return Ok(());
        }
        let kept = store
            .kept_without_vector(owner, embedder.name(), &rows)
            .await
            .map_err(of_store)?;
        if kept.is_empty() {
            return Ok(());
        }
        if let Err(fault) = self.embed_rows(embedder, owner, kept).await {
            warn!(%fault, "memories were kept without a vector, and get one later");
        }
        Ok(())
    }

    async fn recall(&self, owner: Owner, query: RecallQuery) -> Result<Recollection, Fault> {
        let most = if query.kinds.is_empty() {
            CANDIDATES
        } else {
            CANDIDATES_OF_KIND
        };
        let Lists { lists, by, problem } = self.lists(owner, &query.text, most).await?;
        let now = self.options.clock.now();
        let store = self.options.store.as_ref();
        let found = ranked(store, owner, &lists, &query, now).await?;
        if found.gone > found.there {
            self.indexes.drop_owner(owner);
        }
        Ok(Recollection {
            found: found.best,
            by,
            problem,
        })
    }

    async fn list(
        &self,
        owner: Owner,
        kind: Option<MemoryKind>,
        since: Option<Timestamp>,
        page: PageRequest,
    ) -> Result<Page<Memory>, Fault> {
        let store = &self.options.store;
        store
            .memories(owner, kind, since, page)
            .await
            .map_err(of_store)
    }

    async fn forget(&self, owner: Owner, id: MemoryId, notes: Vec<Change>) -> Result<(), Fault> {
        let store = &self.options.store;
        store
            .forget_memory(owner, id, notes)
            .await
            .map_err(of_store)
    }

    async fn catch_up(&self, tenant: TenantId, most: usize) -> Result<usize, Fault> {
        self.embed_missing(tenant, most).await
    }

    async fn try_out(&self, tenant: TenantId) -> Result<String, Fault> {
        let counts = self.options.store.count_all(tenant, "").await;
        let held = counts.map_err(of_store)?.memories;
        let Some(embedder) = self.options.embedder.as_deref() else {
            return match &self.options.embedder_fault {
                Some(fault) => Err(fault.clone()),
                None => Ok(format!(
                    "{held} memories can be read. There is no embedder: they are found by their words."
                )),
            };
        };
        let embedded = embedder.embed(tenant, vec![TRIED_WORD.to_owned()]).await;
        let vectors = embedded.inspect_err(|fault| self.rest(tenant, fault))?;
        // It answers: whatever it rested for is over.
        self.rests.end(tenant);
        let numbers = vectors.first().map_or(0, Vec::len);
        Ok(format!(
            "{held} memories can be read, and {} embedded one word as {numbers} numbers.",
            embedder.name()
        ))
    }

    async fn standing(&self, tenant: TenantId) -> MemoryStanding {
        let embedder = self.options.embedder.as_deref().map(Embedder::name);
        let counts = self
            .options
            .store
            .count_all(tenant, embedder.unwrap_or_default())
            .await;
        let (counts, problem) = match counts {
            Ok(counts) => (Some(counts), None),
            Err(error) => (None, Some(of_store(error))),
        };
        MemoryStanding {
            backend: "embedded",
            address: None,
            never_run_live: false,
            last_problem: self.rests.last(tenant),
            embedder: embedder.map(str::to_owned),
            memories: counts.map(|counts| counts.memories),
            embedded: counts
                .filter(|_| embedder.is_some())
                .map(|counts| counts.embedded),
            problem: problem
                .or_else(|| self.options.embedder_fault.clone())
                .or_else(|| self.rests(tenant)),
        }
    }
}
