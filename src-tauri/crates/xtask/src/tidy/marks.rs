//! Marks of unfinished or switched-off work, and lints silenced without a word.
//! What clippy denies by itself is named again only where clippy does not look.

use std::sync::LazyLock;

use crate::files::TreeFile;
use crate::finding::Finding;
use crate::pattern::{Pattern, compile};
use crate::rust_text::blank;

struct Mark {
    pattern: Pattern,
    what: &'static str,
    why: &'static str,
    fix: &'static str,
}

static RUST_MARKS: [Mark; 3] = [
    Mark {
        pattern: LazyLock::new(|| compile(r"#\[\s*ignore\b")),
        what: "an ignored test",
        why: "a test that does not run proves nothing and looks as if it did",
        fix: "make it run, or remove it",
    },
    Mark {
        pattern: LazyLock::new(|| compile(r"\b(todo|unimplemented)!")),
        what: "unfinished code",
        why: "main never holds a promise in place of a behaviour",
        fix: "finish it, or leave the whole thing out and say so",
    },
    Mark {
        pattern: LazyLock::new(|| compile(r"#!?\[\s*allow\s*\(")),
        what: "a lint silenced with `allow`",
        why: "an exception must explain itself and vanish when it is needed no more",
        fix: "write `#[expect(lint, reason = \"…\")]`",
    },
];

static TYPESCRIPT_MARKS: [Mark; 2] = [
    Mark {
        pattern: LazyLock::new(|| compile(r"\b(it|test|describe)\.(skip|only|todo|fails)\b")),
        what: "a test switched off, or all others switched off",
        why: "a test that does not run proves nothing and looks as if it did",
        fix: "make it run, or remove it",
    },
    Mark {
        pattern: LazyLock::new(|| compile(r"@ts-(ignore|nocheck)\b")),
        what: "a type error silenced",
        why: "the types are the contract with the other side",
        fix: "mend the type; where a library is wrong, `@ts-expect-error` with the reason",
    },
];

/// Finds such marks in code; prose and strings are left alone in Rust.
pub(super) fn check(file: &TreeFile) -> Vec<Finding> {
    let Some(text) = file.text.as_deref() else {
        return Vec::new();
    };
    if file.ends_with(".rs") {
        find(file, &blank(text), &RUST_MARKS)
    } else if file.ends_with(".ts") || file.ends_with(".tsx") {
        find(file, text, &TYPESCRIPT_MARKS)
    } else {
        Vec::new()
    }
}

fn find(file: &TreeFile, text: &str, marks: &[Mark]) -> Vec<Finding> {
    let numbered = text.lines().zip(1..);
    numbered
        .flat_map(|(line, number)| {
            marks
                .iter()
                .filter(|mark| mark.pattern.is_match(line))
                .map(move |mark| Finding::error(&file.path, number, mark.what, mark.why, mark.fix))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::text_file;

    #[track_caller]
    fn lines(path: &str, text: &str, expected: &[usize]) {
        let found: Vec<_> = check(&text_file(path, text))
            .iter()
            .filter_map(|finding| finding.line)
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn marks_in_code_are_found() {
        lines(
            "a.rs",
            "#[test]\n#[ignore]\nfn a() {\n    todo!()\n}\n",
            &[2, 4],
        );
        lines(
            "a.rs",
            "#[ignore = \"slow\"]\nfn b() { unimplemented!(\"x\") }\n",
            &[1, 2],
        );
        lines(
            "a.rs",
            "#![allow(dead_code)]\n#[allow(unused)]\nfn a() {}\n",
            &[1, 2],
        );
        lines(
            "a.test.ts",
            "it.skip('x', f)\ndescribe.only('y', g)\n",
            &[1, 2],
        );
        lines("a.tsx", "// @ts-ignore\n", &[1]);
    }

    #[test]
    fn prose_strings_and_reasons_are_left_alone() {
        lines(
            "a.rs",
            "// todo!() is banned\nlet x = \"#[ignore]\";\n#[expect(unused, reason = \"r\")]\n",
            &[],
        );
        lines("a.ts", "it('skips', f)\nconst only = 1\n", &[]);
    }
}
