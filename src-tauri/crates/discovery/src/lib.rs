//! Which of many tools serve a task: found by what they do, not by their names alone.
//!
//! Names, descriptions and arguments are weighed word by word (BM25 over fields), with the kin of words; where vectors
//! are there, what is near in meaning is fused in by rank. Pure. Never here: whether a tool may be called, or what makes
//! the vectors.

mod words;

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet, HashMap},
};

use chimera_domain::action::ToolRef;
use chimera_ports::tools::{Need, ToolInfo};
use serde_json::Value;

/// How quickly a word that is repeated adds less.
const SATURATION: f64 = 1.2;
/// How much a long text counts less than a short one.
const LENGTH_WEIGHT: f64 = 0.4;
/// What a word in each place is worth.
const IN_NAME: f64 = 2.5;
const IN_SERVER: f64 = 0.6;
const IN_DESCRIPTION: f64 = 1.0;
const IN_ARGUMENTS: f64 = 0.5;
/// What a word's kin is worth beside the word itself.
const KIN_WEIGHT: f64 = 0.45;
/// How little the first ranks differ when two orders are fused (reciprocal rank fusion).
const FUSION_RANKS: f64 = 60.0;
/// What a word of what a step is part of is worth beside one of the step's own, and how much its meaning counts.
const WITHIN_WEIGHT: f64 = 0.3;
/// Longest description that is read, in characters.
const MAX_DESCRIPTION_CHARS: usize = 2_000;

/// A tool that serves a task.
#[derive(Clone, PartialEq, Debug)]
pub struct Found {
    /// Which one.
    pub tool: ToolRef,
    /// How well, beside the others of the same answer; greater is better.
    pub score: f64,
    /// The words by which it was found, as they are compared.
    pub by: Vec<String>,
}

/// The tools of a catalogue, ready to be found.
#[derive(Clone, Debug, Default)]
pub struct Discovery {
    tools: Vec<ToolRef>,
    /// Where each word stands, and how much it counts there.
    postings: HashMap<String, Vec<(usize, f64)>>,
    /// One vector a tool, all of one length; empty where nothing makes them.
    vectors: Vec<Vec<f32>>,
}

impl Discovery {
    /// Reads a catalogue. Its texts are the servers' own and are only ever counted.
    #[must_use]
    pub fn of(tools: &[ToolInfo]) -> Self {
        let read: Vec<(HashMap<String, f64>, f64)> = tools.iter().map(weights).collect();
        #[expect(
            clippy::cast_precision_loss,
            reason = "a catalogue is far below 2^52 tools"
        )]
        let mean = (read.iter().map(|(_, length)| length).sum::<f64>() / tools.len().max(1) as f64)
            .max(1.0);
        let mut postings: HashMap<String, Vec<(usize, f64)>> = HashMap::new();
        for (at, (words, length)) in read.into_iter().enumerate() {
            let norm = 1.0 - LENGTH_WEIGHT + LENGTH_WEIGHT * length / mean;
            for (word, weight) in words {
                let weight = weight / norm;
                let counted = weight * (SATURATION + 1.0) / (weight + SATURATION);
                postings.entry(word).or_default().push((at, counted));
            }
        }
        Self {
            tools: tools.iter().map(|tool| tool.tool.clone()).collect(),
            postings,
            vectors: Vec::new(),
        }
    }

    /// What a tool is said to do, as one text: that of which a vector is made.
    #[must_use]
    pub fn text(tool: &ToolInfo) -> String {
        let name = tool.tool.tool.replace(['_', '-', '.'], " ");
        let about: String = tool
            .description
            .chars()
            .take(MAX_DESCRIPTION_CHARS)
            .collect();
        format!("{} {name}: {about}", tool.tool.server)
    }

    /// The same with a vector for each tool, in the catalogue's order. Vectors that are not one a tool, or not all of one
    /// length, are left out as a whole: half of them would find only half of the tools.
    #[must_use]
    pub fn with_vectors(mut self, vectors: Vec<Vec<f32>>) -> Self {
        let even = vectors.windows(2).all(|two| two[0].len() == two[1].len());
        if vectors.len() == self.tools.len() && even {
            self.vectors = vectors;
        }
        self
    }

    /// How many tools there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tools.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tools.is_empty()
    }

    /// The tools that serve what is wanted best, at most `most`, best first. `meaning` has the vector of the step and, where
    /// there is something that it is part of, of that, by the maker of the tools' vectors; or none. A tool with which
    /// nothing is shared is not among them.
    #[must_use]
    pub fn find(&self, need: Need<'_>, meaning: &[Vec<f32>], most: usize) -> Vec<Found> {
        let (scores, by) = self.by_words(need);
        let mut ranked: Vec<usize> = (0..self.tools.len())
            .filter(|at| scores[*at] > 0.0)
            .collect();
        ranked.sort_by(|a, b| descending(scores[*a], scores[*b]).then(a.cmp(b)));
        let near = self.by_meaning(meaning);
        let fused: Vec<(usize, f64)> = if near.is_empty() {
            ranked.iter().map(|at| (*at, scores[*at])).collect()
        } else {
            fuse(&ranked, &near, self.tools.len())
        };
        fused
            .into_iter()
            .take(most)
            .map(|(at, score)| Found {
                tool: self.tools[at].clone(),
                score,
                by: by[at].iter().cloned().collect(),
            })
            .collect()
    }

    /// What each tool is worth by words, and by which ones.
    fn by_words(&self, need: Need<'_>) -> (Vec<f64>, Vec<BTreeSet<String>>) {
        let mut scores = vec![0.0; self.tools.len()];
        let mut by = vec![BTreeSet::new(); self.tools.len()];
        let within = words::stems(need.within).into_iter();
        let mut asked: BTreeMap<String, f64> = within.map(|word| (word, WITHIN_WEIGHT)).collect();
        asked.extend(words::stems(need.step).into_iter().map(|word| (word, 1.0)));
        for (word, counts) in &asked {
            // Of a word and its kin a tool has the best one, not all.
            let mut best: HashMap<usize, f64> = HashMap::new();
            let kin = words::kin(word).iter().map(|kin| (kin, KIN_WEIGHT));
            for (one, worth) in std::iter::once((word, 1.0)).chain(kin) {
                let Some(postings) = self.postings.get(one) else {
                    continue;
                };
                let rare = self.rarity(postings.len());
                for (at, counted) in postings {
                    let score = counts * worth * rare * counted;
                    let held = best.entry(*at).or_default();
                    *held = held.max(score);
                }
            }
            for (at, score) in best {
                scores[at] += score;
                by[at].insert(word.clone());
            }
        }
        (scores, by)
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a catalogue is far below 2^52 tools"
    )]
    fn rarity(&self, holders: usize) -> f64 {
        let (all, holders) = (self.tools.len() as f64, holders as f64);
        ((all - holders + 0.5) / (holders + 0.5) + 1.0).ln()
    }

    /// All tools, nearest in meaning first; none where the vectors do not fit each other.
    fn by_meaning(&self, wanted: &[Vec<f32>]) -> Vec<usize> {
        let Some(length) = self.vectors.first().map(Vec::len) else {
            return Vec::new();
        };
        if wanted.is_empty() || wanted.iter().any(|one| one.len() != length) {
            return Vec::new();
        }
        let counts = [1.0, WITHIN_WEIGHT];
        let near: Vec<f64> = self
            .vectors
            .iter()
            .map(|tool| {
                let parts = wanted.iter().zip(counts);
                parts.map(|(one, counts)| counts * cosine(tool, one)).sum()
            })
            .collect();
        let mut ranked: Vec<usize> = (0..near.len()).filter(|at| near[*at] > 0.0).collect();
        ranked.sort_by(|a, b| descending(near[*a], near[*b]).then(a.cmp(b)));
        ranked
    }
}

/// Two orders as one: a tool that is high in both is higher than one that is first in one.
fn fuse(words: &[usize], meaning: &[usize], tools: usize) -> Vec<(usize, f64)> {
    let mut scores = vec![0.0; tools];
    for order in [words, meaning] {
        for (rank, at) in (1_u32..).zip(order) {
            scores[*at] += 1.0 / (FUSION_RANKS + f64::from(rank));
        }
    }
    let mut fused: Vec<(usize, f64)> = scores
        .into_iter()
        .enumerate()
        .filter(|(_, score)| *score > 0.0)
        .collect();
    fused.sort_by(|a, b| descending(a.1, b.1).then(a.0.cmp(&b.0)));
    fused
}

fn descending(a: f64, b: f64) -> Ordering {
    b.total_cmp(&a)
}

fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let dot = |a: &[f32], b: &[f32]| -> f64 {
        a.iter()
            .zip(b)
            .map(|(a, b)| f64::from(*a) * f64::from(*b))
            .sum()
    };
    let norms = dot(a, a).sqrt() * dot(b, b).sqrt();
    if norms > 0.0 { dot(a, b) / norms } else { 0.0 }
}

/// The words of a tool with what each is worth, and how long all of it is. A word counts once in each place, however
/// often a server repeats it, and the repetitions make the text longer.
fn weights(tool: &ToolInfo) -> (HashMap<String, f64>, f64) {
    let about: String = tool
        .description
        .chars()
        .take(MAX_DESCRIPTION_CHARS)
        .collect();
    let arguments: Vec<&str> = tool
        .input_schema
        .get("properties")
        .and_then(Value::as_object)
        .map(|properties| properties.keys().map(String::as_str).collect())
        .unwrap_or_default();
    let mut words = HashMap::new();
    let mut length = 0.0;
    for (text, weight) in [
        (tool.tool.tool.as_str(), IN_NAME),
        (tool.tool.server.as_str(), IN_SERVER),
        (about.as_str(), IN_DESCRIPTION),
        (arguments.join(" ").as_str(), IN_ARGUMENTS),
    ] {
        let mut seen = BTreeSet::new();
        for word in words::stems(text) {
            length += weight;
            if seen.insert(word.clone()) {
                *words.entry(word).or_default() += weight;
            }
        }
    }
    (words, length)
}

#[cfg(test)]
mod tests;
