//! Reading Rust as text: blanking comments and strings so that a word in prose
//! is not taken for code, and telling tests from the rest. No rule of the house
//! is decided here; that is `tidy`.

/// The same text, same lines, with the insides of comments, strings and
/// character literals replaced by blanks.
pub(crate) fn blank(text: &str) -> String {
    blank_where(text, |_| true)
}

/// The same text, same lines, with the insides of comments replaced by blanks.
pub(crate) fn without_comments(text: &str) -> String {
    blank_where(text, |first| first == '/')
}

/// Blanks the comments and literals whose first sign is one to blank.
fn blank_where(text: &str, is_blanked: impl Fn(char) -> bool) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut plain = String::with_capacity(text.len());
    let mut at = 0;
    while at < letters.len() {
        let end = end_of_opaque(&letters, at).max(at + 1);
        let opaque = end > at + 1 && is_blanked(letters[at]);
        plain.extend(letters[at..end].iter().map(|&letter| match letter {
            letter if letter == '\n' || !opaque => letter,
            _ => ' ',
        }));
        at = end;
    }
    plain
}

/// Where the comment or literal that starts at `at` ends; `at` when none does.
fn end_of_opaque(letters: &[char], at: usize) -> usize {
    let next = |offset: usize| letters.get(at + offset).copied();
    match letters[at] {
        '/' if next(1) == Some('/') => end_of_line(letters, at),
        '/' if next(1) == Some('*') => end_of_block(letters, at),
        '"' => end_of_string(letters, at + 1),
        'r' | 'b' | 'c' if !follows_a_word(letters, at) => end_of_prefixed(letters, at),
        '\'' => end_of_character(letters, at),
        _ => at,
    }
}

fn follows_a_word(letters: &[char], at: usize) -> bool {
    at > 0 && (letters[at - 1].is_alphanumeric() || letters[at - 1] == '_')
}

fn end_of_line(letters: &[char], at: usize) -> usize {
    (at..letters.len())
        .find(|&index| letters[index] == '\n')
        .unwrap_or(letters.len())
}

fn end_of_block(letters: &[char], at: usize) -> usize {
    let mut depth = 0_usize;
    let mut index = at;
    while index + 1 < letters.len() {
        match (letters[index], letters[index + 1]) {
            ('/', '*') => {
                depth += 1;
                index += 2;
            }
            ('*', '/') => {
                depth -= 1;
                index += 2;
                if depth == 0 {
                    return index;
                }
            }
            _ => index += 1,
        }
    }
    letters.len()
}

fn end_of_string(letters: &[char], mut index: usize) -> usize {
    while index < letters.len() {
        match letters[index] {
            '\\' => index += 2,
            '"' => return index + 1,
            _ => index += 1,
        }
    }
    letters.len()
}

/// `r"…"`, `r#"…"#`, `b"…"`, `br#"…"#`, `c"…"`; `at` when it is only a word.
fn end_of_prefixed(letters: &[char], at: usize) -> usize {
    let mut index = at;
    let mut raw = false;
    while let Some(letter @ ('r' | 'b' | 'c')) = letters.get(index) {
        raw |= *letter == 'r';
        index += 1;
    }
    let hashes = letters[index..]
        .iter()
        .take_while(|&&letter| letter == '#')
        .count();
    let quote = index + hashes;
    if letters.get(quote) != Some(&'"') || index - at > 2 || (hashes > 0 && !raw) {
        return at;
    }
    if !raw {
        return end_of_string(letters, quote + 1);
    }
    let closes = |index: usize| {
        letters[index] == '"'
            && letters[index + 1..]
                .iter()
                .take_while(|&&letter| letter == '#')
                .take(hashes)
                .count()
                == hashes
    };
    (quote + 1..letters.len())
        .find(|&index| closes(index))
        .map_or(letters.len(), |index| {
            (index + 1 + hashes).min(letters.len())
        })
}

/// `'x'` and `'\n'` are literals, `'a` in `&'a str` is not.
fn end_of_character(letters: &[char], at: usize) -> usize {
    match letters.get(at + 1) {
        Some('\\') => (at + 3..letters.len())
            .find(|&index| letters[index] == '\'')
            .map_or(letters.len(), |index| index + 1),
        Some(_) if letters.get(at + 2) == Some(&'\'') => at + 3,
        _ => at,
    }
}

/// True for files that hold nothing but tests.
pub(crate) fn is_test_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    path.starts_with("tests/")
        || path.contains("/tests/")
        || name == "tests.rs"
        || name.ends_with("_tests.rs")
        || name.ends_with("_test.rs")
}

/// Lines of a Rust file that are not inside a `#[cfg(test)]` module.
pub(crate) fn lines_without_tests(text: &str) -> usize {
    outside_tests(text).count()
}

/// Those lines with their numbers, from 1. Counts on rustfmt: a module that
/// opens at column 0 closes with a `}` at column 0.
pub(crate) fn outside_tests(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut lines = text.lines().zip(1..).peekable();
    std::iter::from_fn(move || {
        loop {
            let (line, number) = lines.next()?;
            let opens_tests = line.trim_end() == "#[cfg(test)]"
                && lines.peek().is_some_and(|(next, _)| {
                    next.starts_with("mod ") && next.trim_end().ends_with('{')
                });
            if !opens_tests {
                return Some((number, line));
            }
            let _closing = lines.by_ref().find(|(inner, _)| *inner == "}");
        }
    })
}

/// True when a documentation comment holds an example that rustdoc would run.
pub(crate) fn has_doc_tests(text: &str) -> bool {
    let mut inside = false;
    for line in text.lines().map(str::trim_start) {
        let Some(doc) = line
            .strip_prefix("///")
            .or_else(|| line.strip_prefix("//!"))
        else {
            inside = false;
            continue;
        };
        let Some(language) = doc.trim_start().strip_prefix("```") else {
            continue;
        };
        inside = !inside;
        let words = [
            "text", "json", "toml", "yaml", "sql", "sh", "http", "console", "ignore", "mermaid",
        ];
        if inside
            && !words
                .iter()
                .any(|word| language.split(',').any(|part| part.trim() == *word))
        {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: &str) {
        assert_eq!(blank(source), expected);
    }

    #[test]
    fn comments_and_strings_become_blanks() {
        check("a // b\nc", "a     \nc");
        check("a /* b /* c */ d */ e", &format!("a {} e", " ".repeat(17)));
        check("x(\"a\\\"b\") y", "x(      ) y");
        check("r#\"a\"b\"# c", "         c");
        check("br\"a\" c", "      c");
    }

    #[test]
    fn strings_stay_where_only_comments_are_to_go() {
        assert_eq!(
            without_comments("a(\"// b\", 'c') // d \"e\"\nf"),
            "a(\"// b\", 'c')         \nf"
        );
    }

    #[test]
    fn lifetimes_stay_and_characters_go() {
        check("&'a str", "&'a str");
        check(
            "['x', '\\'', '\\u{1b}', b'y']",
            "[   ,     ,         , b   ]",
        );
    }

    #[test]
    fn words_that_end_in_r_or_b_open_no_string() {
        check("for b in r { bar }", "for b in r { bar }");
        check("r#type", "r#type");
    }

    #[test]
    fn only_test_modules_are_not_counted() {
        let text = "a\n#[cfg(test)]\nmod tests {\n    x\n}\nb\n#[cfg(test)]\nmod other;\n";
        assert_eq!(lines_without_tests(text), 4);
        let numbers: Vec<usize> = outside_tests(text).map(|(number, _)| number).collect();
        assert_eq!(numbers, [1, 6, 7, 8]);
    }

    #[test]
    fn test_files_are_known_by_their_place() {
        assert!(is_test_file("tests/it/main.rs"));
        assert!(is_test_file("src-tauri/crates/engine/src/plan/tests.rs"));
        assert!(!is_test_file("src-tauri/crates/testkit/src/lib.rs"));
    }

    #[test]
    fn examples_that_run_are_told_from_pictures() {
        assert!(has_doc_tests(
            "/// Adds.\n/// ```\n/// assert!(true);\n/// ```\n"
        ));
        assert!(has_doc_tests("//! ```rust\n//! f();\n//! ```\n"));
        assert!(!has_doc_tests("/// ```text\n/// a -> b\n/// ```\n"));
        assert!(!has_doc_tests("let fence = \"```\";\n"));
    }
}
