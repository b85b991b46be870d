//! What leaves: read for secrets, personal data, the persona's forbidden words, the security
//! keywords of GOV-04, hidden characters and words that are taken for others.
//!
//! Never here: whether it may leave and which words are such keywords (`policy`), what arrives (`inbound`).

use std::collections::HashSet;

use aho_corasick::{AhoCorasick, MatchKind};
use serde::Serialize;

use crate::fold::{Folded, Folding, fold};
use crate::hidden::{Piece, pieces};
use crate::inbound::deceptive_words;
use crate::sensitive;
use crate::span::{self, Span};
use crate::{HiddenKind, MAX_TEXT_BYTES, make_visible};

pub use crate::sensitive::SensitiveKind;

/// Most findings of one category reported for one text.
pub const MAX_FINDINGS: usize = 32;
/// Most hits that are sorted to report the first ones.
const MAX_HITS: usize = 4096;
/// Most forbidden words one persona can have; more are refused.
pub const MAX_FORBIDDEN_WORDS: usize = 1000;
/// Longest forbidden word or phrase, in characters.
pub const MAX_FORBIDDEN_CHARS: usize = 100;

/// Why a list of forbidden words cannot be used. Nothing took effect.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RulesError {
    /// More than [`MAX_FORBIDDEN_WORDS`].
    #[error(
        "{count} forbidden words are more than the {MAX_FORBIDDEN_WORDS} that one persona can have; shorten the list"
    )]
    TooMany {
        /// How many there are.
        count: usize,
    },
    /// A word that is empty once folded, or longer than [`MAX_FORBIDDEN_CHARS`].
    #[error(
        "{:?} cannot be a forbidden word: it needs 1 to {MAX_FORBIDDEN_CHARS} visible characters; change or remove it",
        span::shorten(&make_visible(word), MAX_FORBIDDEN_CHARS)
    )]
    Unusable {
        /// The word as given.
        word: String,
    },
}

/// What one persona's texts are checked for besides what all are.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    forbidden: Vec<String>,
    exact: Words,
    /// Forbidden words in ASCII, to be found behind look-alike letters too.
    disguised: Words,
    security: Vec<String>,
    held: Words,
}

impl Rules {
    /// Rules with these forbidden words or phrases. Case, compatibility forms and white space
    /// do not matter; word boundaries do. `security` are the words that hold a text for a person, whatever the
    /// confidence (GOV-04), as policy has them: also found behind look-alike letters; a star at the end stands for any
    /// ending.
    ///
    /// # Errors
    /// [`RulesError`] for too many, and for one that is empty or too long.
    pub fn new<W: AsRef<str>>(
        forbidden: impl IntoIterator<Item = W>,
        security: Vec<String>,
    ) -> Result<Self, RulesError> {
        let words: Vec<String> = forbidden
            .into_iter()
            .map(|word| word.as_ref().trim().to_owned())
            .collect();
        if words.len() > MAX_FORBIDDEN_WORDS {
            return Err(RulesError::TooMany { count: words.len() });
        }
        let unusable = |word: &&String| {
            fold(word, Folding::Words).is_empty() || word.chars().count() > MAX_FORBIDDEN_CHARS
        };
        if let Some(word) = words.iter().find(unusable) {
            return Err(RulesError::Unusable { word: word.clone() });
        }
        let ascii = words.iter().enumerate().filter(|(_, word)| word.is_ascii());
        Ok(Self {
            exact: Words::new(words.iter().enumerate(), Folding::Words),
            disguised: Words::new(ascii, Folding::LookAlikes),
            forbidden: words,
            held: Words::with_endings(&security),
            security,
        })
    }
}

/// A search for whole words in folded text.
#[derive(Debug, Clone, Default)]
struct Words {
    search: Option<AhoCorasick>,
    /// For each pattern its index in the list that it came from.
    index: Vec<usize>,
    /// Patterns that any ending may follow.
    open: HashSet<usize>,
}

impl Words {
    fn new<'a>(words: impl Iterator<Item = (usize, &'a String)>, folding: Folding) -> Self {
        let (index, patterns): (Vec<usize>, Vec<String>) =
            words.map(|(i, word)| (i, fold(word, folding))).unzip();
        let search = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(&patterns)
            .ok();
        Self {
            search: search.filter(|_| !patterns.is_empty()),
            index,
            open: HashSet::new(),
        }
    }

    /// Words behind look-alike letters; any ending may follow those with a star. Words with nothing to be found in
    /// them are left out.
    fn with_endings(words: &[String]) -> Self {
        let plain: Vec<String> = words
            .iter()
            .map(|word| word.trim_end_matches('*').to_owned())
            .collect();
        let findable = |(_, word): &(usize, &String)| !fold(word, Folding::LookAlikes).is_empty();
        let mut found = Self::new(
            plain.iter().enumerate().filter(findable),
            Folding::LookAlikes,
        );
        let is_open = |at: &usize| {
            found
                .index
                .get(*at)
                .is_some_and(|of| words[*of].ends_with('*'))
        };
        found.open = (0..found.index.len()).filter(is_open).collect();
        found
    }

    /// Which words occur in the text, and where in the original.
    fn find<'a>(&'a self, folded: &'a Folded) -> impl Iterator<Item = (usize, Span)> + 'a {
        let hits = self
            .search
            .iter()
            .flat_map(|search| search.find_overlapping_iter(&folded.text));
        let whole = hits.filter(|hit| {
            let (before, rest) = folded.text.split_at(hit.start());
            let (word, after) = rest.split_at(hit.end() - hit.start());
            apart(before.chars().next_back(), word.chars().next())
                && (self.open.contains(&hit.pattern().as_usize())
                    || apart(after.chars().next(), word.chars().next_back()))
        });
        whole.map(|hit| {
            (
                self.index[hit.pattern().as_usize()],
                folded.span(hit.start(), hit.end()),
            )
        })
    }
}

/// Whether a word may begin or end between these two characters.
fn apart(outside: Option<char>, inside: Option<char>) -> bool {
    let joined = |c: char| {
        (c.is_alphanumeric() || c == '_' || unicode_normalization::char::is_combining_mark(c))
            && !is_unspaced(c)
    };
    !(outside.is_some_and(joined) && inside.is_some_and(joined))
}

/// Letters of scripts that put no spaces between words.
fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c), 0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

/// What kind of thing was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case", tag = "category", content = "kind")]
pub enum Category {
    /// A word that the persona's SOUL.md forbids; fails the draft.
    ForbiddenWord,
    /// A secret or personal data.
    Sensitive(SensitiveKind),
    /// A word that policy holds for a person (GOV-04).
    SecurityKeyword,
    /// Characters that a reader does not see.
    Hidden(HiddenKind),
    /// A word whose letters are taken for those of another script.
    LookAlike,
    /// The end of a text too long to be read whole.
    Unread,
}

/// One thing that was found in outgoing text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What kind of thing.
    #[serde(flatten)]
    pub category: Category,
    /// Where, in the text as given.
    pub span: Span,
    /// The place quoted; masked if it is sensitive.
    pub excerpt: String,
    /// The reason in words, for a person; begins "SOUL violation" for a forbidden word.
    pub why: String,
}

/// Reads outgoing text; the findings come in order of place, at most [`MAX_FINDINGS`] of each
/// category, so that many of one kind cannot crowd out another.
#[must_use]
pub fn check(text: &str, rules: &Rules) -> Vec<Finding> {
    let read = span::head(text, MAX_TEXT_BYTES);
    let mut findings = forbidden_words(read, rules);
    findings.extend(sensitive_places(read));
    if read.len() < text.len() {
        let span = Span {
            start: read.len(),
            end: text.len(),
        };
        let why = format!(
            "the text is longer than {MAX_TEXT_BYTES} bytes; the rest was not checked and must not leave"
        );
        findings.push(Finding {
            category: Category::Unread,
            span,
            excerpt: String::new(),
            why,
        });
    }
    findings.extend(security_keywords(read, rules));
    findings.extend(hidden_characters(read));
    findings.extend(look_alikes(read));
    findings.sort_by_key(|f| (f.span, f.category));
    findings
}

fn forbidden_words(text: &str, rules: &Rules) -> Vec<Finding> {
    let exact = Folded::new(text, Folding::Words);
    let disguised = Folded::new(text, Folding::LookAlikes);
    let mut hits: Vec<(usize, Span)> = rules
        .exact
        .find(&exact)
        .take(MAX_HITS)
        .chain(rules.disguised.find(&disguised).take(MAX_HITS))
        .collect();
    hits.sort_by_key(|&(word, span)| (span, word));
    hits.dedup();
    let finding = |(word, span): (usize, Span)| Finding {
        category: Category::ForbiddenWord,
        span,
        excerpt: span.excerpt(text),
        why: format!(
            "SOUL violation: the persona never uses \"{}\"",
            rules.forbidden[word]
        ),
    };
    hits.into_iter().take(MAX_FINDINGS).map(finding).collect()
}

fn sensitive_places(text: &str) -> impl Iterator<Item = Finding> + '_ {
    let mut places = sensitive::find(text);
    places.sort_by_key(|place| place.kind);
    places
        .into_iter()
        .take(MAX_FINDINGS)
        .map(move |place| Finding {
            category: Category::Sensitive(place.kind),
            span: place.span,
            excerpt: place.mask(text),
            why: format!("the text contains {}", place.kind.words()),
        })
}

fn security_keywords(text: &str, rules: &Rules) -> Vec<Finding> {
    let finding = |(word, span): (usize, Span)| Finding {
        category: Category::SecurityKeyword,
        span,
        excerpt: span.excerpt(text),
        why: format!(
            "the security keyword \"{}\" needs a person's decision",
            rules.security[word].trim_end_matches('*')
        ),
    };
    rules
        .held
        .find(&Folded::new(text, Folding::LookAlikes))
        .take(MAX_FINDINGS)
        .map(finding)
        .collect()
}

/// One finding per kind, at the first place.
fn hidden_characters(text: &str) -> Vec<Finding> {
    let mut kinds: Vec<(HiddenKind, Span, usize)> = Vec::new();
    for piece in pieces(text) {
        let Piece::Hidden(c, kind, at) = piece else {
            continue;
        };
        match kinds.iter_mut().find(|(known, ..)| *known == kind) {
            Some((.., count)) => *count += 1,
            None => kinds.push((
                kind,
                Span {
                    start: at,
                    end: at + c.len_utf8(),
                },
                1,
            )),
        }
    }
    let finding = |(kind, span, count): (HiddenKind, Span, usize)| Finding {
        category: Category::Hidden(kind),
        span,
        excerpt: span.excerpt(text),
        why: format!("the text contains {count} hidden: {}", kind.words()),
    };
    kinds.into_iter().map(finding).collect()
}

/// Words that deceive the eye, by the detector that marks them on a review card.
fn look_alikes(text: &str) -> impl Iterator<Item = Finding> + '_ {
    let words = deceptive_words(text).into_iter().take(MAX_FINDINGS);
    words.map(move |word| {
        let letters = if word.mixes {
            "mixes letters of several scripts"
        } else {
            "is written in another script"
        };
        Finding {
            category: Category::LookAlike,
            span: word.span,
            excerpt: word.span.excerpt(text),
            why: format!(
                "a word {letters} and reads like \"{}\"",
                span::shorten(&word.reads_like, MAX_FORBIDDEN_CHARS)
            ),
        }
    })
}

#[cfg(test)]
#[path = "outbound_tests.rs"]
mod tests;
