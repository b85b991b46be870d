//! What in a text can be checked against a source: figures, superlatives, comparatives.
//!
//! Never here: whether an unsupported claim may pass (the checklist scores it, policy decides).

use std::collections::BTreeSet;

use super::words::{listed, stem, words};

/// Words for large or relative amounts; they need a source as digits do.
const AMOUNT_WORDS: &str = "hundred hundreds thousand thousands million millions billion billions dozens double doubled \
    doubles twice triple tripled half halved quarter majority";

/// Words that place something above all else.
const SUPERLATIVES: &str = "best worst biggest largest smallest fastest slowest cheapest highest lowest strongest weakest \
    newest oldest greatest finest safest easiest hardest longest shortest richest healthiest \
    tastiest unprecedented revolutionary unbeatable unmatched guaranteed proven record";

/// Words that compare when "than" follows.
const COMPARATIVES: &str = "more less fewer better worse bigger larger smaller faster slower cheaper higher lower stronger \
    weaker newer older greater safer easier harder longer shorter richer healthier sooner earlier \
    later";

/// How far behind a comparative "than" may stand, in words.
const THAN_REACH: usize = 6;

/// What kind of claim it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum ClaimKind {
    /// A figure or an amount.
    Figure,
    /// Something is put above all else.
    Superlative,
    /// Something is put above another.
    Comparative,
}

/// One checkable claim.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Checkable {
    /// Its kind.
    pub kind: ClaimKind,
    /// The word or figure, in lower case, digits without separators.
    pub word: String,
}

/// The checkable claims of `text`, each once.
pub(crate) fn checkable(text: &str) -> Vec<Checkable> {
    let mut found = BTreeSet::new();
    let mut add = |kind, word: &str| {
        found.insert(Checkable {
            kind,
            word: word.to_owned(),
        });
    };
    for figure in figures(text) {
        add(ClaimKind::Figure, &figure);
    }
    let words = words(text);
    for (at, word) in words.iter().enumerate() {
        let word = word.as_str();
        if listed(AMOUNT_WORDS, word) {
            add(ClaimKind::Figure, word);
        }
        if listed(SUPERLATIVES, word) {
            add(ClaimKind::Superlative, word);
        }
        let reach = &words[at + 1..words.len().min(at + 1 + THAN_REACH)];
        if listed(COMPARATIVES, word) && reach.iter().any(|next| next == "than") {
            add(ClaimKind::Comparative, word);
        }
    }
    found.into_iter().collect()
}

/// Digits of `text` as written, thousands separators and surrounding signs taken away: "€1,250.50" is
/// `1250.50`, "2026-05" is `2026` and `05`.
pub(crate) fn figures(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        if !letters[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let mut figure = String::new();
        while at < letters.len() {
            let digit_next = letters.get(at + 1).is_some_and(char::is_ascii_digit);
            match letters[at] {
                digit if digit.is_ascii_digit() => figure.push(digit),
                ',' | '\u{202F}' | '\'' | '’' if digit_next && three_digits(&letters[at + 1..]) =>
                    {}
                '.' | ',' if digit_next => figure.push('.'),
                _ => break,
            }
            at += 1;
        }
        found.push(figure);
    }
    found
}

/// Whether exactly three digits follow: then the sign before them parts thousands.
fn three_digits(rest: &[char]) -> bool {
    rest.iter()
        .take_while(|letter| letter.is_ascii_digit())
        .count()
        == 3
}

/// What the sources say, ready to be asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Evidence {
    figures: BTreeSet<String>,
    words: BTreeSet<String>,
    stems: BTreeSet<String>,
}

impl Evidence {
    /// From the sources' texts.
    pub(crate) fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut evidence = Self::default();
        for text in texts {
            evidence.figures.extend(figures(text));
            for word in words(text) {
                evidence.stems.insert(stem(&word));
                evidence.words.insert(word);
            }
        }
        evidence
    }

    /// Whether a source says `claim`, as far as words can show.
    pub(crate) fn supports(&self, claim: &Checkable) -> bool {
        match claim.kind {
            ClaimKind::Figure if claim.word.starts_with(|first: char| first.is_ascii_digit()) => {
                self.figures.contains(&claim.word)
            }
            ClaimKind::Figure => self.stems.contains(&stem(&claim.word)),
            ClaimKind::Superlative | ClaimKind::Comparative => self.words.contains(&claim.word),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(text: &str) -> Vec<String> {
        checkable(text)
            .into_iter()
            .map(|claim| claim.word)
            .collect()
    }

    #[test]
    fn figures_superlatives_and_comparisons_are_seen() {
        assert_eq!(
            claims("The largest mill milled 1,250.5 t in 2026, twice what others did."),
            ["1250.5", "2026", "twice", "largest"]
        );
        assert_eq!(claims("It runs faster in rain than in sun."), ["faster"]);
        assert_eq!(claims("More is on the way."), Vec::<String>::new());
        assert_eq!(
            figures("3,5 % of 12'000 on 2026-05-21 at v1.2.3"),
            ["3.5", "12000", "2026", "05", "21", "1.2.3"]
        );
    }

    #[test]
    fn support_needs_the_same_figure_or_word() {
        let evidence =
            Evidence::of(["Prices rose 4% to $1,250, the highest since 2011; output doubled."]);
        for (claim, supported) in [
            ("4", true),
            ("1250", true),
            ("5", false),
            ("double the output", true),
            ("highest ever", true),
            ("the best year", false),
        ] {
            let claim = checkable(claim).remove(0);
            assert_eq!(evidence.supports(&claim), supported, "{claim:?}");
        }
    }
}
