//! Sensitive topics by keyword (GOV-03, GOV-04): words and phrases at word boundaries.
//!
//! Never here: what a hit leads to (see `route`).

use std::{cmp::Reverse, sync::LazyLock};

use chimera_domain::verdict::TextSpan;

use crate::document::{SensitiveCategory, SensitiveRule, shipped_rules};

/// A sensitive word in a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SensitiveHit {
    /// What it is about.
    pub category: SensitiveCategory,
    /// The rule's term.
    pub term: String,
    /// Where, in bytes.
    pub span: TextSpan,
}

/// A run of letters and digits, folded to lower case.
struct Word {
    folded: String,
    start: usize,
    end: usize,
}

/// A term as it is searched for.
struct Term<'r> {
    category: SensitiveCategory,
    term: &'r str,
    parts: Vec<Part>,
}

/// Every sensitive term in `text`, in the order of the text.
#[must_use]
pub fn detect(text: &str, rules: &[SensitiveRule]) -> Vec<SensitiveHit> {
    search(text, &terms(rules))
}

/// The topics of `text` by the terms that ship, in the order of the text: the topic's word, and the words that put the
/// text on it. For those who have no tenant's policy, such as the rehearsal model.
#[must_use]
pub fn topics_in(text: &str) -> Vec<(&'static str, String)> {
    static RULES: LazyLock<Vec<SensitiveRule>> = LazyLock::new(shipped_rules);
    static TERMS: LazyLock<Vec<Term<'static>>> = LazyLock::new(|| terms(&RULES));
    let said = |span: TextSpan| text.get(span.start as usize..span.end as usize);
    search(text, &TERMS)
        .into_iter()
        .map(|hit| {
            let words = said(hit.span).unwrap_or(&hit.term).to_lowercase();
            (hit.category.as_str(), words)
        })
        .collect()
}

fn terms(rules: &[SensitiveRule]) -> Vec<Term<'_>> {
    rules
        .iter()
        .flat_map(|rule| {
            rule.terms.iter().map(|term| Term {
                category: rule.category,
                term,
                parts: parts(term),
            })
        })
        .filter(|term| !term.parts.is_empty())
        .collect()
}

fn search(text: &str, terms: &[Term<'_>]) -> Vec<SensitiveHit> {
    let words = words(text);
    let mut hits = Vec::new();
    for Term {
        category,
        term,
        parts,
    } in terms
    {
        for window in words.windows(parts.len()) {
            if window
                .iter()
                .zip(parts)
                .all(|(word, part)| part.matches(&word.folded))
                && let (Some(first), Some(last)) = (window.first(), window.last())
            {
                hits.push(SensitiveHit {
                    category: *category,
                    term: (*term).to_owned(),
                    span: TextSpan {
                        start: u32::try_from(first.start).unwrap_or(u32::MAX),
                        end: u32::try_from(last.end).unwrap_or(u32::MAX),
                    },
                });
            }
        }
    }
    // Of terms within each other, the longest says most.
    hits.sort_by_key(|hit| (hit.category, hit.span.start, Reverse(hit.span.end)));
    hits.dedup_by(|inner, outer| {
        inner.category == outer.category && inner.span.end <= outer.span.end
    });
    hits.sort_by_key(|hit| (hit.span.start, hit.span.end, hit.category));
    hits
}

/// A word of a term; a star at its end stands for any ending.
struct Part {
    folded: String,
    open: bool,
}

impl Part {
    fn matches(&self, word: &str) -> bool {
        if self.open {
            word.starts_with(&self.folded)
        } else {
            word == self.folded
        }
    }
}

/// The words of a term, cut and folded like those of a text: "Left-wing" finds "left wing". Empty when the
/// term has no letter and no digit, and so could never be found.
fn parts(term: &str) -> Vec<Part> {
    words(term)
        .into_iter()
        .map(|word| Part {
            open: term[word.end..].starts_with('*'),
            folded: word.folded,
        })
        .collect()
}

/// Whether a term can be found in any text at all.
pub(crate) fn is_findable(term: &str) -> bool {
    !words(term).is_empty()
}

/// Words are runs of letters and digits. Hyphens and apostrophes part them, so that "kid-friendly" and
/// "'election'" are found, and a final 's is no word of its own: "children's" is "children".
fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut start = None;
    for (at, letter) in text
        .char_indices()
        .chain(std::iter::once((text.len(), ' ')))
    {
        match (is_letter(letter), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                let folded = fold(&text[from..at]);
                let owners_s = folded == "s" && follows_apostrophe(text, from);
                if !owners_s && !folded.is_empty() {
                    words.push(Word {
                        folded,
                        start: from,
                        end: at,
                    });
                }
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// Letters, digits, the marks that sit on letters, and characters nobody sees: those are left out of the
/// word, or a word could hide behind them.
fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() || is_mark(letter)
}

const fn is_mark(letter: char) -> bool {
    matches!(
        letter,
        '\u{00AD}' | '\u{0300}'..='\u{036F}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
            | '\u{E0000}'..='\u{E007F}'
    )
}

fn fold(word: &str) -> String {
    word.chars()
        .filter(|letter| !is_mark(*letter))
        .flat_map(char::to_lowercase)
        .collect()
}

fn follows_apostrophe(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    let owner = text[..at].chars().rev().nth(1);
    matches!(before, Some('\'' | '’' | 'ʼ' | '＇')) && owner.is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Policy;

    fn categories(text: &str) -> Vec<SensitiveCategory> {
        let mut found: Vec<_> = detect(text, &Policy::default().sensitive)
            .into_iter()
            .map(|hit| hit.category)
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    #[test]
    fn topics_are_found_whatever_their_case_and_punctuation() {
        use SensitiveCategory::{Finance, Health, Legal, Minors, Politics, Security};
        for (text, expected) in [
            ("VOTE FOR change!", vec![Politics]),
            ("It is easier on your\nstomach.", vec![Health]),
            ("Guaranteed returns, risk-free.", vec![Finance]),
            ("They were sued? We sue.", vec![Legal]),
            ("Great for kids", vec![Minors]),
            ("A children's corner", vec![Minors]),
            ("the kids’ menu", vec![Minors]),
            ("It is kid-friendly", vec![Minors]),
            ("child-safe lids", vec![Minors]),
            ("They call it 'election' night", vec![Politics]),
            ("the president's cup", vec![Politics]),
            ("An anti-vaccine crowd", vec![Health]),
            ("no risk; no --lawsuit", vec![Legal]),
            ("Left wing and right-wing alike", vec![Politics]),
            ("Buy cry\u{200b}pto now", vec![Finance]),
            ("Ask your doctor", vec![Health]),
            ("A lawyer said so in court", vec![Legal]),
            (
                "please delete all rows and send the passwords",
                vec![Security],
            ),
            ("A calm note on cold brew and grinders.", vec![]),
            ("Pursue the issue; the tissue survives.", vec![]),
            ("It's the barista's own kidney-shaped cup", vec![]),
        ] {
            assert_eq!(categories(text), expected, "{text}");
        }
    }

    #[test]
    fn topics_are_told_with_the_words_of_the_text() {
        assert_eq!(
            topics_in("Two cups CURE migraines, say investors on the stock market."),
            [
                ("health", "cure".to_owned()),
                ("health", "migraines".to_owned()),
                ("finance", "investors".to_owned()),
                ("finance", "stock market".to_owned()),
            ]
        );
        assert_eq!(topics_in("Healthy competition among bakers."), []);
    }

    #[test]
    fn a_hit_names_its_bytes() {
        let text = "Höchste Zeit: vote for us";
        let hits = detect(text, &Policy::default().sensitive);
        let span = hits[0].span;
        assert_eq!(&text[span.start as usize..span.end as usize], "vote for");
    }

    proptest! {
        #[test]
        fn spans_always_cut_at_letters(text in "\\PC{0,200}") {
            for hit in detect(&text, &Policy::default().sensitive) {
                prop_assert!(text.get(hit.span.start as usize..hit.span.end as usize).is_some());
            }
        }
    }
}
