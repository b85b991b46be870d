//! Examples in the documentation, run as tests for the crates that have any.

use std::collections::BTreeSet;

use anyhow::Result;

use crate::house::House;
use crate::rust_text::has_doc_tests;
use crate::summary::{self, Tally};
use crate::{files, shell};

/// True when any crate has an example.
pub(super) fn exist(house: &House) -> Result<bool> {
    Ok(!rooms(house)?.is_empty())
}

/// Runs the examples of the crates that have them.
pub(super) fn run(house: &House) -> Result<Tally> {
    let mut cargo = house.cargo();
    cargo.args(["test", "--doc", "--no-fail-fast"]);
    for room in rooms(house)? {
        if let Some(package) = house.package_of_room(&room)? {
            cargo.args(["--package", &package]);
        }
    }
    let mut counted = Tally::default();
    let succeeded = shell::listen(&mut cargo, |line| {
        if let Some(tally) = summary::libtest(line) {
            counted += tally;
        }
    })?;
    Ok(Tally::of_runner(counted, succeeded))
}

fn rooms(house: &House) -> Result<BTreeSet<String>> {
    let files = files::tree(house.root())?;
    let rooms = files.iter().filter_map(|file| {
        let (room, inside) = file
            .path
            .strip_prefix("src-tauri/crates/")?
            .split_once('/')?;
        let is_library = house
            .at(&format!("src-tauri/crates/{room}/src/lib.rs"))
            .is_file();
        let has_examples = inside.starts_with("src/")
            && file.ends_with(".rs")
            && has_doc_tests(file.text.as_deref()?);
        (is_library && has_examples).then(|| room.to_owned())
    });
    Ok(rooms.collect())
}
