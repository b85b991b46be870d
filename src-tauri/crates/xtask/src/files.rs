//! The files of the checkout: those that git would take, read once. Which of
//! them are right is for the checks to say.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use ignore::WalkBuilder;

/// One file of the tree.
#[derive(Clone, Debug)]
pub(crate) struct TreeFile {
    /// Path below the root, with forward slashes.
    pub(crate) path: String,
    /// The text, or `None` for a binary file.
    pub(crate) text: Option<String>,
}

impl TreeFile {
    /// A file from its bytes; what is not UTF-8 or holds a NUL counts as binary.
    pub(crate) fn new(path: impl Into<String>, bytes: Vec<u8>) -> Self {
        let text = if bytes.contains(&0) {
            None
        } else {
            String::from_utf8(bytes).ok()
        };
        Self {
            path: path.into(),
            text,
        }
    }

    /// True when the name ends so, such as `.rs`.
    pub(crate) fn ends_with(&self, ending: &str) -> bool {
        self.path.ends_with(ending)
    }

    /// File name without folders.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

/// All files below `root` that are not ignored, in the order of their paths.
/// Committed or not makes no difference, so that a check says the same before
/// and after a commit.
pub(crate) fn tree(root: &Path) -> Result<Vec<TreeFile>> {
    let walk = WalkBuilder::new(root)
        .hidden(false)
        .parents(false)
        .git_global(false)
        .require_git(false)
        .filter_entry(|entry| entry.file_name() != ".git")
        .build();
    let mut files = Vec::new();
    for entry in walk {
        let entry = entry.context("walking the tree")?;
        if !entry.file_type().is_some_and(|kind| kind.is_file()) {
            continue;
        }
        let path = entry.path();
        // A file may vanish between the walk and the read while others work.
        let Ok(bytes) = fs::read(path) else { continue };
        let below = path.strip_prefix(root).unwrap_or(path);
        files.push(TreeFile::new(
            below.to_string_lossy().replace('\\', "/"),
            bytes,
        ));
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_is_what_git_would_take() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("target/debug")).unwrap();
        fs::create_dir_all(root.join(".git")).unwrap();
        fs::write(root.join(".gitignore"), "/target\n").unwrap();
        fs::write(root.join("target/debug/x"), "built").unwrap();
        fs::write(root.join(".git/config"), "inner").unwrap();
        fs::write(root.join("a.rs"), "//! a").unwrap();
        fs::write(root.join("b.png"), [0x89, b'P', 0, 1]).unwrap();
        let files = tree(root).unwrap();
        let seen: Vec<_> = files
            .iter()
            .map(|file| (file.path.as_str(), file.text.is_some()))
            .collect();
        assert_eq!(
            seen,
            [(".gitignore", true), ("a.rs", true), ("b.png", false)]
        );
    }
}
