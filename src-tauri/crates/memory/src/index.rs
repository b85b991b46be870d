//! Vectors of one owner, side by side in memory.
//!
//! What is new in the store is read on before each scan; what was forgotten there may still be found here, and has no
//! memory any more. Never here: the scan itself (`scan`), another embedder's vectors, or another length.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use chimera_domain::{fault::Fault, memory::Owner};
use chimera_ports::store::Memories;
use tokio::sync::RwLock;

use crate::{
    codes::{UNAVAILABLE, of_store},
    rank::Scored,
    scan::Vectors,
};

/// Vectors read from the store at once.
const READ_AT_ONCE: u32 = 4_096;
/// Most bytes of vectors that are held for all owners together: 2 GiB.
const MAX_BYTES: usize = 2 << 30;

/// Whose vectors, and in which space.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Space {
    owner: Owner,
    embedder: String,
    dimension: usize,
}

/// Vectors of one space, as far as they were read.
#[derive(Default, Debug)]
struct Held {
    vectors: Vectors,
    read_to: u64,
}

/// One space with the turn in which it was used last.
#[derive(Default, Debug)]
struct Slot {
    held: Arc<RwLock<Held>>,
    used: AtomicU64,
    bytes: AtomicU64,
}

/// The spaces that were asked lately.
#[derive(Debug)]
pub(crate) struct Indexes {
    slots: Mutex<HashMap<Space, Arc<Slot>>>,
    turn: AtomicU64,
    most: usize,
}

impl Default for Indexes {
    fn default() -> Self {
        Self::of_at_most(MAX_BYTES)
    }
}

impl Indexes {
    pub(crate) fn of_at_most(most: usize) -> Self {
        Self {
            slots: Mutex::default(),
            turn: AtomicU64::new(0),
            most,
        }
    }

    /// The `most` rows whose vectors are nearest to `question`, nearest first.
    pub(crate) async fn nearest(
        &self,
        store: &dyn Memories,
        owner: Owner,
        embedder: &str,
        question: Vec<f32>,
        most: usize,
    ) -> Result<Vec<Scored>, Fault> {
        let space = Space {
            owner,
            embedder: embedder.to_owned(),
            dimension: question.len(),
        };
        let slot = self.slot(&space);
        self.read_on(store, &space, &slot).await?;
        let held = slot.held.clone().read_owned().await;
        let scan = move || {
            let mut near = held.vectors.nearest(&question, most);
            // One that was embedded once more stands in it twice, the better place first.
            let mut seen = HashSet::new();
            near.retain(|one| seen.insert(one.row));
            near
        };
        tokio::task::spawn_blocking(scan)
            .await
            .map_err(|_| too_much("the scan over the vectors of this agent broke"))
    }

    /// Whether any vector of the owner is held: then it remembers something, or did a moment ago.
    pub(crate) fn holds(&self, owner: Owner) -> bool {
        let slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots
            .iter()
            .any(|(space, slot)| space.owner == owner && slot.bytes.load(Ordering::Relaxed) > 0)
    }

    /// Lets go of an owner's vectors: so much of them was forgotten that they are read anew.
    pub(crate) fn drop_owner(&self, owner: Owner) {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.retain(|space, _| space.owner != owner);
    }

    /// Bytes that are held now.
    #[cfg(test)]
    pub(crate) fn held(&self) -> u64 {
        bytes(&self.slots.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn slot(&self, space: &Space) -> Arc<Slot> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) + 1;
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = slots.entry(space.clone()).or_default().clone();
        slot.used.store(turn, Ordering::Relaxed);
        slot
    }

    async fn read_on(
        &self,
        store: &dyn Memories,
        space: &Space,
        slot: &Arc<Slot>,
    ) -> Result<(), Fault> {
        let (owner, embedder) = (space.owner, space.embedder.as_str());
        let dimension = u32::try_from(space.dimension).unwrap_or(u32::MAX);
        loop {
            let read_to = slot.held.read().await.read_to;
            let more = store
                .vectors_after(owner, embedder, dimension, read_to, READ_AT_ONCE)
                .await
                .map_err(of_store)?;
            let Some(last) = more.last().map(|last| last.seq) else {
                return Ok(());
            };
            let mut held = slot.held.write().await;
            if held.read_to == read_to {
                for one in &more {
                    held.vectors.push(one.of, &one.vector);
                }
                held.read_to = last;
                slot.bytes
                    .store(held.vectors.bytes() as u64, Ordering::Relaxed);
            }
            drop(held);
            self.make_room(space)?;
        }
    }

    /// Lets go of the vectors that were not used for longest, until all others fit.
    fn make_room(&self, kept: &Space) -> Result<(), Fault> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        while bytes(&slots) > self.most as u64 {
            let oldest = slots
                .iter()
                .filter(|(space, _)| *space != kept)
                .min_by_key(|(_, slot)| slot.used.load(Ordering::Relaxed))
                .map(|(space, _)| space.clone());
            let Some(oldest) = oldest else {
                slots.remove(kept);
                return Err(too_much(
                    "this agent remembers more than its vectors may take of this machine's memory",
                ));
            };
            slots.remove(&oldest);
        }
        Ok(())
    }
}

fn bytes(slots: &HashMap<Space, Arc<Slot>>) -> u64 {
    let slots = slots.values();
    slots.map(|slot| slot.bytes.load(Ordering::Relaxed)).sum()
}

fn too_much(why: &str) -> Fault {
    Fault::of(
        UNAVAILABLE,
        format!(
            "{why}. Its memories are found by their words alone; nothing was lost. Forget some of them, or use an embedder with shorter vectors"
        ),
    )
}
