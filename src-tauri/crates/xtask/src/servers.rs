//! MCP servers of other people that the integration tests are run against: installed beside `tests/servers`, exactly as
//! its lock files say.
//!
//! Never here: which test uses which, or a version.

use std::fs;

use anyhow::{Context, Result};

use crate::house::House;
use crate::npm::Npm;
use crate::shell;

/// Where the lock files lie, and what is installed of them.
const FOLDER: &str = "tests/servers";

/// Installs what is not there yet.
pub(crate) fn install(house: &House) -> Result<()> {
    if let Some(npm) = Npm::at(house, FOLDER) {
        npm.install()?;
    }
    python(house)
}

/// The Python ones, in an environment of their own: with the digest of every package, and nothing compiled.
fn python(house: &House) -> Result<()> {
    let wanted = house.at(FOLDER).join("requirements.txt");
    let venv = house.at(FOLDER).join(".venv");
    let text =
        fs::read_to_string(&wanted).with_context(|| format!("reading {}", wanted.display()))?;
    // Its programs name the folder in which they were installed.
    let marker = format!("{}\n{text}", venv.display());
    let told = venv.join("installed.txt");
    if fs::read_to_string(&told).is_ok_and(|installed| installed == marker) {
        return Ok(());
    }
    shell::say("installing MCP servers to test against, as tests/servers/requirements.txt says");
    let mut make = house.command("python3");
    make.args(["-m", "venv", "--clear"]).arg(&venv);
    shell::run(&mut make)?;
    let python = venv.join("bin/python");
    let mut pip = house.command(&python.display().to_string());
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
        "--no-deps",
        "--only-binary=:all:",
        "--requirement",
    ])
    .arg(&wanted);
    shell::run(&mut pip)?;
    fs::write(told, marker).context("remembering which servers are installed")
}
