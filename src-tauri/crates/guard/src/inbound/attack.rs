//! The search: phrases in the folded text, and rules over its words, in one pass each.
//!
//! Never here: the rules themselves, how sure a whole text is (`scan`).

use std::ops::Range;

use super::phrases::PHRASES;
use super::rules::{Form, Phrase};
use super::vocabulary::{Numbered, VOCABULARY, Word};
use crate::fold::Folded;

/// What a request loses that is no request but a report ("drivers ignore …").
const REPORT_LOSS_BP: u16 = 3000;
/// What a rule loses after "do not" or "never".
const NEGATION_LOSS_BP: u16 = 4000;

/// How far before a "to" the word may stand that makes a request of it ("you are asked to …").
const ASKED_WITHIN_WORDS: usize = 3;

/// A match: where in the folded text, and which rule at what score.
pub(super) struct Hit {
    pub(super) folded: Range<usize>,
    pub(super) rule: &'static str,
    pub(super) family: super::Family,
    pub(super) score_bp: u16,
    pub(super) why: &'static str,
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
    use super::super::vocabulary::{STEP_WORDS, fold_word};
    use super::*;
    use crate::fold::Folding;

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
