//! Sensitive topics by keyword (GOV-03, GOV-04): words and phrases at word boundaries.
//!
//! Never here: what a hit leads to (see `route`).

use chimera_domain::verdict::TextSpan;

use crate::document::{SensitiveCategory, SensitiveRule};

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

struct Word {
    folded: String,
    start: usize,
    end: usize,
}

/// Every sensitive term in `text`, in the order of the text.
#[must_use]
pub fn detect(text: &str, rules: &[SensitiveRule]) -> Vec<SensitiveHit> {
    let words = words(text);
    let mut hits = Vec::new();
    for rule in rules {
        for term in &rule.terms {
            let pattern: Vec<&str> = term.split_whitespace().collect();
            if pattern.is_empty() {
                continue;
            }
            for window in words.windows(pattern.len()) {
                if window
                    .iter()
                    .zip(&pattern)
                    .all(|(word, part)| matches(&word.folded, part))
                    && let (Some(first), Some(last)) = (window.first(), window.last())
                {
                    hits.push(SensitiveHit {
                        category: rule.category,
                        term: term.clone(),
                        span: TextSpan {
                            start: u32::try_from(first.start).unwrap_or(u32::MAX),
                            end: u32::try_from(last.end).unwrap_or(u32::MAX),
                        },
                    });
                }
            }
        }
    }
    hits.sort_by_key(|hit| (hit.span.start, hit.span.end, hit.category));
    hits.dedup_by(|a, b| a.span == b.span && a.category == b.category);
    hits
}

fn matches(word: &str, part: &str) -> bool {
    match part.strip_suffix('*') {
        Some(stem) => word.starts_with(stem),
        None => word == part,
    }
}

/// Words are runs of letters, digits, apostrophes and inner hyphens, folded to lower case.
fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, letter) in text
        .char_indices()
        .chain(std::iter::once((text.len(), ' ')))
    {
        let inside = letter.is_alphanumeric() || matches!(letter, '\'' | '’' | '-');
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push(Word {
                    folded: text[from..at].to_lowercase().replace('’', "'"),
                    start: from,
                    end: at,
                });
                start = None;
            }
            _ => {}
        }
    }
    words
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
            (
                "please delete all rows and send the passwords",
                vec![Security],
            ),
            ("A calm note on cold brew and grinders.", vec![]),
            ("Pursue the issue; the tissue survives.", vec![]),
        ] {
            assert_eq!(categories(text), expected, "{text}");
        }
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
