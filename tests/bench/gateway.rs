//! P11: what the gateway costs: the scan of 10 KB that came in, the look at a post that goes out, and one decision by policy
//! and labels.
//!
//! The floor of a scan is one pass of a plain multi-word search over the same bytes: whoever looks for words reads them once.

use std::{hint::black_box, time::Instant};

use aho_corasick::AhoCorasick;
use anyhow::{Context, Result};
use chimera_domain::{artifact::Artifact, verdict::RiskLevel};
use chimera_guard::{
    inbound::{ThreatLevel, scan},
    leaving::{Leaving, last_look},
    outbound::Rules,
};
use chimera_policy::{Assessment, Policy, flow, route};
use chimera_testkit::World;

use crate::{Options, figure::Figure, records, series::Series};

const BENCH: &str = "gateway";
/// Bytes of a text that came in.
const TEXT_BYTES: usize = 10_000;
/// Samples of each.
const SAMPLES: usize = 3_000;
/// Decisions of one sample: one alone is shorter than the clock can tell.
const DECISIONS: u32 = 100;
/// As many words as a first pass over the scan's phrases would look for.
const WORDS: [&str; 12] = [
    "ignore",
    "disregard",
    "forget",
    "override",
    "bypass",
    "reveal",
    "system",
    "prompt",
    "instructions",
    "<|im_start|>",
    "[inst]",
    "assistant:",
];
const PLAIN: &str = "Tap systems cut serving time from ninety to twenty seconds, three chains report. The growers say the \
    harvest was late and the prices rose; a barista in Leipzig weighs every shot and keeps a book about it. ";
const FOREIGN: &str = "Кофе холодной заварки подают из крана за двадцать секунд. 水出しコーヒーは二十秒で注げる。 Die Röster \
    schreiben über späte Ernten und höhere Preise; ein Café führt Buch über jeden Bezug. ";

pub(crate) fn run(options: Options) -> Result<()> {
    for (kind, piece) in [("plain English", PLAIN), ("three scripts", FOREIGN)] {
        scans(options, kind, &text_of(piece))?;
    }
    decisions(options)
}

fn text_of(piece: &str) -> String {
    let mut text = String::with_capacity(TEXT_BYTES + piece.len());
    while text.len() < TEXT_BYTES {
        text.push_str(piece);
    }
    let end = (0..=TEXT_BYTES)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0);
    text.truncate(end);
    text
}

fn scans(options: Options, kind: &str, text: &str) -> Result<()> {
    let plain = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(WORDS)?;
    let (mut ours, mut floor) = (Series::default(), Series::default());
    for sample in 0..options.amount(SAMPLES) + 50 {
        let began = Instant::now();
        let scanned = scan(black_box(text));
        let took = began.elapsed();
        anyhow::ensure!(
            scanned.threat <= ThreatLevel::Low,
            "the text is taken for an attack"
        );
        let began = Instant::now();
        let found = plain.find_iter(black_box(text)).count();
        let passed = began.elapsed();
        black_box(found);
        if sample >= 50 {
            ours.push_us(took);
            floor.push_us(passed);
        }
    }
    let pass = format!("one aho-corasick pass over the same bytes, {kind}: p50");
    Figure::new(
        BENCH,
        format!("scan of 10 KB, {kind}: p50"),
        ours.median(),
        "µs",
    )
    .beside(&pass)
    .note("folded with the way back to each byte, twelve families, phrases, disguises")
    .print();
    let p99 = ours.quantile(0.99);
    Figure::new(BENCH, format!("scan of 10 KB, {kind}: p99"), p99, "µs")
        .goal("P11 ≤ 1 ms", p99 <= 1_000.0)
        .print();
    Figure::new(BENCH, pass, floor.median(), "µs")
        .note(format!("floor; {} words, ASCII case folded", WORDS.len()))
        .print();
    Ok(())
}

fn decisions(options: Options) -> Result<()> {
    let world = World::default();
    let (agent, _) = world.agent("mara");
    let campaign = world.campaign(&agent);
    let task = records::task(&world, &campaign);
    let artifact: Artifact = records::artifact(&world, &task, None);
    let verdict = records::verdict(&world, &artifact, 95);
    let policy = Policy::default();
    let action = artifact.action.as_ref().context("no action")?;
    let rules = Rules::new(["miracle", "guaranteed"], policy.security_terms())?;
    anyhow::ensure!(verdict.risk_category.level == RiskLevel::Low, "no low risk");
    let (mut decided, mut copied, mut looked) =
        (Series::default(), Series::default(), Series::default());
    for _ in 0..options.amount(SAMPLES) {
        let began = Instant::now();
        for _ in 0..DECISIONS {
            let own = flow::Own {
                words: &campaign.goal,
                feeds: &campaign.feeds,
            };
            let held = flow::held(black_box(&artifact), own);
            black_box((
                held,
                route(&policy, Assessment::of(black_box(&verdict), true)),
            ));
        }
        decided.push_us(began.elapsed() / DECISIONS);
        let began = Instant::now();
        for _ in 0..DECISIONS {
            drop(black_box(artifact.clone()));
        }
        copied.push_us(began.elapsed() / DECISIONS);
        let began = Instant::now();
        let leaving = Leaving {
            arguments: black_box(&action.arguments),
            answers: &[],
            is_post: true,
        };
        black_box(last_look(leaving, &rules));
        looked.push_us(began.elapsed());
    }
    let copy = "a copy of the same artifact: p50";
    let p99 = decided.quantile(0.99);
    Figure::new(
        BENCH,
        "one decision by labels and policy: p50",
        decided.median(),
        "µs",
    )
    .beside(copy)
    .note(format!("labels of every argument, links, the three that never come together, bands; mean of {DECISIONS} a sample"))
    .goal("P11 ≤ 50 µs", p99 <= 50.0)
    .print();
    Figure::new(BENCH, "one decision by labels and policy: p99", p99, "µs").print();
    Figure::new(BENCH, copy, copied.median(), "µs")
        .note("floor")
        .print();
    Figure::new(
        BENCH,
        "last look at a post before it leaves: p99",
        looked.quantile(0.99),
        "µs",
    )
    .note("every argument: secrets, personal data, forbidden words, hidden characters, disclosure, honesty")
    .print();
    Ok(())
}
