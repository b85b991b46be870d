//! What may lie at the top of the tree. Inside the folders it is the rooms'
//! own matter.

use std::collections::BTreeSet;

use crate::files::TreeFile;
use crate::finding::Finding;

/// Folders and files that the architecture names, the licence, and what tools
/// insist on and have no dotted form for.
const TOP_LEVEL: [&str; 14] = [
    "AGENTS.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "deploy",
    "icons",
    "rust-toolchain.toml",
    "skills",
    "specs",
    "src-tauri",
    "tauri.conf.json",
    "tests",
    "ui",
];

/// Finds entries at the top level that have no place there.
pub(super) fn check(files: &[TreeFile]) -> Vec<Finding> {
    let tops: BTreeSet<&str> = files
        .iter()
        .filter_map(|file| file.path.split('/').next())
        .collect();
    tops.into_iter()
        .filter(|top| !top.starts_with('.') && !TOP_LEVEL.contains(top))
        .map(|top| {
            Finding::error(
                top,
                None,
                "an entry at the top of the tree that the architecture does not name",
                "the top level is the first thing a newcomer reads; it names the rooms and nothing else",
                "move it into the room it belongs to, or use the tool's dotted form",
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::text_file;

    #[test]
    fn only_the_named_rooms_and_dotted_files_lie_at_the_top() {
        let files = [
            "README.md",
            ".deny.toml",
            "ui/src/a.ts",
            "scripts/x.sh",
            "notes.md",
        ]
        .map(|path| text_file(path, ""));
        let found: Vec<_> = check(&files)
            .into_iter()
            .map(|finding| finding.file)
            .collect();
        assert_eq!(found, ["notes.md", "scripts"]);
    }
}
