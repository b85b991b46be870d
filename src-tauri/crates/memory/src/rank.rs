//! Which memories fit best. The formula, in full:
//!
//! 1. **By words.** A memory scores the sum, over the question's words that it has, of
//!    `ln(1 + (n − d + ½) / (d + ½))`: `n` memories in all, `d` of them with that word (BM25's weight of a rare word;
//!    memories are short, so how often a word stands in one says little and is not counted). Of a word that more than
//!    [`MAX_ROWS_PER_WORD`] memories have, the newest so many are looked at.
//! 2. **By meaning.** The cosine between the question's vector and the memory's; below [`MIN_COSINE`] it does not
//!    count.
//! 3. **Together**, by reciprocal rank: each list gives `1 / (60 + rank)`, rank 1 the best, [`CANDIDATES`] deep. The sum is
//!    divided by the most that the lists which were asked can give, so that relevance is from 0 to 1.
//! 4. **Score** = `0.70 · relevance + 0.15 · recency + 0.15 · importance`. Recency halves with every half-life of its
//!    kind (an episode 3 days, a fact 30 days; knowledge does not age); importance is its hundredth part.
//!
//! What neither list has is not recalled. Never here: reading memories.

use std::{
    cmp::{Ordering, Reverse},
    collections::{BinaryHeap, HashMap},
};

use chimera_domain::{
    memory::{MAX_IMPORTANCE, Memory, MemoryKind},
    time::Timestamp,
};

/// Rows of one word that are looked at, the newest.
pub const MAX_ROWS_PER_WORD: u32 = 2_000;
/// Least cosine that counts as likeness.
pub const MIN_COSINE: f32 = 0.2;
/// How many memories of each list are put together.
pub const CANDIDATES: usize = 64;
/// The same where only some kinds are wanted, which is known of a memory only when it is read.
pub const CANDIDATES_OF_KIND: usize = 1_024;
/// What is added to a rank before it is turned over; the usual number of reciprocal rank fusion.
const RANK_OFFSET: f64 = 60.0;
const RELEVANCE_PART: f64 = 0.70;
const RECENCY_PART: f64 = 0.15;
const IMPORTANCE_PART: f64 = 0.15;
/// Half-life of an episode, in days.
const EPISODE_HALF_LIFE: f64 = 3.0;
/// Half-life of a fact, in days.
const FACT_HALF_LIFE: f64 = 30.0;
const DAY_MICROS: f64 = 86_400_000_000.0;
/// The highest score.
pub const MAX_SCORE: u16 = 1_000;

/// A row and what it scores in one list.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Scored {
    /// The memory's row.
    pub row: u64,
    /// Its score there.
    pub score: f32,
}

impl Eq for Scored {}

impl PartialOrd for Scored {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Scored {
    /// The higher score is greater; of the same score the newer row.
    fn cmp(&self, other: &Self) -> Ordering {
        self.score
            .total_cmp(&other.score)
            .then(self.row.cmp(&other.row))
    }
}

/// The best `most` rows by words, best first. `rows` has the rows of each word; there are `held` memories.
#[must_use]
pub fn by_words(held: u64, rows: &[Vec<u64>], most: usize) -> Vec<Scored> {
    let mut scores: HashMap<u64, f32> = HashMap::new();
    for of_word in rows {
        let weight = weight(held, of_word.len());
        for row in of_word {
            *scores.entry(*row).or_default() += weight;
        }
    }
    best(
        scores.into_iter().map(|(row, score)| Scored { row, score }),
        most,
    )
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of at most a million, for a weight"
)]
fn weight(held: u64, found: usize) -> f32 {
    let (held, found) = (held as f32, found as f32);
    (1.0 + (held - found + 0.5).max(0.5) / (found + 0.5)).ln()
}

/// The best `most` of a list, best first.
pub(crate) fn best(scored: impl Iterator<Item = Scored>, most: usize) -> Vec<Scored> {
    let mut kept: BinaryHeap<Reverse<Scored>> = BinaryHeap::with_capacity(most + 1);
    for one in scored {
        if kept.len() < most {
            kept.push(Reverse(one));
        } else if kept.peek().is_some_and(|least| one > least.0) {
            kept.pop();
            kept.push(Reverse(one));
        }
    }
    kept.into_sorted_vec()
        .into_iter()
        .map(|one| one.0)
        .collect()
}

/// How relevant each row of any list is, from 0 to 1.
#[must_use]
pub fn relevance(lists: &[Vec<Scored>]) -> HashMap<u64, f64> {
    let mut sums: HashMap<u64, f64> = HashMap::new();
    let mut most = 0.0;
    for list in lists {
        most += 1.0 / (RANK_OFFSET + 1.0);
        let mut rank = RANK_OFFSET;
        for one in list {
            rank += 1.0;
            *sums.entry(one.row).or_default() += 1.0 / rank;
        }
    }
    for sum in sums.values_mut() {
        *sum /= most;
    }
    sums
}

/// The score of a memory of this relevance, from 0 to [`MAX_SCORE`].
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a thousand, held within it"
)]
pub fn score(relevance: f64, memory: &Memory, now: Timestamp) -> u16 {
    let importance = f64::from(memory.importance) / f64::from(MAX_IMPORTANCE);
    let score = RELEVANCE_PART * relevance
        + RECENCY_PART * recency(memory, now)
        + IMPORTANCE_PART * importance;
    (score.clamp(0.0, 1.0) * f64::from(MAX_SCORE)).round() as u16
}

#[expect(
    clippy::cast_precision_loss,
    reason = "an age in microseconds, for a share of one"
)]
fn recency(memory: &Memory, now: Timestamp) -> f64 {
    let half_life = match memory.kind {
        MemoryKind::Episodic => EPISODE_HALF_LIFE,
        MemoryKind::Fact => FACT_HALF_LIFE,
        MemoryKind::Knowledge => return 1.0,
    };
    let days = now.since(memory.at).micros() as f64 / DAY_MICROS;
    0.5_f64.powf(days / half_life)
}

#[cfg(test)]
mod tests {
    use chimera_domain::{
        artifact::Origin,
        id::{AgentId, MemoryId, TenantId},
        memory::Owner,
        time::Span,
    };
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn rows(list: &[Scored]) -> Vec<u64> {
        list.iter().map(|one| one.row).collect()
    }

    #[test]
    fn a_rare_word_weighs_more_than_many_common_ones() {
        // 1 has the rare word; 2 has both common ones.
        let common: Vec<u64> = (2..90).collect();
        let found = by_words(100, &[vec![1], common.clone(), common], CANDIDATES);
        assert_eq!(rows(&found)[..2], [1, 89]);
        assert!(found[0].score > found[1].score);
        assert_eq!(found.len(), CANDIDATES);
    }

    #[test]
    fn what_both_lists_have_comes_before_what_leads_one() {
        let list = |rows: &[u64]| -> Vec<Scored> {
            rows.iter()
                .map(|row| Scored {
                    row: *row,
                    score: 1.0,
                })
                .collect()
        };
        let found = relevance(&[list(&[1, 2, 3]), list(&[9, 2, 8])]);
        assert!(found[&2] > found[&1] && found[&2] > found[&9], "{found:?}");
        let alone = relevance(&[list(&[1])]);
        assert!(
            (alone[&1] - 1.0).abs() < 1e-9,
            "the best of one list is all there is"
        );
    }

    fn memory(kind: MemoryKind, importance: u8, at: Timestamp) -> Memory {
        Memory {
            id: MemoryId::from_uuid(Uuid::nil()),
            owner: Owner {
                tenant: TenantId::from_uuid(Uuid::nil()),
                agent: AgentId::from_uuid(Uuid::nil()),
            },
            kind,
            text: "x".into(),
            source: String::new(),
            task: None,
            origin: Origin::Model,
            tags: Vec::new(),
            importance,
            at,
        }
    }

    #[test]
    fn the_score_is_the_published_formula() {
        let then = Timestamp::from_seconds(0);
        let now = then + Span::seconds(3 * 86_400);
        let episode = memory(MemoryKind::Episodic, 40, then);
        // 0.70 · 0.5 + 0.15 · 0.5 + 0.15 · 0.4
        assert_eq!(score(0.5, &episode, now), 485);
        let fact = memory(MemoryKind::Fact, 0, then);
        // 0.70 · 1 + 0.15 · 2^(−1/10)
        assert_eq!(score(1.0, &fact, now), 840);
        let knowledge = memory(MemoryKind::Knowledge, 100, then);
        assert_eq!(score(1.0, &knowledge, now), MAX_SCORE);
    }

    proptest! {
        #[test]
        fn the_best_are_those_of_a_full_sort(scores in prop::collection::vec(0.0_f32..1.0, 0..300)) {
            let list: Vec<Scored> = scores.iter().zip(0..).map(|(score, row)| Scored { row, score: *score }).collect();
            let mut sorted = list.clone();
            sorted.sort_by_key(|one| Reverse(*one));
            sorted.truncate(CANDIDATES);
            prop_assert_eq!(best(list.into_iter(), CANDIDATES), sorted);
        }
    }
}
