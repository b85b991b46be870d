//! Copies of memories, put where they have none yet.
//!
//! One that is refused holds no other up, and does not keep the rest from being searched. Never here: finding anything.

use std::collections::HashMap;

use chimera_domain::{fault::Fault, id::TenantId, memory::Owner};
use chimera_ports::store::Kept;
use tracing::warn;

use super::WeaviateMemory;
use crate::{codes::of_store, embedder::TEXTS_AT_ONCE};

/// What came of copying.
#[derive(Default)]
struct Copied {
    /// How many are there now.
    done: usize,
    /// Why one of them is not, when that is so.
    refused: Option<Fault>,
}

impl WeaviateMemory {
    /// Copies what has no copy yet; answers how many.
    pub(super) async fn copy(&self, tenant: TenantId, most: usize) -> Result<usize, Fault> {
        let refused = || self.copy_rests.now(tenant, self.clock.now());
        if let Some(fault) = self.rests(tenant).or_else(refused) {
            return Err(fault);
        }
        let copied = self.copied(tenant, most).await;
        let copied = copied.inspect_err(|fault| self.rest(tenant, fault))?;
        let Some(fault) = copied.refused else {
            self.copy_rests.end(tenant);
            return Ok(copied.done);
        };
        warn!(%tenant, %fault, done = copied.done, "a memory was not taken and stays here alone");
        self.copy_rests.begin(tenant, self.clock.now(), &fault);
        Err(fault)
    }

    async fn copied(&self, tenant: TenantId, most: usize) -> Result<Copied, Fault> {
        let at_once = u32::try_from(TEXTS_AT_ONCE).unwrap_or(u32::MAX);
        let (mut all, mut is_ready) = (Copied::default(), false);
        while all.done < most {
            let missing = self
                .store
                .without_vector(tenant, &self.copies, at_once)
                .await
                .map_err(of_store)?;
            if missing.is_empty() {
                break;
            }
            if !is_ready {
                self.there.rest.ensure_class(tenant).await?;
                is_ready = true;
            }
            let mut of_owner: HashMap<Owner, Vec<Kept>> = HashMap::new();
            for (agent, kept) in missing {
                let owner = Owner { tenant, agent };
                of_owner.entry(owner).or_default().push(kept);
            }
            let before = all.done;
            for (owner, kept) in of_owner {
                let copied = self.copy_rows(owner, kept).await?;
                all.done += copied.done;
                all.refused = all.refused.or(copied.refused);
            }
            // Those that are refused come again in every round; when there is nothing else, it is over.
            if all.done == before {
                break;
            }
        }
        Ok(all)
    }

    async fn copy_rows(&self, owner: Owner, kept: Vec<Kept>) -> Result<Copied, Fault> {
        let vectors = match self.embedder.as_deref() {
            None => vec![Vec::new(); kept.len()],
            Some(embedder) => {
                let texts = kept.iter().map(|kept| kept.memory.text.clone()).collect();
                embedder.embed(owner.tenant, texts).await?
            }
        };
        let copies: Vec<_> = kept
            .into_iter()
            .zip(vectors)
            .map(|(kept, vector)| (kept.seq, kept.memory, vector))
            .collect();
        let refused = self.there.put(owner.tenant, &copies).await?;
        // Only the mark that there is a copy: the vector itself is there.
        let taken = copies.iter().enumerate();
        let taken = taken.filter(|(place, _)| !refused.contains_key(place));
        let marks: Vec<_> = taken.map(|(_, (row, ..))| (*row, Vec::new())).collect();
        let done = marks.len();
        if done > 0 {
            self.store
                .keep_vectors(owner, &self.copies, marks)
                .await
                .map_err(of_store)?;
        }
        let refused = refused.into_values().next();
        Ok(Copied { done, refused })
    }
}
