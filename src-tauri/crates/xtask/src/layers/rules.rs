//! The rules of the house about edges, as pure functions over the table and
//! what the manifests declare. Reading either is not done here.

use crate::finding::Finding;
use crate::house::WINDOW;
use crate::layers::table::Table;

const TABLE: &str = "[workspace.metadata.layers] of Cargo.toml";

/// One crate, as its manifest declares it.
pub(super) struct Room {
    /// Folder name, or the window's name.
    pub(super) name: String,
    /// Path of its manifest below the root.
    pub(super) manifest: String,
    /// Everything it depends on.
    pub(super) edges: Vec<Edge>,
}

/// One dependency.
pub(super) struct Edge {
    /// Line in the manifest, where it could be found.
    pub(super) line: Option<usize>,
    /// Name of the library.
    pub(super) to: String,
    /// The room, when the library is one of ours.
    pub(super) to_room: Option<String>,
    /// True for a dependency of tests only.
    pub(super) is_dev: bool,
}

/// Everything that contradicts the table.
pub(super) fn inspect(table: &Table, rooms: &[Room]) -> Vec<Finding> {
    let mut findings = contradictions(table);
    for room in rooms {
        if !table.rooms.contains_key(&room.name) {
            findings.push(Finding::error(
                &room.manifest,
                None,
                format!("the room `{}` has no row in {TABLE}", room.name),
                "a room whose arrows nobody wrote down soon knows everything",
                "add its row: what it may know, which foreign libraries it owns",
            ));
            continue;
        }
        findings.extend(
            room.edges
                .iter()
                .filter_map(|edge| judge(table, room, edge)),
        );
    }
    findings
}

fn judge(table: &Table, room: &Room, edge: &Edge) -> Option<Finding> {
    match &edge.to_room {
        Some(to) => judge_arrow(table, room, edge, to),
        None if edge.is_dev => None,
        None => judge_library(table, room, edge),
    }
}

fn judge_arrow(table: &Table, room: &Room, edge: &Edge, to: &str) -> Option<Finding> {
    if to == WINDOW {
        return Some(Finding::error(
            &room.manifest,
            edge.line,
            format!("`{}` depends on the window", room.name),
            "only the window links the web engine, so that everything else builds and tests without it",
            "depend on `boot` or `api`, which the window itself uses",
        ));
    }
    let row = table.rooms.get(&room.name)?;
    if edge.is_dev || to == room.name || row.knows.contains(to) {
        return None;
    }
    Some(Finding::error(
        &room.manifest,
        edge.line,
        format!("`{}` may not know `{to}`", room.name),
        "arrows point down: what is decided below must not depend on how it is carried out above",
        format!(
            "go through what `{}` may know ({}), or pass the need in as a port",
            room.name,
            list(row.knows.iter())
        ),
    ))
}

fn judge_library(table: &Table, room: &Room, edge: &Edge) -> Option<Finding> {
    let owners = table.owners(&edge.to);
    if table.shared.contains(&edge.to) || owners.contains(&room.name.as_str()) {
        return None;
    }
    let (what, fix) = if owners.is_empty() {
        (
            format!("nobody owns the library `{}`", edge.to),
            format!(
                "decide which room owns it and add it to that row of {TABLE}; `shared` is for general-purpose ones"
            ),
        )
    } else {
        (
            format!(
                "the library `{}` belongs to {}",
                edge.to,
                list(owners.iter())
            ),
            format!(
                "let `{}` ask the owner, through a port where it may not know it",
                room.name
            ),
        )
    };
    let why = "one owner per foreign library: then it can be replaced, and its traps are known in one place";
    Some(Finding::error(&room.manifest, edge.line, what, why, fix))
}

/// A row that names an unknown room, or a library both shared and owned.
fn contradictions(table: &Table) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (room, row) in &table.rooms {
        for unknown in row
            .knows
            .iter()
            .filter(|known| !table.rooms.contains_key(*known))
        {
            findings.push(Finding::error(
                "Cargo.toml",
                None,
                format!("the row of `{room}` names `{unknown}`, which has no row itself"),
                "a misspelt room permits nothing and hides the mistake",
                "correct the name, or add the missing row",
            ));
        }
        for both in row.owns.intersection(&table.shared) {
            findings.push(Finding::error(
                "Cargo.toml",
                None,
                format!("`{both}` is owned by `{room}` and shared as well"),
                "what everybody may use has no owner",
                "keep one of the two",
            ));
        }
    }
    findings
}

fn list(names: impl Iterator<Item = impl AsRef<str>>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{}`", name.as_ref())).collect();
    if names.is_empty() {
        "nothing".to_owned()
    } else {
        names.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE_TEXT: &str = r#"
        [workspace.metadata.layers]
        shared = ["serde"]
        [workspace.metadata.layers.rooms]
        chimera = { knows = ["boot"], owns = ["tauri"] }
        boot = { knows = ["domain", "store"] }
        domain = {}
        store = { knows = ["domain"], owns = ["sqlx"] }
        wallet = { knows = ["domain"], owns = ["alloy"] }
    "#;

    /// `room -> a b`, `room ~> a` for tests only; rooms of the table are ours.
    #[track_caller]
    fn check(table: &str, room: &str, edges: &[(&str, bool)], expected: &[&str]) {
        let table = Table::parse(table).unwrap();
        let edges = edges.iter().map(|(to, is_dev)| Edge {
            line: Some(1),
            to: (*to).to_owned(),
            to_room: table.rooms.contains_key(*to).then(|| (*to).to_owned()),
            is_dev: *is_dev,
        });
        let room = Room {
            name: room.to_owned(),
            manifest: "Cargo.toml".to_owned(),
            edges: edges.collect(),
        };
        let found: Vec<_> = inspect(&table, &[room])
            .into_iter()
            .map(|finding| finding.what)
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn an_arrow_must_be_in_the_row() {
        check(
            TABLE_TEXT,
            "store",
            &[("domain", false), ("serde", false), ("sqlx", false)],
            &[],
        );
        check(
            TABLE_TEXT,
            "domain",
            &[("store", false)],
            &["`domain` may not know `store`"],
        );
        check(TABLE_TEXT, "domain", &[("store", true)], &[]);
    }

    #[test]
    fn nobody_knows_the_window_not_even_in_tests() {
        check(
            TABLE_TEXT,
            "boot",
            &[("chimera", true)],
            &["`boot` depends on the window"],
        );
    }

    #[test]
    fn a_foreign_library_has_an_owner() {
        check(
            TABLE_TEXT,
            "boot",
            &[("sqlx", false)],
            &["the library `sqlx` belongs to `store`"],
        );
        check(
            TABLE_TEXT,
            "boot",
            &[("left-pad", false)],
            &["nobody owns the library `left-pad`"],
        );
        check(
            TABLE_TEXT,
            "boot",
            &[("sqlx", true), ("left-pad", true)],
            &[],
        );
    }

    #[test]
    fn a_room_without_a_row_is_found_and_a_row_without_a_room_is_fine() {
        check(
            TABLE_TEXT,
            "attic",
            &[("sqlx", false)],
            &["the room `attic` has no row in [workspace.metadata.layers] of Cargo.toml"],
        );
    }

    #[test]
    fn a_table_may_not_contradict_itself() {
        let misspelt = TABLE_TEXT
            .replace("[\"boot\"]", "[\"boott\"]")
            .replace("alloy", "serde");
        check(
            &misspelt,
            "domain",
            &[],
            &[
                "the row of `chimera` names `boott`, which has no row itself",
                "`serde` is owned by `wallet` and shared as well",
            ],
        );
    }
}
