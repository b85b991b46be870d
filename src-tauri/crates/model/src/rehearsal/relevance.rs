//! How relevant an item is to a goal and a persona: shared stems, weighed, and recency.
//!
//! For each term sought and found the chance of "this is what was meant" grows: one term of the topic
//! in the headline gives about 0.6 to 0.7, two give about 0.85. Rare terms count more than common ones
//! (inverse document frequency over the items at hand), and old items lose up to an eighth. Never here:
//! the threshold's consequence.

use std::collections::BTreeMap;

use chimera_domain::{confidence::Confidence, persona::Persona, time::Timestamp, trend::Trend};

use super::{
    clean::quotable,
    goal,
    words::{content_stems, is_content, stem, words},
};

/// Weight of a term of the goal's topic.
const TOPIC_WEIGHT: f64 = 0.74;
/// Weight of another term of the goal.
const GOAL_WEIGHT: f64 = 0.34;
/// Weight of a term of the persona's role, lexicon and values.
const PERSONA_WEIGHT: f64 = 0.20;
/// Weight of two neighbouring terms of the topic that stand together in the item.
const PHRASE_WEIGHT: f64 = 0.45;
/// Share that a term counts at least, however common it is among the items.
const COMMON_SHARE: f64 = 0.8;
/// Share of the score that recency decides.
const RECENCY_SHARE: f64 = 0.12;
/// Time in which recency halves.
const HALF_LIFE_HOURS: f64 = 72.0;
/// Most terms that are named in a reason.
const MAX_NAMED_TERMS: usize = 4;

/// One item's score with its reason.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Scored {
    /// The score.
    pub relevance: Confidence,
    /// In one sentence.
    pub why: String,
}

/// What is sought: stem → weight.
struct Sought {
    terms: BTreeMap<String, f64>,
    phrases: Vec<[String; 2]>,
}

impl Sought {
    fn of(goal_text: &str, persona: &Persona) -> Self {
        let (topic, rest) = goal::stems(goal_text);
        let phrases = topic
            .windows(2)
            .map(|pair| [pair[0].clone(), pair[1].clone()])
            .collect();
        let persona_words = [
            persona.role.clone().unwrap_or_default(),
            persona.lexicon.join(" "),
            persona.values.join(" "),
        ]
        .join(" ");
        let mut terms = BTreeMap::new();
        let weighed = [
            (topic, TOPIC_WEIGHT),
            (rest, GOAL_WEIGHT),
            (content_stems(&persona_words), PERSONA_WEIGHT),
        ];
        for (stems, weight) in weighed {
            for stem in stems {
                terms.entry(stem).or_insert(weight);
            }
        }
        Self { terms, phrases }
    }
}

/// The words of one item, by where they stand.
struct Read {
    title: Vec<String>,
    body: Vec<String>,
    tags: Vec<String>,
    /// The feed's own topic; the same for many items, so it says little of one.
    topic: Vec<String>,
}

impl Read {
    fn of(item: &Trend) -> Self {
        let stems = |text: &str| -> Vec<String> {
            words(text)
                .iter()
                .filter(|word| is_content(word))
                .map(|word| stem(word))
                .collect()
        };
        Self {
            title: stems(&quotable(&item.title)),
            body: stems(&quotable(&item.description)),
            tags: stems(&quotable(&item.tags.join(" "))),
            topic: stems(&quotable(&item.topic)),
        }
    }

    fn contains(&self, stem: &str) -> bool {
        [&self.title, &self.body, &self.tags, &self.topic]
            .into_iter()
            .any(|field| field.iter().any(|found| found == stem))
    }

    /// How prominently a term stands: in the headline fully, deeper in the item less.
    fn prominence(&self, stem: &str) -> f64 {
        let fields = [
            (&self.title, 0.95),
            (&self.body, 0.80),
            (&self.tags, 0.70),
            (&self.topic, 0.30),
        ];
        let missing = fields
            .iter()
            .filter(|(field, _)| field.iter().any(|found| found == stem))
            .fold(1.0, |missing, (_, weight)| missing * (1.0 - weight));
        1.0 - missing
    }

    fn has_phrase(&self, phrase: &[String; 2]) -> bool {
        [&self.title, &self.body, &self.tags]
            .into_iter()
            .any(|field| field.windows(2).any(|pair| pair == phrase))
    }
}

/// Scores every item, in the order given.
pub(crate) fn score(
    goal_text: &str,
    persona: &Persona,
    items: &[Trend],
    now: Timestamp,
) -> Vec<Scored> {
    let sought = Sought::of(goal_text, persona);
    let read: Vec<Read> = items.iter().map(Read::of).collect();
    let total = read.len() as f64;
    let rarity: BTreeMap<&str, f64> = sought
        .terms
        .keys()
        .map(|term| {
            let holding = read.iter().filter(|item| item.contains(term)).count() as f64;
            let rarity = if holding == 0.0 || total < 2.0 {
                1.0
            } else {
                ((1.0 + total / holding).ln() - 2.0_f64.ln()) / ((1.0 + total).ln() - 2.0_f64.ln())
            };
            (term.as_str(), COMMON_SHARE + (1.0 - COMMON_SHARE) * rarity)
        })
        .collect();
    items
        .iter()
        .zip(&read)
        .map(|(item, read)| scored(&sought, &rarity, item, read, now))
        .collect()
}

fn scored(
    sought: &Sought,
    rarity: &BTreeMap<&str, f64>,
    item: &Trend,
    read: &Read,
    now: Timestamp,
) -> Scored {
    let mut missing = 1.0;
    let mut named: Vec<(f64, &str)> = Vec::new();
    for (term, weight) in &sought.terms {
        let found = read.prominence(term);
        if found > 0.0 {
            let strength = weight * found * rarity.get(term.as_str()).copied().unwrap_or(1.0);
            missing *= 1.0 - strength;
            named.push((strength, word_of(term, item)));
        }
    }
    let together = sought
        .phrases
        .iter()
        .filter(|phrase| read.has_phrase(phrase))
        .count();
    missing *= (1.0 - PHRASE_WEIGHT).powi(i32::try_from(together).unwrap_or(i32::MAX));
    let hours = now.since(item.timestamp).micros() as f64 / 3_600_000_000.0;
    let recency = 0.5_f64.powf(hours / HALF_LIFE_HOURS);
    let ratio = (1.0 - missing) * (1.0 - RECENCY_SHARE + RECENCY_SHARE * recency);
    named.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(other.1)));
    Scored {
        relevance: Confidence::from_ratio(ratio.clamp(0.0, 1.0)).unwrap_or(Confidence::NONE),
        why: why(&named, hours),
    }
}

/// The item's own word for a stem, as a reader saw it.
fn word_of<'a>(term: &'a str, item: &'a Trend) -> &'a str {
    let texts = [&item.title, &item.description, &item.topic]
        .into_iter()
        .chain(&item.tags);
    texts
        .flat_map(|text| text.split(|letter: char| !letter.is_alphanumeric()))
        .find(|raw| stem(&raw.to_lowercase()) == term)
        .unwrap_or(term)
}

fn why(named: &[(f64, &str)], hours: f64) -> String {
    let age = match hours {
        hours if hours < 1.0 => "fresh".to_owned(),
        hours if hours < 48.0 => format!("{hours:.0} h old"),
        hours => format!("{:.0} days old", hours / 24.0),
    };
    if named.is_empty() {
        return format!("Shares no word with the goal or the persona; {age}.");
    }
    let shared: Vec<&str> = named
        .iter()
        .take(MAX_NAMED_TERMS)
        .map(|(_, word)| *word)
        .collect();
    format!("Shares {} with what is sought; {age}.", shared.join(", "))
}
