//! The words that the rules know, and a folded text taken apart into words: also where they
//! were spaced out letter by letter or run together.
//!
//! Never here: matching rules (`attack`), the rules themselves (`high`, `medium`, `phrases`).

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::high::HIGH;
use super::medium::MEDIUM;
use super::phrases::PHRASES;
use super::rules::{Group, Rule};
use crate::fold::{Folding, fold};

/// Shortest run of letters, in bytes, that is looked through for several words run together.
const MIN_RUN_BYTES: usize = 12;
/// Fewest single letters in a row that are read as one spaced-out run.
const MIN_SPACED_LETTERS: usize = 4;

/// Room for the steps of all rules, in words of 64 bits; a test counts them.
pub(super) const STEP_WORDS: usize = 4;
/// What may stand between words of one clause; all else starts a new one.
const INSIDE_A_CLAUSE: &[char] = &[
    ' ', '\'', '\u{2019}', '-', '/', '&', '_', '%', '$', '#', '@', '+',
];

/// Words after which a verb is a request.
#[rustfmt::skip]
const LEADS: &[&str] = &[
    "please", "pls", "now", "you", "must", "should", "will", "shall", "can", "could", "and", "then",
    "just", "also", "instead", "immediately", "assistant", "ai", "bot", "agent", "model", "chatgpt",
    "claude", "gpt", "gemini", "so", "ok", "okay", "hey", "hello", "kindly", "simply", "first",
    "always", "next", "or", "system", "user", "lets", "finally",
];
const NEGATIONS: &[&str] = &["not", "dont", "never", "cannot", "cant"];

/// One word of the folded text.
pub(super) struct Word {
    pub(super) at: Range<usize>,
    /// What the rules know of it.
    pub(super) known: Option<&'static Known>,
    /// Punctuation or a line break stands before it, or nothing does.
    pub(super) clause_start: bool,
    pub(super) colon_after: bool,
}

/// What the rules know of a word.
#[derive(Default)]
pub(super) struct Known {
    /// The rules that it can begin, by index.
    pub(super) begins: Vec<usize>,
    /// The steps that take it, one bit for each step of all rules.
    steps: [u64; STEP_WORDS],
    /// It leads a request.
    pub(super) lead: bool,
    pub(super) negation: bool,
    /// It is "to".
    pub(super) to: bool,
}

/// The words of all rules, and where they are used.
pub(super) struct Vocabulary {
    pub(super) rules: Vec<Numbered>,
    known: HashMap<String, Known>,
    /// Finds words that were written without spaces between them.
    pub(super) run: Option<AhoCorasick>,
    pub(super) phrases: Option<AhoCorasick>,
}

/// A rule with its family, and the number of its first step among all steps.
pub(super) struct Numbered {
    pub(super) group: &'static Group,
    pub(super) rule: &'static Rule,
    pub(super) first_step: usize,
}

impl Known {
    pub(super) fn takes(&self, step: usize) -> bool {
        self.steps[step / 64] >> (step % 64) & 1 == 1
    }
}

pub(super) static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(Vocabulary::new);

impl Vocabulary {
    fn new() -> Self {
        let mut rules = Vec::new();
        let mut known: HashMap<String, Known> = HashMap::new();
        let mut number = 0;
        for group in HIGH.iter().chain(MEDIUM) {
            for rule in group.rules {
                for (s, word) in rule
                    .steps
                    .iter()
                    .enumerate()
                    .flat_map(|(s, (_, words))| words.iter().map(move |w| (s, w)))
                {
                    for word in [fold_word(word), fold_word(&word.to_uppercase())] {
                        let known = known.entry(word).or_default();
                        known.steps[(number + s) / 64] |= 1 << ((number + s) % 64);
                        if s == 0 && !known.begins.contains(&rules.len()) {
                            known.begins.push(rules.len());
                        }
                    }
                }
                rules.push(Numbered {
                    group,
                    rule,
                    first_step: number,
                });
                number += rule.steps.len();
            }
        }
        // Short words are left out of runs: "a" and "is" are in every word.
        let run = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(known.keys().filter(|word| word.len() > 2))
            .ok();
        LEADS
            .iter()
            .for_each(|word| known.entry(fold_word(word)).or_default().lead = true);
        NEGATIONS
            .iter()
            .for_each(|word| known.entry(fold_word(word)).or_default().negation = true);
        known.entry(fold_word("to")).or_default().to = true;
        let phrases = AhoCorasick::new(PHRASES.iter().map(|p| fold(p.text, Folding::Attack))).ok();
        Self {
            rules,
            known,
            run,
            phrases,
        }
    }

    fn word(&'static self, text: &str, at: Range<usize>, clause_start: bool) -> Word {
        Word {
            known: self.known.get(&text[at.clone()]),
            clause_start,
            colon_after: text[at.end..].trim_start_matches(' ').starts_with(':'),
            at,
        }
    }

    /// The words of a folded text; runs of single letters and long runs are taken apart.
    pub(super) fn words(&'static self, text: &str) -> Vec<Word> {
        let mut words: Vec<Word> = Vec::with_capacity(text.len() / 6);
        let mut clause_start = true;
        let mut singles: Vec<Range<usize>> = Vec::new();
        let mut singles_start = true;
        for at in runs(text) {
            let from = words
                .last()
                .map_or(0, |w| w.at.end)
                .max(singles.last().map_or(0, |s| s.end));
            let between = &text[from..at.start];
            clause_start |= between.contains(|c: char| !INSIDE_A_CLAUSE.contains(&c));
            let single = text[at.clone()].chars().nth(1).is_none();
            if single {
                if singles.is_empty() {
                    singles_start = clause_start;
                }
                singles.push(at);
            } else {
                self.flush(text, &mut singles, singles_start, &mut words);
                self.push(text, at, clause_start, &mut words);
            }
            clause_start = false;
        }
        self.flush(text, &mut singles, singles_start, &mut words);
        words
    }

    fn push(
        &'static self,
        text: &str,
        at: Range<usize>,
        clause_start: bool,
        words: &mut Vec<Word>,
    ) {
        let word = self.word(text, at.clone(), clause_start);
        if word.known.is_none() && at.len() >= MIN_RUN_BYTES {
            let parts: Vec<Range<usize>> = self
                .run
                .iter()
                .flat_map(|run| run.find_iter(&text[at.clone()]))
                .map(|m| at.start + m.start()..at.start + m.end())
                .collect();
            let covered: usize = parts.iter().map(ExactSizeIterator::len).sum();
            // A run of words is made of words; "misinstructional" is not.
            if parts.len() > 1 && 10 * covered >= 7 * at.len() {
                for (i, part) in parts.into_iter().enumerate() {
                    words.push(self.word(text, part, clause_start && i == 0));
                }
                return;
            }
        }
        words.push(word);
    }

    fn flush(
        &'static self,
        text: &str,
        singles: &mut Vec<Range<usize>>,
        clause_start: bool,
        words: &mut Vec<Word>,
    ) {
        if singles.len() < MIN_SPACED_LETTERS {
            for (i, at) in singles.drain(..).enumerate() {
                words.push(self.word(text, at, clause_start && i == 0));
            }
            return;
        }
        let joined: String = singles.iter().map(|at| &text[at.clone()]).collect();
        let mut offsets = Vec::with_capacity(joined.len() + 1);
        for at in singles.drain(..) {
            offsets.resize(offsets.len() + at.len(), at);
        }
        for (i, m) in self
            .run
            .iter()
            .flat_map(|run| run.find_iter(&joined))
            .enumerate()
        {
            let mut word = self.word(&joined, m.start()..m.end(), clause_start && i == 0);
            word.at = offsets[m.start()].start..offsets[m.end() - 1].end;
            words.push(word);
        }
    }
}

pub(super) fn fold_word(word: &str) -> String {
    fold(word, Folding::Attack)
}

/// Runs of letters and digits in a folded text.
fn runs(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(char::is_alphanumeric)?;
        let len = text[start..]
            .find(|c: char| !c.is_alphanumeric())
            .unwrap_or(text.len() - start);
        at = start + len;
        Some(start..at)
    })
}
