//! How long a file may be. The length of a function is clippy's to watch.

use crate::files::TreeFile;
use crate::finding::Finding;
use crate::rust_text::{is_test_file, lines_without_tests};
use crate::tidy::is_generated;

/// Lines of a Rust file, without its tests, above which it is too much for one reading.
const RUST_WARN_LINES: usize = 400;
/// Lines of a Rust file, without its tests, that nobody reads any more.
const RUST_MAX_LINES: usize = 600;
/// The same for TypeScript.
const TYPESCRIPT_WARN_LINES: usize = 300;
const TYPESCRIPT_MAX_LINES: usize = 400;
/// Lines of a file of tests, or of code and tests together.
const WITH_TESTS_WARN_LINES: usize = 600;

const WHY: &str = "a file is read in one go; a longer one holds more than one thing";

/// Finds files over their budget.
pub(super) fn check(file: &TreeFile) -> Vec<Finding> {
    let Some(text) = file.text.as_deref().filter(|_| !is_generated(file)) else {
        return Vec::new();
    };
    let all = text.lines().count();
    if file.ends_with(".rs") {
        let own = if is_test_file(&file.path) {
            0
        } else {
            lines_without_tests(text)
        };
        return budget(file, own, all, RUST_WARN_LINES, RUST_MAX_LINES);
    }
    if file.ends_with(".ts") || file.ends_with(".tsx") {
        let is_test = file.name().contains(".test.");
        let own = if is_test { 0 } else { all };
        return budget(file, own, all, TYPESCRIPT_WARN_LINES, TYPESCRIPT_MAX_LINES);
    }
    Vec::new()
}

fn budget(file: &TreeFile, own: usize, all: usize, warn: usize, max: usize) -> Vec<Finding> {
    let split = "split it by what its parts are about";
    if own > max {
        let what = format!("{own} lines, the most is {max}");
        return vec![Finding::error(&file.path, None, what, WHY, split)];
    }
    if own > warn {
        let what = format!("{own} lines, more than {warn} need a reason");
        return vec![Finding::error(&file.path, None, what, WHY, split).into_warning()];
    }
    if all > WITH_TESTS_WARN_LINES {
        let what = format!("{all} lines with its tests, more than {WITH_TESTS_WARN_LINES}");
        let fix = "move the tests to a `tests.rs` beside it, or split them by behaviour";
        return vec![Finding::error(&file.path, None, what, WHY, fix).into_warning()];
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Weight;
    use crate::tidy::text_file;

    #[track_caller]
    fn weights(path: &str, text: &str, expected: &[Weight]) {
        let found: Vec<_> = check(&text_file(path, text))
            .iter()
            .map(|finding| finding.weight)
            .collect();
        assert_eq!(found, expected, "{path}");
    }

    #[test]
    fn budgets_are_those_of_the_style_page() {
        weights("a.rs", &"x\n".repeat(400), &[]);
        weights("a.rs", &"x\n".repeat(401), &[Weight::Warning]);
        weights("a.rs", &"x\n".repeat(601), &[Weight::Error]);
        weights("ui/a.tsx", &"x\n".repeat(300), &[]);
        weights("ui/a.tsx", &"x\n".repeat(301), &[Weight::Warning]);
        weights("ui/a.ts", &"x\n".repeat(401), &[Weight::Error]);
        weights("notes.md", &"x\n".repeat(5000), &[]);
    }

    #[test]
    fn tests_have_their_own_budget() {
        let tests = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", "    x\n".repeat(300));
        weights("a.rs", &format!("{}{tests}", "x\n".repeat(200)), &[]);
        weights(
            "a.rs",
            &format!("{}{tests}", "x\n".repeat(399)),
            &[Weight::Warning],
        );
        weights("tests/it/a.rs", &"x\n".repeat(601), &[Weight::Warning]);
        weights("ui/a.test.ts", &"x\n".repeat(500), &[]);
    }

    #[test]
    fn what_a_tool_wrote_is_nobodys_reading() {
        weights("ui/src/ipc/generated.ts", &"x\n".repeat(5000), &[]);
        weights("ui/src/routeTree.gen.ts", &"x\n".repeat(5000), &[]);
    }
}
