//! From lists of rows to memories: what each list says is joined, read from the store within its owner, and ranked.
//!
//! Never here: where the lists come from.

use std::collections::HashSet;

use chimera_domain::{
    fault::Fault,
    memory::{MemoryKind, Owner},
    time::Timestamp,
};
use chimera_ports::{
    memory::{Found, RecallQuery},
    store::{Kept, Memories},
};

use crate::{
    codes::of_store,
    rank::{Scored, relevance, score},
};

/// Most memories of one answer.
const MAX_LIMIT: u32 = 50;

/// What came of looking rows up that were found.
pub(crate) struct Ranked {
    /// The memories, best first.
    pub(crate) best: Vec<Found>,
    /// Rows that have a memory of the owner.
    pub(crate) there: usize,
    /// Rows that have none: forgotten, or another's.
    pub(crate) gone: usize,
}

/// The memories of the owner that these lists name, best first, as many as are asked for.
pub(crate) async fn ranked(
    store: &dyn Memories,
    owner: Owner,
    lists: &[Vec<Scored>],
    query: &RecallQuery,
    now: Timestamp,
) -> Result<Ranked, Fault> {
    let relevant = relevance(lists);
    let rows: Vec<u64> = relevant.keys().copied().collect();
    let kept = store.kept(owner, &rows).await.map_err(of_store)?;
    let there = kept.len();
    let kinds: HashSet<MemoryKind> = query.kinds.iter().copied().collect();
    let mut found: Vec<(u16, Kept)> = kept
        .into_iter()
        .filter(|kept| kinds.is_empty() || kinds.contains(&kept.memory.kind))
        .map(|kept| {
            let relevance = relevant.get(&kept.seq).copied().unwrap_or_default();
            (score(relevance, &kept.memory, now), kept)
        })
        .collect();
    found.sort_by_key(|(score, kept)| std::cmp::Reverse((*score, kept.seq)));
    found.truncate(query.limit.min(MAX_LIMIT) as usize);
    let found = found.into_iter();
    Ok(Ranked {
        best: found
            .map(|(score, Kept { memory, .. })| Found { memory, score })
            .collect(),
        there,
        gone: rows.len() - there,
    })
}
