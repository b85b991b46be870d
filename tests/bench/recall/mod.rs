//! Recall by words and by meaning together, over a store in a file, beside a plain scan over the same vectors: the
//! scan's part is bound by how fast memory can be read, and by nothing else. With peers, the same vectors in other
//! people's libraries.
//!
//! The texts are made of invented words, as common and as rare as words are; their vectors are made of their words.
//! Never here: how well an embedder knows what a text means.

mod peers;

use std::{hint::black_box, sync::Arc, time::Instant};

use anyhow::{Result, anyhow, ensure};
use async_trait::async_trait;
use chimera_domain::{
    artifact::Origin,
    fault::Fault,
    id::{MemoryId, TenantId},
    memory::{Memory, MemoryKind, Owner},
};
use chimera_memory::{EmbeddedMemory, EmbeddedOptions, Embedder};
use chimera_ports::memory::{FoundBy, MemoryBackend, RecallQuery};
use chimera_store::{SqliteStore, StoreOptions};
use chimera_testkit::{World, store_contract::Bed};

use crate::{
    Options,
    figure::Figure,
    folder,
    series::{Series, exponent},
};

const BENCH: &str = "recall";
/// Memories of the one agent: as many as one may have.
const MEMORIES: usize = 1_000_000;
/// The two sizes that have goals, as shares of that: what is asked for, at most, in milliseconds.
const GOALS: [(usize, &str, f64); 2] = [
    (10, "P13 ≤ 15 ms at 100,000", 15.0),
    (1, "P13 ≤ 90 ms at 1,000,000", 90.0),
];
/// Numbers of a vector, as small embedders have them.
const NUMBERS: usize = 384;
/// Words that there are, and words of one memory and of one question.
const VOCABULARY: usize = 30_000;
const WORDS: usize = 24;
const ASKED_WORDS: usize = 8;
/// Memories that are kept at once.
const KEPT_AT_ONCE: usize = 250;
/// Questions of each contender at each size; the first so many warm up and do not count.
const QUESTIONS: usize = 400;
const WARM: usize = 20;
/// Memories that are asked for.
const TOP: u32 = 5;
const LANES: usize = 16;

pub(crate) fn run(options: Options) -> Result<()> {
    crate::runtime()?.block_on(measure(options))
}

async fn measure(options: Options) -> Result<()> {
    let folder = folder()?;
    let store = StoreOptions::at(folder.path().join("chimera.db"));
    let store = Arc::new(SqliteStore::open(store).await?);
    let bed = Bed::in_store(store.as_ref(), World::default()).await;
    let mut home = Home {
        owner: Owner {
            tenant: bed.campaign.tenant,
            agent: bed.agent.id,
        },
        store,
        bed,
        dice: Dice(0x9E37_79B9_7F4A_7C15),
        flat: Vec::new(),
        held: 0,
    };
    let mut points = Vec::new();
    for share in [100, 10, 1] {
        let size = options.amount(MEMORIES / share);
        home.fill(size).await?;
        let times = home.asked(options.amount(QUESTIONS).max(2 * WARM)).await?;
        points.push((size, times.ours.median()));
        if let Some((_, goal, most)) = GOALS.iter().find(|(of, ..)| *of == share) {
            times.tell(size, (goal, *most));
            // A graph of a million takes those libraries a quarter of an hour to build.
            if options.peers && share > 1 {
                let ours = Times::name(size, "p50");
                let questions = home.questions(QUESTIONS);
                peers::run(folder.path(), &home.flat, &questions, &ours)?;
            }
        }
    }
    let grows = exponent(&points);
    let (smallest, largest) = (points[0].0, points[2].0);
    Figure::new(
        BENCH,
        "growth with the number of memories",
        grows,
        "exponent",
    )
    .note(format!("{smallest} to {largest} memories"))
    .goal("never worse than n log n", grows < 1.1)
    .print();
    Ok(())
}

/// What one size took.
#[derive(Default)]
struct Times {
    ours: Series,
    plain: Series,
    first: Series,
}

impl Times {
    fn name(size: usize, quantile: &str) -> String {
        format!("ours, top {TOP} of {size}: {quantile}")
    }

    fn tell(&self, size: usize, (goal, most): (&str, f64)) {
        let floor = |quantile: &str| format!("a plain scan over the same {size}: {quantile}");
        Figure::new(BENCH, Self::name(size, "p50"), self.ours.median(), "ms")
            .beside(floor("p50"))
            .note(format!(
                "{size} memories of one agent in a file, {NUMBERS} numbers a vector; words looked up, vectors scanned, both joined and ranked, the five read from the store; the question's own vector costs next to nothing here"
            ))
            .print();
        let p99 = self.ours.quantile(0.99);
        Figure::new(BENCH, Self::name(size, "p99"), p99, "ms")
            .beside(floor("p99"))
            .goal(goal, p99 <= most)
            .print();
        Figure::new(BENCH, floor("p50"), self.plain.median(), "ms")
            .note("limit: every vector as it is multiplied with the question on one thread, in turns with ours; nothing else done")
            .print();
        Figure::new(BENCH, floor("p99"), self.plain.quantile(0.99), "ms").print();
        let name = format!("ours, the first question of a process, of {size}");
        Figure::new(BENCH, name, self.first.median(), "ms")
            .note("all vectors are read from the store before it")
            .print();
    }
}

struct Home {
    owner: Owner,
    store: Arc<SqliteStore>,
    bed: Bed,
    dice: Dice,
    /// The same vectors once more, one after another.
    flat: Vec<f32>,
    held: usize,
}

impl Home {
    /// Memory as a process has it that was just started.
    fn memory(&self) -> EmbeddedMemory {
        EmbeddedMemory::new(EmbeddedOptions {
            store: self.store.clone(),
            embedder: Some(Arc::new(Invented)),
            embedder_fault: None,
            clock: self.bed.world.clock.clone(),
        })
    }

    async fn fill(&mut self, size: usize) -> Result<()> {
        let memory = self.memory();
        while self.held < size {
            let count = KEPT_AT_ONCE.min(size - self.held);
            let texts: Vec<String> = (0..count).map(|_| self.dice.text(WORDS)).collect();
            for text in &texts {
                self.flat.extend(placed(text));
            }
            let memories = texts.into_iter().map(|text| self.memory_of(text)).collect();
            let kept = memory.remember(self.owner, memories).await;
            kept.map_err(|fault| anyhow!("{fault}"))?;
            self.held += count;
        }
        Ok(())
    }

    fn memory_of(&self, text: String) -> Memory {
        Memory {
            id: MemoryId::from_uuid(self.bed.world.uuid()),
            owner: self.owner,
            kind: MemoryKind::Episodic,
            text,
            source: "a bench".to_owned(),
            task: None,
            origin: Origin::Model,
            tags: Vec::new(),
            importance: 50,
            at: self.bed.world.now(),
        }
    }

    /// Vectors of questions, one after another.
    fn questions(&mut self, count: usize) -> Vec<f32> {
        (0..count)
            .flat_map(|_| placed(&self.dice.text(ASKED_WORDS)))
            .collect()
    }

    /// Times of ours, of the plain scan, and of the first question: by turns, so that whatever else the machine does
    /// hits both.
    async fn asked(&mut self, questions: usize) -> Result<Times> {
        let memory = self.memory();
        let mut times = Times::default();
        for turn in 0..questions {
            let text = self.dice.text(ASKED_WORDS);
            let question = placed(&text);
            let query = RecallQuery {
                text,
                kinds: Vec::new(),
                limit: TOP,
            };
            let began = Instant::now();
            let found = memory.recall(self.owner, query).await;
            let took = began.elapsed();
            let found = found.map_err(|fault| anyhow!("{fault}"))?;
            ensure!(
                found.by == FoundBy::WordsAndMeaning && !found.found.is_empty(),
                "it was not found by words and by meaning: {found:?}"
            );
            let began = Instant::now();
            black_box(scan(&self.flat, &question));
            let scanned = began.elapsed();
            if turn == 0 {
                times.first.push_ms(took);
            } else if turn > WARM {
                times.ours.push_ms(took);
                times.plain.push_ms(scanned);
            }
        }
        Ok(times)
    }
}

/// The best cosine of all vectors.
fn scan(vectors: &[f32], question: &[f32]) -> f32 {
    let all = vectors.chunks_exact(question.len());
    all.map(|vector| dot(vector, question))
        .fold(f32::MIN, f32::max)
}

fn dot(one: &[f32], other: &[f32]) -> f32 {
    let (ones, _) = one.as_chunks::<LANES>();
    let (others, _) = other.as_chunks::<LANES>();
    let mut sums = [0.0_f32; LANES];
    for (one, other) in ones.iter().zip(others) {
        for ((sum, left), right) in sums.iter_mut().zip(one).zip(other) {
            *sum += left * right;
        }
    }
    sums.iter().sum()
}

/// An embedder whose vectors are the sums of their words' own directions.
struct Invented;

#[async_trait]
impl Embedder for Invented {
    fn name(&self) -> &str {
        "invented"
    }

    async fn embed(&self, _: TenantId, texts: Vec<String>) -> Result<Vec<Vec<f32>>, Fault> {
        Ok(texts.iter().map(|text| placed(text)).collect())
    }
}

fn placed(text: &str) -> Vec<f32> {
    let mut sum = vec![0.0_f32; NUMBERS];
    for word in text.split(' ') {
        let seed = word.bytes().fold(0xCBF2_9CE4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
        });
        let mut dice = Dice(seed | 1);
        for number in &mut sum {
            *number += dice.share() - 0.5;
        }
    }
    let length = dot(&sum, &sum).sqrt();
    for number in &mut sum {
        *number /= length;
    }
    sum
}

/// The same throws in every run.
struct Dice(u64);

impl Dice {
    /// From 0 to 1.
    fn share(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 40) as f32 / (1_u64 << 24) as f32
    }

    /// Words of which a few are in nearly every text and most in hardly any.
    fn text(&mut self, words: usize) -> String {
        let word = |share: f32| {
            let rank = (VOCABULARY as f32).powf(share) as usize;
            format!("w{rank}")
        };
        let words: Vec<String> = (0..words).map(|_| word(self.share())).collect();
        words.join(" ")
    }
}
