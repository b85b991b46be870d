//! The table `[workspace.metadata.layers]` as data. What follows from a row is
//! in `rules`.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde::Deserialize;

/// The whole table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    /// General-purpose libraries that every room may use.
    pub(super) shared: BTreeSet<String>,
    /// One row per room, also for rooms that are not built yet.
    pub(super) rooms: BTreeMap<String, Row>,
}

/// What one room may do.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    /// Rooms it may depend on.
    #[serde(default)]
    pub(super) knows: BTreeSet<String>,
    /// Foreign libraries that only it (and other owners) may use.
    #[serde(default)]
    pub(super) owns: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Manifest {
    workspace: Workspace,
}

#[derive(Deserialize)]
struct Workspace {
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
    layers: Table,
}

impl Table {
    /// Reads the table out of the root manifest.
    pub(super) fn parse(manifest: &str) -> Result<Self> {
        let manifest: Manifest = toml::from_str(manifest)
            .context("Cargo.toml has no readable table [workspace.metadata.layers]")?;
        Ok(manifest.workspace.metadata.layers)
    }

    /// Rooms that own a library.
    pub(super) fn owners(&self, library: &str) -> Vec<&str> {
        self.rooms
            .iter()
            .filter(|(_, row)| row.owns.contains(library))
            .map(|(room, _)| room.as_str())
            .collect()
    }
}
