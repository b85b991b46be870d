//! What a well-formed SOUL.md may still get wrong.
//!
//! Never here: shape (that is `read`).

use chimera_guard::inbound::deceptive_words;

use super::{disclosure, field::Field, read::Soul};
use crate::diagnostic::{At, Findings, quote};

/// More traits than this and none of them is heard.
const MAX_TRAITS_HEARD: usize = 12;
/// A longer backstory takes much of each turn's room (COG-11: 8,000 tokens in all).
const LONG_BACKSTORY_CHARS: usize = 8_000;

/// Reports everything that looks unwise, and refuses what would switch disclosure off (C23).
pub(super) fn check(soul: &Soul<'_>, findings: &mut Findings) {
    bare(soul, findings);
    repeated(soul, findings);
    forbidden_and_liked(soul, findings);
    undisclosed(soul, findings);
    taken_for_another(soul, findings);
}

fn bare(soul: &Soul<'_>, findings: &mut Findings) {
    if soul.backstory.is_empty() {
        findings.warn(
            soul.body,
            "NO_BACKSTORY",
            "there is no text below the front matter",
            "write a few sentences about who this is and where it comes from",
        );
    }
    let length = soul.backstory.chars().count();
    if length > LONG_BACKSTORY_CHARS {
        findings.warn(
            soul.body,
            "LONG_BACKSTORY",
            format!("the backstory has {length} characters and is read at every turn"),
            "keep what shapes the voice; move facts into memories",
        );
    }
    if soul.lines(Field::Values).is_empty() {
        findings.warn(
            At::line(2),
            "NO_VALUES",
            "the key 'values' is missing or empty: the judge has no beliefs to hold drafts against",
            "add: values: and below it lines such as '  - Readers' time is worth more than reach.'",
        );
    }
    let traits = soul.lines(Field::VoiceTraits);
    if let Some(first_over) = traits.get(MAX_TRAITS_HEARD) {
        findings.warn(
            first_over.at,
            "MANY_TRAITS",
            format!("there are {} voice traits", traits.len()),
            format!("keep the {MAX_TRAITS_HEARD} that can be heard in one post"),
        );
    }
}

fn repeated(soul: &Soul<'_>, findings: &mut Findings) {
    for field in Field::ALL.into_iter().filter(|field| !field.is_text()) {
        let lines = soul.lines(field);
        for (index, line) in lines.iter().enumerate() {
            let folded = line.text.to_lowercase();
            if let Some(first) = lines[..index]
                .iter()
                .find(|other| other.text.to_lowercase() == folded)
            {
                findings.warn(
                    line.at,
                    "REPEATED",
                    format!(
                        "{} stands on line {} already",
                        quote(&line.text),
                        first.at.line
                    ),
                    "delete one of them",
                );
            }
        }
    }
}

fn forbidden_and_liked(soul: &Soul<'_>, findings: &mut Findings) {
    for field in [Field::Lexicon, Field::Name] {
        for line in soul.lines(field) {
            let words = words(&line.text);
            let hit = soul.lines(Field::Forbidden).iter().find(|forbidden| {
                let forbidden = self::words(&forbidden.text);
                !forbidden.is_empty()
                    && words.windows(forbidden.len()).any(|part| part == forbidden)
            });
            if let Some(forbidden) = hit {
                findings.warn(
                    line.at,
                    "FORBIDDEN_AND_LIKED",
                    format!(
                        "{} in '{}' is forbidden on line {}: every draft that uses it fails",
                        quote(&line.text),
                        field.key(),
                        forbidden.at.line
                    ),
                    "take it out of one of the two",
                );
            }
        }
    }
}

/// A name that deceives the eye is another persona's; a word of the lexicon that does sends each post with it to a person.
fn taken_for_another(soul: &Soul<'_>, findings: &mut Findings) {
    for field in [Field::Name, Field::Lexicon] {
        for line in soul.lines(field) {
            if let Some(word) = deceptive_words(&line.text).first() {
                findings.warn(
                    line.at,
                    "LOOK_ALIKE",
                    format!(
                        "{} in '{}' has letters of another script and reads like {}",
                        quote(&line.text),
                        field.key(),
                        quote(&word.reads_like)
                    ),
                    "type the word anew in one script; posts that carry it as it is go to a person",
                );
            }
        }
    }
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn undisclosed(soul: &Soul<'_>, findings: &mut Findings) {
    const FIX: &str =
        "take it out: posts always carry the AI label, and a direct question gets a true answer";
    for field in [
        Field::Directives,
        Field::VoiceTraits,
        Field::Values,
        Field::Role,
    ] {
        for line in soul.lines(field) {
            if disclosure::switched_off(&line.text) {
                findings.error(
                    line.at,
                    "DISCLOSURE_OFF",
                    format!(
                        "{} would hide that an AI writes; that cannot be switched off",
                        quote(&line.text)
                    ),
                    FIX,
                );
            }
        }
    }
    for (index, text) in soul.backstory.lines().enumerate() {
        if disclosure::switched_off(text) {
            let line = soul
                .body
                .line
                .saturating_add(u32::try_from(index).unwrap_or(u32::MAX));
            findings.warn(
                At::line(line),
                "DISCLOSURE_OFF",
                format!(
                    "{} reads as if it hid that an AI writes; it has no effect",
                    quote(text)
                ),
                FIX,
            );
        }
    }
}
