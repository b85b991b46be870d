//! What a server says with 401 and 403 in `WWW-Authenticate` (RFC 9110, 6750 and 9728).
//!
//! Never here: what is done about it (`session`).

use http::{HeaderMap, header::WWW_AUTHENTICATE};

use crate::scopes::Scopes;

/// Most bytes of one such header that are read.
const MAX_CHALLENGE_BYTES: usize = 8 * 1024;
/// What a server says that wants a token for more.
const INSUFFICIENT: &str = "insufficient_scope";

/// What a server asks for.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Challenge {
    /// Where it says who authorizes for it.
    pub(crate) resource_metadata: Option<String>,
    /// What the token must be for.
    pub(crate) scopes: Scopes,
    /// What is wrong with the token that it had.
    error: Option<String>,
}

impl Challenge {
    /// Of the headers of an answer. One that asks for no bearer token is empty.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let mut found = Self::default();
        for value in headers.get_all(WWW_AUTHENTICATE) {
            let Ok(text) = value.to_str() else { continue };
            if text.len() > MAX_CHALLENGE_BYTES {
                continue;
            }
            for (name, value) in bearer_parameters(text) {
                match name.as_str() {
                    "resource_metadata" => _ = found.resource_metadata.get_or_insert(value),
                    "scope" if found.scopes.is_empty() => found.scopes = Scopes::parse(&value),
                    "error" => _ = found.error.get_or_insert(value),
                    _ => {}
                }
            }
        }
        found
    }

    /// Whether it wants a token for more than the one that it was shown.
    #[must_use]
    pub fn wants_more(&self) -> bool {
        self.error.as_deref() == Some(INSUFFICIENT)
    }
}

/// The parameters of the challenges for a bearer token in one header, names in small letters.
fn bearer_parameters(text: &str) -> Vec<(String, String)> {
    let mut rest = text;
    let (mut found, mut is_bearer) = (Vec::new(), false);
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let end = rest.find([' ', '\t', ',', '=']).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        if word.is_empty() {
            // An `=` without a name before it: nothing that could be read.
            return found;
        }
        let trimmed = after.trim_start_matches([' ', '\t']);
        match trimmed.strip_prefix('=') {
            Some(value) => {
                let value = value.trim_start_matches([' ', '\t']);
                let Some((value, after)) = parameter_value(value) else {
                    return found;
                };
                if is_bearer {
                    found.push((word.to_ascii_lowercase(), value));
                }
                rest = after;
            }
            None => {
                is_bearer = word.eq_ignore_ascii_case("bearer");
                rest = after;
            }
        }
    }
}

/// A value, quoted or plain, and what follows it.
fn parameter_value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([' ', '\t', ',']).unwrap_or(text.len());
        let (value, after) = text.split_at(end);
        // The padding of a `token68` is no value; it belongs to no parameter that is looked for.
        return Some((value.to_owned(), after));
    };
    let mut value = String::new();
    let mut signs = quoted.char_indices();
    while let Some((at, sign)) = signs.next() {
        match sign {
            '"' => return Some((value, quoted.get(at + 1..).unwrap_or_default())),
            '\\' => value.push(signs.next()?.1),
            _ => value.push(sign),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn of(values: &[&str]) -> Challenge {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(WWW_AUTHENTICATE, HeaderValue::from_str(value).unwrap());
        }
        Challenge::of(&headers)
    }

    #[test]
    fn what_a_server_asks_for_is_read() {
        let whole = of(&[
            r#"Bearer error="insufficient_scope", scope="a b", resource_metadata="https://x.example/.well-known/oauth-protected-resource", error_description="say \"more\", please""#,
        ]);
        assert_eq!(
            whole,
            Challenge {
                resource_metadata: Some(
                    "https://x.example/.well-known/oauth-protected-resource".to_owned()
                ),
                scopes: Scopes::parse("a b"),
                error: Some("insufficient_scope".to_owned()),
            }
        );
        assert!(whole.wants_more());
    }

    #[test]
    fn other_ways_in_are_passed_over() {
        let mixed = of(&[
            r#"Basic realm="scope=no", Digest scope="no""#,
            r#"Negotiate abc==, bearer scope = one ,resource_metadata="u", Basic scope="no""#,
        ]);
        assert_eq!(mixed.scopes, Scopes::parse("one"));
        assert_eq!(mixed.resource_metadata.as_deref(), Some("u"));
        assert!(!mixed.wants_more());
    }

    #[test]
    fn what_makes_no_sense_ends_the_reading() {
        for broken in [
            "",
            "=",
            "Bearer =",
            "Bearer scope=\"open",
            "Bearer scope=\"open\\",
            "Bearer",
            ",,,",
        ] {
            assert_eq!(of(&[broken]), Challenge::default(), "{broken}");
        }
        let long = format!("Bearer scope=\"{}\"", "x ".repeat(MAX_CHALLENGE_BYTES));
        assert_eq!(of(&[&long]), Challenge::default());
    }
}
