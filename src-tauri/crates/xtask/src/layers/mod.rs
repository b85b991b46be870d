//! Who may know whom, and who owns which foreign library: the table in the
//! root manifest, and the rules that hold the crates to it. The reasons for the
//! table are in specs/architecture.md; this module only executes it.

mod rules;
mod table;

use std::fs;

use anyhow::{Context, Result};

use crate::finding::Finding;
use crate::house::House;
use crate::layers::rules::{Edge, Room};
use crate::layers::table::Table;

/// Compares every manifest of the house with the table.
pub(crate) fn inspect(house: &House) -> Result<Vec<Finding>> {
    let manifest = fs::read_to_string(house.at("Cargo.toml")).context("reading Cargo.toml")?;
    let table = Table::parse(&manifest)?;
    Ok(rules::inspect(&table, &rooms(house)?))
}

fn rooms(house: &House) -> Result<Vec<Room>> {
    let packages = house.packages()?;
    let room_at = |folder: &std::path::Path| {
        let package = packages
            .iter()
            .find(|package| package.manifest_path.parent() == Some(folder))?;
        Some(house.room_of(package))
    };
    let rooms = packages.iter().map(|package| {
        let manifest = package
            .manifest_path
            .strip_prefix(house.root())
            .unwrap_or(&package.manifest_path);
        let text = fs::read_to_string(&package.manifest_path).unwrap_or_default();
        let edges = package.dependencies.iter().map(|dependency| Edge {
            line: line_of(&text, &dependency.name),
            to_room: dependency.path.as_deref().and_then(room_at),
            to: dependency.name.clone(),
            is_dev: dependency.kind.as_deref() == Some("dev"),
        });
        Room {
            name: house.room_of(package),
            manifest: manifest.to_string_lossy().replace('\\', "/"),
            edges: edges.collect(),
        }
    });
    Ok(rooms.collect())
}

/// Line of the manifest that declares the library, for the person who must change it.
fn line_of(manifest: &str, library: &str) -> Option<usize> {
    let declares = |line: &str| {
        line.strip_prefix(library)
            .is_some_and(|rest| rest.starts_with([' ', '=', '.']))
            || line.ends_with(&format!("dependencies.{library}]"))
    };
    manifest.lines().position(declares).map(|index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_declaring_line_is_found() {
        let manifest = "[dependencies]\nserde_json = { workspace = true }\nserde.workspace = true\n[dependencies.tokio]\n";
        assert_eq!(line_of(manifest, "serde"), Some(3));
        assert_eq!(line_of(manifest, "serde_json"), Some(2));
        assert_eq!(line_of(manifest, "tokio"), Some(4));
        assert_eq!(line_of(manifest, "axum"), None);
    }
}
