//! The coverage report of the tool, summed up by room.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::coverage::WANTED_PERCENT;
use crate::rust_text::is_test_file;

/// Lines that could be reached and lines that were.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
pub(super) struct Lines {
    count: u64,
    covered: u64,
}

impl Lines {
    /// Covered share in percent; 100 where there is nothing to cover.
    pub(super) fn percent(self) -> f64 {
        // Tenths of a percent as an integer: exact enough, and no precision is lost.
        let tenths = (self.covered * 1000)
            .checked_div(self.count)
            .unwrap_or(1000);
        f64::from(u32::try_from(tenths).unwrap_or(u32::MAX)) / 10.0
    }

    fn add(&mut self, other: Self) {
        self.count += other.count;
        self.covered += other.covered;
    }
}

#[derive(Deserialize)]
struct Report {
    data: Vec<Data>,
}

#[derive(Deserialize)]
struct Data {
    files: Vec<File>,
}

#[derive(Deserialize)]
struct File {
    filename: String,
    summary: Summary,
}

#[derive(Deserialize)]
struct Summary {
    lines: Lines,
}

/// Lines per room; files of tests are not counted.
pub(super) fn rooms(report: &str, root: &Path) -> Result<BTreeMap<String, Lines>> {
    let report: Report = serde_json::from_str(report).context("reading the coverage report")?;
    let mut rooms: BTreeMap<String, Lines> = BTreeMap::new();
    for file in report.data.into_iter().flat_map(|data| data.files) {
        let path = Path::new(&file.filename);
        let below = path
            .strip_prefix(root)
            .unwrap_or(path)
            .to_string_lossy()
            .into_owned();
        if is_test_file(&below) {
            continue;
        }
        let inside = below
            .strip_prefix("src-tauri/crates/")
            .and_then(|inside| inside.split('/').next());
        rooms
            .entry(inside.unwrap_or("chimera").to_owned())
            .or_default()
            .add(file.summary.lines);
    }
    Ok(rooms)
}

/// All rooms together.
pub(super) fn total(rooms: &BTreeMap<String, Lines>) -> Lines {
    let mut total = Lines::default();
    rooms.values().for_each(|lines| total.add(*lines));
    total
}

/// The table, a row per room.
pub(super) fn table(rooms: &BTreeMap<String, Lines>) -> String {
    let row = |name: &str, lines: Lines| {
        format!(
            "| {name} | {} | {} | {:.1} % |",
            lines.count,
            lines.covered,
            lines.percent()
        )
    };
    let mut rows = vec![
        "| Room | Lines | Covered | Share |".to_owned(),
        "| --- | ---: | ---: | ---: |".to_owned(),
    ];
    rows.extend(rooms.iter().map(|(room, lines)| row(room, *lines)));
    rows.push(row("**all**", total(rooms)));
    rows.join("\n")
}

/// The whole page.
pub(super) fn page(table: &str) -> String {
    format!(
        "# Coverage\n\nLines that the tests reach, per room, as `cargo xtask coverage` measured them last. \
         Wanted: {WANTED_PERCENT:.0} % of all lines. Files of tests are left out.\n\n{table}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_summed_up_by_room() {
        let file = |name: &str, count: u64, covered: u64| {
            format!(
                r#"{{"filename":"/repo/{name}","summary":{{"lines":{{"count":{count},"covered":{covered},"percent":0.0}}}}}}"#
            )
        };
        let files = [
            file("src-tauri/crates/engine/src/lib.rs", 80, 60),
            file("src-tauri/crates/engine/src/plan/tests.rs", 500, 500),
            file("src-tauri/crates/engine/src/plan.rs", 20, 20),
            file("src-tauri/src/main.rs", 10, 0),
        ];
        let report = format!(r#"{{"data":[{{"files":[{}]}}]}}"#, files.join(","));
        let rooms = rooms(&report, Path::new("/repo")).unwrap();
        let expected = "\
| Room | Lines | Covered | Share |
| --- | ---: | ---: | ---: |
| chimera | 10 | 0 | 0.0 % |
| engine | 100 | 80 | 80.0 % |
| **all** | 110 | 80 | 72.7 % |";
        assert_eq!(table(&rooms), expected);
    }

    #[test]
    fn nothing_to_cover_is_covered() {
        assert!((Lines::default().percent() - 100.0).abs() < f64::EPSILON);
    }
}
