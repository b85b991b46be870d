//! Values that are secret by their name: `password=…`, `Authorization: Bearer …`, the password
//! in a URL.
//!
//! Never here: secrets that are known by themselves (`secrets`).

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::secrets::{is_token_char, not_words, run};
use super::{Sensitive, SensitiveKind, Signs, begins};
use crate::span::{Span, head};

/// Names of values that are secret.
#[rustfmt::skip]
const NAMES: &[&str] = &[
    "password", "passwd", "passphrase", "pwd", "secret", "secret_key", "secret-key", "secretkey",
    "client_secret", "api_key", "api-key", "apikey", "access_key", "access_token", "auth_token",
    "refresh_token", "bearer_token", "token", "private_key", "private-key", "authorization",
    "x-api-key", "sig", "signature", "credential", "credentials",
];
/// How much of an unquoted value decides whether it is an ordinary word, in bytes.
const MAX_JUDGED_BYTES: usize = 128;

static NAME_SEARCH: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .build(NAMES)
        .ok()
});

/// Whether any name of a secret stands in `text`.
pub(crate) fn may_name(text: &str) -> bool {
    NAME_SEARCH.iter().any(|search| search.is_match(text))
}

pub(super) fn find(text: &str, signs: Signs, found: &mut Vec<Sensitive>) {
    if signs.has(Signs::COLON) || signs.has(Signs::EQUALS) {
        named(text, found);
    }
    if signs.has(Signs::SPACE) {
        bearer(text, found);
    }
    if signs.has(Signs::SCHEME | Signs::AT) {
        url_passwords(text, found);
    }
}

/// `password=…`, `"api_key": "…"`, `token: …`: after "=" or in quotes any value, after a bare
/// colon only one that is no ordinary word, because prose has colons too.
fn named(text: &str, found: &mut Vec<Sensitive>) {
    let mut read_to = 0;
    for hit in NAME_SEARCH.iter().flat_map(|search| search.find_iter(text)) {
        if hit.start() >= read_to
            && let Some(value) = value_after(text, hit.end())
        {
            read_to = value.end;
            let place = Sensitive::new(SensitiveKind::Credential, value.start, value.end);
            found.push(place);
        }
    }
}

/// The secret value of the name that ends at `at`, if one follows.
fn value_after(text: &str, at: usize) -> Option<Span> {
    let closed = text[at..].trim_start_matches(['"', '\'', '\\', ']']);
    let sign = closed.trim_start_matches([' ', '\t']).chars().next()?;
    let mut rest = match sign {
        '=' | ':' => {
            closed.trim_start_matches([' ', '\t'])[1..].trim_start_matches(['=', '>', ' ', '\t'])
        }
        _ => return None,
    };
    for scheme in ["Bearer ", "bearer ", "Basic ", "basic ", "Token ", "token "] {
        rest = rest.strip_prefix(scheme).unwrap_or(rest);
    }
    let bare = rest.trim_start_matches('\\');
    let quote = bare.chars().next().filter(|c| matches!(c, '"' | '\''));
    let bare_char = |c: char| !c.is_whitespace() && !"\"'<>,;&)}]".contains(c);
    let coded = |value: &str| {
        value.len() >= 6 && value.contains(|c: char| c.is_ascii_digit() || "!@#$%^*_+~".contains(c))
    };
    let (value, len) = match quote {
        Some(quote) => {
            let value = &bare[1..];
            (value, run(value, |c| c != quote && c != '\n' && c != '\\'))
        }
        None if sign == '=' => (rest, run(rest, bare_char)),
        None => {
            let judged = head(rest, MAX_JUDGED_BYTES);
            let judged = &judged[..run(judged, bare_char)];
            (
                rest,
                if coded(judged) {
                    run(rest, bare_char)
                } else {
                    0
                },
            )
        }
    };
    let start = text.len() - value.len();
    let masked = value[..len].starts_with("[secret")
        || head(&value[..len], MAX_JUDGED_BYTES).contains("****");
    (len >= 4 && !masked).then_some(Span {
        start,
        end: start + len,
    })
}

fn bearer(text: &str, found: &mut Vec<Sensitive>) {
    for (at, word) in text
        .match_indices("Bearer ")
        .chain(text.match_indices("bearer "))
    {
        let start = at + word.len();
        let len = run(&text[start..], |c| {
            is_token_char(c) || matches!(c, '.' | '+' | '/' | '=' | '~')
        });
        let token = text[start..start + len].trim_end_matches('.');
        if token.len() >= 8 && begins(text, at) && not_words(token) {
            found.push(Sensitive::new(
                SensitiveKind::Credential,
                start,
                start + token.len(),
            ));
        }
    }
}

/// The password in `scheme://user:password@host`.
fn url_passwords(text: &str, found: &mut Vec<Sensitive>) {
    for (at, sign) in text.match_indices("://") {
        let start = at + sign.len();
        let authority = &text[start
            ..start
                + run(&text[start..], |c| {
                    !c.is_whitespace() && !"/?#\"<>".contains(c)
                })];
        let Some((user, _)) = authority.rsplit_once('@') else {
            continue;
        };
        if let Some(colon) = user.find(':').filter(|colon| colon + 1 < user.len()) {
            found.push(Sensitive::new(
                SensitiveKind::Credential,
                start + colon + 1,
                start + user.len(),
            ));
        }
    }
}
