//! Every stable code that the product speaks has its page under `specs/errors/`, and every page a code. What the
//! pages say is written beside the codes in `contract`; here is only looked whether any is forgotten.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::files::TreeFile;
use crate::finding::Finding;
use crate::pattern::{Pattern, compile};
use crate::rust_text::{is_test_file, outside_tests, without_comments};

/// Where the pages lie.
const PAGES: &str = "specs/errors/";
/// Where codes are declared. Being declared is not being used.
const DECLARATIONS: &str = "src-tauri/crates/contract/src/error/";
/// Rooms that are no part of the product.
const WORKSHOPS: [&str; 2] = ["src-tauri/crates/xtask/", "src-tauri/crates/testkit/"];

const ENVIRONMENT: &str = "the name of an environment variable";
const WIRE: &str = "a word of the wire format";

/// Words in that shape that are no codes, each with what it is instead.
const EXCEPTIONS: [(&str, &str); 29] = [
    ("ANTHROPIC_API_KEY", ENVIRONMENT),
    ("AUDIT_SIGNING_KEY", ENVIRONMENT),
    ("DATA_ENCRYPTION_KEY", ENVIRONMENT),
    ("CARGO_MANIFEST_DIR", ENVIRONMENT),
    ("CARGO_PKG_REPOSITORY", ENVIRONMENT),
    ("CARGO_PKG_VERSION", ENVIRONMENT),
    ("CHIMERA_DATA_DIR", ENVIRONMENT),
    ("EXPERIMENTAL_REST_SEARCH_ENABLED", ENVIRONMENT),
    ("GEMINI_API_KEY", ENVIRONMENT),
    ("LC_ALL", ENVIRONMENT),
    ("EMBEDDER_API_KEY", ENVIRONMENT),
    ("MCP_CONFORMANCE_CONTEXT", ENVIRONMENT),
    ("MCP_CONFORMANCE_SCENARIO", ENVIRONMENT),
    ("OPENAI_API_KEY", ENVIRONMENT),
    ("OPENAI_BASE_URL", ENVIRONMENT),
    ("WAYLAND_DISPLAY", ENVIRONMENT),
    ("WEAVIATE_API_KEY", ENVIRONMENT),
    ("WEAVIATE_GRPC_URL", ENVIRONMENT),
    ("WEAVIATE_URL", ENVIRONMENT),
    ("WEBKIT_DISABLE_DMABUF_RENDERER", ENVIRONMENT),
    ("API_KEY_INVALID", WIRE),
    ("CONTENT_GEN", WIRE),
    ("FINISH_REASON_UNSPECIFIED", WIRE),
    ("MALFORMED_FUNCTION_CALL", WIRE),
    ("MAX_TOKENS", WIRE),
    ("REVIEWS_PENDING", WIRE),
    ("SCREAMING_SNAKE_CASE", WIRE),
    ("TOO_MANY_TOOL_CALLS", WIRE),
    ("UNEXPECTED_TOOL_CALL", WIRE),
];

/// A whole string of capitals, digits and underscores.
static LITERAL: Pattern = LazyLock::new(|| compile(r#""([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)""#));
/// A constant by the file that declares it: `request::NOT_FOUND`.
static CONSTANT: Pattern = LazyLock::new(|| compile(r"\b([a-z]+)::([A-Z][A-Z0-9_]+)\b"));
/// A file that is there for tests only.
static TEST_MODULE: Pattern =
    LazyLock::new(|| compile(r"#\[cfg\(test\)\]\s+(?:pub(?:\([a-z]+\))?\s+)?mod\s+(\w+);"));

/// Finds codes without a page, pages without a code, and exceptions that nothing needs.
pub(super) fn check(files: &[TreeFile]) -> Vec<Finding> {
    compare(files, &EXCEPTIONS)
}

fn compare(files: &[TreeFile], exceptions: &[(&str, &str)]) -> Vec<Finding> {
    let pages: BTreeSet<&str> = files.iter().filter_map(page).collect();
    let spoken = spoken(files);
    let is_exception = |word: &str| exceptions.iter().any(|(known, _)| *known == word);
    let pageless = spoken
        .literals
        .iter()
        .filter(|(code, _)| {
            code.contains('_') && !pages.contains(code.as_str()) && !is_exception(code)
        })
        .map(|(code, (file, line))| {
            Finding::error(
                file,
                *line,
                format!("the code `{code}` has no page"),
                "whoever meets a code must be able to look up what it means and what to do",
                "declare it in contract/src/error and run `cargo xtask bindings`; if it is no code, name it in tidy/codes.rs",
            )
        });
    let codeless = pages
        .iter()
        .filter(|code| !spoken.literals.contains_key(**code) && !spoken.constants.contains(**code))
        .map(|code| {
            Finding::error(
                format!("{PAGES}{code}.md"),
                None,
                "a page of a code that nothing speaks",
                "who reads it learns of something that does not happen",
                "take its declaration out of contract/src/error and remove the page",
            )
        });
    let idle = exceptions
        .iter()
        .filter(|(word, _)| pages.contains(word) || !spoken.literals.contains_key(*word))
        .map(|(word, what)| {
            Finding::error(
                "src-tauri/crates/xtask/src/tidy/codes.rs",
                None,
                format!("the exception `{word}` ({what}) is not needed"),
                "an exception must vanish when it is needed no more",
                "remove it from the list",
            )
        });
    pageless.chain(codeless).chain(idle).collect()
}

/// The code that a page is about.
fn page(file: &TreeFile) -> Option<&str> {
    file.path.strip_prefix(PAGES)?.strip_suffix(".md")
}

/// What the product's own code says.
#[derive(Default)]
struct Spoken {
    /// Words that stand there as whole strings, with the first place of each.
    literals: BTreeMap<String, (String, usize)>,
    /// Declared codes that are named by their constants.
    constants: BTreeSet<String>,
}

fn spoken(files: &[TreeFile]) -> Spoken {
    let product = || {
        files.iter().filter(|file| {
            file.path.starts_with("src-tauri/")
                && file.ends_with(".rs")
                && !is_test_file(&file.path)
                && !WORKSHOPS.iter().any(|room| file.path.starts_with(room))
        })
    };
    let areas: BTreeSet<&str> = product()
        .filter_map(|file| file.path.strip_prefix(DECLARATIONS)?.strip_suffix(".rs"))
        .collect();
    let for_tests: BTreeSet<String> = product().flat_map(test_modules).collect();
    let mut spoken = Spoken::default();
    for file in product() {
        let own = |path: &String| file.path.starts_with(path.as_str());
        if file.path.starts_with(DECLARATIONS) || for_tests.iter().any(own) {
            continue;
        }
        let text = without_comments(file.text.as_deref().unwrap_or_default());
        for (number, line) in outside_tests(&text) {
            for found in LITERAL.captures_iter(line) {
                let place = || (file.path.clone(), number);
                spoken
                    .literals
                    .entry(found[1].to_owned())
                    .or_insert_with(place);
            }
            let named = CONSTANT.captures_iter(line);
            spoken.constants.extend(
                named
                    .filter(|found| areas.contains(&found[1]))
                    .map(|found| found[2].to_owned()),
            );
        }
    }
    spoken
}

/// Beginnings of the paths of files that `file` takes in for tests only.
fn test_modules(file: &TreeFile) -> Vec<String> {
    let Some((folder, name)) = file.path.rsplit_once('/') else {
        return Vec::new();
    };
    let below = match name {
        "lib.rs" | "main.rs" | "mod.rs" => folder.to_owned(),
        _ => format!("{folder}/{}", name.trim_end_matches(".rs")),
    };
    let text = file.text.as_deref().unwrap_or_default();
    TEST_MODULE
        .captures_iter(text)
        .flat_map(|found| {
            let module = &found[1];
            [format!("{below}/{module}.rs"), format!("{below}/{module}/")]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::text_file;

    /// The declarations of one code, and one room of the product with `text`.
    fn tree(text: &str, pages: &[&str]) -> Vec<TreeFile> {
        let mut files = vec![
            text_file(
                "src-tauri/crates/contract/src/error/request.rs",
                "codes! { NOT_FOUND: 404 }\nconst A: &str = \"ALSO_DECLARED\";\n",
            ),
            text_file("src-tauri/crates/engine/src/lib.rs", text),
        ];
        files.extend(
            pages
                .iter()
                .map(|code| text_file(&format!("specs/errors/{code}.md"), "")),
        );
        files
    }

    #[track_caller]
    fn finds(files: &[TreeFile], exceptions: &[(&str, &str)], expected: &[(&str, &str)]) {
        let found: Vec<_> = compare(files, exceptions)
            .into_iter()
            .map(|finding| (finding.file, finding.what))
            .collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(file, what)| ((*file).to_owned(), (*what).to_owned()))
            .collect();
        assert_eq!(found, expected);
    }

    const ENGINE: &str = "src-tauri/crates/engine/src/lib.rs";

    #[test]
    fn a_code_wants_a_page_and_a_page_a_code() {
        let text = "fn a() { fail(\"LEASE_LOST\"); say(\"FEED_LATE\"); request::NOT_FOUND }\n";
        finds(
            &tree(text, &["FEED_LATE", "NOT_FOUND", "ALSO_DECLARED", "ANCHOR"]),
            &[],
            &[
                (ENGINE, "the code `LEASE_LOST` has no page"),
                (
                    "specs/errors/ALSO_DECLARED.md",
                    "a page of a code that nothing speaks",
                ),
                (
                    "specs/errors/ANCHOR.md",
                    "a page of a code that nothing speaks",
                ),
            ],
        );
        assert_eq!(compare(&tree(text, &[]), &[])[0].line, Some(1));
    }

    #[test]
    fn a_status_of_the_same_name_is_no_use_of_a_code() {
        finds(
            &tree("fn a() { StatusCode::NOT_FOUND }\n", &["NOT_FOUND"]),
            &[],
            &[(
                "specs/errors/NOT_FOUND.md",
                "a page of a code that nothing speaks",
            )],
        );
    }

    #[test]
    fn prose_tests_and_workshops_speak_no_codes() {
        let text = "// \"IN_PROSE\"\n#[cfg(test)]\npub(crate) mod samples;\n#[cfg(test)]\nmod tests {\n    \"IN_TESTS\"\n}\n";
        let mut files = tree(text, &[]);
        for path in [
            "src-tauri/crates/engine/src/samples.rs",
            "src-tauri/crates/engine/src/samples/one.rs",
            "src-tauri/crates/engine/src/tests/one.rs",
            "src-tauri/crates/testkit/src/lib.rs",
            "src-tauri/crates/xtask/src/main.rs",
            "tests/it/main.rs",
        ] {
            files.push(text_file(path, "\"NOT_SPOKEN\""));
        }
        finds(&files, &[], &[]);
    }

    #[test]
    fn an_exception_counts_as_long_as_it_is_needed() {
        let text = "env(\"THE_HOME\"); env(\"A_CODE\");\n";
        finds(
            &tree(text, &["A_CODE"]),
            &[
                ("THE_HOME", "a variable"),
                ("A_CODE", "a variable"),
                ("LONG_GONE", "a variable"),
            ],
            &[
                (
                    "src-tauri/crates/xtask/src/tidy/codes.rs",
                    "the exception `A_CODE` (a variable) is not needed",
                ),
                (
                    "src-tauri/crates/xtask/src/tidy/codes.rs",
                    "the exception `LONG_GONE` (a variable) is not needed",
                ),
            ],
        );
    }
}
