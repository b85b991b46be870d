//! Regular expressions that are constants of this program. Patterns that come
//! from outside never pass through here.

use std::sync::LazyLock;

use regex::Regex;

/// A constant pattern, compiled at its first use.
pub(crate) type Pattern = LazyLock<Regex>;

/// Compiles a constant pattern.
#[expect(
    clippy::expect_used,
    reason = "every pattern is a constant that a test of its module runs"
)]
pub(crate) fn compile(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern is well-formed")
}
