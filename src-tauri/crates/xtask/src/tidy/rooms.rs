//! How large a room may grow. How long one file may be is in `length`.

use std::collections::BTreeMap;

use crate::files::TreeFile;
use crate::finding::Finding;
use crate::rust_text::{is_test_file, lines_without_tests};

/// Lines of a crate, without tests, that one person can still hold in mind.
const MAX_ROOM_LINES: usize = 8_000;

/// Folders of `store` that count by themselves, because each says the same
/// thing in its own dialect.
const DIALECTS: [&str; 2] = ["sqlite", "postgres"];

/// Finds rooms over their budget.
pub(super) fn check(files: &[TreeFile]) -> Vec<Finding> {
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    for file in files.iter().filter(|file| !is_test_file(&file.path)) {
        if let (Some(room), Some(text)) = (room_of(&file.path), file.text.as_deref()) {
            *lines.entry(room).or_default() += lines_without_tests(text);
        }
    }
    lines
        .into_iter()
        .filter(|(_, count)| *count > MAX_ROOM_LINES)
        .map(|(room, count)| {
            Finding::error(
                room,
                None,
                format!("{count} lines, the most for a crate is {MAX_ROOM_LINES}"),
                "a room that nobody can hold in mind has two purposes",
                "move the second purpose into a room of its own, with its row in [workspace.metadata.layers]",
            )
        })
        .collect()
}

fn room_of(path: &str) -> Option<String> {
    let below = path.strip_prefix("src-tauri/")?;
    if !below.ends_with(".rs") {
        return None;
    }
    let Some(inside) = below.strip_prefix("crates/") else {
        return Some("src-tauri/src".to_owned());
    };
    let mut parts = inside.split('/');
    let room = parts.next()?;
    let dialect = (room == "store")
        .then(|| parts.nth(1))
        .flatten()
        .filter(|folder| DIALECTS.contains(folder));
    Some(match dialect {
        Some(dialect) => format!("src-tauri/crates/store/src/{dialect}"),
        None => format!("src-tauri/crates/{room}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::text_file;

    #[test]
    fn a_room_has_a_budget_and_each_dialect_its_own() {
        let half = "x\n".repeat(4_001);
        let files = [
            text_file("src-tauri/crates/engine/src/a.rs", &half),
            text_file("src-tauri/crates/engine/src/b.rs", &half),
            text_file("src-tauri/crates/store/src/sqlite/a.rs", &half),
            text_file("src-tauri/crates/store/src/postgres/a.rs", &half),
            text_file("src-tauri/crates/model/src/a.rs", &half),
            text_file("src-tauri/crates/model/src/tests.rs", &half),
        ];
        let found: Vec<_> = check(&files)
            .into_iter()
            .map(|finding| finding.file)
            .collect();
        assert_eq!(found, ["src-tauri/crates/engine"]);
    }
}
