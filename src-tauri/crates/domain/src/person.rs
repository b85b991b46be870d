//! By what a person outside is found: identifiers in a form that is compared, and how they are found in and taken out of
//! texts.
//!
//! An identifier is exact: it is found where it stands as a whole, whatever its case and its separators, and nowhere
//! else. Never here: which texts there are (`store`), or what may be erased (`retention`).

use std::ops::Range;

use chimera_canon::{CanonError, Digest};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use unicode_normalization::{UnicodeNormalization, char::canonical_combining_class};

use crate::id::TenantId;

/// Most identifiers of one person.
pub const MAX_IDENTIFIERS: usize = 16;
/// Fewest characters of a name or handle: a shorter one would be found in every other text.
pub const LEAST_CHARS: usize = 3;
/// Most characters of one.
pub const MAX_CHARS: usize = 254;
/// Fewest digits of a telephone number.
const LEAST_DIGITS: usize = 7;
/// Most digits of one (E.164).
const MOST_DIGITS: usize = 15;
/// Tag of the pseudonym under which a person is spoken of.
const PSEUDONYM: &str = "chimera.person.v1";

/// What kind of identifier it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentifierKind {
    /// An e-mail address.
    Email,
    /// A telephone number, by its digits.
    Phone,
    /// A name or a handle, without its `@`.
    Name,
}

/// One exact identifier, normalised.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Identifier {
    /// Of which kind.
    pub kind: IdentifierKind,
    /// Lower case, composed (NFC), one blank between words; a telephone number as its digits alone.
    pub value: String,
}

/// Why a text is no identifier.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum InvalidIdentifier {
    /// Too short or too long.
    #[error(
        "an identifier has {LEAST_CHARS} to {MAX_CHARS} characters, and a telephone number {LEAST_DIGITS} to {MOST_DIGITS} digits"
    )]
    Length,
    /// None, or too many.
    #[error("1 to {MAX_IDENTIFIERS} identifiers are looked for at once")]
    Count,
}

impl Identifier {
    /// Reads an identifier: with an `@` inside an e-mail address, of digits and separators alone a telephone number,
    /// everything else a name or a handle.
    ///
    /// # Errors
    /// When it is too short to be found exactly, or too long.
    pub fn parse(text: &str) -> Result<Self, InvalidIdentifier> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let text: String = words
            .join(" ")
            .to_lowercase()
            .chars()
            .map(plain)
            .nfc()
            .collect();
        let (kind, value) = if let Some(digits) = phone_digits(&text) {
            (IdentifierKind::Phone, digits)
        } else if text.trim_start_matches('@').contains('@') {
            (IdentifierKind::Email, text)
        } else {
            let name = text.trim_start_matches('@').to_owned();
            (IdentifierKind::Name, name)
        };
        let chars = value.chars().count();
        let good = match kind {
            IdentifierKind::Phone => (LEAST_DIGITS..=MOST_DIGITS).contains(&chars),
            IdentifierKind::Email | IdentifierKind::Name => {
                (LEAST_CHARS..=MAX_CHARS).contains(&chars)
            }
        };
        if good {
            Ok(Self { kind, value })
        } else {
            Err(InvalidIdentifier::Length)
        }
    }

    /// Reads a person's identifiers, each once, in order.
    ///
    /// # Errors
    /// When one is none, or there are none or too many.
    pub fn parse_all(texts: &[String]) -> Result<Vec<Self>, InvalidIdentifier> {
        if texts.is_empty() || texts.len() > MAX_IDENTIFIERS {
            return Err(InvalidIdentifier::Count);
        }
        let mut all: Vec<Self> = texts
            .iter()
            .map(|text| Self::parse(text))
            .collect::<Result<_, _>>()?;
        all.sort();
        all.dedup();
        Ok(all)
    }

    /// Where it stands in a text, as a whole.
    fn places(&self, text: &str) -> Vec<Range<usize>> {
        match self.kind {
            IdentifierKind::Phone => numbers(text, &self.value),
            // Also as an address within an address is written.
            IdentifierKind::Email => [&self.value, &self.value.replace('@', "%40")]
                .into_iter()
                .flat_map(|written| words(text, written, false))
                .collect(),
            IdentifierKind::Name => words(text, &self.value, true),
        }
    }
}

/// An apostrophe, a hyphen or an at as a keyboard has it, and a sigma wherever it stands; everything else as it is.
const fn plain(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{2bc}' | '\u{2032}' => '\'',
        '\u{2010}'..='\u{2012}' => '-',
        '\u{ff20}' | '\u{fe6b}' => '@',
        'ς' => 'σ',
        other => other,
    }
}

/// What stands between the digits of one number.
const fn separates(c: char) -> bool {
    matches!(
        c,
        ' ' | '-' | '.' | '/' | '(' | ')' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{2010}'..='\u{2015}' | '\u{202f}' | '\u{2212}'
    )
}

/// The digits of a text that is a telephone number and nothing else.
fn phone_digits(text: &str) -> Option<String> {
    let known = |c: char| c.is_ascii_digit() || c == '+' || separates(c);
    if !text.chars().all(known) || !text.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    Some(text.chars().filter(char::is_ascii_digit).collect())
}

/// The name under which a person is spoken of where no identifier may stand.
///
/// # Errors
/// When there is no canonical form of the identifiers.
pub fn pseudonym(tenant: TenantId, identifiers: &[Identifier]) -> Result<String, CanonError> {
    let digest = Digest::of(PSEUDONYM, &(tenant, identifiers))?;
    Ok(format!("person-{}", &digest.to_hex()[..12]))
}

/// Where any of the identifiers stands, in order, none overlapping.
#[must_use]
pub fn find(text: &str, identifiers: &[Identifier]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = identifiers
        .iter()
        .flat_map(|identifier| identifier.places(text))
        .collect();
    found.sort_by_key(|place| (place.start, std::cmp::Reverse(place.end)));
    let mut kept: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for place in found {
        match kept.last_mut() {
            Some(last) if place.start < last.end => last.end = last.end.max(place.end),
            _ => kept.push(place),
        }
    }
    kept
}

/// The text with `tombstone` in the place of each of them; nothing where none stands.
#[must_use]
pub fn without(text: &str, identifiers: &[Identifier], tombstone: &str) -> Option<String> {
    let places = find(text, identifiers);
    if places.is_empty() {
        return None;
    }
    let mut left = String::with_capacity(text.len());
    let mut at = 0;
    for place in places {
        left.push_str(&text[at..place.start]);
        left.push_str(tombstone);
        at = place.end;
    }
    left.push_str(&text[at..]);
    Some(left)
}

/// The same for every text of a value, names of fields left as they are; whether anything was replaced.
pub fn erase_in(value: &mut Value, identifiers: &[Identifier], tombstone: &str) -> bool {
    match value {
        // A text within a text, such as what a model was asked: quoted once more, its line breaks would be letters.
        Value::String(text) => match erase_in_stored(text, identifiers, tombstone) {
            Some(left) => {
                *text = left;
                true
            }
            None => false,
        },
        Value::Array(items) => erase_in_each(items.iter_mut(), identifiers, tombstone),
        Value::Object(fields) => erase_in_each(fields.values_mut(), identifiers, tombstone),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The same for all of them: none is left out because another had one.
fn erase_in_each<'a>(
    values: impl Iterator<Item = &'a mut Value>,
    identifiers: &[Identifier],
    tombstone: &str,
) -> bool {
    let mut any = false;
    for value in values {
        any |= erase_in(value, identifiers, tombstone);
    }
    any
}

/// The same for a stored text, which may be JSON; nothing where none of them stands in it.
#[must_use]
pub fn erase_in_stored(text: &str, identifiers: &[Identifier], tombstone: &str) -> Option<String> {
    if text.starts_with(['{', '[', '"'])
        && let Ok(mut value) = serde_json::from_str::<Value>(text)
    {
        return erase_in(&mut value, identifiers, tombstone).then(|| value.to_string());
    }
    without(text, identifiers, tombstone)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Places of words, whatever their case and the blanks between them, not within a longer word. After a dot there is
/// another address or handle (`mary.jane`), but a name may begin a sentence there.
fn words(text: &str, wanted: &str, is_name: bool) -> Vec<Range<usize>> {
    let first = wanted.nfd().next();
    let mut found = Vec::new();
    let (mut before, mut before_it): (Option<char>, Option<char>) = (None, None);
    // A line break of quoted text that was cut, and so cannot be read as JSON.
    let mut quoted_break = false;
    let mut free_from = 0;
    for (start, c) in text.char_indices() {
        let begins_a_sentence =
            is_name && (c.is_uppercase() || before_it.is_none_or(|before| !is_word(before)));
        let begins = quoted_break
            || before.is_none_or(|before| !is_word(before) && (before != '.' || begins_a_sentence));
        if start >= free_from
            && begins
            && first_part(c) == first
            && let Some(end) = ends(&text[start..], wanted).map(|len| start + len)
            && text[end..]
                .chars()
                .next()
                .is_none_or(|after| !is_word(after))
        {
            found.push(start..end);
            free_from = end;
        }
        quoted_break = before == Some('\\') && matches!(c, 'n' | 'r' | 't');
        // An accent of its own belongs to its letter.
        if !is_accent(c) {
            (before_it, before) = (before, Some(c));
        }
    }
    found
}

/// How long the beginning of `text` is that says `wanted`, whether a letter and its accent are one sign or two.
fn ends(text: &str, wanted: &str) -> Option<usize> {
    let mut wanted = wanted.nfd().peekable();
    let mut at = 0;
    while let Some(want) = wanted.peek() {
        let rest = text.get(at..)?;
        if *want == ' ' {
            let blank = rest.len() - rest.trim_start().len();
            if blank == 0 {
                return None;
            }
            at += blank;
            wanted.next();
            continue;
        }
        let letter = letter(rest)?;
        let lower = letter.chars().flat_map(char::to_lowercase);
        for part in lower.map(plain).nfd() {
            if wanted.next() != Some(part) {
                return None;
            }
        }
        at += letter.len();
    }
    Some(at)
}

/// The first letter of a text with its accents.
fn letter(text: &str) -> Option<&str> {
    let mut rest = text.char_indices().skip(1);
    let end = rest.find(|(_, c)| !is_accent(*c));
    text.get(..end.map_or(text.len(), |(at, _)| at))
        .filter(|letter| !letter.is_empty())
}

fn is_accent(c: char) -> bool {
    canonical_combining_class(c) != 0
}

/// The first sign of a letter in lower case, taken apart.
fn first_part(c: char) -> Option<char> {
    if c.is_ascii() {
        return Some(c.to_ascii_lowercase());
    }
    c.to_lowercase().map(plain).nfd().next()
}

/// Places of a number by its digits, whatever separators stand between them, not within a longer run of digits.
/// Written without its country's prefix it is another number.
fn numbers(text: &str, wanted: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    // Digits of what may be one number, with their places.
    let mut run: Vec<(usize, u8)> = Vec::new();
    for (at, c) in text.char_indices() {
        match u8::try_from(c) {
            Ok(digit) if digit.is_ascii_digit() => run.push((at, digit)),
            _ if separates(c) => {}
            _ => {
                numbers_in(text, &run, wanted.as_bytes(), &mut found);
                run.clear();
            }
        }
    }
    numbers_in(text, &run, wanted.as_bytes(), &mut found);
    found
}

fn numbers_in(text: &str, run: &[(usize, u8)], wanted: &[u8], found: &mut Vec<Range<usize>>) {
    let mut free_from = 0;
    for (first, window) in run.windows(wanted.len()).enumerate() {
        let (Some((begin, _)), Some((end, _))) = (window.first(), window.last()) else {
            continue;
        };
        let same = window.iter().map(|(_, digit)| digit).eq(wanted);
        let beside = |place: Option<usize>| {
            place
                .and_then(|place| run.get(place))
                .map(|(place, _)| *place)
        };
        let before = beside(first.checked_sub(1)).is_some_and(|place| place + 1 == *begin);
        let after = beside(Some(first + wanted.len())) == Some(end + 1);
        if same && !before && !after && *begin >= free_from {
            let plus = text[..*begin].ends_with('+');
            found.push(begin - usize::from(plus)..end + 1);
            free_from = end + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(texts: &[&str]) -> Vec<Identifier> {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        Identifier::parse_all(&texts).unwrap()
    }

    #[test]
    fn identifiers_are_read_by_what_they_are() {
        let read = |text: &str| Identifier::parse(text).map(|one| (one.kind, one.value));
        assert_eq!(
            read(" Jane@Example.ORG ").unwrap(),
            (IdentifierKind::Email, "jane@example.org".to_owned())
        );
        assert_eq!(
            read("+49 (30) 9018-20").unwrap(),
            (IdentifierKind::Phone, "4930901820".to_owned())
        );
        assert_eq!(
            read("@Jane_R").unwrap(),
            (IdentifierKind::Name, "jane_r".to_owned())
        );
        assert_eq!(
            read("Jane   ROE").unwrap(),
            (IdentifierKind::Name, "jane roe".to_owned())
        );
        for bad in ["", "ab", "@x", "123", "1234567890123456", &"x".repeat(255)] {
            assert!(Identifier::parse(bad).is_err(), "{bad}");
        }
        assert!(Identifier::parse_all(&[]).is_err());
        assert_eq!(of(&["@jane", "JANE", "jane"]).len(), 1);
    }

    #[test]
    fn they_are_found_as_a_whole_and_nowhere_else() {
        let cases = [
            (
                "jane",
                "Jane, JANE and @jane; Janet, plain_jane, mary.jane",
                3,
            ),
            ("jane roe", "Jane\n  Roe and Jane Roebuck", 1),
            (
                "jane@example.org",
                "<Jane@Example.org>, xjane@example.org, jane@example.orgs",
                1,
            ),
            (
                "+49 30 901820",
                "call +49 30 901820 or 4930901820, not 49309018201",
                2,
            ),
            (
                "+49 30 901820",
                "901820 4930901820 2026-11-22, 49 30 90182 0",
                2,
            ),
            ("straße", "STRASSE Straße", 1),
            ("ünal", "Frau ÜNAL sagt", 1),
            (
                "theodora quill",
                "brew...Theodora Quill, tap.Theodora Quill, …theodora quill",
                3,
            ),
            (
                "jane@person.example",
                "https://x.example/?by=jane%40person.example",
                1,
            ),
            (
                "+49 30 5557 1234",
                "+49\u{a0}30\u{a0}5557\u{a0}1234 or +49\u{2011}30\u{2013}5557\u{202f}1234",
                2,
            ),
            ("+49\u{2011}30\u{2011}901820", "+49 30 901820", 1),
            ("jean o'neill", "Jean O’Neill and Jean O'Neill", 2),
            ("jean o’neill", "Jean O’Neill and Jean O'Neill", 2),
            ("zoe-anne", "Zoe\u{2011}Anne and Zoe-Anne", 2),
        ];
        for (wanted, text, count) in cases {
            assert_eq!(
                find(text, &of(&[wanted])).len(),
                count,
                "{wanted} in {text}"
            );
        }
    }

    #[test]
    fn an_accent_is_found_as_a_sign_of_its_own_and_as_a_part_of_its_letter() {
        let cases = [
            (
                "zoë",
                "Zoe\u{308} and ZOË, not Zoe or Zoe\u{301} or zoë\u{301}",
                2,
            ),
            ("zoe\u{308}", "Zoe\u{308} and ZOË, not Zoe", 2),
            ("zoe", "Zoe\u{308}, Zoë and e\u{301}zoe", 0),
            (
                "nguyễn",
                "Nguye\u{302}\u{303}n, Nguy\u{1ec5}n, NGUYÊ\u{303}N",
                3,
            ),
            (
                "김민지",
                "\u{1100}\u{1175}\u{11b7}\u{1106}\u{1175}\u{11ab}\u{110c}\u{1175}",
                1,
            ),
            ("νίκος", "ΝΊΚΟΣ Νι\u{301}κος", 2),
            (
                "jane@example.org",
                "jane＠example.org and Jane﹫example.org",
                2,
            ),
            ("jane＠example.org", "jane@example.org", 1),
        ];
        for (wanted, text, count) in cases {
            assert_eq!(
                find(text, &of(&[wanted])).len(),
                count,
                "{wanted} in {text}"
            );
        }
    }

    #[test]
    fn what_is_replaced_leaves_the_rest_as_it_was() {
        let jane = of(&["jane@example.org", "jane"]);
        assert_eq!(
            without("Ask Jane (jane@example.org)!", &jane, "[erased]").unwrap(),
            "Ask [erased] ([erased])!"
        );
        assert_eq!(without("Ask Janet.", &jane, "[erased]"), None);
        let mut value = json!({ "by": "Jane", "tags": ["x", "jane"], "n": 4 });
        assert!(erase_in(&mut value, &jane, "[erased]"));
        assert_eq!(
            value,
            json!({ "by": "[erased]", "tags": ["x", "[erased]"], "n": 4 })
        );
        assert_eq!(
            erase_in_stored(r#"{"by":"J\u0061ne"}"#, &jane, "[erased]").unwrap(),
            r#"{"by":"[erased]"}"#
        );
        let within = json!({ "messages": json!([{ "content": "by\nJane" }]).to_string() });
        assert_eq!(
            erase_in_stored(&within.to_string(), &jane, "#").unwrap(),
            json!({ "messages": json!([{ "content": "by\n#" }]).to_string() }).to_string()
        );
        assert_eq!(
            erase_in_stored(r#"[{"content":"by\nJane", and it was cut"#, &jane, "#").unwrap(),
            r#"[{"content":"by\n#", and it was cut"#
        );
        assert_eq!(
            erase_in_stored("{not json, jane", &jane, "-").unwrap(),
            "{not json, -"
        );
    }

    #[test]
    fn a_pseudonym_is_the_same_for_the_same_and_of_one_tenant() {
        let tenant = |n| TenantId::from_uuid(uuid::Uuid::from_u128(n));
        let name = |n, texts: &[&str]| pseudonym(tenant(n), &of(texts)).unwrap();
        assert_eq!(name(1, &["Jane"]), name(1, &["@jane"]));
        assert_ne!(name(1, &["Jane"]), name(2, &["Jane"]));
        assert!(!name(1, &["Jane"]).contains("jane"));
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_left_and_nothing_else_goes(text in "[a-z@. JjÄÜß0-9+-]{0,80}") {
            let wanted = of(&["jane", "+49 30 901820", "jane@example.org"]);
            if let Some(left) = without(&text, &wanted, "#") {
                proptest::prop_assert!(find(&left, &wanted).is_empty(), "{left}");
            }
        }
    }
}
