//! Binary files belong in `icons/`, or are pictures that the README shows.

use crate::files::TreeFile;
use crate::finding::Finding;

/// Finds binary files that are neither icons nor shown by the README.
pub(super) fn check(files: &[TreeFile]) -> Vec<Finding> {
    let readme = files
        .iter()
        .find(|file| file.path == "README.md")
        .and_then(|file| file.text.as_deref())
        .unwrap_or_default();
    files
        .iter()
        .filter(|file| file.text.is_none())
        .filter(|file| !file.path.starts_with("icons/") && !readme.contains(&file.path))
        .map(|file| {
            Finding::error(
                &file.path,
                None,
                "a binary file",
                "a binary cannot be reviewed, and it stays in the history for ever",
                "make it at build or test time; a picture belongs here only when README.md shows it",
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::text_file;

    #[test]
    fn icons_and_shown_pictures_are_welcome() {
        let picture = |path: &str| TreeFile::new(path, vec![0x89, 0]);
        let files = [
            text_file("README.md", "![Review](specs/pictures/review.png)"),
            picture("icons/128x128.png"),
            picture("specs/pictures/review.png"),
            picture("specs/pictures/old.png"),
            picture("tests/data/feed.bin"),
        ];
        let found: Vec<_> = check(&files)
            .into_iter()
            .map(|finding| finding.file)
            .collect();
        assert_eq!(found, ["specs/pictures/old.png", "tests/data/feed.bin"]);
    }
}
