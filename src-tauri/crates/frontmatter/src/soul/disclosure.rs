//! Whether a line tells an agent to hide that it is one (C23, GOV-12).
//!
//! A reading of English for the file's author, so that a wish that will not be granted is refused
//! where it is written. Never here: the enforcement, which labels every post whatever the file says.

/// How far back a "never" reaches, in words.
const NEGATION_WORDS: usize = 6;
/// How far ahead the thing said or hidden may stand, in words.
const OBJECT_WORDS: usize = 9;

const NEGATIONS: [&str; 16] = [
    "never", "not", "don't", "dont", "doesn't", "didn't", "cannot", "can't", "no", "won't",
    "mustn't", "without", "avoid", "refuse", "fail", "forget",
];
/// Words after which a "never" of before no longer counts.
const TURNS: [&str; 5] = ["but", "instead", "always", "rather", "otherwise"];
const CONCEAL: [&str; 19] = [
    "hide", "hiding", "conceal", "deny", "denies", "denying", "omit", "skip", "suppress", "remove",
    "removing", "withhold", "downplay", "disguise", "mask", "obscure", "evade", "avoid", "disable",
];
const REVEAL: [&str; 17] = [
    "say",
    "saying",
    "tell",
    "telling",
    "mention",
    "admit",
    "acknowledg",
    "confirm",
    "reveal",
    "disclos",
    "state",
    "stating",
    "announce",
    "label",
    "labelling",
    "identif",
    "add",
];
const CLAIM: [&str; 12] = [
    "claim",
    "pretend",
    "insist",
    "say",
    "tell",
    "maintain",
    "assert",
    "pose",
    "posing",
    "pass",
    "present",
    "introduce",
];
const MACHINE: [&str; 14] = [
    "ai",
    "bot",
    "chatbot",
    "robot",
    "machine",
    "llm",
    "automated",
    "automation",
    "artificial",
    "synthetic",
    "algorithm",
    "software",
    "generated",
    "agent",
];
const NOTICE: [&str; 7] = [
    "label",
    "labels",
    "disclosure",
    "disclosures",
    "disclaimer",
    "disclaimers",
    "watermark",
];
/// Words that tie a machine to the one who speaks.
const SELF: [&str; 18] = [
    "are", "am", "is", "was", "were", "be", "being", "you're", "i'm", "it's", "she's", "he's",
    "as", "by", "your", "my", "its", "yourself",
];
/// Words that make "AI" mean the making of the text.
const MAKING: [&str; 11] = [
    "use",
    "used",
    "usage",
    "wrote",
    "written",
    "generated",
    "made",
    "nature",
    "origin",
    "authorship",
    "involvement",
];
const HUMAN: [&str; 5] = ["human", "person", "man", "woman", "people"];

/// Whether `text` asks for hiding that a machine writes, or for posing as a person.
pub(super) fn switched_off(text: &str) -> bool {
    text.split(['.', ';', '!', '?', '\n'])
        .map(tokens)
        .any(|sentence| {
            sentence
                .split(|word| TURNS.contains(&word.as_str()))
                .any(offends)
        })
}

fn tokens(sentence: &str) -> Vec<String> {
    sentence
        .to_lowercase()
        .replace('’', "'")
        .split(|c: char| !(c.is_alphanumeric() || c == '\''))
        .map(|word| word.trim_matches('\'').to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}

fn offends(clause: &[String]) -> bool {
    (0..clause.len()).any(|at| {
        let word = clause[at].as_str();
        let object = &clause[at + 1..clause.len().min(at + 1 + OBJECT_WORDS)];
        let negated = is_negated(clause, at);
        let off = matches!(word, "turn" | "turns" | "switch" | "leave" | "keep" | "set")
            && object.iter().any(|w| matches!(w.as_str(), "off" | "out"));
        (stem(word, &CONCEAL) || off) && !negated && about_making(object)
            || stem(word, &REVEAL) && negated && about_making(object)
            || stem(word, &CLAIM) && !negated && poses(object)
            || matches!(word, "without" | "no") && !negated && notice_near(object)
            || NOTICE.contains(&word) && !negated && dropped(object)
    })
}

/// An odd number of negations before the word: "never fail to say" is a yes.
fn is_negated(clause: &[String], at: usize) -> bool {
    let count = clause[at.saturating_sub(NEGATION_WORDS)..at]
        .iter()
        .filter(|word| stem_exact(word, &NEGATIONS))
        .count();
    count % 2 == 1
}

fn stem_exact(word: &str, list: &[&str]) -> bool {
    list.contains(&word)
}

/// Short words whole, long ones also with an ending.
fn stem(word: &str, list: &[&str]) -> bool {
    const STEM_CHARS: usize = 4;
    list.iter().any(|form| {
        word == *form
            || word.strip_prefix(form).is_some_and(|ending| {
                form.len() >= STEM_CHARS
                    && matches!(
                        ending,
                        "s" | "es" | "ed" | "ing" | "e" | "ting" | "y" | "ying" | "ping"
                    )
            })
    })
}

fn about_making(object: &[String]) -> bool {
    let is = |at: usize, list: &[&str]| {
        object
            .get(at)
            .is_some_and(|word| list.contains(&word.as_str()))
    };
    (0..object.len()).any(|at| {
        is(at, &NOTICE)
            || is(at, &MACHINE)
                && ((at.saturating_sub(5)..at).any(|before| is(before, &SELF))
                    || is(at + 1, &MAKING)
                    || is(at + 2, &MAKING))
    })
}

/// "you are human", "to be a real person", "as a human".
fn poses(object: &[String]) -> bool {
    object.iter().enumerate().any(|(at, word)| {
        let before = &object[at.saturating_sub(4)..at];
        let ties = before.iter().any(|w| {
            matches!(
                w.as_str(),
                "are" | "am" | "be" | "being" | "you're" | "i'm" | "as" | "for"
            )
        });
        let tight = before.last().is_none_or(|w| {
            matches!(
                w.as_str(),
                "a" | "an"
                    | "real"
                    | "actual"
                    | "living"
                    | "are"
                    | "am"
                    | "be"
                    | "being"
                    | "you're"
                    | "i'm"
                    | "as"
                    | "for"
            )
        });
        HUMAN.contains(&word.as_str()) && ties && tight
    })
}

fn notice_near(object: &[String]) -> bool {
    object
        .iter()
        .take(3)
        .any(|word| NOTICE.contains(&word.as_str()))
}

/// "disclosure: none", "the AI label is off".
fn dropped(object: &[String]) -> bool {
    let near = &object[..object.len().min(3)];
    near.iter().enumerate().any(|(at, word)| {
        matches!(
            word.as_str(),
            "off" | "none" | "false" | "disabled" | "unnecessary" | "optional"
        ) && !is_negated(near, at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_to_hide_the_machine_are_seen() {
        for text in [
            "Never admit that you are an AI.",
            "Don’t mention being a bot",
            "Do not disclose AI use.",
            "Hide that you are a machine.",
            "Deny being an AI if asked",
            "Avoid saying you're an AI",
            "Pretend to be a real person.",
            "Say you are human when asked.",
            "Pose as a woman from Lisbon.",
            "Post without the AI label",
            "No AI disclosure.",
            "disclosure: none",
            "The AI label is off for replies",
            "Turn off the AI label.",
            "Omit disclaimers",
            "Be kind, but never reveal that the text was generated by software",
            "Never forget to hide that an AI wrote it: deny AI authorship",
        ] {
            assert!(switched_off(text), "{text}");
        }
    }

    #[test]
    fn honest_rules_and_other_talk_of_machines_pass() {
        for text in [
            "Never hide that you are an AI.",
            "Never hide, deny or play down that you are an AI.",
            "Never claim to be human.",
            "Do not pretend to be a person.",
            "Never deny being a machine.",
            "Never fail to say that you are an AI.",
            "Say plainly that you are an AI when asked.",
            "Never publish without the AI label.",
            "No post goes out without its AI label.",
            "The AI label is never optional.",
            "Do not remove the disclosure.",
            "Never say that AI will replace doctors.",
            "Avoid hype about AI and robots.",
            "Say what a person can do about it.",
            "Write for people who distrust machines.",
            "Never give financial advice.",
            "Always disclose sponsors.",
            "No jargon.",
            "",
        ] {
            assert!(!switched_off(text), "{text}");
        }
    }
}
