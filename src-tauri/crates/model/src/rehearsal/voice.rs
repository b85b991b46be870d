//! Voice: which of nine manners a persona's traits name, and how far a text shows them.
//!
//! A manner is only counted where it leaves signs that can be counted. Traits that name none ("speaks
//! like an old captain") are left to people and to real models. Never here: phrasing (the writer's).

use std::{collections::BTreeMap, sync::LazyLock};

use chimera_domain::persona::Persona;

use super::{
    claims::{ClaimKind, checkable},
    rules::is_emoji,
    words::{chars, contains_phrase, has_run, listed, sentences, stem, stems, words},
};

/// A manner of speaking that leaves countable signs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Manner {
    /// Exact, analytical: figures, quotations, no vague words.
    Precise,
    /// Friendly: speaks to readers and with them.
    Warm,
    /// Witty: an aside, a wink.
    Playful,
    /// Deadpan: short, no exclamation, no gush.
    Dry,
    /// Short sentences.
    Brief,
    /// Asks.
    Curious,
    /// Energetic: speaks up, does not hedge.
    Bold,
    /// Sober: no contractions, no slang.
    Formal,
    /// Simple words.
    Plain,
}

impl Manner {
    /// Every manner.
    pub(crate) const ALL: [Self; 9] = [
        Self::Precise,
        Self::Warm,
        Self::Playful,
        Self::Dry,
        Self::Brief,
        Self::Curious,
        Self::Bold,
        Self::Formal,
        Self::Plain,
    ];

    /// The word for people.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Precise => "precise",
            Self::Warm => "warm",
            Self::Playful => "playful",
            Self::Dry => "dry",
            Self::Brief => "brief",
            Self::Curious => "curious",
            Self::Bold => "bold",
            Self::Formal => "formal",
            Self::Plain => "plain",
        }
    }

    /// Words in a trait that name the manner.
    const fn names(self) -> &'static str {
        match self {
            Self::Precise => {
                "precise exact accurate analytical factual rigorous technical data evidence \
                    meticulous scientific clear"
            }
            Self::Warm => {
                "warm friendly kind empathetic welcoming caring gentle generous encouraging \
                    supportive inviting neighbourly neighborly"
            }
            Self::Playful => {
                "playful witty fun funny humorous humour humor cheeky whimsical joking quirky \
                    mischievous"
            }
            Self::Dry => "dry deadpan laconic understated sardonic ironic wry sceptical skeptical",
            Self::Brief => "short brief concise terse punchy crisp succinct minimal economical",
            Self::Curious => "curious inquisitive questioning wondering asks inquiring",
            Self::Bold => {
                "bold energetic enthusiastic confident passionate lively upbeat direct assertive \
                    opinionated visionary"
            }
            Self::Formal => {
                "formal professional authoritative sober calm measured neutral serious academic \
                    scholarly"
            }
            Self::Plain => {
                "plain simple accessible honest grounded humble jargon everyday practical"
            }
        }
    }

    /// How far `text` shows the manner, in hundredths, each a count of signs named here.
    fn shown(self, text: &str) -> u32 {
        let text = &Counted::of(text);
        match self {
            Self::Precise => {
                let exact = text.has_figure || text.quotes;
                50 * u32::from(exact)
                    + if text.vague == 0 {
                        50
                    } else {
                        50 / (1 + text.vague)
                    }
            }
            Self::Warm => 60 * u32::from(text.together > 0) + 40 * u32::from(text.kindly > 0),
            Self::Playful => 60 * u32::from(text.winks > 0) + 40 * u32::from(text.asides > 0),
            Self::Dry => {
                40 * u32::from(text.exclamations == 0 && text.emoji == 0)
                    + 30 * u32::from(text.kindly == 0 && text.vague == 0)
                    + 30 * u32::from(text.shortest <= 4)
            }
            Self::Brief => over(text.mean_words, 11, 24),
            Self::Curious => 100 * u32::from(text.questions > 0),
            Self::Bold => {
                50 * u32::from(text.hedges == 0)
                    + 50 * u32::from(text.calls > 0 || text.exclamations == 1)
            }
            Self::Formal => {
                40 * u32::from(text.contractions == 0)
                    + 40 * u32::from(text.exclamations == 0 && text.emoji == 0)
                    + 20 * u32::from(text.winks == 0)
            }
            Self::Plain => over(text.mean_letters_tenths, 52, 80),
        }
    }
}

/// 100 up to `good`, falling evenly to 0 at `bad`.
fn over(value: u32, good: u32, bad: u32) -> u32 {
    let value = value.clamp(good, bad);
    100 * (bad - value) / (bad - good)
}

const VAGUE: &str = "very really lots stuff things somehow basically literally totally absolutely amazing awesome \
    incredible insane";
const TOGETHER: &str = "you your yours we us our together everyone friends";
const KINDLY: &str = "thank thanks welcome glad lovely happy care gladly warmly enjoy dear good";
static WINKS: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| {
    [
        "plot twist",
        "spoiler",
        "psst",
        "place your bets",
        "fun fact",
        "guess what",
        "drum roll",
        "you heard it",
        "no pressure",
        "who knew",
        "blame",
    ]
    .map(stems)
    .to_vec()
});
const HEDGES: &str = "maybe perhaps might possibly seemingly arguably somewhat";
const CALLS: &str = "read look see watch remember mark note take tell start keep";

/// The countable signs of one text.
struct Counted {
    has_figure: bool,
    quotes: bool,
    vague: u32,
    together: u32,
    kindly: u32,
    winks: u32,
    asides: u32,
    hedges: u32,
    calls: u32,
    exclamations: u32,
    questions: u32,
    contractions: u32,
    emoji: u32,
    /// Words of the shortest sentence.
    shortest: u32,
    /// Words of the mean sentence.
    mean_words: u32,
    /// Letters of the mean word, times ten.
    mean_letters_tenths: u32,
}

impl Counted {
    fn of(text: &str) -> Self {
        let words = words(text);
        let among = |list: &str| count(words.iter().filter(|word| listed(list, word)));
        let lengths: Vec<u32> = sentences(text)
            .iter()
            .map(|sentence| count(self::words(sentence).iter()))
            .collect();
        let sum: u32 = lengths.iter().sum();
        let letters: usize = words.iter().map(|word| chars(word)).sum();
        Self {
            has_figure: checkable(text)
                .iter()
                .any(|claim| claim.kind == ClaimKind::Figure),
            quotes: text.contains('“') || text.contains('"'),
            vague: among(VAGUE),
            together: among(TOGETHER),
            kindly: among(KINDLY),
            winks: {
                let found = stems(text);
                count(WINKS.iter().filter(|wink| has_run(&found, wink)))
            },
            asides: count(text.matches(['(', '—', '!', '😉', '🙂'])),
            hedges: among(HEDGES),
            calls: count(sentences(text).iter().filter(|sentence| {
                self::words(sentence)
                    .first()
                    .is_some_and(|first| listed(CALLS, first))
            })),
            exclamations: count(text.matches('!')),
            questions: count(text.matches('?')),
            contractions: count(
                [
                    "n't", "n’t", "'re", "’re", "'ll", "’ll", "'ve", "’ve", "it's", "it’s",
                    "that's", "that’s",
                ]
                .iter()
                .filter(|mark| text.to_lowercase().contains(**mark)),
            ),
            emoji: count(text.chars().filter(|letter| is_emoji(*letter))),
            shortest: lengths.iter().copied().min().unwrap_or(0),
            mean_words: sum.checked_div(count(lengths.iter())).unwrap_or(0),
            mean_letters_tenths: u32::try_from(letters * 10)
                .unwrap_or(u32::MAX)
                .checked_div(count(words.iter()))
                .unwrap_or(0),
        }
    }
}

fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}

/// Stem of a word in a trait → the manner that it names.
static NAMES: LazyLock<BTreeMap<String, Manner>> = LazyLock::new(|| {
    let of = |manner: Manner| {
        manner
            .names()
            .split_whitespace()
            .map(move |name| (stem(name), manner))
    };
    // Backwards, so that the earlier manner keeps a stem that two share.
    Manner::ALL.into_iter().rev().flat_map(of).collect()
});

/// The manners that `traits` name, in the order in which they are named, each once.
pub(crate) fn manners(traits: &[String]) -> Vec<Manner> {
    let mut found = Vec::new();
    for line in traits {
        let words = words(line);
        for (at, word) in words.iter().enumerate() {
            let denied = words[at.saturating_sub(2)..at].iter().any(|before| {
                ["not", "never", "no", "without", "dont", "less"].contains(&before.as_str())
            });
            // "No jargon" is the one denial that names a manner.
            let denied = denied && word != "jargon";
            let named = NAMES.get(&stem(word)).copied();
            if let Some(manner) = named.filter(|manner| !denied && !found.contains(manner)) {
                found.push(manner);
            }
        }
    }
    found
}

/// How far a text shows a persona's voice.
pub(crate) struct Heard {
    /// In hundredths; `None` where the persona names nothing that can be counted.
    pub score: Option<u32>,
    /// In words.
    pub note: String,
}

/// From this score on a manner is clear, in hundredths.
const CLEAR: u32 = 75;
/// From this score on it can be heard, in hundredths.
const SOME: u32 = 40;
/// What a text without a favoured word is worth, in hundredths: such a word is a sign, its absence no breach.
const NO_FAVOURED_WORD: u32 = 60;

/// Listens for the persona's manners and favoured words in `text`.
pub(crate) fn heard(persona: &Persona, text: &str) -> Heard {
    let shown: Vec<(&str, u32)> = manners(&persona.voice_traits)
        .into_iter()
        .map(|manner| (manner.word(), manner.shown(text)))
        .collect();
    let mut scores: Vec<u32> = shown.iter().map(|(_, score)| *score).collect();
    let mut parts = Vec::new();
    if !shown.is_empty() {
        let words: Vec<_> = shown
            .iter()
            .map(|(name, score)| format!("{} {name}", how_much(*score)))
            .collect();
        parts.push(format!("sounds {}", words.join(", ")));
    }
    if !persona.lexicon.is_empty() {
        let used = persona
            .lexicon
            .iter()
            .any(|word| contains_phrase(text, word));
        scores.push(if used { 100 } else { NO_FAVOURED_WORD });
        let said = if used {
            "uses a favoured word"
        } else {
            "uses no favoured word"
        };
        parts.push(said.to_owned());
    }
    if parts.is_empty() {
        return Heard {
            score: None,
            note: "The persona names no manner that leaves countable signs.".to_owned(),
        };
    }
    Heard {
        score: Some(scores.iter().sum::<u32>() / count(scores.iter())),
        note: format!("It {}.", parts.join(" and ")),
    }
}

const fn how_much(score: u32) -> &'static str {
    match score {
        CLEAR.. => "clearly",
        SOME.. => "somewhat",
        _ => "hardly",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(traits: &[&str]) -> Vec<Manner> {
        manners(
            &traits
                .iter()
                .map(|line| (*line).to_owned())
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn traits_name_manners_and_denials_do_not() {
        assert_eq!(
            named(&["Warm, never playful", "short sentences"]),
            [Manner::Warm, Manner::Brief]
        );
        assert_eq!(named(&["no jargon"]), [Manner::Plain]);
        assert_eq!(
            named(&["dry humour", "dry"]),
            [Manner::Dry, Manner::Playful]
        );
        assert_eq!(named(&["like an old captain"]), []);
    }

    #[test]
    fn what_was_heard_is_told_in_words_that_anybody_understands() {
        let persona = |traits: &[&str], lexicon: &[&str]| Persona {
            lexicon: lexicon.iter().map(|word| (*word).to_owned()).collect(),
            ..super::super::testdata::persona("mara", traits)
        };
        let gushing = "We are so glad you are here with us, friends! Thanks for your support!";
        let warm = heard(&persona(&["warm", "dry"], &["friends"]), gushing);
        assert_eq!(
            warm.note,
            "It sounds clearly warm, hardly dry and uses a favoured word."
        );
        let words = heard(&persona(&[], &["harbour"]), gushing);
        assert_eq!(
            (words.note.as_str(), words.score),
            ("It uses no favoured word.", Some(NO_FAVOURED_WORD))
        );
        let none = heard(&persona(&["like an old captain"], &[]), gushing);
        assert_eq!(none.score, None);
    }

    #[test]
    fn the_same_words_sound_different_to_different_manners() {
        let flat = "The harbour opens on Monday. Noted.";
        let gushing =
            "We are so glad you are here with us, friends! Thanks for your amazing support!";
        let long = "The harbour opens on Monday although the cranes that were ordered last year have not yet arrived from Odense.";
        for (manner, louder, softer) in [
            (Manner::Dry, flat, gushing),
            (Manner::Warm, gushing, flat),
            (Manner::Formal, flat, gushing),
            (Manner::Brief, flat, long),
        ] {
            assert!(manner.shown(louder) > manner.shown(softer), "{manner:?}");
        }
        assert_eq!(Manner::Curious.shown("Why now?"), 100);
        assert_eq!(Manner::Curious.shown("Now."), 0);
    }
}
