//! A folded copy of a text in which spelling tricks are undone, and the way back from each of
//! its bytes to the text as given.
//!
//! Never here: what is searched in the copy.

use unicode_normalization::char::{decompose_canonical, decompose_compatible, is_combining_mark};

use crate::span::Span;
use crate::{MAX_TEXT_BYTES, hidden, span};

/// How far the copy goes in undoing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Folding {
    /// Case, compatibility forms and hidden characters: words that a person would call equal.
    Words,
    /// Also letters that look like ASCII ones, so that "frаud" with a Cyrillic а is "fraud".
    LookAlikes,
    /// Also accents, digits for letters, and I, l and 1 as one: words that a person hiding an
    /// instruction would write. Different words can become equal; use it for phrases only.
    Attack,
}

/// A folded copy. White space of any kind and length is one space, or with
/// [`Folding::Attack`] one line feed if a line ends in it.
pub(crate) struct Folded {
    pub(crate) text: String,
    /// For each byte of `text`, the bytes of the original that it stands for.
    origin: Vec<(u32, u32)>,
}

impl Folded {
    /// Folds the first [`MAX_TEXT_BYTES`] of `text`.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "offsets are below MAX_TEXT_BYTES"
    )]
    pub(crate) fn new(text: &str, folding: Folding) -> Self {
        let text = span::head(text, MAX_TEXT_BYTES);
        let mut folded = Self {
            text: String::with_capacity(text.len()),
            origin: Vec::with_capacity(text.len()),
        };
        let mut memory = Memory::new(folding);
        let mut previous = ' ';
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let from = (at as u32, (at + c.len_utf8()) as u32);
            if c.is_ascii_lowercase() && folding != Folding::Attack {
                folded.letter(c, from);
            } else if c.is_ascii() {
                let next = chars.peek().map(|&(_, c)| c);
                if let Some(c) = ascii(previous, c, next, folding) {
                    folded.push(c, from);
                }
            } else {
                memory.fold(c).chars().for_each(|c| folded.push(c, from));
            }
            previous = c;
        }
        folded
    }

    fn push(&mut self, c: char, from: (u32, u32)) {
        let space = |c| matches!(c, ' ' | '\n');
        if !space(c) || !self.text.ends_with(space) {
            self.letter(c, from);
        } else if c == '\n' {
            self.text.pop();
            self.text.push(c);
        }
    }

    fn letter(&mut self, c: char, from: (u32, u32)) {
        self.text.push(c);
        for _ in 0..c.len_utf8() {
            self.origin.push(from);
        }
    }

    /// The place in the original that `start..end` of the copy stands for.
    pub(crate) fn span(&self, start: usize, end: usize) -> Span {
        let first = self.origin.get(start).map_or(0, |o| o.0 as usize);
        let last = end
            .checked_sub(1)
            .and_then(|i| self.origin.get(i))
            .map_or(first, |o| o.1 as usize);
        Span {
            start: first,
            end: last.max(first),
        }
    }
}

/// What non-ASCII characters fold to, remembered while one text is read: a text repeats its
/// letters, and the Unicode tables are slow to ask.
struct Memory {
    folding: Folding,
    slots: Vec<Option<(char, String)>>,
}

impl Memory {
    const SLOTS: usize = 256;

    fn new(folding: Folding) -> Self {
        Self {
            folding,
            slots: Vec::new(),
        }
    }

    fn fold(&mut self, c: char) -> &str {
        self.slots.resize(Self::SLOTS, None);
        let folding = self.folding;
        let slot = &mut self.slots[c as usize % Self::SLOTS];
        if slot.as_ref().is_none_or(|(known, _)| *known != c) {
            let mut text = String::new();
            if let Some(c) = seen(c, folding) {
                other(c, folding, &mut |c| text.push(c));
            }
            *slot = Some((c, text));
        }
        slot.as_ref().map_or("", |(_, text)| text)
    }
}

/// One word or phrase, folded the same way.
pub(crate) fn fold(text: &str, folding: Folding) -> String {
    Folded::new(text, folding).text.trim().to_owned()
}

/// The reading of an ASCII character, or nothing if it is dropped.
fn ascii(previous: char, c: char, next: Option<char>, folding: Folding) -> Option<char> {
    match c {
        '\n' | '\r' if folding == Folding::Attack => return Some('\n'),
        '\n' | '\r' | '\t' | '\u{0B}' | '\u{0C}' | ' ' => return Some(' '),
        _ => {}
    }
    if c.is_ascii_control() {
        return None;
    }
    let c = c.to_ascii_lowercase();
    if folding != Folding::Attack {
        return Some(c);
    }
    let inside = previous.is_alphanumeric() && next.is_some_and(char::is_alphanumeric);
    match c {
        '\'' | '`' if inside => None,
        '@' if inside => Some('a'),
        '$' if previous.is_alphanumeric() || next.is_some_and(char::is_alphabetic) => Some('s'),
        _ => Some(attack_letter(c)),
    }
}

/// Digits and letters that stand in for each other, each as one of them.
fn attack_letter(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | 'l' => 'i',
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        '7' => 't',
        other => other,
    }
}

/// The character itself, the ASCII letter that an invisible tag or enclosed letter stands for,
/// or nothing for a hidden one.
fn seen(c: char, folding: Folding) -> Option<char> {
    if hidden::kind(c).is_some() {
        return hidden::tag_ascii(c).filter(|_| folding == Folding::Attack);
    }
    let letter = |first: u32| char::from_u32(u32::from('a') + u32::from(c) - first);
    match c {
        '\u{1F150}'..='\u{1F169}' => letter(0x1F150),
        '\u{1F170}'..='\u{1F189}' => letter(0x1F170),
        _ => Some(c),
    }
}

fn other(c: char, folding: Folding, emit: &mut impl FnMut(char)) {
    if c.is_whitespace() || c == '\u{2800}' {
        return emit(' ');
    }
    decompose_compatible(c, |part| {
        if is_combining_mark(part) && folding == Folding::Attack || hidden::kind(part).is_some() {
            return;
        }
        for lower in part.to_lowercase() {
            match (lower, folding) {
                ('ß', _) => "ss".chars().for_each(&mut *emit),
                ('ς', _) => emit('σ'),
                ('\u{2019}' | '\u{02BC}', Folding::Attack) => {}
                (c, Folding::Words) => emit(c),
                (c, Folding::LookAlikes) => emit(look_alike(c).unwrap_or(c)),
                (c, Folding::Attack) => emit(attack_letter(look_alike(c).unwrap_or(c))),
            }
        }
    });
}

/// Another form of an ASCII letter or digit, such as ⓘ, ｉ, 𝐢 or 🅸 (but not í, which is a letter
/// of its own).
pub(crate) fn is_styled(c: char) -> bool {
    if matches!(c, '\u{1F150}'..='\u{1F169}' | '\u{1F170}'..='\u{1F189}') {
        return true;
    }
    let (mut canonical, mut compatible) = (None, None);
    decompose_canonical(c, |part| canonical = canonical.or(Some(part)));
    decompose_compatible(c, |part| compatible = compatible.or(Some(part)));
    canonical == Some(c)
        && compatible != canonical
        && compatible.is_some_and(|c| c.is_ascii_alphanumeric())
}

/// What Unicode's table of look-alikes does not have: small capitals, and signs as round as a letter.
#[rustfmt::skip]
const LIKE_TOO: [(char, char); 18] = [
    ('ᴀ', 'a'), ('ʙ', 'b'), ('ᴅ', 'd'), ('ᴇ', 'e'), ('ꜰ', 'f'), ('ɢ', 'g'), ('ʜ', 'h'), ('ᴊ', 'j'), ('ᴋ', 'k'), ('ʟ', 'l'),
    ('ᴍ', 'm'), ('ɴ', 'n'), ('ᴘ', 'p'), ('ʀ', 'r'), ('ꜱ', 's'), ('ᴛ', 't'), ('\u{10D4}', 'e'), ('\u{E4F}', 'o'),
];

/// The ASCII letter or digit that a character is easily taken for.
pub(crate) fn look_alike(c: char) -> Option<char> {
    if c.is_ascii() {
        return Some(c);
    }
    if let Some((_, like)) = LIKE_TOO.iter().find(|(sign, _)| *sign == c) {
        return Some(*like);
    }
    if !c.is_alphanumeric() {
        return None;
    }
    let mut prototype = unicode_security::skeleton(c.encode_utf8(&mut [0; 4]))
        .collect::<Vec<_>>()
        .into_iter();
    match (prototype.next(), prototype.next()) {
        (Some(one), None) if one.is_ascii_alphanumeric() => Some(one.to_ascii_lowercase()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tricks_of_spelling_are_undone() {
        for (text, expected) in [
            ("IGNORE\u{00A0}\t  previous", "ignore previous"),
            ("іgnоrе", "ignore"),
            (
                "ｉｇｎｏｒｅ 𝐢𝐠𝐧𝐨𝐫𝐞 ⓘⓖⓝⓞⓡⓔ 🅸🅶🅽🅾🆁🅴",
                "ignore ignore ignore ignore",
            ),
            ("ig\u{200B}no\u{AD}re", "ignore"),
            ("1gn0r3 pa$$w0rd p@ss", "ignore password pass"),
            ("ígnörè", "ignore"),
            ("\u{E0049}\u{E0067}\u{E006E}ore", "ignore"),
            ("don't don’t", "dont dont"),
        ] {
            assert_eq!(
                Folded::new(text, Folding::Attack).text,
                fold(expected, Folding::Attack),
                "{text}"
            );
        }
    }

    #[test]
    fn words_stay_apart_that_a_person_keeps_apart() {
        assert_ne!(
            fold("fall", Folding::LookAlikes),
            fold("fail", Folding::LookAlikes)
        );
        assert_ne!(fold("рак", Folding::Words), fold("pak", Folding::Words));
        assert_eq!(
            fold("STRAẞE", Folding::Words),
            fold("strasse", Folding::Words)
        );
        assert_eq!(
            fold("caf\u{e9}", Folding::Words),
            fold("CAFE\u{301}", Folding::Words)
        );
    }

    #[test]
    fn a_place_in_the_copy_leads_back_to_the_text() {
        let text = "– ⓘg\u{200B}nore  me";
        let folded = Folded::new(text, Folding::Attack);
        let at = folded.text.find("ignore me").unwrap();
        assert_eq!(folded.span(at, at + 9).of(text), "ⓘg\u{200B}nore  me");
        assert_eq!(folded.span(at + 7, at + 9).of(text), "me");
    }

    proptest! {
        #[test]
        fn every_place_is_on_character_boundaries(text in "\\PC{0,40}|[a-z\u{200B}\u{E0041}é ]{0,40}") {
            for folding in [Folding::Words, Folding::LookAlikes, Folding::Attack] {
                let folded = Folded::new(&text, folding);
                prop_assert_eq!(folded.origin.len(), folded.text.len());
                for (start, c) in folded.text.char_indices() {
                    let span = folded.span(start, start + c.len_utf8());
                    prop_assert!(text.get(span.start..span.end).is_some());
                }
            }
        }
    }
}
