//! A text as a person has to see it before deciding on it: what cannot be seen is named, and so is a letter that is taken
//! for another one. Nothing is taken out and nothing is changed.
//!
//! Never here: whether it may leave (`outbound`), or drawing it.

use unicode_normalization::char::is_combining_mark;

use crate::{
    fold::look_alike,
    hidden::{HiddenKind, Piece, pieces, tag_ascii},
    inbound::{MAX_STACKED_MARKS, deceptive_words},
    scripts::Script,
};

/// Why a sign is drawn as a mark of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oddness {
    /// It cannot be seen.
    Hidden(HiddenKind),
    /// It is taken for this ASCII letter or digit.
    LooksLike(char),
    /// One of many marks that are stacked on one letter.
    Stacked,
}

/// A part of a text, in order and without gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sign<'a> {
    /// What is seen as it is.
    Plain(&'a str),
    /// The same odd character, once or several times in a row.
    Odd {
        /// Which.
        sign: char,
        /// How often.
        count: u32,
        /// Why it is marked.
        why: Oddness,
    },
}

/// The text as a person has to see it.
#[must_use]
pub fn signs(text: &str) -> Vec<Sign<'_>> {
    let deceptive = deceptive_words(text);
    let is_deceptive = |at: usize| {
        deceptive
            .iter()
            .any(|word| (word.span.start..word.span.end).contains(&at))
    };
    let mut signs = Vec::new();
    let mut at = 0;
    for piece in pieces(text) {
        match piece {
            Piece::Seen(part) => {
                seen(part, at, &is_deceptive, &mut signs);
                at += part.len();
            }
            Piece::Hidden(sign, kind, _) => {
                odd(&mut signs, sign, Oddness::Hidden(kind));
                at += sign.len_utf8();
            }
        }
    }
    signs
}

fn seen<'a>(
    part: &'a str,
    offset: usize,
    is_deceptive: &impl Fn(usize) -> bool,
    signs: &mut Vec<Sign<'a>>,
) {
    let (mut from, mut marks) = (0, 0);
    for (at, sign) in part.char_indices() {
        marks = if is_combining_mark(sign) {
            marks + 1
        } else {
            0
        };
        let like = (!sign.is_ascii() && is_deceptive(offset + at))
            .then(|| look_alike(sign))
            .flatten();
        let why = match like {
            Some(like) => Oddness::LooksLike(like),
            None if marks > MAX_STACKED_MARKS => Oddness::Stacked,
            None => continue,
        };
        if at > from {
            signs.push(Sign::Plain(&part[from..at]));
        }
        odd(signs, sign, why);
        from = at + sign.len_utf8();
    }
    if from < part.len() {
        signs.push(Sign::Plain(&part[from..]));
    }
}

fn odd(signs: &mut Vec<Sign<'_>>, sign: char, why: Oddness) {
    if let Some(Sign::Odd {
        sign: last,
        count,
        why: before,
    }) = signs.last_mut()
        && *last == sign
        && *before == why
    {
        *count += 1;
        return;
    }
    signs.push(Sign::Odd {
        sign,
        count: 1,
        why,
    });
}

/// What an odd character is called: its Unicode name where it is one that is used to deceive, else what it is.
#[must_use]
pub fn name(sign: char, why: Oddness) -> String {
    if let Some((_, name)) = NAMES.iter().find(|(known, _)| *known == sign) {
        return (*name).to_owned();
    }
    match why {
        Oddness::LooksLike(like) => format!("{} letter that looks like {like}", script(sign)),
        Oddness::Stacked => "mark that is stacked on others".to_owned(),
        Oddness::Hidden(HiddenKind::Tag) => match tag_ascii(sign) {
            Some(' ') => "tag space".to_owned(),
            Some(ascii) => format!("tag {ascii}"),
            None => "tag".to_owned(),
        },
        Oddness::Hidden(kind) => match kind {
            HiddenKind::Bidi => "direction mark",
            HiddenKind::ZeroWidth => "zero-width character",
            HiddenKind::VariationSelector => "variation selector",
            HiddenKind::Control => "control code",
            HiddenKind::Tag | HiddenKind::Ignorable => "character that is shown as nothing",
        }
        .to_owned(),
    }
}

/// The script in words; how a letter is drawn says more than that it is a Latin one.
fn script(sign: char) -> &'static str {
    match u32::from(sign) {
        0x1D400..=0x1D7FF => "mathematical",
        0xFF00..=0xFFEF => "fullwidth",
        _ => Script::of(sign).name(),
    }
}

/// Unicode names of the characters that are used to deceive most.
const NAMES: &[(char, &str)] = &[
    ('\u{00AD}', "soft hyphen"),
    ('\u{034F}', "combining grapheme joiner"),
    ('\u{061C}', "Arabic letter mark"),
    ('\u{115F}', "Hangul choseong filler"),
    ('\u{1160}', "Hangul jungseong filler"),
    ('\u{180E}', "Mongolian vowel separator"),
    ('\u{200B}', "zero width space"),
    ('\u{200C}', "zero width non-joiner"),
    ('\u{200D}', "zero width joiner"),
    ('\u{200E}', "left-to-right mark"),
    ('\u{200F}', "right-to-left mark"),
    ('\u{202A}', "left-to-right embedding"),
    ('\u{202B}', "right-to-left embedding"),
    ('\u{202C}', "pop directional formatting"),
    ('\u{202D}', "left-to-right override"),
    ('\u{202E}', "right-to-left override"),
    ('\u{2060}', "word joiner"),
    ('\u{2061}', "function application"),
    ('\u{2062}', "invisible times"),
    ('\u{2063}', "invisible separator"),
    ('\u{2064}', "invisible plus"),
    ('\u{2066}', "left-to-right isolate"),
    ('\u{2067}', "right-to-left isolate"),
    ('\u{2068}', "first strong isolate"),
    ('\u{2069}', "pop directional isolate"),
    ('\u{3164}', "Hangul filler"),
    ('\u{FEFF}', "zero width no-break space"),
    ('\u{FFA0}', "halfwidth Hangul filler"),
    ('\u{E0001}', "language tag"),
    ('\u{E007F}', "cancel tag"),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(text: &str) -> String {
        signs(text)
            .iter()
            .map(|sign| match sign {
                Sign::Plain(part) => (*part).to_owned(),
                Sign::Odd { sign, count, why } => format!("[{}×{count}]", name(*sign, *why)),
            })
            .collect()
    }

    #[test]
    fn what_deceives_is_named_and_what_writing_needs_is_left() {
        for (text, expected) in [
            (
                "pay\u{202E}moc.live\u{202C}",
                "pay[right-to-left override×1]moc.live[pop directional formatting×1]",
            ),
            ("a\u{200B}\u{200B}b", "a[zero width space×2]b"),
            ("x\u{E0070}\u{E0061}", "x[tag p×1][tag a×1]"),
            (
                "раypal.com",
                "[Cyrillic letter that looks like p×1][Cyrillic letter that looks like a×1]ypal.com",
            ),
            (
                "see \u{430}\u{440}\u{440}\u{4cf}\u{435} now please",
                "see [Cyrillic letter that looks like a×1][Cyrillic letter that looks like p×2][Cyrillic letter that looks like l×1][Cyrillic letter that looks like e×1] now please",
            ),
            ("Привет, как дела", "Привет, как дела"),
            ("👩🏽‍🚀 and 🏳️‍🌈, café, naïve", "👩🏽‍🚀 and 🏳️‍🌈, café, naïve"),
            ("a\u{0}b", "a[control code×1]b"),
        ] {
            assert_eq!(written(text), expected, "{text}");
        }
        let zalgo = format!("a{}", "\u{0301}".repeat(40));
        assert_eq!(
            written(&zalgo),
            "a\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}[mark that is stacked on others×32]"
        );
    }

    proptest! {
        #[test]
        fn nothing_is_taken_out(text in "\\PC{0,40}|[a-zа-я\u{200B}\u{202E}\u{E0041}\u{301}é ]{0,40}") {
            let mut back = String::new();
            for sign in signs(&text) {
                match sign {
                    Sign::Plain(part) => back.push_str(part),
                    Sign::Odd { sign, count, .. } => (0..count).for_each(|_| back.push(sign)),
                }
            }
            prop_assert_eq!(back, text);
        }
    }
}
