//! Names are nouns of the trade. Words that say nothing (a "manager" of what?)
//! are refused, but for the seeds' own: the manager agent.

use std::sync::LazyLock;

use regex::Regex;

use crate::files::TreeFile;
use crate::finding::Finding;
use crate::pattern::{Pattern, compile};
use crate::rust_text::blank;

/// Endings of type names, and names of files, that carry no meaning.
const EMPTY_WORDS: [&str; 7] = [
    "Manager",
    "Managers",
    "Helper",
    "Helpers",
    "Util",
    "Utils",
    "Processor",
];

/// The manager agent is a rank in the hierarchy of agents, named by the seeds.
const WORDS_OF_THE_SEEDS: [&str; 4] = ["Manager", "Managers", "manager", "managers"];

const WHY: &str = "a name says what a thing is in this trade: Plan, Task, Verdict, Ledger, Grant";
const FIX: &str = "name it for what it holds or decides";

static RUST_TYPE: Pattern =
    LazyLock::new(|| compile(r"\b(?:struct|enum|trait|type|union)\s+([A-Z]\w*)"));

static TYPESCRIPT_TYPE: Pattern =
    LazyLock::new(|| compile(r"\b(?:class|interface|type|enum)\s+([A-Z]\w*)"));

/// Finds types and files with empty names.
pub(super) fn check(file: &TreeFile) -> Vec<Finding> {
    let Some(text) = file.text.as_deref() else {
        return Vec::new();
    };
    let mut findings: Vec<Finding> = file_name(file).into_iter().collect();
    if file.ends_with(".rs") {
        findings.extend(types(file, &blank(text), &RUST_TYPE));
    } else if file.ends_with(".ts") || file.ends_with(".tsx") {
        findings.extend(types(file, text, &TYPESCRIPT_TYPE));
    }
    findings
}

fn types(file: &TreeFile, text: &str, declaration: &Regex) -> Vec<Finding> {
    let numbered = text.lines().zip(1..);
    numbered
        .flat_map(|(line, number)| {
            declaration
                .captures_iter(line)
                .filter_map(|found| found.get(1))
                .map(|name| name.as_str().to_owned())
                .filter(|name| is_empty_name(name))
                .map(move |name| {
                    Finding::error(
                        &file.path,
                        number,
                        format!("the type name `{name}`"),
                        WHY,
                        FIX,
                    )
                })
        })
        .collect()
}

fn is_empty_name(name: &str) -> bool {
    EMPTY_WORDS.iter().any(|word| name.ends_with(word)) && !WORDS_OF_THE_SEEDS.contains(&name)
}

/// Code files and their folders: `helpers.rs`, `utils/`, `string_util.ts`.
fn file_name(file: &TreeFile) -> Option<Finding> {
    let is_code = [".rs", ".ts", ".tsx"]
        .iter()
        .any(|ending| file.ends_with(ending));
    if !is_code {
        return None;
    }
    let empty = file
        .path
        .split('/')
        .map(|part| part.split('.').next().unwrap_or(part))
        .find(|part| {
            let last_word = part
                .rsplit(['_', '-'])
                .next()
                .unwrap_or(part)
                .to_lowercase();
            EMPTY_WORDS
                .iter()
                .any(|word| word.to_lowercase() == last_word)
                && !WORDS_OF_THE_SEEDS.contains(part)
        })?;
    Some(Finding::error(
        &file.path,
        None,
        format!("the name `{empty}` in the path"),
        WHY,
        FIX,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::text_file;

    #[track_caller]
    fn check_lines(path: &str, text: &str, expected: &[Option<usize>]) {
        let found: Vec<_> = check(&text_file(path, text))
            .iter()
            .map(|finding| finding.line)
            .collect();
        assert_eq!(found, expected, "{path}: {text}");
    }

    #[test]
    fn empty_words_are_refused_in_types_and_files() {
        check_lines(
            "a.rs",
            "pub struct SwarmManager;\nenum TextUtil {}\n",
            &[Some(1), Some(2)],
        );
        check_lines("a.ts", "export class FeedProcessor {}\n", &[Some(1)]);
        check_lines("src/helpers.rs", "", &[None]);
        check_lines("ui/src/utils/text.ts", "", &[None]);
        check_lines("src/string_util.rs", "", &[None]);
    }

    #[test]
    fn the_manager_agent_and_ordinary_words_stay() {
        check_lines(
            "src/managers.rs",
            "pub struct Manager;\nstruct ManagerAgent;\nstruct ManagerId;\n",
            &[],
        );
        check_lines(
            "a.rs",
            "struct Utility;\n// struct TaskHelper\nlet s = \"struct XUtil\";\n",
            &[],
        );
        check_lines("specs/helpers.md", "", &[]);
    }
}
