//! How relevant an item is to a goal and a persona, by a published checklist.
//!
//! | Line | Points | Earned by |
//! | --- | --- | --- |
//! | named | 60 | the thing that a subject of the goal names stands in the item: headline 95 %, body 85 %, tags 80 %, the feed's own topic 30 %, several places together more; half for a narrowing word alone; up to a twentieth less the more of the items name it |
//! | held | 20 | the item stays with it: the thing stands in two places, or all words of the subject are there |
//! | together | 6 | the words of the subject stand side by side; a subject of one word stands in the headline |
//! | goal | 4 | two other words of the goal are there |
//! | persona | 3 | three words of the persona's role, lexicon or values are there |
//! | fresh | 4 | it is new; half after three days |
//!
//! The sum of 97 is the most: three hundredths are always withheld. Of a goal's subjects the best one counts.
//! So an item that says in its headline what is sought and goes on about it reaches 75, the usual threshold
//! (PER-04); one that mentions it in passing does not. Never here: the threshold's consequence.

use std::collections::BTreeMap;

use chimera_domain::{confidence::Confidence, persona::Persona, time::Timestamp, trend::Trend};

use super::{
    clean::quotable,
    goal::{self, Sought},
    words::{content_stems, is_content, stem, words},
};

/// Points of a named thing.
const NAMED: f64 = 60.0;
/// Points of an item that stays with its subject.
const HELD: f64 = 20.0;
/// Points of words side by side.
const TOGETHER: f64 = 6.0;
/// Points of the goal's other words.
const GOAL: f64 = 4.0;
/// Points of the persona's words.
const PERSONA: f64 = 3.0;
/// Points of news.
const FRESH: f64 = 4.0;
/// Other words of the goal that earn all their points.
const GOAL_WORDS: f64 = 2.0;
/// Words of the persona that earn all their points.
const PERSONA_WORDS: f64 = 3.0;
/// Share of its points that a thing keeps, however many of the items name it.
const COMMON_SHARE: f64 = 0.95;
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
        self.prominence(stem) > 0.0
    }

    /// The places that are the item's own, most prominent first.
    const fn places(&self) -> [(&Vec<String>, f64); 3] {
        [(&self.title, 0.95), (&self.body, 0.85), (&self.tags, 0.80)]
    }

    /// How prominently a term stands: in the headline nearly fully, deeper in the item less.
    fn prominence(&self, stem: &str) -> f64 {
        let missing = self
            .places()
            .into_iter()
            .chain([(&self.topic, 0.30)])
            .filter(|(place, _)| place.iter().any(|found| found == stem))
            .fold(1.0, |missing, (_, weight)| missing * (1.0 - weight));
        1.0 - missing
    }

    /// In how many of its own places a term stands.
    fn mentions(&self, stem: &str) -> usize {
        let holds = |place: &&Vec<String>| place.iter().any(|found| found == stem);
        self.places()
            .iter()
            .filter(|(place, _)| holds(place))
            .count()
    }

    /// Whether two neighbours of the subject are neighbours here, or its only word stands in the headline.
    fn has_together(&self, subject: &[String]) -> bool {
        match subject {
            [only] => self.title.contains(only),
            _ => subject.windows(2).any(|pair| {
                self.places()
                    .iter()
                    .any(|(place, _)| place.windows(2).any(|run| run == pair))
            }),
        }
    }
}

/// Scores every item, in the order given.
pub(crate) fn score(
    goal_text: &str,
    persona: &Persona,
    items: &[Trend],
    now: Timestamp,
) -> Vec<Scored> {
    let sought = goal::sought(goal_text);
    let persona = [
        persona.role.clone().unwrap_or_default(),
        persona.lexicon.join(" "),
        persona.values.join(" "),
    ]
    .join(" ");
    let mut persona = content_stems(&persona);
    persona.sort();
    persona.dedup();
    let read: Vec<Read> = items.iter().map(Read::of).collect();
    let commonness: BTreeMap<&str, f64> = sought
        .subjects
        .iter()
        .flatten()
        .map(|term| (term.as_str(), kept_share(term, &read)))
        .collect();
    items
        .iter()
        .zip(&read)
        .map(|(item, read)| scored(&sought, &persona, &commonness, item, read, now))
        .collect()
}

/// What a term keeps of its points: all when it is rare among the items, [`COMMON_SHARE`] when all have it.
fn kept_share(term: &str, read: &[Read]) -> f64 {
    let total = read.len() as f64;
    let holding = read.iter().filter(|item| item.contains(term)).count() as f64;
    let rarity = if holding == 0.0 || total < 2.0 {
        1.0
    } else {
        ((1.0 + total / holding).ln() - 2.0_f64.ln()) / ((1.0 + total).ln() - 2.0_f64.ln())
    };
    COMMON_SHARE + (1.0 - COMMON_SHARE) * rarity
}

/// Points of the best subject: named, held, together.
fn about(subject: &[String], commonness: &BTreeMap<&str, f64>, read: &Read) -> [f64; 3] {
    let Some((thing, narrowing)) = subject.split_last() else {
        return [0.0; 3];
    };
    let strength = |term: &String| {
        read.prominence(term) * commonness.get(term.as_str()).copied().unwrap_or(1.0)
    };
    let narrowed = narrowing.iter().map(strength).fold(0.0, f64::max);
    let covered = subject
        .iter()
        .map(|term| read.prominence(term))
        .sum::<f64>()
        / subject.len() as f64;
    let named = strength(thing);
    if named == 0.0 {
        return [NAMED * narrowed / 2.0, HELD * covered / 2.0, 0.0];
    }
    let held = if read.mentions(thing) > 1 {
        1.0
    } else {
        covered
    };
    let together = if read.has_together(subject) {
        TOGETHER
    } else {
        0.0
    };
    [NAMED * named, HELD * held, together]
}

fn scored(
    sought: &Sought,
    persona: &[String],
    commonness: &BTreeMap<&str, f64>,
    item: &Trend,
    read: &Read,
    now: Timestamp,
) -> Scored {
    let [named, held, together] = sought
        .subjects
        .iter()
        .map(|subject| about(subject, commonness, read))
        .max_by(|one, other| one.iter().sum::<f64>().total_cmp(&other.iter().sum()))
        .unwrap_or([0.0; 3]);
    let share = |terms: &[String], enough: f64| {
        let found: f64 = terms.iter().map(|term| read.prominence(term)).sum();
        (found / enough).min(1.0)
    };
    let hours = now.since(item.timestamp).micros() as f64 / 3_600_000_000.0;
    let fresh = 0.5_f64.powf(hours.max(0.0) / HALF_LIFE_HOURS);
    let points = named
        + held
        + together
        + GOAL * share(&sought.around, GOAL_WORDS)
        + PERSONA * share(persona, PERSONA_WORDS)
        + FRESH * fresh;
    let mut shared: Vec<(f64, &str)> = sought
        .subjects
        .iter()
        .flatten()
        .chain(&sought.around)
        .chain(persona)
        .map(|term| (read.prominence(term), term))
        .filter(|(found, _)| *found > 0.0)
        .map(|(found, term)| (found, word_of(term, item)))
        .collect();
    // Stable: words of the goal come before those of the persona.
    shared.sort_by(|one, other| other.0.total_cmp(&one.0));
    let mut known = std::collections::BTreeSet::new();
    shared.retain(|(_, word)| known.insert(*word));
    Scored {
        relevance: Confidence::from_ratio((points / 100.0).clamp(0.0, 1.0))
            .unwrap_or(Confidence::NONE),
        why: why(&shared, hours),
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::testdata::*, *};

    /// Basis points of one item among neighbours that have nothing to do with it.
    fn points(goal: &str, title: &str, description: &str, tags: &[&str]) -> u16 {
        let item: Trend = serde_json::from_value(json!({
            "id": "x", "platform": "web", "title": title, "description": description, "topic": "Town news",
            "url": "https://a.example", "engagement_metrics": {}, "velocity": 0.0, "tags": tags,
            "timestamp": "2026-11-20T08:00:00Z",
        }))
        .unwrap();
        let items: Vec<Trend> = std::iter::once(item).chain(feed("sky")).collect();
        score(goal, &personas()[2], &items, now())[0]
            .relevance
            .basis_points()
    }

    const COFFEE: &str = "Three posts about specialty coffee for home brewers, no health claims.";
    const LIST: &str = "One post about cold brew, grinders and home roasters";

    #[test]
    fn what_is_about_the_goal_reaches_the_usual_threshold() {
        for (goal, title, description) in [
            (COFFEE, "Specialty coffee grows up", ""),
            (
                COFFEE,
                "Coffee prices fall again",
                "Growers sell specialty lots of coffee early.",
            ),
            (LIST, "Cafes turn to cold brew on tap", "Queues grow."),
            (
                LIST,
                "Grinder maker publishes burr wear study",
                "Burrs lost 3 percent.",
            ),
            (
                LIST,
                "Home roasters share open hardware probe",
                "It costs 14 dollars.",
            ),
            (
                "Grow interest in beekeeping",
                "Beekeeping returns to city roofs",
                "",
            ),
            (
                "Explain trains and cities to commuters",
                "Night trains sell out",
                "Weekday trains fill early.",
            ),
        ] {
            let found = points(goal, title, description, &[]);
            assert!(found >= 7_500, "{goal} / {title}: {found}");
        }
    }

    #[test]
    fn what_mentions_it_in_passing_or_not_at_all_does_not() {
        for (goal, title, description, tags) in [
            (
                COFFEE,
                "City council delays tram line 7",
                "It opens in 2028.",
                &["transport"][..],
            ),
            (
                COFFEE,
                "Arabica futures fall",
                "Investors point to rain.",
                &["coffee"],
            ),
            (COFFEE, "Home brewers meet", "They talk about beer.", &[]),
            (LIST, "Cold snap ahead", "Bring the plants in.", &[]),
            (LIST, "Home prices rise", "A home costs more.", &[]),
            (
                "Grow interest in beekeeping",
                "Interest rates grow",
                "They grow.",
                &[],
            ),
            (
                "Explain trains and cities to commuters",
                "Bakers argue",
                "One took the train.",
                &[],
            ),
        ] {
            let found = points(goal, title, description, tags);
            assert!(found < 7_500, "{goal} / {title}: {found}");
        }
    }

    #[test]
    fn each_line_of_the_list_adds_its_points() {
        let goal = "Posts about specialty coffee for Lisbon brewers";
        let steps = [
            points(goal, "A", "", &[]),
            points(goal, "A", "Nothing but coffee.", &[]),
            points(goal, "Coffee", "Nothing else.", &[]),
            points(goal, "Coffee", "Nothing but coffee.", &[]),
            points(goal, "Coffee, and specialty", "Nothing but coffee.", &[]),
            points(goal, "Specialty coffee", "Nothing but coffee.", &[]),
            points(
                goal,
                "Specialty coffee in Lisbon",
                "Nothing but coffee.",
                &[],
            ),
        ];
        let (first, last) = (steps[0], steps[steps.len() - 1]);
        assert!(first < 500 && last <= 9_700, "{steps:?}");
        for (at, pair) in steps.windows(2).enumerate() {
            // Having both words side by side is what the last but one step adds; the words alone add nothing.
            let grows = if at == 3 {
                pair[0] <= pair[1]
            } else {
                pair[0] < pair[1]
            };
            assert!(grows, "{steps:?}");
        }
    }

    #[test]
    fn a_word_that_all_items_share_costs_a_little_and_never_the_threshold() {
        let goal = "Posts about coffee";
        let named = |number: u32| -> Trend {
            serde_json::from_value(json!({
                "id": number.to_string(), "platform": "web", "title": "Coffee", "description": "", "topic": "",
                "url": "https://a.example", "engagement_metrics": {}, "velocity": 0.0, "tags": [],
                "timestamp": "2026-11-20T08:00:00Z",
            }))
            .unwrap()
        };
        let among_its_like: Vec<Trend> = (0..9).map(named).collect();
        let common = score(goal, &personas()[2], &among_its_like, now())[0]
            .relevance
            .basis_points();
        let rare = points(goal, "Coffee", "", &[]);
        assert!(7_500 <= common && common < rare, "{common} {rare}");
    }
}
