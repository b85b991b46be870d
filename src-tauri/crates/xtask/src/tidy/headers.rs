//! Every Rust file opens with `//!`. Whether the words are good is for a
//! reader; only their presence is checked here.

use crate::files::TreeFile;
use crate::finding::Finding;

/// Finds Rust files whose first line is no module documentation.
pub(super) fn check(file: &TreeFile) -> Vec<Finding> {
    let Some(text) = file.text.as_deref().filter(|_| file.ends_with(".rs")) else {
        return Vec::new();
    };
    let opens_well = text.lines().next().is_some_and(|line| {
        line.strip_prefix("//!")
            .is_some_and(|words| words.len() > 1)
    });
    if opens_well {
        return Vec::new();
    }
    vec![Finding::error(
        &file.path,
        1,
        "the file does not open with `//!`",
        "whoever opens a file must learn at once what it is for",
        "say in its first lines what lives here and what must never live here",
    )]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::text_file;

    #[test]
    fn a_file_must_say_what_it_is() {
        assert!(check(&text_file("a.rs", "//! Nouns.\nfn a() {}\n")).is_empty());
        assert!(check(&text_file("a.ts", "export {}\n")).is_empty());
        for bad in ["fn a() {}\n", "", "//!\nfn a() {}\n", "// Nouns.\n"] {
            assert_eq!(check(&text_file("a.rs", bad)).len(), 1, "{bad:?}");
        }
    }
}
