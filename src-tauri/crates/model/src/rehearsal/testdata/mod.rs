//! Personas and feed items that the rehearsal model's tests share.

use chimera_domain::{
    artifact::{Origin, SourceRef},
    confidence::Confidence,
    persona::Persona,
    platform::Platform,
    time::Timestamp,
    trend::Trend,
};
use chimera_ports::facts::{DraftFacts, ResearchFacts};
use serde_json::json;

use super::{researcher, researcher::Next, topics::Topics};

pub(crate) const GOALS: [(&str, &str); 3] = [
    (
        "coffee",
        "Three posts about specialty coffee for home brewers, no health claims.",
    ),
    (
        "cycling",
        "Five posts about urban cycling and bike lanes on Mastodon",
    ),
    (
        "sky",
        "Write 4 posts about the night sky for amateur astronomers, no emojis",
    ),
];

/// Topics by the words that ship with policy, as in the product.
pub(crate) fn topics() -> Topics {
    Topics::new(chimera_policy::topics_in)
}

pub(crate) fn feed(name: &str) -> Vec<Trend> {
    let text = match name {
        "coffee" => include_str!("coffee.json"),
        "cycling" => include_str!("cycling.json"),
        _ => include_str!("sky.json"),
    };
    serde_json::from_str(text).unwrap()
}

pub(crate) fn now() -> Timestamp {
    "2026-11-21T08:00:00Z".parse().unwrap()
}

pub(crate) fn persona(id: &str, traits: &[&str]) -> Persona {
    serde_json::from_value(json!({
        "name": "Mara Voss", "id": id, "role": "columnist", "voice_traits": traits,
        "directives": ["Always name the source"], "backstory": "Writes for a small paper."
    }))
    .unwrap()
}

pub(crate) fn personas() -> Vec<Persona> {
    let mut dry = persona("mara-voss", &["dry", "short sentences"]);
    dry.forbidden = vec!["game-changer".to_owned(), "hack".to_owned()];
    dry.lexicon = vec!["ledger".to_owned(), "weather".to_owned()];
    let mut warm = persona("ines", &["warm", "asks questions"]);
    warm.directives.push("No exclamation marks".to_owned());
    vec![
        dry,
        warm,
        persona("dr-lund", &["precise", "formal"]),
        persona("kit", &["playful", "energetic"]),
        persona("old-captain", &["like an old captain"]),
    ]
}

pub(crate) fn research(persona: &Persona, goal: &str, items: Vec<Trend>) -> ResearchFacts {
    ResearchFacts {
        goal: goal.to_owned(),
        persona: persona.clone().into(),
        instructions: String::new(),
        guidance: vec![],
        feeds: vec!["feed.xml".to_owned()],
        relevance_threshold: Confidence::from_percent(50),
        max_picks: 8,
        trends: items,
        memories: vec![],
        now: now(),
    }
}

/// What research keeps of `items`, without what is on a sensitive topic: material for ordinary drafts.
pub(crate) fn picks(persona: &Persona, goal: &str, items: &[Trend]) -> Vec<Trend> {
    let Next::Answer(answer) =
        researcher::research(&research(persona, goal, items.to_vec()), &[], &[])
    else {
        panic!("with items at hand there is nothing to call");
    };
    answer
        .picks
        .iter()
        .filter_map(|pick| items.iter().find(|item| item.id == pick.trend_id).cloned())
        .filter(|item| {
            topics()
                .found(&format!("{} {}", item.title, item.description))
                .is_empty()
        })
        .collect()
}

pub(crate) fn draft_facts(
    persona: &Persona,
    goal: &str,
    picks: Vec<Trend>,
    number: u32,
) -> DraftFacts {
    DraftFacts {
        goal: goal.to_owned(),
        persona: persona.clone().into(),
        instructions: String::new(),
        guidance: vec![],
        platform: Platform::Sandbox,
        max_chars: 280,
        picks,
        previous_posts: vec![],
        draft_number: number,
        memories: vec![],
    }
}

/// A feed item as an artifact names it.
pub(crate) fn source_of(item: &Trend) -> SourceRef {
    SourceRef {
        origin: Origin::Untrusted {
            source: item.url.clone(),
        },
        title: item.title.clone(),
        url: Some(item.url.clone()),
        excerpt: item.description.clone(),
        fetched_at: now(),
    }
}
