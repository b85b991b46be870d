//! Words that can be taken for others: letters of several scripts in one word, or a word of
//! another script that looks Latin in a Latin text.
//!
//! Never here: changing the text.

use unicode_security::{MixedScript, RestrictionLevel, RestrictionLevelDetection};

use super::normalise::{Change, ChangeKind, Places};
use crate::fold::look_alike;

/// Where words stand that are taken for others, as byte ranges.
pub(crate) fn deceptive_words(text: &str) -> Vec<(usize, usize)> {
    if text.is_ascii() {
        return Vec::new();
    }
    let mostly_latin = is_mostly_latin(text);
    words(text)
        .filter(|(_, word)| {
            !word.is_ascii() && (is_mixed(word) || mostly_latin && looks_latin(word))
        })
        .map(|(at, word)| (at, at + word.len()))
        .collect()
}

/// Whether more than half of the letters are Latin ones without a mark.
fn is_mostly_latin(text: &str) -> bool {
    let (latin, letters) = text
        .chars()
        .filter(|c| c.is_alphabetic())
        .fold((0_usize, 0_usize), |(latin, all), c| {
            (latin + usize::from(c.is_ascii_alphabetic()), all + 1)
        });
    2 * latin > letters
}

/// Adds a finding for each kind of deceptive word in `text`.
pub(super) fn notice(text: &str, changes: &mut Vec<Change>) {
    if text.is_ascii() {
        return;
    }
    let mostly_latin = is_mostly_latin(text);
    let (mut mixed, mut look_alikes) = (Places::default(), Places::default());
    for (at, word) in words(text).filter(|(_, word)| !word.is_ascii()) {
        if is_mixed(word) {
            mixed.add(at);
        } else if mostly_latin && looks_latin(word) {
            look_alikes.add(at);
        }
    }
    mixed.report(ChangeKind::MixedScript, changes, |count| {
        format!("{count} words mix letters of several scripts that look alike")
    });
    look_alikes.report(ChangeKind::LookAlike, changes, |count| {
        format!("{count} words are written in another script and look like Latin ones")
    });
}

/// Runs of letters and digits with their byte offsets.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = 0;
    text.split(|c: char| !c.is_alphanumeric())
        .filter_map(move |word| {
            let at = rest;
            rest = at
                + word.len()
                + text[at + word.len()..]
                    .chars()
                    .next()
                    .map_or(0, char::len_utf8);
            (!word.is_empty()).then_some((at, word))
        })
}

/// Mixes scripts in a way that no writing system does, with a letter that passes for ASCII.
fn is_mixed(word: &str) -> bool {
    !word.is_single_script()
        && word.detect_restriction_level() > RestrictionLevel::ModeratelyRestrictive
        && word
            .chars()
            .any(|c| !c.is_ascii() && look_alike(c).is_some())
}

/// No ASCII letter in it, and every letter passes for one.
fn looks_latin(word: &str) -> bool {
    word.chars().filter(|c| c.is_alphabetic()).count() > 1
        && word
            .chars()
            .all(|c| !c.is_ascii_alphabetic() && look_alike(c).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(ChangeKind, usize, &[usize])]) {
        let mut changes = Vec::new();
        notice(text, &mut changes);
        let got: Vec<_> = changes
            .iter()
            .map(|c| (c.kind, c.count, c.at.as_slice()))
            .collect();
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn a_word_of_several_scripts_is_noticed() {
        check(
            "Log in to pаypal and аpple now",
            &[(ChangeKind::MixedScript, 2, &[10, 22])],
        );
        check("The раур is a word", &[(ChangeKind::LookAlike, 1, &[4])]);
    }

    #[test]
    fn other_languages_are_not() {
        check("в России рост, сор и она", &[]);
        check("Das Café über der Straße: 10 km² für 5 µm", &[]);
        check("Tシャツ、K팝", &[]);
        check("Ελλάδα and Ё", &[]);
    }
}
