//! Finds what must not leave or be logged: secrets and personal data, each with its kind.
//!
//! Never here: what happens to a finding (`outbound` reports it, `redact` masks it).

mod credentials;
mod numbers;
mod people;
mod secrets;
mod signs;

use serde::Serialize;

use crate::MAX_TEXT_BYTES;
use crate::span::{self, Span};

pub(crate) use credentials::may_name;
use signs::{Signs, is_id, is_short_and_plain};

/// What kind of secret or personal datum it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SensitiveKind {
    /// A key or token with a known prefix (`sk-…`, `ghp_…`, a JWT).
    ApiKey,
    /// A private key in PEM, or in hexadecimal digits named as a key.
    PrivateKey,
    /// The words of a wallet's seed phrase.
    SeedPhrase,
    /// A value that is named as a password, secret or token.
    Credential,
    /// A long random-looking token of no known kind.
    RandomToken,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A US social security number.
    Ssn,
    /// A bank account number (IBAN) with right check digits.
    Iban,
    /// A payment card number with a right check digit.
    Card,
}

impl SensitiveKind {
    /// Whether it gives access to something; all else is personal data.
    #[must_use]
    pub fn is_secret(self) -> bool {
        self <= Self::RandomToken
    }

    /// The kind in words, for a person.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::ApiKey => "an API key or access token",
            Self::PrivateKey => "a private key",
            Self::SeedPhrase => "a wallet's seed phrase",
            Self::Credential => "a password or other credential",
            Self::RandomToken => "a random-looking token",
            Self::Email => "an e-mail address",
            Self::Phone => "a telephone number",
            Self::Ssn => "a social security number",
            Self::Iban => "a bank account number",
            Self::Card => "a payment card number",
        }
    }
}

/// One place that holds something sensitive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sensitive {
    pub(crate) kind: SensitiveKind,
    pub(crate) span: Span,
    /// Bytes at the start of the place that tell the kind and no secret (`sk-`).
    pub(crate) prefix_bytes: usize,
}

impl Sensitive {
    fn new(kind: SensitiveKind, start: usize, end: usize) -> Self {
        Self {
            kind,
            span: Span { start, end },
            prefix_bytes: 0,
        }
    }

    /// What is shown in its place.
    pub(crate) fn mask(&self, text: &str) -> String {
        match self.kind {
            SensitiveKind::ApiKey => format!("{}****", &self.span.of(text)[..self.prefix_bytes]),
            SensitiveKind::PrivateKey => "[private key]".to_owned(),
            SensitiveKind::SeedPhrase => "[seed phrase]".to_owned(),
            SensitiveKind::Credential | SensitiveKind::RandomToken => "[secret]".to_owned(),
            SensitiveKind::Email => "[email]".to_owned(),
            SensitiveKind::Phone => "[phone]".to_owned(),
            SensitiveKind::Ssn => "[ssn]".to_owned(),
            SensitiveKind::Iban => "[iban]".to_owned(),
            SensitiveKind::Card => "[card]".to_owned(),
        }
    }
}

/// All sensitive places in the first [`MAX_TEXT_BYTES`] of a text, in order, none overlapping;
/// where two kinds claim one place, the more dangerous has it.
pub(crate) fn find(text: &str) -> Vec<Sensitive> {
    if is_short_and_plain(text) || is_id(text) {
        return Vec::new();
    }
    let read = span::head(text, MAX_TEXT_BYTES);
    search(read, Signs::of(read))
}

/// Looks for each kind whose signs the text has.
fn search(text: &str, signs: Signs) -> Vec<Sensitive> {
    let urls = if signs.has(Signs::SCHEME) {
        url_paths(text)
    } else {
        Vec::new()
    };
    let mut found = Vec::new();
    secrets::find(text, signs, &urls, &mut found);
    credentials::find(text, signs, &mut found);
    people::find(text, signs, &mut found);
    if signs.may_hold_numbers() {
        numbers::find(text, &urls, &mut found);
    }
    if found.len() > 1 {
        found = one_for_each_place(found);
    }
    found
}

/// In order, and where two kinds claim one place the more dangerous has it.
fn one_for_each_place(mut found: Vec<Sensitive>) -> Vec<Sensitive> {
    found.sort_by_key(|s| (s.span.start, s.kind));
    let mut kept: Vec<Sensitive> = Vec::with_capacity(found.len());
    for place in found {
        match kept.last_mut() {
            Some(last) if last.span.overlaps(&place.span) => {
                let end = last.span.end.max(place.span.end);
                if place.kind < last.kind {
                    // The prefix is only free to show where it begins the whole place.
                    let prefix_bytes = if place.span.start == last.span.start {
                        place.prefix_bytes
                    } else {
                        0
                    };
                    *last = Sensitive {
                        kind: place.kind,
                        prefix_bytes,
                        span: last.span,
                    };
                }
                last.span.end = end;
            }
            _ => kept.push(place),
        }
    }
    kept
}

/// The scheme, host and path of each URL, whose long numbers and tokens name pages, not secrets.
fn url_paths(text: &str) -> Vec<Span> {
    let schemes = text
        .match_indices("://")
        .filter(|(at, _)| text[..*at].ends_with(|c: char| c.is_ascii_alphabetic()));
    let mut paths: Vec<Span> = Vec::new();
    for (at, _) in schemes {
        if paths.last().is_none_or(|last| last.end <= at) {
            let rest = &text[at..];
            let ends = |c: char| c.is_whitespace() || "?#\"<>`{}|\\^".contains(c);
            let end = at + rest.find(ends).unwrap_or(rest.len());
            paths.push(Span { start: at, end });
        }
    }
    paths
}

/// Whether a place lies in one of these spans, which are in order.
fn within(spans: &[Span], at: usize) -> bool {
    spans
        .get(spans.partition_point(|s| s.end <= at))
        .is_some_and(|s| s.start <= at)
}

/// Whether one of these lower-case words stands in the `reach` bytes before `at`.
fn named_before(text: &str, at: usize, reach: usize, words: &[&str]) -> bool {
    let from = (at.saturating_sub(reach)..=at)
        .find(|&i| text.is_char_boundary(i))
        .unwrap_or(at);
    let before = text[from..at].to_ascii_lowercase();
    words.iter().any(|word| before.contains(word))
}

/// Whether a name, number or token may begin at `at`: nothing that belongs to it stands before.
fn begins(text: &str, at: usize) -> bool {
    text[..at]
        .chars()
        .next_back()
        .is_none_or(|c| !c.is_alphanumeric() && c != '_')
}

/// Whether it may end at `at`.
fn ends(text: &str, at: usize) -> bool {
    text[at..]
        .chars()
        .next()
        .is_none_or(|c| !c.is_alphanumeric() && c != '_')
}

#[cfg(test)]
mod tests;
