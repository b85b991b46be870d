//! Personal data that is written with digits: telephone, social security and card numbers.
//!
//! Never here: amounts, dates and ids, which are what most numbers are.

use super::{Sensitive, SensitiveKind, named_before, signs::digit, within};
use crate::{scripts::Script, span::Span};

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
    while let Some(first) = text[at..].find(is_digit).map(|i| at + i) {
        let mut number = Number::read(text, first);
        at = number.end();
        // What a letter follows is no part of it: "4111-8abc".
        while number.groups.len() > 1 && !number.stands_alone(number.end()) {
            number.groups.pop();
        }
        let end = number.end();
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
                .find(|c: char| !is_digit(c))
                .unwrap_or(text.len() - at);
            groups.push(Span {
                start: at,
                end: at + len,
            });
            at += len;
            let gap = gap_bytes(&text[at..]);
            let more = text[at + gap..].starts_with(is_digit);
            if gap == 0 || !more || groups.len() == MAX_GROUPS {
                break;
            }
            at += gap;
        }
        let before = text[..first].trim_end_matches(['(', '（']);
        let opening = &text[before.len()..first];
        let plus = before
            .chars()
            .next_back()
            .filter(|c| matches!(c, '+' | '＋') && opening.chars().count() < 2);
        let start = match plus {
            Some(plus) => before.len() - plus.len_utf8(),
            None => first - opening.chars().next_back().map_or(0, char::len_utf8),
        };
        let plus = plus.is_some();
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
        // Chinese and Japanese put no blank around a number.
        let letter = |c: char| c.is_alphanumeric() && Script::of(c) != Script::EastAsian;
        let part = |c: char| {
            letter(c) || matches!(c, '_' | '#' | '$' | '€' | '£' | '¥' | '+' | '-' | '.' | '@')
        };
        !before.is_some_and(part)
            && !after.is_some_and(|c| letter(c) || matches!(c, '_' | '%' | '@'))
    }

    fn end(&self) -> usize {
        self.groups.last().map_or(self.start, |group| group.end)
    }

    /// The digits of these groups by their value, whatever script they are of.
    fn digits(&self, groups: &[Span]) -> String {
        groups
            .iter()
            .flat_map(|group| group.of(self.text).chars())
            .filter_map(digit)
            .collect()
    }

    /// What stands between these groups, each time, as ASCII has it.
    fn gaps(&self, groups: &[Span]) -> Vec<String> {
        groups
            .windows(2)
            .map(|pair| {
                let gap = self.text[pair[0].end..pair[1].start].chars();
                gap.filter_map(separator).collect()
            })
            .collect()
    }

    /// Whether a plain blank and nothing else stands between all groups.
    fn is_spaced(&self) -> bool {
        self.groups
            .windows(2)
            .all(|pair| &self.text[pair[0].end..pair[1].start] == " ")
    }

    fn digit_count(&self) -> usize {
        self.lengths().iter().sum()
    }

    fn lengths(&self) -> Vec<usize> {
        self.groups
            .iter()
            .map(|group| group.of(self.text).chars().count())
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
                    .all(|gap| *gap == gaps[0] && matches!(gap.as_str(), " " | "-" | "."));
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
        } && (!self.is_spaced() || self.start < self.groups[0].start);
        let trunk = digits.starts_with('0')
            && !digits.starts_with("00")
            && (9..=12).contains(&digits.len())
            && (2..=5).contains(&lengths.len())
            && (3..=5).contains(&lengths[0])
            && lengths.iter().all(|&len| len > 1)
            && gaps
                .iter()
                .all(|gap| matches!(gap.as_str(), " " | "-" | "/" | " / " | " - "));
        let named = (MIN_DIGITS..=15).contains(&digits.len())
            && !is_years(&digits, &lengths)
            && named_before(self.text, self.start, WORD_REACH_BYTES, PHONE_WORDS);
        (international || american || trunk || named || is_french(&digits, &lengths, &gaps))
            .then(|| Sensitive::new(SensitiveKind::Phone, self.start, end))
    }
}

/// Five pairs, as telephone numbers are written in France; counted on from one to the next they are a list.
fn is_french(digits: &str, lengths: &[usize], gaps: &[String]) -> bool {
    let pairs: Vec<u32> = (0..lengths.len())
        .filter_map(|at| digits.get(2 * at..2 * at + 2)?.parse().ok())
        .collect();
    lengths == [2; 5]
        && (1..10).contains(&pairs[0])
        && gaps
            .iter()
            .all(|gap| *gap == gaps[0] && matches!(gap.as_str(), " " | "." | "-" | "/"))
        && pairs.windows(2).any(|pair| pair[1] != pair[0] + 1)
}

/// From one year to another: 2019–2023.
fn is_years(digits: &str, lengths: &[usize]) -> bool {
    let year = |from: usize| {
        let year = digits.get(from..from + 2);
        year.is_some_and(|century| matches!(century, "19" | "20"))
    };
    lengths == [4, 4] && year(0) && year(4)
}

fn is_digit(c: char) -> bool {
    digit(c).is_some()
}

/// Bytes of a separator that numbers are grouped with, at most three characters.
fn gap_bytes(text: &str) -> usize {
    text.chars()
        .take(4)
        .take_while(|&c| separator(c).is_some())
        .take(3)
        .map(char::len_utf8)
        .sum()
}

/// The separator of ASCII that a character stands for.
fn separator(c: char) -> Option<char> {
    Some(match c {
        ' ' | '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{3000}' => ' ',
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '－' => '-',
        '.' | '．' => '.',
        '/' | '／' => '/',
        '(' | '（' => '(',
        ')' | '）' => ')',
        _ => return None,
    })
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
