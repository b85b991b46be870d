//! Characters that a reader does not see and a machine does: which they are, and which of
//! them a script or an emoji needs.
//!
//! Never here: look-alike letters (`fold`, `inbound::words`).

use std::fmt::Write;

use serde::Serialize;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

/// Why a character is hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HiddenKind {
    /// Changes the direction of what follows (U+202A–202E, U+2066–2069, marks).
    Bidi,
    /// Takes no space (U+200B–200D, U+2060, U+FEFF, U+180E).
    ZeroWidth,
    /// Invisible copies of ASCII (U+E0000–E007F): text that only a machine reads.
    Tag,
    /// Selects a glyph variant; in runs it can carry arbitrary bytes.
    VariationSelector,
    /// A control code other than tab and line breaks.
    Control,
    /// Any other character that is shown as nothing (soft hyphen, fillers, noncharacters …).
    Ignorable,
}

impl HiddenKind {
    /// The kind in words, for a person.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Bidi => "characters that change the reading direction",
            Self::ZeroWidth => "zero-width characters",
            Self::Tag => "invisible tag characters",
            Self::VariationSelector => "variation selectors without a symbol of their own",
            Self::Control => "control codes",
            Self::Ignorable => "characters that are shown as nothing",
        }
    }
}

/// The kind of a hidden character; `None` for one that is seen (white space is seen).
pub(crate) fn kind(c: char) -> Option<HiddenKind> {
    if (' '..='~').contains(&c) {
        return None;
    }
    Some(match u32::from(c) {
        0x09..=0x0D | 0x85 => return None,
        0x00..=0x1F | 0x7F..=0x9F => HiddenKind::Control,
        0x061C | 0x200E | 0x200F | 0x202A..=0x202E | 0x2066..=0x2069 => HiddenKind::Bidi,
        0x180E | 0x200B..=0x200D | 0x2060 | 0xFEFF => HiddenKind::ZeroWidth,
        0xE0000..=0xE007F => HiddenKind::Tag,
        0xFE00..=0xFE0F | 0xE0100..=0xE01EF | 0x180B..=0x180D | 0x180F => {
            HiddenKind::VariationSelector
        }
        0x00AD
        | 0x034F
        | 0x115F
        | 0x1160
        | 0x17B4
        | 0x17B5
        | 0x2061..=0x2065
        | 0x206A..=0x206F
        | 0x3164
        | 0xFFA0
        | 0xFFF0..=0xFFFB
        | 0x1BCA0..=0x1BCA3
        | 0x1D173..=0x1D17A
        | 0xE0080..=0xE0FFF
        | 0xFDD0..=0xFDEF => HiddenKind::Ignorable,
        code if code & 0xFFFE == 0xFFFE => HiddenKind::Ignorable,
        _ => return None,
    })
}

/// The ASCII character that a tag character stands for.
pub(crate) fn tag_ascii(c: char) -> Option<char> {
    match u32::from(c) {
        code @ 0xE0020..=0xE007E => char::from_u32(code - 0xE0000),
        _ => None,
    }
}

/// The flags of England, Scotland and Wales, the only tag sequences in use.
const FLAG_TAGS: [&str; 3] = ["gbeng", "gbsct", "gbwls"];
const BLACK_FLAG: char = '\u{1F3F4}';
const END_TAG: char = '\u{E007F}';
const JOINER: char = '\u{200D}';
const NON_JOINER: char = '\u{200C}';
const EMOJI_SELECTOR: char = '\u{FE0F}';
const TEXT_SELECTOR: char = '\u{FE0E}';
const VIRAMA_CLASS: u8 = 9;

/// Bytes at the start of `rest`, which begins with a hidden character, that writing needs
/// after `before`: joiners inside emoji and joining scripts, one selector after a symbol, the
/// tags of a flag. Zero when the character is there only to hide. `base` is the last character
/// before it that is no combining mark: marks change places when a text is normalised, so the
/// answer may not depend on their order.
fn needed_bytes(before: Option<char>, base: Option<char>, rest: &str) -> usize {
    let mut chars = rest.chars();
    let (Some(before), Some(c)) = (before, chars.next()) else {
        return 0;
    };
    let after = chars.next();
    let needed = match c {
        EMOJI_SELECTOR | TEXT_SELECTOR => {
            is_symbol(before) || (is_keycap(before) && after == Some('\u{20E3}'))
        }
        JOINER if after.is_some_and(is_symbol) => is_symbol(before) || is_emoji_tail(before),
        JOINER | NON_JOINER => base.is_some_and(joins) && goes_on(after, chars.next()),
        _ if before == BLACK_FLAG => return flag_tags_bytes(rest),
        _ => false,
    };
    if needed { c.len_utf8() } else { 0 }
}

/// Whether a joining script goes on with a letter, or with a virama alone.
fn goes_on(after: Option<char>, then: Option<char>) -> bool {
    let virama = |c| canonical_combining_class(c) == VIRAMA_CLASS;
    let marked = then.is_some_and(|c| is_combining_mark(c) || kind(c).is_some());
    after.is_some_and(|c| joins(c) && (!is_combining_mark(c) || virama(c) && !marked))
}

fn flag_tags_bytes(rest: &str) -> usize {
    let tags: String = rest.chars().map_while(tag_ascii).take(6).collect();
    let bytes = 4 * tags.len();
    let closed = rest.get(bytes..).is_some_and(|r| r.starts_with(END_TAG));
    if closed && FLAG_TAGS.contains(&tags.as_str()) {
        bytes + END_TAG.len_utf8()
    } else {
        0
    }
}

fn is_keycap(c: char) -> bool {
    c.is_ascii_digit() || c == '#' || c == '*'
}

fn is_emoji_tail(c: char) -> bool {
    matches!(c, EMOJI_SELECTOR | '\u{1F3FB}'..='\u{1F3FF}')
}

/// Symbols that have a text and an emoji form, and all pictographs.
fn is_symbol(c: char) -> bool {
    matches!(u32::from(c),
        0xA9 | 0xAE | 0x203C | 0x2049 | 0x2122 | 0x2139 | 0x2190..=0x21FF | 0x2300..=0x23FF | 0x24C2
        | 0x25A0..=0x27BF | 0x2900..=0x297F | 0x2B00..=0x2BFF | 0x3030 | 0x303D | 0x3297 | 0x3299
        | 0x1F000..=0x1F1E5 | 0x1F200..=0x1F3FA | 0x1F400..=0x1FAFF)
}

/// Letters and marks of scripts whose spelling uses the joiner and the non-joiner.
fn joins(c: char) -> bool {
    matches!(u32::from(c), 0x0620..=0x08FF | 0x0900..=0x0DFF | 0x1000..=0x109F | 0x1780..=0x17FF)
        && kind(c).is_none()
}

/// The text with every hidden character that writing does not need shown as `⟨U+200B⟩`, for
/// review cards and quotations.
#[must_use]
pub fn make_visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Seen(part) => shown.push_str(part),
            Piece::Hidden(c, ..) => {
                // Writing to a String cannot fail.
                let _ = write!(shown, "⟨U+{:04X}⟩", u32::from(c));
            }
        }
    }
    shown
}

/// A part of a text: one that is seen (with the hidden characters it needs), or one hidden
/// character with its kind and its byte offset.
pub(crate) enum Piece<'a> {
    Seen(&'a str),
    Hidden(char, HiddenKind, usize),
}

/// The text in pieces, in order and without gaps.
pub(crate) fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut at = 0;
    let (mut before, mut base) = (None, None);
    std::iter::from_fn(move || {
        let start = at;
        while let Some(c) = text[at..].chars().next() {
            if c.is_ascii_graphic() {
                at += 1;
                (before, base) = (Some(c), Some(c));
                continue;
            }
            let Some(kind) = kind(c) else {
                at += c.len_utf8();
                before = Some(c);
                base = if is_combining_mark(c) { base } else { before };
                continue;
            };
            let needed = needed_bytes(before, base, &text[at..]);
            if needed > 0 {
                at += needed;
                before = text[..at].chars().next_back();
                base = before;
            } else if at > start {
                break;
            } else {
                at += c.len_utf8();
                return Some(Piece::Hidden(c, kind, start));
            }
        }
        (at > start).then(|| Piece::Seen(&text[start..at]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str) -> String {
        pieces(text)
            .filter_map(|p| {
                if let Piece::Seen(s) = p {
                    Some(s)
                } else {
                    None
                }
            })
            .collect()
    }

    #[test]
    fn every_default_ignorable_of_unicode_is_hidden() {
        let missed: Vec<char> = ('\0'..=char::MAX)
            .filter(|c| {
                !c.is_control() && unicode_security::skeleton(&c.to_string()).next().is_none()
            })
            .filter(|&c| kind(c).is_none())
            .collect();
        assert_eq!(missed, []);
    }

    #[test]
    fn writing_keeps_what_it_needs() {
        for text in [
            "Plain text, with\ttab and\nlines, 100 % – “fine”",
            "👨‍👩‍👧 family, 🏳️‍🌈, 👩🏽‍🚀, ❤️ and ☎︎, 1️⃣",
            "🏴󠁧󠁢󠁥󠁮󠁧󠁿 England",
            "می‌خواهم",
            "क्‍ष",
        ] {
            assert_eq!(kept(text), text);
        }
    }

    #[test]
    fn what_only_hides_is_taken_out() {
        for (text, expected) in [
            ("ig\u{200B}nore", "ignore"),
            ("a\u{202E}cba\u{202C}", "acba"),
            ("x\u{200D}y", "xy"),
            ("❤\u{FE0F}\u{FE0F}\u{FE01}", "❤\u{FE0F}"),
            ("🏴\u{E0067}\u{E0062}\u{E0078}\u{E007F}", "🏴"),
            ("t\u{E0061}\u{E0062}", "t"),
            ("\u{FEFF}soft\u{AD}ly\0", "softly"),
        ] {
            assert_eq!(kept(text), expected);
        }
    }

    #[test]
    fn hidden_characters_can_be_shown() {
        assert_eq!(
            make_visible("a\u{200B}b\u{E0041}❤️"),
            "a⟨U+200B⟩b⟨U+E0041⟩❤️"
        );
    }
}
