//! Vectors of one owner, side by side in memory, and the scan over them.
//!
//! Exact: every vector is looked at. What is new in the store is read on before each scan; what was forgotten there may
//! still be found here, and has no memory any more. Never here: another embedder's vectors, or another length.

use std::{
    collections::HashMap,
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
    rank::{MIN_COSINE, Scored, best},
};

/// Vectors read from the store at once.
const READ_AT_ONCE: u32 = 4_096;
/// Most bytes of vectors that are held for all owners together: 2 GiB.
const MAX_BYTES: usize = 2 << 30;
/// Numbers that are multiplied side by side.
const LANES: usize = 16;

/// Whose vectors, and in which space.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Space {
    owner: Owner,
    embedder: String,
    dimension: usize,
}

/// Vectors of one space, one after another.
#[derive(Default, Debug)]
struct Vectors {
    rows: Vec<u64>,
    numbers: Vec<f32>,
    read_to: u64,
}

/// One space with the turn in which it was used last.
#[derive(Default, Debug)]
struct Slot {
    vectors: Arc<RwLock<Vectors>>,
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
        let vectors = slot.vectors.clone().read_owned().await;
        let scan = move || {
            let near = vectors
                .rows
                .iter()
                .zip(vectors.numbers.chunks_exact(question.len()))
                .map(|(row, vector)| Scored {
                    row: *row,
                    score: dot(vector, &question),
                })
                .filter(|one| one.score >= MIN_COSINE);
            best(near, most)
        };
        tokio::task::spawn_blocking(scan)
            .await
            .map_err(|_| too_much("the scan over the vectors of this agent broke"))
    }

    /// Lets go of an owner's vectors: so much of them was forgotten that they are read anew.
    pub(crate) fn drop_owner(&self, owner: Owner) {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.retain(|space, _| space.owner != owner);
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
            let read_to = slot.vectors.read().await.read_to;
            let more = store
                .vectors_after(owner, embedder, dimension, read_to, READ_AT_ONCE)
                .await
                .map_err(of_store)?;
            let Some(last) = more.last().map(|last| last.seq) else {
                return Ok(());
            };
            let mut vectors = slot.vectors.write().await;
            if vectors.read_to == read_to {
                for one in &more {
                    vectors.rows.push(one.of);
                    vectors.numbers.extend_from_slice(&one.vector);
                }
                vectors.read_to = last;
                let bytes = size_of_val(vectors.numbers.as_slice());
                slot.bytes.store(bytes as u64, Ordering::Relaxed);
            }
            drop(vectors);
            self.make_room(space)?;
        }
    }

    /// Lets go of the vectors that were not used for longest, until all others fit.
    fn make_room(&self, kept: &Space) -> Result<(), Fault> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let held = |slots: &HashMap<Space, Arc<Slot>>| -> u64 {
            slots
                .values()
                .map(|slot| slot.bytes.load(Ordering::Relaxed))
                .sum()
        };
        while held(&slots) > self.most as u64 {
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

fn too_much(why: &str) -> Fault {
    Fault::of(
        UNAVAILABLE,
        format!(
            "{why}. Its memories are found by their words alone; nothing was lost. Forget some of them, or use an embedder with shorter vectors"
        ),
    )
}

/// The cosine of two vectors of length one.
fn dot(one: &[f32], other: &[f32]) -> f32 {
    let (ones, rest) = one.as_chunks::<LANES>();
    let (others, other_rest) = other.as_chunks::<LANES>();
    let mut sums = [0.0_f32; LANES];
    for (one, other) in ones.iter().zip(others) {
        for ((sum, left), right) in sums.iter_mut().zip(one).zip(other) {
            *sum += left * right;
        }
    }
    let tail: f32 = rest
        .iter()
        .zip(other_rest)
        .map(|(left, right)| left * right)
        .sum();
    sums.iter().sum::<f32>() + tail
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scan_multiplies_every_number() {
        for length in [1, 15, 16, 17, 40] {
            let one: Vec<f32> = (0..length).map(|at| at as f32).collect();
            let plain: f32 = one.iter().map(|number| number * number).sum();
            assert!(
                (dot(&one, &one) - plain).abs() < plain * 1e-6 + 1e-6,
                "{length}"
            );
        }
    }
}
