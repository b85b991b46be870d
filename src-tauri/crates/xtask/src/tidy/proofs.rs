//! A paper that names a test as its proof names one that is there.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::files::TreeFile;
use crate::finding::Finding;
use crate::pattern::{Pattern, compile};

/// A name of four words or more in code marks: in the papers only tests are called so.
static NAMED: Pattern = LazyLock::new(|| compile(r"`([a-z][a-z0-9]*(?:_[a-z0-9]+){3,})`"));
/// Whatever a source file names: functions, columns, fields.
static WORD: Pattern = LazyLock::new(|| compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+){3,}\b"));
/// A function of Rust.
static FUNCTION: Pattern = LazyLock::new(|| compile(r"\bfn ([a-z][a-z0-9]*(?:_[a-z0-9]+){3,})\b"));

/// Whose promises are proved by tests alone.
const PROMISES: &str = "README.md";

/// Finds names that nothing in the source bears.
pub(super) fn check(files: &[TreeFile]) -> Vec<Finding> {
    let (mut functions, mut words) = (BTreeSet::new(), BTreeSet::new());
    for text in files
        .iter()
        .filter(|file| is_source(&file.path))
        .filter_map(|file| file.text.as_deref())
    {
        functions.extend(
            FUNCTION
                .captures_iter(text)
                .map(|found| found[1].to_owned()),
        );
        words.extend(WORD.find_iter(text).map(|found| found.as_str().to_owned()));
    }
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| is_paper(&file.path)) {
        let known = if file.path == PROMISES {
            &functions
        } else {
            &words
        };
        for (number, line) in file.text.as_deref().unwrap_or_default().lines().enumerate() {
            let missing = NAMED.captures_iter(line).map(|found| found[1].to_owned());
            findings.extend(missing.filter(|name| !known.contains(name)).map(|name| {
                Finding::error(
                    file.path.clone(),
                    number + 1,
                    format!("`{name}` is nowhere in the source"),
                    "a proof that is not there proves nothing",
                    "name the test as it is called now, or take the promise back",
                )
            }));
        }
    }
    findings
}

fn is_source(path: &str) -> bool {
    [".rs", ".ts", ".tsx", ".mjs", ".sql"]
        .iter()
        .any(|end| path.ends_with(end))
}

fn is_paper(path: &str) -> bool {
    path == PROMISES || path.starts_with("specs/") && path.ends_with(".md")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::text_file;

    #[test]
    fn a_promise_needs_its_test_and_a_paper_any_name_that_is_there() {
        let found = check(&[
            text_file(
                "src-tauri/crates/engine/src/a.rs",
                "fn nothing_leaves_too_early() {}\n// max_posts_per_day\n",
            ),
            text_file(
                "README.md",
                "| a | `nothing_leaves_too_early` |\n| b | `max_posts_per_day` |\n",
            ),
            text_file(
                "specs/technical.md",
                "`max_posts_per_day`, `short_name`, `nothing_of_the_kind`\n",
            ),
        ]);
        let places: Vec<_> = found
            .iter()
            .map(|finding| (finding.file.as_str(), finding.line))
            .collect();
        assert_eq!(
            places,
            [("README.md", Some(2)), ("specs/technical.md", Some(1))]
        );
    }
}
