//! What a token is asked for: scopes in the order in which they were named, each once, and no more than a bound.
//!
//! Never here: what a scope lets anybody do; only its server knows.

use serde::{Deserialize, Serialize};

/// Most scopes that are asked for at once.
pub(crate) const MAX_SCOPES: usize = 64;
/// Longest scope, in bytes.
const MAX_SCOPE_BYTES: usize = 256;

/// Scopes by name.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub(crate) struct Scopes(Vec<String>);

impl Scopes {
    /// Of a text, parted by spaces. What RFC 6749 knows as no scope is left out.
    pub(crate) fn parse(text: &str) -> Self {
        Self::of(text.split_ascii_whitespace())
    }

    /// Of names.
    pub(crate) fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut scopes = Self::default();
        for name in names {
            scopes.add(name);
        }
        scopes
    }

    /// With those of `other`.
    pub(crate) fn and(&self, other: &Self) -> Self {
        let mut scopes = self.clone();
        for name in &other.0 {
            scopes.add(name);
        }
        scopes
    }

    /// One more.
    pub(crate) fn add(&mut self, name: &str) {
        let is_scope = (1..=MAX_SCOPE_BYTES).contains(&name.len())
            && name
                .bytes()
                .all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e));
        if is_scope && !self.has(name) && self.0.len() < MAX_SCOPES {
            self.0.push(name.to_owned());
        }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|held| held == name)
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As a request has them.
    pub(crate) fn text(&self) -> String {
        self.0.join(" ")
    }

    /// By name.
    pub(crate) fn names(&self) -> &[String] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_keep_their_order_and_occur_once() {
        let scopes = Scopes::parse("b a  b \"q\" ü c");
        assert_eq!(scopes.text(), "b a c");
        assert_eq!(scopes.and(&Scopes::parse("d a")).text(), "b a c d");
    }

    #[test]
    fn a_server_cannot_make_them_grow_without_end() {
        let many: Vec<String> = (0..1_000).map(|n| format!("s{n}")).collect();
        let scopes = Scopes::of(many.iter().map(String::as_str));
        assert_eq!(scopes.names().len(), MAX_SCOPES);
        assert!(Scopes::parse(&"x".repeat(MAX_SCOPE_BYTES + 1)).is_empty());
    }
}
