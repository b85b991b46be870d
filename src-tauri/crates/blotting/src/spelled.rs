//! Where a secret stands in a text: as it is, as JSON writes it in a string, as a form or an address does, and with signs in
//! its midst that nobody sees, which are cut away later.
//!
//! Never here: ciphers, base64, or a secret that is told in parts.

use std::ops::Range;

/// Bytes that one byte of a secret takes at most: a `\u` with its four digits.
pub(crate) const LONGEST_SPELLING: usize = 6;

/// `text` with `blot` wherever `secret` stood.
pub(crate) fn without(text: String, secret: &str, blot: &str) -> String {
    let mut kept = String::new();
    let mut from = 0;
    while let Some(found) = find(&text, from, secret) {
        kept.push_str(text.get(from..found.start).unwrap_or_default());
        kept.push_str(blot);
        from = found.end;
    }
    if from == 0 {
        return text;
    }
    kept.push_str(text.get(from..).unwrap_or_default());
    kept
}

/// The first place of `secret` in `text` from byte `from` on.
fn find(text: &str, from: usize, secret: &str) -> Option<Range<usize>> {
    let (text, secret) = (text.as_bytes(), secret.as_bytes());
    let first = *secret.first()?;
    (from..text.len()).find_map(|start| {
        let begins = |sign| sign == first || matches!(sign, b'%' | b'\\' | b'+');
        if !text.get(start).copied().is_some_and(begins) {
            return None;
        }
        let rest = text.get(start..)?;
        let length = if rest.starts_with(secret) {
            secret.len()
        } else {
            length_of(rest, secret)?
        };
        Some(start..start + length)
    })
}

/// The bytes at the beginning of `text` that spell `secret`.
fn length_of(text: &[u8], secret: &[u8]) -> Option<usize> {
    let (mut at, mut known) = (0, 0);
    while known < secret.len() {
        let (rest, wanted) = (text.get(at..)?, secret.get(known..)?);
        if let Some((read, told)) = spelled(rest, wanted) {
            at += read;
            known += told;
        } else if at > 0 {
            at += unseen(rest)?;
        } else {
            return None;
        }
    }
    Some(at)
}

/// The bytes of the sign at the beginning, where it is one that nobody sees.
fn unseen(text: &[u8]) -> Option<usize> {
    let beginning = text.get(..text.len().min(4))?;
    let letters = beginning.utf8_chunks().next()?.valid();
    let sign = letters.chars().next()?;
    let hidden = sign.is_control()
        || matches!(sign, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}');
    hidden.then(|| sign.len_utf8())
}

/// The bytes read of `text`, and how many of `wanted` they stand for.
fn spelled(text: &[u8], wanted: &[u8]) -> Option<(usize, usize)> {
    let (sign, byte) = (*text.first()?, *wanted.first()?);
    let escaped = match sign {
        b'%' => percent(text, byte),
        b'\\' => backslash(text, wanted),
        b'+' if byte == b' ' => Some((1, 1)),
        _ => None,
    };
    escaped.or_else(|| (sign == byte).then_some((1, 1)))
}

/// `%2F`, also where the percent sign itself was written so.
fn percent(text: &[u8], byte: u8) -> Option<(usize, usize)> {
    let twice = text.starts_with(b"%25");
    let at = |begin: usize| hex(text.get(begin..begin + 2)?);
    if at(1) == Some(u32::from(byte)) {
        return Some((3, 1));
    }
    (twice && at(3) == Some(u32::from(byte))).then_some((5, 1))
}

/// What JSON writes with a backslash in front.
fn backslash(text: &[u8], wanted: &[u8]) -> Option<(usize, usize)> {
    let told = match *text.get(1)? {
        b'u' => {
            let letter = char::from_u32(hex(text.get(2..6)?)?)?;
            let mut bytes = [0; 4];
            let bytes = letter.encode_utf8(&mut bytes).as_bytes();
            return wanted.starts_with(bytes).then_some((6, bytes.len()));
        }
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'b' => 8,
        b'f' => 12,
        sign @ (b'"' | b'\\' | b'/') => sign,
        _ => return None,
    };
    (wanted.first() == Some(&told)).then_some((2, 1))
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value, digit| {
        Some(value * 16 + char::from(*digit).to_digit(16)?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_however_it_is_spelled() {
        let secret = "a b/c+\"é";
        for spelling in [
            "a b/c+\"é",
            "a+b%2Fc%2B%22%C3%A9",
            "a%20b%2fc%2b%22%c3%a9",
            "a%2520b%252Fc%252B%2522%25C3%25A9",
            "a b\\/c+\\\"\\u00e9",
            "\\u0061\\u0020b/c+\\u0022é",
            "a b/\u{7}c+\r\n\"é",
            "a\u{200b} b/\u{ad}c\u{85}+\u{e0041}\"é",
        ] {
            let text = format!("é: {spelling}!");
            assert_eq!(without(text, secret, "…"), "é: …!", "{spelling}");
        }
    }

    #[test]
    fn what_is_none_stays_as_it_is() {
        for text in ["", "100 %", "%2", "\\u00", "a+b%2Fd", "é", "token%2", "\\"] {
            assert_eq!(without(text.to_owned(), "token/é", "…"), text);
        }
    }
}
