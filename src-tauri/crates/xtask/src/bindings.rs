//! The generated side of the contract: the API document, the JSON Schemas, the
//! two contract extracts and the TypeScript client. They are written by the
//! exporter in `api` and by the generator in `ui/tools`; here they are only put
//! in place or compared.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::finding::{self, Finding};
use crate::house::House;
use crate::npm::Npm;
use crate::{files, install, shell, stages};

/// The exporter: a binary of the package that knows all endpoints. It takes one
/// argument, the folder to write below.
const EXPORTER: &str = "chimera-bindings";
const EXPORTER_PACKAGE: &str = "chimera-api";
const EXPORTER_ROOM: &str = "src-tauri/crates/api";
/// The API document, input of the TypeScript generator.
const DOCUMENT: &str = "specs/openapi.json";
/// The TypeScript generator: `npm run generate -- <document> --output <file>`.
const GENERATOR: &str = "ui/tools";
/// Where the TypeScript client lies.
const CLIENT: &str = "ui/src/ipc/generated.ts";
/// Folder in which nothing but generated files may lie.
const GENERATED_ONLY: &str = "specs/schemas/";

/// True once there is something to export.
pub(crate) fn exist(house: &House) -> bool {
    house.at(EXPORTER_ROOM).join("Cargo.toml").is_file()
}

/// Writes everything into the tree.
pub(crate) fn write(house: &House) -> Result<()> {
    let mut cargo = house.cargo();
    cargo.args(["run", "--quiet", "--package", EXPORTER_PACKAGE]);
    cargo.args(["--bin", EXPORTER, "--"]);
    generate(house, &mut cargo, house.root())?;
    shell::say("the bindings are written; commit them together with what changed them");
    Ok(())
}

/// Writes everything beside the tree and compares.
pub(crate) fn check(house: &House) -> Result<bool> {
    let aside = house.target()?.join("xtask/bindings");
    if aside.exists() {
        fs::remove_dir_all(&aside).with_context(|| format!("emptying {}", aside.display()))?;
    }
    fs::create_dir_all(&aside).with_context(|| format!("making {}", aside.display()))?;
    let mut exporter = Command::new(stages::build(house)?.join(EXPORTER));
    generate(house, &mut exporter, &aside)?;
    Ok(finding::report(
        "bindings",
        compare(&texts(&aside)?, &texts(house.root())?),
    ))
}

fn generate(house: &House, exporter: &mut Command, into: &Path) -> Result<()> {
    shell::run(exporter.arg(into))?;
    let Some(generator) = Npm::at(house, GENERATOR) else {
        return Ok(());
    };
    if !install::has_node(house) {
        shell::say(
            "the TypeScript client is left out: Node is not installed (`cargo xtask test` says more)",
        );
        return Ok(());
    }
    generator.install()?;
    let (document, client) = (into.join(DOCUMENT), into.join(CLIENT));
    if let Some(folder) = client.parent() {
        fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    }
    let (document, client) = (document.to_string_lossy(), client.to_string_lossy());
    if generator.script("generate", &[&document, "--output", &client])? {
        return Ok(());
    }
    anyhow::bail!("the TypeScript generator in {GENERATOR} failed; its own words are above")
}

fn texts(root: &Path) -> Result<BTreeMap<String, String>> {
    Ok(files::tree(root)?
        .into_iter()
        .filter_map(|file| Some((file.path, file.text?)))
        .collect())
}

const WHY: &str =
    "the generated files are what other programs read; they must say what the code does";
const FIX: &str = "run `cargo xtask bindings` and commit the result";

fn compare(fresh: &BTreeMap<String, String>, committed: &BTreeMap<String, String>) -> Vec<Finding> {
    let changed = fresh
        .iter()
        .filter_map(|(path, text)| match committed.get(path) {
            None => Some(Finding::error(
                path,
                None,
                "not there, but the code exports it",
                WHY,
                FIX,
            )),
            Some(old) => first_difference(old, text).map(|(line, was, is)| {
                Finding::error(
                    path,
                    line,
                    format!("out of date: has `{was}`, the code says `{is}`"),
                    WHY,
                    FIX,
                )
            }),
        });
    let left_over = committed
        .keys()
        .filter(|path| path.starts_with(GENERATED_ONLY) && !fresh.contains_key(*path))
        .map(|path| {
            Finding::error(
                path,
                None,
                "left over: the code exports no such file",
                WHY,
                "remove it",
            )
        });
    changed.chain(left_over).collect()
}

/// Line number and both lines where two texts first part.
fn first_difference<'a>(old: &'a str, new: &'a str) -> Option<(usize, &'a str, &'a str)> {
    if old == new {
        return None;
    }
    let (mut olds, mut news) = (old.lines(), new.lines());
    let mut number = 0;
    loop {
        number += 1;
        match (olds.next(), news.next()) {
            (None, None) => return Some((number, "", "")),
            (was, is) if was == is => {}
            (was, is) => return Some((number, was.unwrap_or("").trim(), is.unwrap_or("").trim())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> BTreeMap<String, String> {
        files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
            .collect()
    }

    #[test]
    fn what_differs_is_said_with_the_first_differing_line() {
        let fresh = tree(&[
            ("specs/openapi.json", "{\n  \"a\": 2\n}\n"),
            ("specs/schemas/plan.json", "{}"),
        ]);
        let committed = tree(&[
            ("specs/openapi.json", "{\n  \"a\": 1\n}\n"),
            ("specs/schemas/old.json", "{}"),
            ("specs/notes.md", "mine"),
        ]);
        let found: Vec<_> = compare(&fresh, &committed)
            .into_iter()
            .map(|finding| (finding.file, finding.line, finding.what))
            .collect();
        let expected = [
            (
                "specs/openapi.json",
                Some(2),
                "out of date: has `\"a\": 1`, the code says `\"a\": 2`",
            ),
            (
                "specs/schemas/plan.json",
                None,
                "not there, but the code exports it",
            ),
            (
                "specs/schemas/old.json",
                None,
                "left over: the code exports no such file",
            ),
        ];
        assert_eq!(
            found,
            expected.map(|(file, line, what)| (file.to_owned(), line, what.to_owned()))
        );
    }

    #[test]
    fn equal_trees_have_nothing_to_say() {
        let files = tree(&[("specs/schemas/plan.json", "{}")]);
        assert_eq!(compare(&files, &files), Vec::new());
    }

    #[test]
    fn a_missing_newline_at_the_end_is_a_difference() {
        assert_eq!(first_difference("a\n", "a"), Some((2, "", "")));
    }
}
