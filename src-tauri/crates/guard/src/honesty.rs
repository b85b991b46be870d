//! The honesty directive (GOV-12): somebody who asks whether they talk to a machine is told the truth, and no text denies it.
//!
//! A text is read for three things: a direct question, a plain statement, a denial. Never here: what follows from them
//! (`leaving`), or what the truth is told in (whoever writes).

use crate::fold::{Folded, Folding};
use crate::span::Span;

/// A step: how many other words may stand before it, and the words that it takes.
type Step = (usize, &'static [&'static str]);

const MACHINE: &[&str] = &[
    "ai",
    "bot",
    "robot",
    "chatbot",
    "machine",
    "automated",
    "computer",
    "llm",
    "gpt",
    "chatgpt",
    "ki",
    "ia",
    "program",
    "programme",
    "algorithm",
    "script",
    "maschine",
    "roboter",
    "automatisiert",
];
const PERSON: &[&str] = &[
    "human",
    "humans",
    "person",
    "people",
    "real",
    "mensch",
    "menschlich",
    "echt",
    "echte",
    "echter",
    "humano",
    "humana",
    "humain",
    "humaine",
    "man",
    "woman",
];
const EITHER: &[&str] = &[
    "ai",
    "bot",
    "robot",
    "chatbot",
    "machine",
    "automated",
    "computer",
    "llm",
    "gpt",
    "chatgpt",
    "ki",
    "ia",
    "human",
    "person",
    "real",
    "mensch",
    "echt",
    "echte",
    "echter",
    "humano",
    "humana",
    "humain",
    "humaine",
    "roboter",
    "maschine",
];

/// Questions: what leads, and what is asked about.
const QUESTIONS: &[&[Step]] = &[
    &[(0, &["are"]), (1, &["you", "u", "ya"]), (5, EITHER)],
    &[(0, &["r"]), (0, &["u", "you"]), (3, EITHER)],
    &[(0, &["is"]), (0, &["this", "that", "it"]), (5, MACHINE)],
    &[
        (0, &["is"]),
        (0, &["this", "that", "there", "it"]),
        (5, &["human", "person"]),
    ],
    &[
        (0, &["am"]),
        (0, &["i"]),
        (0, &["talking", "speaking", "chatting", "writing"]),
        (5, EITHER),
    ],
    &[
        (0, &["was", "were"]),
        (1, &["this", "that", "it", "these"]),
        (3, &["written", "made", "generated", "posted"]),
        (4, EITHER),
    ],
    &[
        (0, &["did"]),
        (3, MACHINE),
        (2, &["write", "make", "post", "generate"]),
    ],
    &[
        (0, &["do"]),
        (0, &["i"]),
        (0, &["talk", "speak"]),
        (4, EITHER),
    ],
    &[(0, &["bist"]), (0, &["du"]), (4, EITHER)],
    &[(0, &["sind"]), (0, &["sie"]), (4, EITHER)],
    &[(0, &["ist"]), (0, &["das", "hier"]), (4, EITHER)],
    &[(0, &["eres", "es"]), (3, EITHER)],
    &[(0, &["etes", "est"]), (1, &["vous", "ce"]), (4, EITHER)],
];

/// Statements: the writer is a machine, or a machine wrote it.
const STATEMENTS: &[&[Step]] = &[
    &[(0, &["i"]), (0, &["am"]), (3, MACHINE)],
    &[(0, &["im"]), (3, MACHINE)],
    &[(0, &["we"]), (0, &["are"]), (3, MACHINE)],
    &[(0, &["as"]), (0, &["an", "a"]), (1, MACHINE)],
    &[
        (0, &["this", "it"]),
        (2, &["is", "was"]),
        (3, &["ai", "automated", "generated", "machine"]),
    ],
    &[
        (0, &["this"]),
        (1, &["account", "post", "profile"]),
        (1, &["is"]),
        (3, MACHINE),
    ],
    &[
        (0, &["written", "generated", "made", "posted", "run"]),
        (0, &["by"]),
        (2, MACHINE),
    ],
    &[(0, &["yes"]), (3, MACHINE)],
    &[(0, &["ich"]), (0, &["bin"]), (3, MACHINE)],
    &[(0, &["soy", "sou"]), (2, MACHINE)],
    &[(0, &["je"]), (0, &["suis"]), (2, MACHINE)],
];

/// Denials, where the writer speaks of itself.
const DENIALS: &[&[Step]] = &[
    &[(0, &["i"]), (0, &["am"]), (1, &["not", "no"]), (3, MACHINE)],
    &[(0, &["im"]), (1, &["not", "no"]), (3, MACHINE)],
    &[(0, &["i"]), (0, &["am"]), (3, &["human"])],
    &[(0, &["im"]), (3, &["human"])],
    &[
        (0, &["i"]),
        (0, &["am"]),
        (2, &["real"]),
        (0, &["person", "human", "man", "woman"]),
    ],
    &[
        (0, &["im"]),
        (2, &["real"]),
        (0, &["person", "human", "man", "woman"]),
    ],
    &[(0, &["as"]), (0, &["a", "an"]), (1, &["human"])],
    &[
        (0, &["no", "not"]),
        (1, &["bot", "bots", "ai", "robot", "robots", "chatbot"]),
        (1, &["here", "involved", "used"]),
    ],
    &[
        (0, &["not"]),
        (0, &["a", "an"]),
        (0, &["bot", "ai", "robot", "chatbot", "machine"]),
    ],
    &[
        (0, &["written", "made", "typed", "posted"]),
        (0, &["by"]),
        (2, &["human", "humans"]),
    ],
    &[(0, &["without"]), (1, &["ai"])],
    &[
        (0, &["ich"]),
        (0, &["bin"]),
        (0, &["kein", "keine"]),
        (2, MACHINE),
    ],
    &[(0, &["ich"]), (0, &["bin"]), (3, PERSON)],
    &[(0, &["no"]), (0, &["soy", "sou"]), (2, MACHINE)],
];

/// Words that turn a statement round.
const NEGATIONS: &[&str] = &[
    "not", "no", "never", "kein", "keine", "nicht", "isnt", "aint", "arent",
];

/// The place of a direct question whether a machine is speaking.
#[must_use]
pub fn asks_whether_machine(text: &str) -> Option<Span> {
    find(text, QUESTIONS, |_| true)
}

/// Whether a text says plainly that a machine speaks or wrote it.
#[must_use]
pub fn says_machine(text: &str) -> bool {
    let plainly = |words: &[Word]| {
        !words
            .iter()
            .any(|word| NEGATIONS.contains(&word.text.as_str()))
    };
    find(text, STATEMENTS, plainly).is_some() && denies_machine(text).is_none()
}

/// The place where a text denies that a machine wrote it.
#[must_use]
pub fn denies_machine(text: &str) -> Option<Span> {
    find(text, DENIALS, |_| true)
}

struct Word {
    text: String,
    start: usize,
    end: usize,
}

/// The first place whose words go through the steps of one of the rules, and are as they should be. No rule reaches over
/// the end of a sentence.
fn find(text: &str, rules: &[&[Step]], fits: impl Fn(&[Word]) -> bool) -> Option<Span> {
    let folded = Folded::new(text, Folding::LookAlikes);
    for sentence in sentences(&folded.text) {
        for first in 0..sentence.len() {
            for steps in rules {
                if let Some(last) = reach(&sentence, first, steps)
                    && let Some(words) = sentence.get(first..=last)
                    && fits(words)
                    && let (Some(from), Some(to)) = (words.first(), words.last())
                {
                    return Some(folded.span(from.start, to.end));
                }
            }
        }
    }
    None
}

/// The last word of a rule that begins at `first`.
fn reach(words: &[Word], first: usize, steps: &[Step]) -> Option<usize> {
    let (head, rest) = steps.split_first()?;
    let takes = |at: usize, step: &Step| {
        let word = words.get(at);
        word.is_some_and(|word| step.1.contains(&word.text.as_str()))
    };
    if !takes(first, head) {
        return None;
    }
    let mut ends = vec![first];
    for step in rest {
        let next = ends
            .iter()
            .flat_map(|end| end + 1..=end + 1 + step.0)
            .filter(|at| takes(*at, step));
        let mut next: Vec<usize> = next.collect();
        next.sort_unstable();
        next.dedup();
        ends = next;
    }
    ends.first().copied()
}

/// Words by sentence; an apostrophe is left out of its word.
fn sentences(text: &str) -> Vec<Vec<Word>> {
    let mut all: Vec<Vec<Word>> = vec![Vec::new()];
    let mut open: Option<Word> = None;
    for (at, sign) in text.char_indices().chain([(text.len(), ' ')]) {
        if sign.is_alphanumeric() {
            let word = open.get_or_insert_with(|| Word {
                text: String::new(),
                start: at,
                end: at,
            });
            word.text.push(sign);
            word.end = at + sign.len_utf8();
            continue;
        }
        if matches!(sign, '\'' | '’' | 'ʼ' | '`') {
            continue;
        }
        if let (Some(word), Some(sentence)) = (open.take(), all.last_mut()) {
            sentence.push(word);
        }
        if matches!(sign, '.' | '!' | '?' | '\n' | ';') {
            all.push(Vec::new());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_direct_question_is_heard_however_it_is_spelled() {
        for text in [
            "Are you an AI?",
            "are you even a real person",
            "Hey, r u a bot??",
            "Is this account run by a bot?",
            "Am I talking to a human here?",
            "Was this written by ChatGPT?",
            "Did an AI write this?",
            "Bist du ein Mensch?",
            "Sind Sie eine KI?",
            "Nice photo! Be honest: are you human?",
            "Аre you а bоt?",
            "a\u{200b}re you a b\u{ad}ot?",
        ] {
            assert!(asks_whether_machine(text).is_some(), "{text}");
        }
        for text in [
            "Are you open on Sundays?",
            "AI is everywhere now, is it not?",
            "Bots are ruining this site.",
            "Do you like real coffee?",
            "Human rights day is on Friday.",
            "The machine is broken; are we surprised?",
        ] {
            assert_eq!(asks_whether_machine(text), None, "{text}");
        }
    }

    #[test]
    fn the_truth_is_plain_and_a_denial_is_none() {
        for text in [
            "Yes, I am an AI.",
            "I'm an AI agent run by the Roastery.",
            "This account is automated.",
            "This was written by an AI.",
            "As an AI, I do not drink coffee.",
            "Ich bin eine KI.",
        ] {
            assert!(
                says_machine(text) && denies_machine(text).is_none(),
                "{text}"
            );
        }
        for text in [
            "I am not an AI.",
            "I'm no bot, promise!",
            "I’m a real person, of course.",
            "Written by a human.",
            "No bots here!",
            "I am 100% human",
            "Ich bin kein Roboter.",
            "Ich bin ein Mensch.",
        ] {
            assert!(
                denies_machine(text).is_some() && !says_machine(text),
                "{text}"
            );
        }
        for text in [
            "Cold brew needs no machine.",
            "AI is not a fad.",
            "I am happy with this grinder.",
            "It is a real pleasure, and I am real glad.",
        ] {
            assert!(
                denies_machine(text).is_none() && !says_machine(text),
                "{text}"
            );
        }
    }
}
