//! What a text must have for anything sensitive to stand in it, seen in one pass: nearly all that is looked at are
//! attributes of spans and data of records, in which there is nothing to find.
//!
//! Never here: finding it. A sign says that a search is worth its time, never that it is not needed for other reasons.

use super::{numbers, secrets};

/// Shortest run of letters without a digit that counts as a key, in bytes.
const MIN_PLAIN_BYTES: usize = secrets::MIN_LETTERS_BYTES;
/// Length of a UUID, in bytes.
const ID_BYTES: usize = 36;

/// Characters that stand in a text, and how many digits do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signs {
    seen: u8,
    digits: usize,
}

impl Signs {
    pub(super) const DIGIT: u8 = 1;
    pub(super) const AT: u8 = 1 << 1;
    pub(super) const COLON: u8 = 1 << 2;
    pub(super) const EQUALS: u8 = 1 << 3;
    pub(super) const SLASH: u8 = 1 << 4;
    pub(super) const HYPHEN: u8 = 1 << 5;
    pub(super) const DOT: u8 = 1 << 6;
    pub(super) const SPACE: u8 = 1 << 7;
    /// What "://" is made of.
    pub(super) const SCHEME: u8 = Self::COLON | Self::SLASH;

    pub(super) fn of(text: &str) -> Self {
        let (mut seen, mut digits) = (0, 0);
        for byte in text.bytes() {
            let sign = sign(byte);
            seen |= sign;
            digits += usize::from(sign & Self::DIGIT != 0 || may_begin_a_digit(byte));
        }
        Self { seen, digits }
    }

    /// Whether all of these characters stand in the text.
    pub(super) const fn has(self, signs: u8) -> bool {
        self.seen & signs == signs
    }

    /// Whether the text has as many digits as the shortest number that is looked for.
    pub(super) const fn may_hold_numbers(self) -> bool {
        self.digits >= numbers::MIN_DIGITS
    }
}

const fn sign(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => Signs::DIGIT,
        // And the first byte of a fullwidth or small one.
        b'@' | 0xEF => Signs::AT,
        b':' => Signs::COLON,
        b'=' => Signs::EQUALS,
        b'/' => Signs::SLASH,
        b'-' => Signs::HYPHEN,
        b'.' => Signs::DOT,
        b' ' => Signs::SPACE,
        _ => 0,
    }
}

/// First digits of scripts that write numbers with their own, fullwidth and mathematical ones among them.
#[rustfmt::skip]
const ZEROS: [u32; 42] = [
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6, 0x0E50, 0x0ED0,
    0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0,
    0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1FBF0,
];

/// The digit of ASCII that a character is in its script.
pub(super) fn digit(c: char) -> Option<char> {
    if c.is_ascii() {
        return Some(c).filter(char::is_ascii_digit);
    }
    let code = u32::from(c);
    let zero = ZEROS[..ZEROS.partition_point(|zero| *zero <= code)].last()?;
    char::from_digit(code - zero, 10)
}

/// Whether a byte is the first one of a digit of another script, and of many letters.
const fn may_begin_a_digit(byte: u8) -> bool {
    matches!(byte, 0xD9 | 0xDB | 0xDF..=0xE1 | 0xEA | 0xEF | 0xF0)
}

/// Whether a text is a short word or two, as most attributes of spans are: each is looked at, so this is asked first.
/// Without a digit and without any of `@`, `:` and `=` the shortest thing that is sensitive is a key of
/// [`MIN_PLAIN_BYTES`] after its prefix.
pub(super) fn is_short_and_plain(text: &str) -> bool {
    let tells = |byte: u8| {
        byte.is_ascii_digit() || may_begin_a_digit(byte) || matches!(byte, b'@' | b':' | b'=')
    };
    text.len() < MIN_PLAIN_BYTES && !text.bytes().any(tells)
}

/// Whether a text is a UUID and nothing else, of a version and variant that are minted: an id, and ids are not masked.
/// Read as text, one in many would be taken for the number of a card or an account.
pub(super) fn is_id(text: &str) -> bool {
    text.len() == ID_BYTES
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            14 => matches!(byte, b'1'..=b'8'),
            19 => matches!(byte, b'8' | b'9' | b'a' | b'b' | b'A' | b'B'),
            _ => byte.is_ascii_hexdigit(),
        })
}
