//! Words that can be taken for others: letters of several scripts in one word, or a word of
//! another script that looks Latin in a Latin text.
//!
//! Never here: changing the text.

use unicode_security::{MixedScript, RestrictionLevel, RestrictionLevelDetection};

use super::normalise::{Change, ChangeKind, Places};
use crate::{Span, fold::look_alike};

/// A word that is taken for another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeceptiveWord {
    /// Where it stands, in bytes.
    pub span: Span,
    /// Whether it mixes scripts; otherwise it is of another script as a whole.
    pub mixes: bool,
    /// What a reader takes it for.
    pub reads_like: String,
}

/// The words of a text that are taken for others. A text that is written in one script has none, whatever the script;
/// the name of a host has one where a part of another script looks Latin and the part behind it is Latin.
#[must_use]
pub fn deceptive_words(text: &str) -> Vec<DeceptiveWord> {
    if text.is_ascii() {
        return Vec::new();
    }
    let mostly_latin = is_mostly_latin(text);
    words(text)
        .filter(|(_, word)| !word.is_ascii())
        .filter_map(|(start, word)| {
            let end = start + word.len();
            let mixes = is_mixed(word);
            let deceives =
                mixes || looks_latin(word) && (mostly_latin || begins_a_latin_host(&text[end..]));
            deceives.then(|| DeceptiveWord {
                span: Span { start, end },
                mixes,
                reads_like: word.chars().map(|c| look_alike(c).unwrap_or(c)).collect(),
            })
        })
        .collect()
}

/// Whether what follows a word makes it a part of a host's name that ends in Latin letters: `-bank.com`, `.co.uk`.
fn begins_a_latin_host(rest: &str) -> bool {
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '-');
    let Some(next) = rest.strip_prefix('.') else {
        return false;
    };
    let label = next.split(|c: char| !c.is_alphanumeric()).next();
    label.is_some_and(|label| label.len() > 1 && label.chars().all(|c| c.is_ascii_lowercase()))
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
    let (mut mixed, mut look_alikes) = (Places::default(), Places::default());
    for word in deceptive_words(text) {
        let places = if word.mixes {
            &mut mixed
        } else {
            &mut look_alikes
        };
        places.add(word.span.start);
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
    fn a_host_is_looked_at_in_a_text_of_any_script() {
        let like = |text: &str| -> Vec<String> {
            let found = deceptive_words(text).into_iter();
            found.map(|word| word.reads_like).collect()
        };
        assert_eq!(like("Войти можно на https://сосо.com сегодня"), ["coco"]);
        assert_eq!(like("Войти можно на сосо-shop.co.uk сегодня"), ["coco"]);
        assert_eq!(like("Войти можно на https://сосо.рф сегодня"), [""; 0]);
        assert_eq!(like("Он рос.Потом вырос. В 5 лет"), [""; 0]);
    }

    #[test]
    fn other_languages_are_not() {
        check("в России рост, сор и она", &[]);
        check("Das Café über der Straße: 10 km² für 5 µm", &[]);
        check("Tシャツ、K팝", &[]);
        check("Ελλάδα and Ё", &[]);
    }
}
