//! Where a value came from, carried along with it: the least trusted origin counts, and the
//! sources stay known, from feed item to tool argument to review card.
//!
//! Never here: what taint forbids (`policy`).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::hidden::make_visible;
use crate::span::shorten;

/// Most sources that one label names; of more it keeps the least trusted and says that there
/// are others.
pub const MAX_SOURCES: usize = 16;
/// Longest name of a source, in characters.
pub const MAX_NAME_CHARS: usize = 200;

/// How far an origin is trusted; the later, the less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// Written by a person who operates this installation.
    Operator,
    /// From a persona's own files, which an operator approved.
    Persona,
    /// Recalled from memory, whose content agents wrote.
    Memory,
    /// Answered by a tool that the operator connected.
    Tool,
    /// Written by anybody: feeds, mentions, web pages, other people's posts.
    Untrusted,
}

impl Trust {
    /// The origin in words, for a review card.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Persona => "persona",
            Self::Memory => "memory",
            Self::Tool => "tool",
            Self::Untrusted => "untrusted",
        }
    }
}

/// One source: how far it is trusted and what it is called. Ordered with the least trusted first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    trust: std::cmp::Reverse<Trust>,
    name: String,
}

impl Source {
    /// How far it is trusted.
    #[must_use]
    pub fn trust(&self) -> Trust {
        self.trust.0
    }

    /// Its name, at most [`MAX_NAME_CHARS`] characters, with hidden characters made visible.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// The label of a value: its sources and, through them, how far it is trusted. There is no
/// empty label: every value came from somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct Taint {
    sources: BTreeSet<Source>,
    /// Sources beyond [`MAX_SOURCES`] were left out.
    more: bool,
}

impl Taint {
    /// The label of a value from one source.
    #[must_use]
    pub fn new(trust: Trust, name: &str) -> Self {
        let name = shorten(&make_visible(name), MAX_NAME_CHARS);
        Self {
            sources: BTreeSet::from([Source {
                trust: std::cmp::Reverse(trust),
                name,
            }]),
            more: false,
        }
    }

    /// Of a value that the named operator wrote.
    #[must_use]
    pub fn operator(name: &str) -> Self {
        Self::new(Trust::Operator, name)
    }

    /// Of a value from the named persona.
    #[must_use]
    pub fn persona(name: &str) -> Self {
        Self::new(Trust::Persona, name)
    }

    /// Of a value recalled from the named memory.
    #[must_use]
    pub fn memory(name: &str) -> Self {
        Self::new(Trust::Memory, name)
    }

    /// Of a value that the named tool answered.
    #[must_use]
    pub fn tool(name: &str) -> Self {
        Self::new(Trust::Tool, name)
    }

    /// Of a value that anybody may have written; `source` says where it was read.
    #[must_use]
    pub fn untrusted(source: &str) -> Self {
        Self::new(Trust::Untrusted, source)
    }

    /// How far the value is trusted: as far as its least trusted source.
    #[must_use]
    pub fn trust(&self) -> Trust {
        self.sources.first().map_or(Trust::Untrusted, Source::trust)
    }

    /// Whether anybody may have had a hand in the value.
    #[must_use]
    pub fn is_untrusted(&self) -> bool {
        self.trust() == Trust::Untrusted
    }

    /// The sources, least trusted first; at most [`MAX_SOURCES`].
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter()
    }

    /// Whether there are sources that the label had no room for.
    #[must_use]
    pub fn has_more(&self) -> bool {
        self.more
    }

    /// The label of a value made from both: as untrusted as the worse, with the sources of
    /// both. Order and repetition do not matter.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        let mut sources: BTreeSet<Source> = self.sources.union(&other.sources).cloned().collect();
        let mut more = self.more || other.more;
        while sources.len() > MAX_SOURCES {
            sources.pop_last();
            more = true;
        }
        Self { sources, more }
    }

    /// The label in words, for a review card: "untrusted: post @x; operator: jane".
    #[must_use]
    pub fn words(&self) -> String {
        let named = |s: &Source| format!("{}: {}", s.trust().words(), s.name);
        let mut words = self
            .sources
            .iter()
            .map(named)
            .collect::<Vec<_>>()
            .join("; ");
        if self.more {
            words.push_str("; and others");
        }
        words
    }
}

/// A label as it was stored, before its bounds are checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    sources: BTreeSet<Source>,
    more: bool,
}

impl TryFrom<Stored> for Taint {
    type Error = String;

    fn try_from(stored: Stored) -> Result<Self, String> {
        let bounded = |s: &Source| s.name.chars().count() <= MAX_NAME_CHARS;
        if stored.sources.is_empty()
            || stored.sources.len() > MAX_SOURCES
            || !stored.sources.iter().all(bounded)
        {
            return Err(format!(
                "a taint label names 1 to {MAX_SOURCES} sources of at most {MAX_NAME_CHARS} characters"
            ));
        }
        Ok(Self {
            sources: stored.sources,
            more: stored.more,
        })
    }
}

/// A value with its label. The value can be looked at and changed, but not parted from the
/// label without taking both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tainted<T> {
    value: T,
    taint: Taint,
}

impl<T> Tainted<T> {
    /// Labels a value.
    #[must_use]
    pub fn new(value: T, taint: Taint) -> Self {
        Self { value, taint }
    }

    /// The value.
    #[must_use]
    pub fn value(&self) -> &T {
        &self.value
    }

    /// The label.
    #[must_use]
    pub fn taint(&self) -> &Taint {
        &self.taint
    }

    /// What is made from the value keeps its label.
    #[must_use]
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Tainted<U> {
        Tainted {
            value: make(self.value),
            taint: self.taint,
        }
    }

    /// What is made from both values has both labels.
    #[must_use]
    pub fn join<U, V>(self, other: Tainted<U>, make: impl FnOnce(T, U) -> V) -> Tainted<V> {
        Tainted {
            taint: self.taint.join(&other.taint),
            value: make(self.value, other.value),
        }
    }

    /// Both parts.
    #[must_use]
    pub fn into_parts(self) -> (T, Taint) {
        (self.value, self.taint)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn the_least_trusted_source_counts_and_all_stay_known() {
        let greeting = Tainted::new("Hello ", Taint::operator("jane"));
        let name = Tainted::new("Bob".to_owned(), Taint::untrusted("post @bob"));
        let (text, taint) = greeting
            .join(name, |a, b| format!("{a}{b}"))
            .map(|t| t + "!")
            .into_parts();
        assert_eq!(text, "Hello Bob!");
        assert!(taint.is_untrusted());
        assert_eq!(taint.words(), "untrusted: post @bob; operator: jane");
    }

    #[test]
    fn a_label_is_bounded_and_forgets_the_trusted_first() {
        let many = (0..40).map(|i| Taint::tool(&format!("tool {i:02}")));
        let all = many.fold(Taint::untrusted("feed"), |all, next| all.join(&next));
        assert_eq!(all.sources().count(), MAX_SOURCES);
        assert!(all.has_more() && all.is_untrusted());
        assert!(all.words().starts_with("untrusted: feed; tool: tool 00; "));
        assert!(all.words().ends_with("; tool: tool 14; and others"));
        let long = Taint::untrusted(&format!("\u{202E}{}", "x".repeat(500)));
        let name = long.sources().next().map(|s| s.name().to_owned()).unwrap();
        assert_eq!(name, format!("⟨U+202E⟩{}…", "x".repeat(MAX_NAME_CHARS - 9)));
    }

    #[test]
    fn a_label_is_stored_and_checked_when_read() {
        let taint = Taint::memory("episodic").join(&Taint::persona("Ada"));
        let stored = json!({"sources": [{"trust": "memory", "name": "episodic"}, {"trust": "persona", "name": "Ada"}], "more": false});
        assert_eq!(serde_json::to_value(&taint).unwrap(), stored);
        assert_eq!(serde_json::from_value::<Taint>(stored).unwrap(), taint);
        assert!(serde_json::from_value::<Taint>(json!({"sources": [], "more": false})).is_err());
        let long = json!({"sources": [{"trust": "tool", "name": "x".repeat(201)}], "more": false});
        assert!(serde_json::from_value::<Taint>(long).is_err());
    }

    fn label() -> impl Strategy<Value = Taint> {
        let trust = proptest::sample::select(vec![
            Trust::Operator,
            Trust::Persona,
            Trust::Memory,
            Trust::Tool,
            Trust::Untrusted,
        ]);
        let one = (trust, "[a-f]{1,2}").prop_map(|(trust, name)| Taint::new(trust, &name));
        proptest::collection::vec(one, 1..30)
            .prop_map(|all| all.into_iter().reduce(|a, b| a.join(&b)).unwrap())
    }

    proptest! {
        #[test]
        fn joining_is_a_lattice(a in label(), b in label(), c in label()) {
            prop_assert_eq!(a.join(&a), a.clone());
            prop_assert_eq!(a.join(&b), b.join(&a));
            prop_assert_eq!(a.join(&b).join(&c), a.join(&b.join(&c)));
            prop_assert_eq!(a.join(&b).trust(), a.trust().max(b.trust()));
        }
    }
}
