//! Packages of the Python world, in an environment of their own below the build folder.
//!
//! Never here: what they are for.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail, ensure};

/// Where peers are installed: below the build folder, kept from run to run.
pub(crate) fn place(name: &str) -> Result<PathBuf> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent();
    let target = target.context("the build folder is nowhere")?;
    let place = target.join("peers").join(name);
    std::fs::create_dir_all(&place)?;
    Ok(place)
}

/// The interpreter of a virtual environment in `place` that has these packages.
pub(crate) fn with_packages(place: &Path, packages: &[&str]) -> Result<PathBuf> {
    let python = place.join("bin").join("python");
    if !python.exists() {
        done(Command::new("python3").args(["-m", "venv"]).arg(place))?;
    }
    let quiet = ["--quiet", "--disable-pip-version-check"];
    let install = ["-m", "pip", "install"];
    done(
        Command::new(&python)
            .args(install)
            .args(quiet)
            .args(packages),
    )?;
    Ok(python)
}

/// Runs a command that has to go well.
pub(crate) fn done(command: &mut Command) -> Result<()> {
    let status = command.status()?;
    if !status.success() {
        bail!("{command:?} failed: {status}");
    }
    Ok(())
}

/// What a command says that has to go well.
pub(crate) fn said(command: &mut Command) -> Result<String> {
    let output = command.output()?;
    let failed = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{command:?} failed: {failed}");
    Ok(String::from_utf8(output.stdout)?)
}
