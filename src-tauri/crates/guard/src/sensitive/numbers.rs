//! Personal data that is written with digits: telephone, social security and card numbers.
//!
//! Never here: amounts, dates and ids, which are what most numbers are.

use super::{Sensitive, SensitiveKind, named_before, within};
use crate::span::Span;

/// Most groups of digits that one number is read from.
const MAX_GROUPS: usize = 8;
const PHONE_WORDS: &[&str] = &[
    "phone", "tel", "mobile", "cell", "whatsapp", "call me", "fax",
];
const SSN_WORDS: &[&str] = &["ssn", "social security"];
const WORD_REACH_BYTES: usize = 24;
/// Digits of the shortest number that is looked for: a telephone number beside such a word.
pub(super) const MIN_DIGITS: usize = 7;

/// Groups of digits with what stands between them.
struct Number<'a> {
    text: &'a str,
    groups: Vec<Span>,
    /// A "+" stands directly before the first digit.
    plus: bool,
    start: usize,
}

pub(super) fn find(text: &str, url_paths: &[Span], found: &mut Vec<Sensitive>) {
    let mut at = 0;
    while let Some(first) = text[at..]
        .find(|c: char| c.is_ascii_digit())
        .map(|i| at + i)
    {
        let number = Number::read(text, first);
        let end = number.groups.last().map_or(first + 1, |group| group.end);
        at = end;
        if number.digit_count() < MIN_DIGITS
            || within(url_paths, first)
            || !number.stands_alone(end)
        {
            continue;
        }
        let sensitive = number
            .card()
            .or_else(|| number.ssn())
            .or_else(|| number.phone(end));
        found.extend(sensitive);
    }
}

impl<'a> Number<'a> {
    fn read(text: &'a str, first: usize) -> Self {
        let mut groups = Vec::new();
        let mut at = first;
        loop {
            let len = text[at..]
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(text.len() - at);
            groups.push(Span {
                start: at,
                end: at + len,
            });
            at += len;
            let gap = gap_bytes(&text[at..]);
            let more = text[at + gap..].starts_with(|c: char| c.is_ascii_digit());
            if gap == 0 || !more || groups.len() == MAX_GROUPS {
                break;
            }
            at += gap;
        }
        let before = text[..first].trim_end_matches('(');
        let plus = before.ends_with('+') && first - before.len() < 2;
        let start = if plus {
            before.len() - 1
        } else {
            before.len().max(first.saturating_sub(1))
        };
        Self {
            text,
            groups,
            plus,
            start,
        }
    }

    /// No letter, sign or further digit belongs to it.
    fn stands_alone(&self, end: usize) -> bool {
        let before = self.text[..self.start].chars().next_back();
        let after = self.text[end..].chars().next();
        let part = |c: char| {
            c.is_alphanumeric()
                || matches!(c, '_' | '#' | '$' | '€' | '£' | '¥' | '+' | '-' | '.' | '@')
        };
        !before.is_some_and(part)
            && !after.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '%' | '@'))
    }

    fn digits(&self, groups: &[Span]) -> String {
        groups.iter().map(|group| group.of(self.text)).collect()
    }

    /// What stands between these groups, each time.
    fn gaps(&self, groups: &[Span]) -> Vec<&'a str> {
        groups
            .windows(2)
            .map(|pair| &self.text[pair[0].end..pair[1].start])
            .collect()
    }

    fn digit_count(&self) -> usize {
        self.groups
            .iter()
            .map(|group| group.end - group.start)
            .sum()
    }

    fn lengths(&self) -> Vec<usize> {
        self.groups
            .iter()
            .map(|group| group.end - group.start)
            .collect()
    }

    fn card(&self) -> Option<Sensitive> {
        let windows = (0..self.groups.len()).flat_map(|from| {
            (from + 1..=self.groups.len())
                .rev()
                .map(move |to| (from, to))
        });
        windows
            .map(|(from, to)| &self.groups[from..to])
            .find_map(|groups| {
                let gaps = self.gaps(groups);
                let even = gaps
                    .iter()
                    .all(|gap| *gap == gaps[0] && matches!(*gap, " " | "-" | "\u{A0}"));
                let digits = self.digits(groups);
                let card = even && is_card(&digits) && luhn(&digits);
                card.then(|| {
                    Sensitive::new(
                        SensitiveKind::Card,
                        groups[0].start,
                        groups[groups.len() - 1].end,
                    )
                })
            })
    }

    fn ssn(&self) -> Option<Sensitive> {
        let (first, last) = (self.groups[0], self.groups[self.groups.len() - 1]);
        let digits = self.digits(&self.groups);
        let written = self.lengths() == [3, 2, 4] && self.gaps(&self.groups) == ["-", "-"];
        let named =
            digits.len() == 9 && named_before(self.text, first.start, WORD_REACH_BYTES, SSN_WORDS);
        // Area 000, 666 and 9xx, group 00 and serial 0000 are never issued.
        let issued = (written || named)
            && !matches!(&digits[..3], "000" | "666")
            && !digits.starts_with('9')
            && &digits[3..5] != "00"
            && &digits[5..] != "0000";
        issued.then(|| Sensitive::new(SensitiveKind::Ssn, first.start, last.end))
    }

    fn phone(&self, end: usize) -> Option<Sensitive> {
        let digits = self.digits(&self.groups);
        let lengths = self.lengths();
        let gaps = self.gaps(&self.groups);
        let international = self.plus && (8..=15).contains(&digits.len());
        let american = match *lengths.as_slice() {
            [3, 3, 4] => true,
            [1, 3, 3, 4] => digits.starts_with('1'),
            _ => false,
        } && {
            let local = &digits[digits.len() - 10..];
            !local.starts_with(['0', '1'])
                && !local[3..].starts_with(['0', '1'])
                && gaps.iter().all(|gap| *gap != " (")
        } && (gaps.iter().any(|gap| *gap != " ")
            || self.start < self.groups[0].start);
        let trunk = digits.starts_with('0')
            && !digits.starts_with("00")
            && (9..=12).contains(&digits.len())
            && (2..=5).contains(&lengths.len())
            && (3..=5).contains(&lengths[0])
            && lengths.iter().all(|&len| len > 1)
            && gaps
                .iter()
                .all(|gap| matches!(*gap, " " | "-" | "/" | " / " | " - "));
        let named = (MIN_DIGITS..=15).contains(&digits.len())
            && named_before(self.text, self.start, WORD_REACH_BYTES, PHONE_WORDS);
        (international || american || trunk || named)
            .then(|| Sensitive::new(SensitiveKind::Phone, self.start, end))
    }
}

/// Bytes of a separator that numbers are grouped with, at most three characters.
fn gap_bytes(text: &str) -> usize {
    let separators = |c: &char| {
        matches!(
            c,
            ' ' | '-' | '.' | '/' | '(' | ')' | '\u{A0}' | '\u{202F}' | '\u{2010}' | '\u{2011}'
        )
    };
    text.chars()
        .take(4)
        .take_while(separators)
        .take(3)
        .map(char::len_utf8)
        .sum()
}

/// Issuer ranges and lengths of the card networks.
fn is_card(digits: &str) -> bool {
    let number = |len: usize| {
        digits
            .get(..len)
            .and_then(|d| d.parse::<u32>().ok())
            .unwrap_or_default()
    };
    let same = digits.bytes().all(|b| Some(b) == digits.bytes().next());
    !same
        && match digits.len() {
            13 => number(1) == 4,
            14 => matches!(number(2), 36 | 38 | 39) || (300..=305).contains(&number(3)),
            15 => matches!(number(2), 34 | 37),
            16 => {
                number(1) == 4
                    || (51..=55).contains(&number(2))
                    || (2221..=2720).contains(&number(4))
                    || matches!(number(2), 62 | 65)
                    || number(4) == 6011
                    || (644..=649).contains(&number(3))
                    || (3528..=3589).contains(&number(4))
            }
            17..=19 => number(2) == 62,
            _ => false,
        }
}

fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, b)| {
            let digit = u32::from(b - b'0');
            if i % 2 == 0 {
                digit
            } else {
                digit * 2 / 10 + digit * 2 % 10
            }
        })
        .sum();
    sum.is_multiple_of(10)
}
