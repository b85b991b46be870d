//! Words, stems and sentences: the small linguistics that the rehearsal model counts with.
//!
//! Never here: what any word means for a verdict or a plan.

use std::{collections::BTreeSet, sync::LazyLock};

pub(crate) use chimera_domain::text::clipped;

/// Words that say nothing about a topic.
static STOP_WORDS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    "a about above after again all also an and any are around as at be because been before being \
        between both but by can could did do does doing done down during each every few for from \
        further get had has have having he her here his how i if in into is it its just let like may \
        me might more most must my new no nor not now of off on once one only or other our out over \
        own said same say says she should so some such than that the their them then there these \
        they this those through to too under until up us very was we were what when where which \
        while who why will with without would you your"
    .split_whitespace()
    .collect()
});

/// Words that goals are made of and that say nothing about their topic.
static CAMPAIGN_WORDS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    "audience campaign caption captions content create daily day days draft drafts feed feeds \
        follower followers goal make message messages news people please post posts posting produce \
        promote publish reader readers share short something text thread today tweet tweets update \
        updates want week weekly write writing two three four five six seven eight nine ten"
    .split_whitespace()
    .collect()
});

/// Words that are too common to be what a goal asks news about, unless nothing else is named.
static EVERYDAY_STEMS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    "became become best better big city cool detail easier everyday exact explain fact find friend good great \
        grow help home interest latest learn life local modern month number odd place question reason recent show \
        small talk tell thing time town true way win work world year"
        .split_whitespace()
        .map(stem)
        .collect()
});

/// Abbreviations whose point ends no sentence.
const ABBREVIATIONS: &str =
    "approx co corp dr e.g etc fig i.e inc jr ltd mr mrs ms no prof sr st u.k u.s vs";

/// The words of `text` in lower case, possessive endings and punctuation dropped.
pub(crate) fn words(text: &str) -> Vec<String> {
    text.split(|letter: char| !letter.is_alphanumeric() && !is_apostrophe(letter))
        .filter_map(|raw| {
            let lower = raw.to_lowercase().replace('’', "'");
            let bare = lower.trim_matches('\'');
            let bare = bare.strip_suffix("'s").unwrap_or(bare).replace('\'', "");
            (!bare.is_empty()).then_some(bare)
        })
        .collect()
}

const fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '’')
}

/// A word without its common English endings, so that "brewing" meets "brews". Other languages pass
/// through nearly unchanged.
pub(crate) fn stem(word: &str) -> String {
    let mut stem = word.to_owned();
    if let Some(cut) = without(&stem, "ies", 2) {
        stem = cut + "y";
    } else if ["sses", "xes", "zes", "ches", "shes"]
        .iter()
        .any(|ending| stem.ends_with(ending))
    {
        stem.truncate(stem.len() - 2);
    } else if !["ss", "us", "is"]
        .iter()
        .any(|ending| stem.ends_with(ending))
        && let Some(cut) = without(&stem, "s", 3)
    {
        stem = cut;
    }
    for ending in ["ing", "ed", "er", "ly"] {
        if let Some(cut) = without(&stem, ending, 4) {
            stem = undoubled(cut);
            break;
        }
    }
    if let Some(cut) = without(&stem, "e", 3) {
        stem = cut;
    }
    stem
}

/// `word` without `ending`, when at least `rest` letters with a vowel among them stay.
fn without(word: &str, ending: &str, rest: usize) -> Option<String> {
    let cut = word.strip_suffix(ending)?;
    let enough = cut.chars().count() >= rest
        && cut
            .chars()
            .any(|letter| !letter.is_ascii() || "aeiouy".contains(letter));
    enough.then(|| cut.to_owned())
}

/// "runn" is "run" again; "roll" and "press" keep their pair.
fn undoubled(mut stem: String) -> String {
    let mut letters = stem.chars().rev();
    if let (Some(last), Some(before)) = (letters.next(), letters.next())
        && last == before
        && "bdgmnprt".contains(last)
    {
        stem.pop();
    }
    stem
}

/// Whether `word` stands in a list of words parted by spaces.
pub(crate) fn listed(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|listed| listed == word)
}

/// Whether `word` carries a topic.
pub(crate) fn is_content(word: &str) -> bool {
    word.chars().count() > 1
        && !STOP_WORDS.contains(word)
        && !word.chars().all(|letter| letter.is_ascii_digit())
}

/// Whether `word` is one that goals are made of rather than about.
pub(crate) fn is_campaign(word: &str) -> bool {
    CAMPAIGN_WORDS.contains(word)
}

/// Whether a stem is that of a word too common to be a subject by itself.
pub(crate) fn is_everyday(stem: &str) -> bool {
    EVERYDAY_STEMS.contains(stem)
}

/// Stems of the words of `text` that carry a topic, in order.
pub(crate) fn content_stems(text: &str) -> Vec<String> {
    words(text)
        .iter()
        .filter(|word| is_content(word))
        .map(|word| stem(word))
        .collect()
}

/// The stems of `text` as a set, every word counted.
pub(crate) fn stem_set(text: &str) -> BTreeSet<String> {
    words(text).iter().map(|word| stem(word)).collect()
}

/// The stems of every word of `text`, in order.
pub(crate) fn stems(text: &str) -> Vec<String> {
    words(text).iter().map(|word| stem(word)).collect()
}

/// Whether the stems of a phrase stand together among those of a text.
pub(crate) fn has_run(found: &[String], phrase: &[String]) -> bool {
    !phrase.is_empty() && found.windows(phrase.len()).any(|run| run == phrase)
}

/// Whether the words of `phrase` stand together in `text`, compared by stem.
pub(crate) fn contains_phrase(text: &str, phrase: &str) -> bool {
    has_run(&stems(text), &stems(phrase))
}

/// The sentences of `text`, trimmed, each with its closing quotation mark.
pub(crate) fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, letter) in text.char_indices() {
        if at < start {
            continue;
        }
        let mut end = at + letter.len_utf8();
        let ends = match letter {
            '\n' => true,
            '.' | '!' | '?' | '…' => {
                let rest = &text[end..];
                end += rest.len() - rest.trim_start_matches(CLOSING_MARKS).len();
                ends_sentence(&text[start..at], &text[end..])
            }
            _ => false,
        };
        if ends {
            found.push(text[start..end].trim());
            start = end;
        }
    }
    found.push(text[start..].trim());
    found.retain(|sentence| sentence.chars().any(char::is_alphanumeric));
    found
}

/// What may follow a full stop and still belongs to the sentence.
const CLOSING_MARKS: [char; 5] = ['"', '”', '’', '»', ')'];

fn ends_sentence(before: &str, after: &str) -> bool {
    let mut rest = after.chars();
    let goes_on = rest.next().is_some_and(|next| !next.is_whitespace())
        || rest
            .find(|next| !next.is_whitespace())
            .is_some_and(char::is_lowercase);
    if goes_on {
        return false;
    }
    let last = before
        .rsplit(|letter: char| letter.is_whitespace() || letter == '(')
        .next()
        .unwrap_or_default()
        .to_lowercase();
    let initial = last.chars().count() == 1 && last.chars().all(char::is_alphabetic);
    !initial && !listed(ABBREVIATIONS, &last)
}

/// Length of `text` in characters.
pub(crate) fn chars(text: &str) -> usize {
    text.chars().count()
}

/// A number from text that never changes: picks one of several phrasings (FNV-1a).
pub(crate) fn fingerprint(parts: &[&str]) -> usize {
    let hash = parts
        .iter()
        .flat_map(|part| part.bytes().chain([0xff]))
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    // Folded, so that the low bits depend on the whole text.
    (hash ^ (hash >> 32)) as usize & 0xffff
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_meet_across_their_endings() {
        for (one, other) in [
            ("brewing", "brews"),
            ("prices", "pricing"),
            ("stories", "story"),
            ("running", "runs"),
            ("roaster", "roasted"),
            ("Ethiopia's", "ethiopia"),
            ("classes", "class"),
        ] {
            let (one, other) = (words(one).remove(0), words(other).remove(0));
            assert_eq!(stem(&one), stem(&other), "{one} and {other}");
        }
        assert_ne!(stem("coffee"), stem("tea"));
        assert_eq!(stem("über"), "über");
    }

    #[test]
    fn sentences_end_where_a_reader_would_say_so() {
        assert_eq!(
            sentences("Dr. Ito paid $3.50 a kg, e.g. in Kobe. Really? “Yes.” It rose 4.5%"),
            [
                "Dr. Ito paid $3.50 a kg, e.g. in Kobe.",
                "Really?",
                "“Yes.”",
                "It rose 4.5%"
            ]
        );
        assert_eq!(
            sentences("It opens at 4 a.m. and closes at five."),
            ["It opens at 4 a.m. and closes at five."]
        );
        assert_eq!(sentences(" \n… \n"), Vec::<&str>::new());
    }

    #[test]
    fn phrases_match_by_stem_and_in_order() {
        assert!(contains_phrase("It cures headaches.", "cure headache"));
        assert!(!contains_phrase("A headache cure.", "cure headache"));
        assert!(!contains_phrase("anything", "  "));
    }
}
