//! What the letters of one word are: plain Latin ones, ones that pass for them, or others; and whether together they
//! deceive.
//!
//! Never here: which words a text has (`words`), or which letters look alike (`fold`).

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

use crate::{
    fold::{is_styled, look_alike},
    scripts::Script,
};

/// Most capitals of the short name of a thing that Greek letters number: TNFα, PPARγ.
const MAX_NAME_CAPITALS: usize = 5;

/// What one character of a word is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    /// A letter of ASCII.
    Ascii(char),
    /// Another letter that Latin is written with, accented ones among them.
    Latin,
    /// The form of a Latin letter that is used for whole words.
    Styled,
    /// A letter or digit that passes for a Latin one.
    Alike(Script, char),
    /// A letter that does not.
    Foreign(Script),
    /// A digit, a mark, what joins.
    Neutral(char),
}

/// Which alphabets with letters that pass for others a text is written in.
#[derive(Clone, Copy)]
pub(super) struct Alphabets {
    turkic: bool,
    icelandic: bool,
    african: bool,
}

impl Alphabets {
    /// By letters that only they have.
    pub(super) fn of(text: &str) -> Self {
        let dotless = text.matches('ı').nth(1).is_some();
        Self {
            turkic: text.contains(['ğ', 'Ğ', 'ş', 'Ş', 'İ', 'ə', 'Ə'])
                || dotless && text.contains(['ç', 'Ç', 'ö', 'Ö', 'ü', 'Ü']),
            icelandic: text.contains(['ð', 'Ð']),
            african: text.contains(['ɖ', 'ŋ', 'ɔ', 'ɛ', 'ɓ', 'ɗ', 'ƙ', 'Ɔ', 'Ɛ', 'Ŋ']),
        }
    }

    /// Whether a letter is one of these alphabets, and no disguise.
    const fn have(self, letter: char) -> bool {
        match letter {
            'ı' => self.turkic,
            'þ' | 'Þ' => self.icelandic,
            'ƒ' | 'ʋ' | 'ɣ' | 'ɩ' => self.african,
            _ => false,
        }
    }
}

/// One word, letter by letter.
pub(super) struct Reading<'a> {
    word: &'a str,
    parts: Vec<Part>,
}

impl<'a> Reading<'a> {
    pub(super) fn of(word: &'a str, alphabets: Alphabets) -> Self {
        let parts = word.chars().filter(|&c| !is_combining_mark(c));
        Self {
            word,
            parts: parts.map(|c| part(c, alphabets)).collect(),
        }
    }

    /// The scripts of its letters that are not Latin, one for each letter.
    pub(super) fn scripts(&self) -> impl Iterator<Item = Script> + '_ {
        self.parts.iter().filter_map(|part| match part {
            Part::Alike(script, sign) if sign.is_alphabetic() => Some(*script),
            Part::Foreign(script) => Some(*script),
            _ => None,
        })
    }

    fn any(&self, is: impl Fn(&Part) -> bool) -> bool {
        self.parts.iter().any(is)
    }

    fn is_alike(&self) -> bool {
        self.any(|part| matches!(part, Part::Alike(..)))
    }

    /// Two letters or more, and each passes for a Latin one and is none.
    pub(super) fn looks_latin(&self) -> bool {
        self.scripts().nth(1).is_some()
            && self
                .parts
                .iter()
                .all(|part| matches!(part, Part::Alike(..) | Part::Neutral(_)))
    }

    /// Whether it mixes scripts in a way that no writing system does, with a letter that passes for a Latin one or stands
    /// between two.
    pub(super) fn mixes(&self, most: Option<Script>) -> bool {
        if self.is_named_by_greek() || self.has_an_ending_of(most) {
            return false;
        }
        let has_latin =
            self.any(|part| matches!(part, Part::Ascii(_) | Part::Latin | Part::Styled));
        let first = self.scripts().next();
        let has_others = self.scripts().any(|script| Some(script) != first);
        self.is_alike() && (has_latin || has_others) || self.has_an_intruder()
    }

    /// A styled letter beside a plain one, or a letter of a script that is never mixed between two plain ones.
    fn has_an_intruder(&self) -> bool {
        let plain = |part: &Part| matches!(part, Part::Ascii(_));
        let litres = self.word.ends_with('ℓ');
        let beside = self.parts.windows(2).any(
            |pair| matches!(pair, [Part::Styled, other] | [other, Part::Styled] if plain(other)),
        );
        let between = self.parts.windows(3).any(|three| {
            plain(&three[0])
                && plain(&three[2])
                && matches!(three[1], Part::Foreign(script)
                if !matches!(script, Script::EastAsian | Script::Unspaced | Script::Other))
        });
        beside && !litres || between
    }

    /// TNFα, αSMA, NFκB: capitals, and Greek letters that number them.
    fn is_named_by_greek(&self) -> bool {
        let capitals = self
            .parts
            .iter()
            .filter(|part| matches!(part, Part::Ascii(_)));
        let greek = |sign: char| Script::of(sign) == Script::Greek && sign.is_lowercase();
        (1..=MAX_NAME_CAPITALS).contains(&capitals.count())
            && self.scripts().count() < 3
            && self
                .word
                .chars()
                .all(|sign| !sign.is_alphabetic() || sign.is_ascii_uppercase() || greek(sign))
    }

    /// A Latin word that a text of another script inflects (`Google’а`, `PDFом`), or whose beginning is a word of that
    /// script (`וWhatsApp`).
    fn has_an_ending_of(&self, most: Option<Script>) -> bool {
        let is_own = |part: &Part| match part {
            Part::Alike(script, _) | Part::Foreign(script) => Some(*script) == most,
            _ => false,
        };
        let is_latin = |part: &Part| matches!(part, Part::Ascii(_) | Part::Latin);
        let (Some(first), Some(last)) = (
            self.parts.iter().position(is_own),
            self.parts.iter().rposition(is_own),
        ) else {
            return false;
        };
        let (head, own, tail) = (
            &self.parts[..first],
            &self.parts[first..=last],
            &self.parts[last + 1..],
        );
        if most == Some(Script::Latin) || !own.iter().all(is_own) {
            return false;
        }
        let is_plain = |parts: &[Part]| {
            parts.iter().any(is_latin)
                && parts
                    .iter()
                    .all(|part| is_latin(part) || matches!(part, Part::Neutral(_)))
        };
        let says_more = own.iter().any(|part| matches!(part, Part::Foreign(_)));
        let numbers = own
            .iter()
            .all(|part| matches!(part, Part::Alike(_, sign) if sign.is_numeric()));
        if tail.iter().all(|part| matches!(part, Part::Neutral(_))) {
            let apart = matches!(head.last(), Some(Part::Neutral('’' | '\'')));
            return is_plain(head) && (says_more || numbers || apart);
        }
        let capital = matches!(tail.first(), Some(Part::Ascii(sign)) if sign.is_ascii_uppercase());
        head.is_empty() && is_plain(tail) && (says_more || capital)
    }
}

fn part(c: char, alphabets: Alphabets) -> Part {
    if c.is_ascii_alphabetic() {
        return Part::Ascii(c);
    }
    if c.is_ascii() {
        return Part::Neutral(c);
    }
    let script = Script::of(c);
    if alphabets.have(c) {
        return Part::Latin;
    }
    let mut base = None;
    decompose_canonical(c, |part| base = base.or(Some(part)));
    let base = base.unwrap_or(c);
    if base.is_ascii_alphabetic() {
        return Part::Latin;
    }
    match script {
        Script::Styled if c.is_alphabetic() && is_styled(c) && c != 'ℹ' => Part::Styled,
        Script::Styled => Part::Neutral(c),
        _ if look_alike(base).is_some() => Part::Alike(script, c),
        Script::Latin if c.is_alphabetic() => Part::Latin,
        // Letters that modify others, such as an apostrophe of Ukrainian or Hawaiian.
        _ if c.is_alphabetic() && !matches!(c, '\u{2B0}'..='\u{2FF}') => Part::Foreign(script),
        _ => Part::Neutral(c),
    }
}
