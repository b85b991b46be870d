//! Personal data that is written with letters: e-mail addresses and IBANs.
//!
//! Never here: names of people (no rule tells them from words), plain numbers (`numbers`).

use super::{Sensitive, SensitiveKind, Signs, begins, ends};

/// IBAN lengths by country (SWIFT IBAN registry).
#[rustfmt::skip]
const IBAN_LENGTHS: &[(&str, usize)] = &[
    ("AD", 24), ("AE", 23), ("AL", 28), ("AT", 20), ("AZ", 28), ("BA", 20), ("BE", 16), ("BG", 22),
    ("BH", 22), ("BI", 27), ("BR", 29), ("BY", 28), ("CH", 21), ("CR", 22), ("CY", 28), ("CZ", 24),
    ("DE", 22), ("DJ", 27), ("DK", 18), ("DO", 28), ("EE", 20), ("EG", 29), ("ES", 24), ("FI", 18),
    ("FK", 18), ("FO", 18), ("FR", 27), ("GB", 22), ("GE", 22), ("GI", 23), ("GL", 18), ("GR", 27),
    ("GT", 28), ("HN", 28), ("HR", 21), ("HU", 28), ("IE", 22), ("IL", 23), ("IQ", 23), ("IS", 26),
    ("IT", 27), ("JO", 30), ("KW", 30), ("KZ", 20), ("LB", 28), ("LC", 32), ("LI", 21), ("LT", 20),
    ("LU", 20), ("LV", 21), ("LY", 25), ("MC", 27), ("MD", 24), ("ME", 22), ("MK", 19), ("MN", 20),
    ("MR", 27), ("MT", 31), ("MU", 30), ("NI", 28), ("NL", 18), ("NO", 15), ("OM", 23), ("PK", 24),
    ("PL", 28), ("PS", 29), ("PT", 25), ("QA", 29), ("RO", 24), ("RS", 22), ("RU", 33), ("SA", 24),
    ("SC", 31), ("SD", 18), ("SE", 24), ("SI", 19), ("SK", 24), ("SM", 27), ("SO", 23), ("ST", 25),
    ("SV", 28), ("TL", 23), ("TN", 24), ("TR", 26), ("UA", 29), ("VA", 22), ("VG", 24), ("XK", 20),
    ("YE", 30),
];

pub(super) fn find(text: &str, signs: Signs, found: &mut Vec<Sensitive>) {
    if signs.has(Signs::AT) {
        found.extend(
            text.match_indices(AT)
                .filter_map(|(at, sign)| email(text, at, sign.len())),
        );
    }
    if signs.has(Signs::DIGIT) {
        found.extend(ibans(text));
    }
}

/// The sign of an address, also fullwidth and small: whoever reads it takes it for one, and so do programs.
const AT: [char; 3] = ['@', '\u{ff20}', '\u{fe6b}'];

/// The address around the "@" at `at`; "@user@host", as federated networks write names, is none, nor is who signs in at
/// an address ("ssh://git@host.example"), or a file of a version ("/npm/vue@3.2.js").
fn email(text: &str, at: usize, sign: usize) -> Option<Sensitive> {
    let local = |c: char| c.is_alphanumeric() || "._%+-".contains(c);
    let start = at
        - text[..at]
            .chars()
            .rev()
            .take_while(|&c| local(c))
            .map(char::len_utf8)
            .sum::<usize>();
    let start = at
        - text[start..at]
            .trim_start_matches(['.', '-', '%', '+'])
            .len();
    let host = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-');
    let after = &text[at + sign..];
    let host = &after[..after.find(|c| !host(c)).unwrap_or(after.len())];
    // "…@example.org. A", "…@example.org...and": the sentence goes on after the address.
    let mut domain = host
        .split("..")
        .next()
        .unwrap_or(host)
        .trim_end_matches(['.', '-']);
    let is_top = |label: &str| label.chars().count() > 1 && label.chars().all(char::is_alphabetic);
    while let Some((rest, _)) = domain.rsplit_once('.').filter(|(_, last)| !is_top(last)) {
        domain = rest;
    }
    let named = domain.contains('.')
        && domain
            .split('.')
            .all(|l| !l.is_empty() && !l.starts_with('-'));
    let before = &text[..start];
    let version = before.ends_with('/') && domain.starts_with(|c: char| c.is_ascii_digit());
    let handle = before.ends_with(AT) || before.ends_with("//") || version;
    let address = start < at && named && !handle;
    address.then(|| Sensitive::new(SensitiveKind::Email, start, at + sign + domain.len()))
}

fn ibans(text: &str) -> impl Iterator<Item = Sensitive> + '_ {
    let bytes = text.as_bytes();
    let starts = (0..bytes.len()).filter(|&at| is_like_iban(bytes, at) && begins(text, at));
    starts.filter_map(|start| {
        let country = &text[start..start + 2];
        let (_, length) = IBAN_LENGTHS
            .iter()
            .find(|(code, _)| country.eq_ignore_ascii_case(code))?;
        let mut characters = Vec::with_capacity(*length);
        let mut end = start;
        for (i, c) in text[start..].char_indices() {
            match c {
                _ if c.is_ascii_alphanumeric() => characters.push(c.to_ascii_uppercase()),
                ' ' | '-' | '\u{A0}' | '\u{202F}' | '\u{2011}' if !characters.is_empty() => {
                    continue;
                }
                _ => return None,
            }
            end = start + i + c.len_utf8();
            if characters.len() == *length {
                break;
            }
        }
        let fits = characters.len() == *length
            && ends(text, end)
            && characters[2..4].iter().all(char::is_ascii_digit);
        (fits && mod_97(&characters) == 1).then(|| Sensitive::new(SensitiveKind::Iban, start, end))
    })
}

/// Two letters, then a digit with at most a gap before it: asked of every byte, and nearly no word has it.
fn is_like_iban(bytes: &[u8], at: usize) -> bool {
    let Some([first, second, rest @ ..]) = bytes.get(at..) else {
        return false;
    };
    // No-break spaces and hyphens are these bytes.
    let is_gap = |byte: &&u8| {
        matches!(
            **byte,
            b' ' | b'-' | 0xC2 | 0xA0 | 0xE2 | 0x80 | 0xAF | 0x91
        )
    };
    first.is_ascii_alphabetic()
        && second.is_ascii_alphabetic()
        && rest
            .iter()
            .find(|byte| !is_gap(byte))
            .is_some_and(u8::is_ascii_digit)
}

/// ISO 7064 MOD 97-10 over the number with its first four characters moved to the end.
fn mod_97(iban: &[char]) -> u32 {
    iban[4..].iter().chain(&iban[..4]).fold(0, |rest, c| {
        let value = c.to_digit(36).unwrap_or_default();
        (if value > 9 {
            rest * 100 + value
        } else {
            rest * 10 + value
        }) % 97
    })
}
