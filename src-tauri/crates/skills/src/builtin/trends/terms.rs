//! The words that say what a headline is about, and which headlines share them.
//!
//! Never here: time or scores.

use std::collections::{BTreeMap, BTreeSet};

/// Shortest word that can be a topic, in characters. Words of scripts without spaces are shorter.
const MIN_TERM_CHARS: usize = 3;
/// Most words of one headline that are looked at.
const MAX_TERMS: usize = 40;
/// From this many headlines on, a word that most of them share says nothing.
const MIN_ITEMS_FOR_COMMON: usize = 6;

/// Words that say nothing about a topic.
const STOP: &str = " a about above after again all also am an and any app are around as ask asks at back be because been before behind being best better between big both but by can cannot could day days did do does doing done down during each even ever every few first for from full get gets getting give gives goes going good got great had has have having he her here him his hour hours how i if in inside into is it its just know last latest let like little long look looks made make makes making many may me mean means might more most much must my need needs new news next no nor not now of off old on once one only or other our out over own part people per post put really report reports right said same say says see seen sees set she should show shows since so some still such sure take takes takes than that the their them then there these they thing things think this those three through time times to today too top two under until up update upon us use used using very via video want wants was watch way ways we week weeks well were what when where which while who whose why will with within without work works would year years yet you your ";

/// The words of `text` in their order, folded, without those that say nothing.
pub(super) fn terms(text: &str) -> Vec<String> {
    let mut seen = BTreeSet::new();
    text.split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '’'))
        .map(fold)
        .filter(|word| says_something(word))
        .filter(|word| seen.insert(word.clone()))
        .take(MAX_TERMS)
        .collect()
}

fn fold(word: &str) -> String {
    let word = word.to_lowercase().replace('’', "'");
    let word = word.trim_matches('\'');
    let word = word.strip_suffix("'s").unwrap_or(word).replace('\'', "");
    // One form for "chip" and "chips", not for "glass" or "gas".
    const MIN_PLURAL_CHARS: usize = 5;
    match word.strip_suffix('s') {
        Some(single)
            if word.chars().count() >= MIN_PLURAL_CHARS && !single.ends_with(['s', 'u', 'i']) =>
        {
            single.to_owned()
        }
        _ => word,
    }
}

fn says_something(word: &str) -> bool {
    let long =
        word.chars().count() >= MIN_TERM_CHARS || !word.is_ascii() && word.chars().count() >= 2;
    long && !word.chars().all(|c| c.is_numeric()) && !STOP.contains(&format!(" {word} "))
}

/// Which headlines share which words.
pub(super) struct Shared {
    /// Words that at least two headlines have, and not most of them, with the headlines.
    by_term: BTreeMap<String, Vec<usize>>,
}

impl Shared {
    /// Over the words of each headline.
    pub(super) fn of(items: &[Vec<String>]) -> Self {
        Self::within(items, items)
    }

    /// The same where what most headlines have says nothing only if most of `all` have it too: what everybody suddenly
    /// speaks of within a few hours would otherwise look like what is always said.
    pub(super) fn within(items: &[Vec<String>], all: &[Vec<String>]) -> Self {
        let mut by_term: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, terms) in items.iter().enumerate() {
            for term in terms {
                by_term.entry(term.clone()).or_default().push(index);
            }
        }
        let mut everywhere: BTreeMap<&String, usize> = BTreeMap::new();
        for term in all.iter().flatten() {
            *everywhere.entry(term).or_default() += 1;
        }
        let is_most =
            |count: usize, of: usize| of >= MIN_ITEMS_FOR_COMMON && count > of.div_ceil(2);
        let is_common = |term: &String, holders: usize| {
            let all_over = everywhere.get(term).copied().unwrap_or(0);
            is_most(holders, items.len()) && is_most(all_over, all.len())
        };
        by_term.retain(|term, holders| holders.len() >= 2 && !is_common(term, holders.len()));
        Self { by_term }
    }

    /// Headlines that share at least one telling word with `terms`.
    pub(super) fn peers(&self, terms: &[String]) -> BTreeSet<usize> {
        terms
            .iter()
            .filter_map(|term| self.by_term.get(term))
            .flatten()
            .copied()
            .collect()
    }

    /// How many headlines have `term`; 0 for a word that tells nothing.
    pub(super) fn count(&self, term: &str) -> usize {
        self.by_term.get(term).map_or(0, Vec::len)
    }

    /// The word that most of the `open` headlines share, with them; the first by alphabet of several.
    pub(super) fn largest(&self, open: &BTreeSet<usize>) -> Option<(&str, Vec<usize>)> {
        let mut best: Option<(&str, Vec<usize>)> = None;
        for (term, holders) in &self.by_term {
            let holders: Vec<usize> = holders
                .iter()
                .copied()
                .filter(|i| open.contains(i))
                .collect();
            if holders.len() >= 2 && best.as_ref().is_none_or(|(_, b)| holders.len() > b.len()) {
                best = Some((term, holders));
            }
        }
        best
    }

    /// A topic of one or two words: the most shared ones, or else the headline's own first.
    pub(super) fn topic(&self, terms: &[String]) -> String {
        let mut ranked: Vec<&String> = terms.iter().collect();
        // A stable sort: among equals the headline's order counts.
        ranked.sort_by_key(|term| std::cmp::Reverse(self.count(term)));
        ranked
            .into_iter()
            .take(2)
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telling_words_stay_and_plurals_meet() {
        assert_eq!(
            terms("Why the EU's new chips law is 2026’s big gas glass news, says chip-maker"),
            ["chip", "law", "gas", "glass", "maker"]
        );
        assert_eq!(terms("日本 の 半導体"), ["日本", "半導体"]);
        assert!(terms("The 2026 of it").is_empty());
    }

    #[test]
    fn words_that_most_share_tell_nothing() {
        let headlines: Vec<Vec<String>> = [
            "coffee rust",
            "coffee price",
            "coffee price",
            "coffee art",
            "coffee cup",
            "coffee bean",
        ]
        .map(terms)
        .to_vec();
        let shared = Shared::of(&headlines);
        assert_eq!((shared.count("coffee"), shared.count("price")), (0, 2));
        assert_eq!(shared.peers(&headlines[1]), BTreeSet::from([1, 2]));
        assert_eq!(shared.topic(&headlines[1]), "price coffee");
        assert!(shared.peers(&headlines[0]).is_empty());
        // Of six within a few hours most have it; of all that were read they do not.
        let all: Vec<Vec<String>> = (0..20)
            .map(|_| terms("city lanes"))
            .chain(headlines.clone())
            .collect();
        assert_eq!(Shared::within(&headlines, &all).count("coffee"), 6);
    }
}
