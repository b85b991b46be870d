//! Which sentence of a text repeats whose words: what a person looks at first.
//!
//! A hint beside the labels and never in their place: a sentence that repeats nothing may say the same in other words.
//! Never here: whether it may.

use std::collections::HashSet;

use chimera_domain::artifact::{Origin, SourceRef};

/// Words in a row that count as repeated.
const RUN_WORDS: usize = 4;
/// Most sentences of a text that are told apart; the rest is one.
const MAX_SENTENCES: usize = 40;

/// A sentence, and the names of the sources whose words it repeats.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sentence {
    /// The sentence as it stands.
    pub text: String,
    /// Names of sources, each once.
    pub repeats: Vec<String>,
}

/// The sentences of a text, each with the sources of which it repeats [`RUN_WORDS`] words in a row.
#[must_use]
pub fn sentences(text: &str, sources: &[SourceRef]) -> Vec<Sentence> {
    let known: Vec<(String, HashSet<Vec<String>>)> = sources
        .iter()
        .map(|source| {
            let mut runs = runs_of(&source.title);
            runs.extend(runs_of(&source.excerpt));
            (name(source), runs)
        })
        .collect();
    cut(text)
        .into_iter()
        .map(|sentence| {
            let own = runs_of(sentence);
            let mut repeats: Vec<String> = Vec::new();
            for (name, runs) in &known {
                if !repeats.contains(name) && own.iter().any(|run| runs.contains(run)) {
                    repeats.push(name.clone());
                }
            }
            Sentence {
                text: sentence.to_owned(),
                repeats,
            }
        })
        .collect()
}

fn name(source: &SourceRef) -> String {
    match &source.origin {
        Origin::Untrusted { source } => source.clone(),
        Origin::Tool { tool } => tool.clone(),
        Origin::Operator | Origin::Persona | Origin::Memory | Origin::Model => source.title.clone(),
    }
}

/// Sentences end with a line, or with a sign that a space follows.
fn cut(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut from = 0;
    let mut signs = text.char_indices().peekable();
    while let Some((at, sign)) = signs.next() {
        let after = at + sign.len_utf8();
        let next = signs.peek().map(|(_, next)| *next);
        let ends = sign == '\n'
            || matches!(sign, '。' | '！' | '？')
            || (matches!(sign, '.' | '!' | '?' | '…') && next.is_none_or(char::is_whitespace));
        if ends && found.len() + 1 < MAX_SENTENCES {
            found.push(&text[from..after]);
            from = after;
        }
    }
    found.push(&text[from..]);
    let trimmed = found.into_iter().map(str::trim);
    trimmed.filter(|sentence| !sentence.is_empty()).collect()
}

fn runs_of(text: &str) -> HashSet<Vec<String>> {
    let words: Vec<String> = text
        .split(|sign: char| !sign.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.windows(RUN_WORDS).map(<[String]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use chimera_domain::time::Timestamp;

    use super::*;

    fn source(at: &str, title: &str, excerpt: &str) -> SourceRef {
        SourceRef {
            origin: Origin::Untrusted {
                source: at.to_owned(),
            },
            title: title.to_owned(),
            url: None,
            excerpt: excerpt.to_owned(),
            fetched_at: Timestamp::from_seconds(1),
        }
    }

    #[test]
    fn a_sentence_names_whose_words_it_repeats() {
        let sources = [
            source(
                "a.example",
                "Tap systems cut serving time",
                "From 90 to 20 seconds.",
            ),
            source("b.example", "Fog", "It rained in the valley for days."),
        ];
        let text = "Good news. Tap systems CUT serving time, from 90 to 20 seconds!\nWe like fog. Rain 3.5 mm.";
        let told: Vec<(String, Vec<String>)> = sentences(text, &sources)
            .into_iter()
            .map(|sentence| (sentence.text, sentence.repeats))
            .collect();
        let plain = |text: &str| (text.to_owned(), Vec::new());
        assert_eq!(
            told,
            [
                plain("Good news."),
                (
                    "Tap systems CUT serving time, from 90 to 20 seconds!".to_owned(),
                    vec!["a.example".to_owned()]
                ),
                plain("We like fog."),
                plain("Rain 3.5 mm."),
            ]
        );
    }

    #[test]
    fn no_word_of_a_text_is_lost_however_long_it_is() {
        let text = "One two. ".repeat(100);
        let all: String = sentences(&text, &[])
            .into_iter()
            .map(|sentence| sentence.text)
            .collect();
        assert_eq!(all.matches("One").count(), 100);
        assert_eq!(sentences(&text, &[]).len(), MAX_SENTENCES);
        assert_eq!(sentences("", &[]), []);
    }
}
