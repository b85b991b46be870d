//! Cuts a file into front matter and body. Tolerates a byte order mark and CRLF.
//!
//! Never here: what either part says.

use crate::diagnostic::{At, Diagnostic, Findings};

/// Largest file that is read, in bytes.
pub const MAX_FILE_BYTES: usize = 256 * 1024;

/// A file in its two parts, as slices of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Split<'t> {
    /// The YAML between the `---` lines; absent where the file does not start with one.
    pub front: Option<Front<'t>>,
    /// Everything after the closing line, or the whole file.
    pub body: &'t str,
    /// Line on which the body starts, from 1.
    pub body_line: u32,
}

/// The front matter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Front<'t> {
    /// The YAML, without the `---` lines.
    pub yaml: &'t str,
    /// Line on which it starts, from 1.
    pub line: u32,
}

/// Cuts `text` at its `---` lines.
///
/// # Errors
/// `FILE_TOO_LARGE` above [`MAX_FILE_BYTES`]; `FRONT_MATTER_OPEN` where the closing `---` is missing;
/// `FRONT_MATTER_NOT_FIRST` where something stands before the opening one.
pub fn split(text: &str) -> Result<Split<'_>, Diagnostic> {
    if text.len() > MAX_FILE_BYTES {
        return Err(one(
            At::START,
            "FILE_TOO_LARGE",
            format!(
                "the file has {} bytes; at most {MAX_FILE_BYTES} are read",
                text.len()
            ),
            "shorten it: long background belongs into memories, not into this file",
        ));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    if !is_fence(first) {
        return without_front(text);
    }
    let start = first.len();
    let mut at = start;
    for (index, line) in lines.enumerate() {
        let end = at + line.len();
        if is_fence(line) || line.trim_end() == "..." {
            return Ok(Split {
                front: Some(Front {
                    yaml: &text[start..at],
                    line: 2,
                }),
                body: &text[end..],
                body_line: u32::try_from(index + 3).unwrap_or(u32::MAX),
            });
        }
        at = end;
    }
    Err(one(
        At::START,
        "FRONT_MATTER_OPEN",
        "the front matter that starts here is never closed",
        "write a line with only --- after its last key",
    ))
}

fn without_front(text: &str) -> Result<Split<'_>, Diagnostic> {
    let blank = text
        .lines()
        .take_while(|line| line.trim().is_empty())
        .count();
    if blank > 0 && text.lines().nth(blank).is_some_and(is_fence) {
        let line = u32::try_from(blank + 1).unwrap_or(u32::MAX);
        return Err(one(
            At::line(line),
            "FRONT_MATTER_NOT_FIRST",
            "the front matter must start on the first line of the file",
            "delete the empty lines above the ---",
        ));
    }
    Ok(Split {
        front: None,
        body: text,
        body_line: 1,
    })
}

fn is_fence(line: &str) -> bool {
    line.trim_end() == "---"
}

fn one(at: At, code: &'static str, message: impl Into<String>, fix: &str) -> Diagnostic {
    let mut findings = Findings::default();
    findings.error(at, code, message, fix);
    findings.into_list().remove(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_line_endings_and_a_byte_order_mark_give_the_same_parts() {
        for (text, yaml, body) in [
            ("---\nname: A\n---\nBody\n", "name: A\n", "Body\n"),
            (
                "---\r\nname: A\r\n---\r\nBody\r\n",
                "name: A\r\n",
                "Body\r\n",
            ),
            ("\u{feff}--- \nname: A\n...\nBody", "name: A\n", "Body"),
            ("---\nname: A\n---", "name: A\n", ""),
            ("---\n---\n", "", ""),
        ] {
            let parts = split(text).unwrap();
            assert_eq!(parts.front, Some(Front { yaml, line: 2 }), "{text:?}");
            assert_eq!(parts.body, body, "{text:?}");
        }
        assert_eq!(split("---\na: 1\nb: 2\n---\n\nBody").unwrap().body_line, 5);
    }

    #[test]
    fn a_file_without_front_matter_is_all_body() {
        for text in ["", "# SOUL\n\n---\n", "----\nname: A\n"] {
            let parts = split(text).unwrap();
            assert_eq!((parts.front, parts.body), (None, text));
        }
    }

    #[test]
    fn what_cannot_be_cut_says_why() {
        for (text, code, line) in [
            ("---\nname: A\n", "FRONT_MATTER_OPEN", 1),
            ("\n\n---\nname: A\n---\n", "FRONT_MATTER_NOT_FIRST", 3),
            (&*"x".repeat(MAX_FILE_BYTES + 1), "FILE_TOO_LARGE", 1),
        ] {
            let found = split(text).unwrap_err();
            assert_eq!((found.code, found.line), (code, line));
        }
    }
}
