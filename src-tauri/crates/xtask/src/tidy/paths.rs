//! No file of the tree names a folder of somebody's machine.

use std::sync::LazyLock;

use crate::files::TreeFile;
use crate::finding::Finding;
use crate::pattern::{Pattern, compile};

/// A line with these words, and a reason after them, may name such a path.
const ALLOWED: &str = "tidy: allow path";

/// Home folders and work folders, where the slash starts a path and does not
/// continue one (a part of a web address is none of our business).
static MACHINE_PATH: Pattern = LazyLock::new(|| {
    let homes = [
        "home/[a-z_][a-z0-9_-]*/",
        "root/",
        "work/",
        "Users/[A-Za-z][A-Za-z0-9_-]*/",
    ]
    .join("|");
    compile(&format!(r"(?:^|[^\w.~}})\]/-])(/(?:{homes}))"))
});

/// Finds absolute paths of a developer's machine.
pub(super) fn check(file: &TreeFile) -> Vec<Finding> {
    let Some(text) = file.text.as_deref() else {
        return Vec::new();
    };
    let numbered = text.lines().zip(1..);
    numbered
        .filter(|(line, _)| !line.contains(ALLOWED))
        .filter_map(|(line, number)| {
            let path = MACHINE_PATH.captures(line)?.get(1)?.as_str().to_owned();
            Some(Finding::error(
                &file.path,
                number,
                format!("`{path}…`, a folder of one machine"),
                "nobody else has that folder, and it tells about whoever does",
                format!("use a relative path or a made-up one; where it must stand, add `{ALLOWED}: why`"),
            ))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::text_file;

    #[track_caller]
    fn lines(text: &str, expected: &[usize]) {
        let found: Vec<_> = check(&text_file("a.md", text))
            .iter()
            .filter_map(|finding| finding.line)
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn folders_of_a_machine_are_found() {
        let home = ["/ho", "me/ann/code"].concat();
        let root = ["/ro", "ot/.cargo"].concat();
        let work = ["/wo", "rk/main"].concat();
        lines(
            &format!("see {home}\n\"{root}\"\npath={work}\n"),
            &[1, 2, 3],
        );
    }

    #[test]
    fn addresses_and_reasons_are_left_alone() {
        let (root, home) = (["/ro", "ot/1"].concat(), ["/ho", "me/ann/"].concat());
        lines(
            &format!("GET /api{root}\n~{home}x\nhttps://example.org{home}\n"),
            &[],
        );
        let allowed = format!(
            "{} <!-- tidy: allow path: systemd wants it -->",
            ["/ho", "me/ann/x"].concat()
        );
        lines(&allowed, &[]);
    }
}
