//! The search: phrases in the folded text, and rules over its words, in one pass each.
//!
//! Never here: the rules themselves, how sure a whole text is (`scan`).

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::high::HIGH;
use super::medium::MEDIUM;
use super::phrases::PHRASES;
use super::rules::{Form, Group, Phrase, Rule};
use crate::fold::{Folded, Folding, fold};

/// What a request loses that is no request but a report ("drivers ignore …").
const REPORT_LOSS_BP: u16 = 3000;
/// What a rule loses after "do not" or "never".
const NEGATION_LOSS_BP: u16 = 4000;
/// Shortest run of letters, in bytes, that is looked through for several words run together.
const MIN_RUN_BYTES: usize = 12;
/// Fewest single letters in a row that are read as one spaced-out run.
const MIN_SPACED_LETTERS: usize = 4;

/// Room for the steps of all rules, in words of 64 bits; a test counts them.
const STEP_WORDS: usize = 4;
/// How far before a "to" the word may stand that makes a request of it ("you are asked to …").
const ASKED_WITHIN_WORDS: usize = 3;
/// What may stand between words of one clause; all else starts a new one.
const INSIDE_A_CLAUSE: &[char] = &[
    ' ', '\'', '\u{2019}', '-', '/', '&', '_', '%', '$', '#', '@', '+',
];

/// Words after which a verb is a request.
const LEADS: &[&str] = &[
    "please",
    "pls",
    "now",
    "you",
    "must",
    "should",
    "will",
    "shall",
    "can",
    "could",
    "and",
    "then",
    "just",
    "also",
    "instead",
    "immediately",
    "assistant",
    "ai",
    "bot",
    "agent",
    "model",
    "chatgpt",
    "claude",
    "gpt",
    "gemini",
    "so",
    "ok",
    "okay",
    "hey",
    "hello",
    "kindly",
    "simply",
    "first",
    "always",
    "next",
    "or",
    "system",
    "user",
    "lets",
    "finally",
];
const NEGATIONS: &[&str] = &["not", "dont", "never", "cannot", "cant"];

/// A match: where in the folded text, and which rule at what score.
pub(super) struct Hit {
    pub(super) folded: Range<usize>,
    pub(super) rule: &'static str,
    pub(super) family: super::Family,
    pub(super) score_bp: u16,
    pub(super) why: &'static str,
}

/// One word of the folded text.
struct Word {
    at: Range<usize>,
    /// What the rules know of it.
    known: Option<&'static Known>,
    /// Punctuation or a line break stands before it, or nothing does.
    clause_start: bool,
    colon_after: bool,
}

/// What the rules know of a word.
#[derive(Default)]
struct Known {
    /// The rules that it can begin, by index.
    begins: Vec<usize>,
    /// The steps that take it, one bit for each step of all rules.
    steps: [u64; STEP_WORDS],
    /// It leads a request.
    lead: bool,
    negation: bool,
    /// It is "to".
    to: bool,
}

/// The words of all rules, and where they are used.
struct Vocabulary {
    rules: Vec<Numbered>,
    known: HashMap<String, Known>,
    /// Finds words that were written without spaces between them.
    run: Option<AhoCorasick>,
    phrases: Option<AhoCorasick>,
}

/// A rule with its family, and the number of its first step among all steps.
struct Numbered {
    group: &'static Group,
    rule: &'static Rule,
    first_step: usize,
}

impl Known {
    fn takes(&self, step: usize) -> bool {
        self.steps[step / 64] >> (step % 64) & 1 == 1
    }
}

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(Vocabulary::new);

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
    fn words(&'static self, text: &str) -> Vec<Word> {
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

fn fold_word(word: &str) -> String {
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

/// All matches in a folded text, in no particular order.
pub(super) fn search(folded: &Folded, original: &str) -> Vec<Hit> {
    let mut hits = Vec::new();
    phrases(folded, original, &mut hits);
    let words = VOCABULARY.words(&folded.text);
    for (i, word) in words.iter().enumerate() {
        let begins = word.known.into_iter().flat_map(|known| &known.begins);
        hits.extend(begins.filter_map(|&rule| rule_at(&VOCABULARY.rules[rule], &words, i)));
    }
    hits
}

fn phrases(folded: &Folded, original: &str, hits: &mut Vec<Hit>) {
    for found in VOCABULARY
        .phrases
        .iter()
        .flat_map(|p| p.find_overlapping_iter(&folded.text))
    {
        let Phrase {
            id,
            family,
            score_bp,
            line_start,
            why,
            ..
        } = PHRASES[found.pattern().as_usize()];
        let before = &original[..folded.span(found.start(), found.end()).start];
        let opens_line = before
            .trim_end_matches([' ', '\t', '>', '*'])
            .chars()
            .next_back()
            .is_none_or(|c| matches!(c, '\n' | '\r' | '\u{2028}'));
        if !line_start || opens_line {
            hits.push(Hit {
                folded: found.start()..found.end(),
                rule: id,
                family,
                score_bp,
                why,
            });
        }
    }
}

/// The rule from the word `first` on, if all its steps are there.
fn rule_at(numbered: &Numbered, words: &[Word], first: usize) -> Option<Hit> {
    let &Numbered {
        group,
        rule,
        first_step,
    } = numbered;
    // Bit i: the steps so far can end at word `first + i`. No rule reaches 64 words far.
    let mut ends = 1_u64;
    for (s, (gap, _)) in rule.steps.iter().enumerate().skip(1) {
        let reached = (1..=gap + 1).fold(0, |reached, ahead| reached | ends << ahead);
        let takes = |i: &usize| {
            let known = words.get(first + i).and_then(|word| word.known);
            known.is_some_and(|known| known.takes(first_step + s))
        };
        ends = bits(reached).filter(takes).fold(0, |ends, i| ends | 1 << i);
    }
    let last =
        first + bits(ends).find(|i| rule.form != Form::Heading || words[first + i].colon_after)?;
    let loss = if negated(words, first) {
        NEGATION_LOSS_BP
    } else if rule.form == Form::Request && !requested(words, first) {
        REPORT_LOSS_BP
    } else {
        0
    };
    Some(Hit {
        folded: words[first].at.start..words[last].at.end,
        rule: rule.id,
        family: group.family,
        score_bp: rule.score_bp.saturating_sub(loss),
        why: group.why,
    })
}

/// The bits that are set, lowest first.
fn bits(mut set: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lowest = set.trailing_zeros() as usize;
        set &= set.wrapping_sub(1);
        (lowest < 64).then_some(lowest)
    })
}

/// A clause starts here, or a word before it makes it a request: "please ignore", "you must
/// ignore", "I want you to ignore".
fn requested(words: &[Word], i: usize) -> bool {
    let lead = |word: &Word| word.known.is_some_and(|known| known.lead);
    match words[..i].split_last() {
        None => true,
        Some(_) if words[i].clause_start => true,
        Some((before, _)) if lead(before) => true,
        Some((before, earlier)) => {
            before.known.is_some_and(|known| known.to)
                && earlier.iter().rev().take(ASKED_WITHIN_WORDS).any(lead)
        }
    }
}

fn negated(words: &[Word], i: usize) -> bool {
    !words[i].clause_start && i > 0 && words[i - 1].known.is_some_and(|known| known.negation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_fit_the_search() {
        let steps: usize = VOCABULARY.rules.iter().map(|n| n.rule.steps.len()).sum();
        assert!(steps <= 64 * STEP_WORDS, "{steps}");
        for Numbered { rule, .. } in &VOCABULARY.rules {
            let reach: usize = rule.steps.iter().map(|(gap, _)| gap + 1).sum();
            assert!(
                reach <= 64 && rule.steps.len() > 1 && rule.score_bp < 10_000,
                "{}",
                rule.id
            );
            for word in rule.steps.iter().flat_map(|(_, words)| *words) {
                let folded = fold_word(word);
                assert!(
                    folded.chars().all(char::is_alphanumeric),
                    "{}: {word} is no single word",
                    rule.id
                );
            }
        }
        assert!(VOCABULARY.run.is_some() && VOCABULARY.phrases.is_some());
    }

    #[test]
    fn every_rule_has_a_name_of_its_own() {
        let mut ids: Vec<_> = VOCABULARY.rules.iter().map(|n| n.rule.id).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }

    #[test]
    fn every_rule_is_found_by_its_own_words() {
        for Numbered { rule, .. } in &VOCABULARY.rules {
            for pick in [0, usize::MAX] {
                let words: Vec<&str> = rule
                    .steps
                    .iter()
                    .map(|(_, words)| words[pick.min(words.len() - 1)])
                    .collect();
                let text = format!("{}:", words.join(" "));
                let hits = search(&Folded::new(&text, Folding::Attack), &text);
                assert!(
                    hits.iter().any(|hit| hit.rule == rule.id),
                    "{}: {text}",
                    rule.id
                );
            }
        }
    }
}
