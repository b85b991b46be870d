//! Names of things that people tell apart by reading: signs that nobody sees in one, and when two look alike.
//!
//! Never here: whether a name is taken, or how long it may be.

use unicode_normalization::UnicodeNormalization;

use crate::fold::{Folding, fold};
use crate::hidden::{Piece, pieces};

/// The first sign of a name that has no shape of its own or changes its neighbours': control characters and line breaks,
/// zero-width signs, fillers, soft hyphens, marks of direction, tags, and selectors without a symbol. A joiner between
/// letters of a script that spells with it, and what an emoji is made of, are no such signs.
#[must_use]
pub fn shapeless(name: &str) -> Option<char> {
    pieces(name).find_map(|piece| match piece {
        Piece::Hidden(sign, ..) => Some(sign),
        Piece::Seen(part) => part.chars().find(|sign| is_blank(*sign)),
    })
}

/// Blank signs of which the gateway makes a space: a name has spaces for that.
fn is_blank(sign: char) -> bool {
    sign.is_control() || matches!(sign, '\u{2028}' | '\u{2029}' | '\u{2800}')
}

/// What a name is compared by: two names of one likeness are one name to whoever reads them. Case, compatibility forms
/// (NFKC), white space and hidden signs make no difference.
#[must_use]
pub fn likeness(name: &str) -> String {
    fold(name, Folding::Words).nfkc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_no_sign_that_nobody_sees() {
        for sign in [
            '\0',
            '\n',
            '\t',
            '\u{85}',
            '\u{ad}',
            '\u{115f}',
            '\u{1160}',
            '\u{200b}',
            '\u{200c}',
            '\u{200d}',
            '\u{200e}',
            '\u{202e}',
            '\u{2028}',
            '\u{2060}',
            '\u{2800}',
            '\u{3164}',
            '\u{fe0f}',
            '\u{feff}',
            '\u{ffa0}',
            '\u{e0041}',
            '\u{e0100}',
        ] {
            assert_eq!(shapeless(&format!("Ma{sign}ra")), Some(sign), "{sign:?}");
        }
    }

    #[test]
    fn names_are_written_as_their_script_and_emoji_want_it() {
        for name in [
            "Mara Voss",
            "Łódź – Zürich",
            "می\u{200c}خواهم",
            "क\u{200d}ष",
            "ශ\u{200d}රී",
            "Café 👩\u{200d}💻 ❤\u{fe0f}",
            "日本語 한국어",
        ] {
            assert_eq!(shapeless(name), None, "{name}");
        }
    }

    #[test]
    fn names_that_look_alike_are_one() {
        for (one, other) in [
            ("Mara Voss", "ｍａｒａ\u{a0}VOSS"),
            ("Jose\u{301}", "JOSÉ"),
            ("Straße", "STRASSE"),
            ("ﬁn", "FIN"),
            ("می\u{200c}خواهم", "میخواهم"),
            ("ΟΔΟΣ", "οδος"),
        ] {
            assert_eq!(likeness(one), likeness(other), "{one} {other}");
        }
        assert_ne!(likeness("José"), likeness("Jose"));
        assert_ne!(likeness("Mara"), likeness("Mara V"));
    }
}
