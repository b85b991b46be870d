//! Programs of this house, built as a person would get them.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

/// Builds a binary with optimisation, and says where it is. With the features of the whole workspace, as `cargo xtask
/// run --release` does, so that nothing is built twice.
pub(crate) fn release(binary: &str) -> Result<PathBuf> {
    let house = house()?;
    let status = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--release", "--workspace"])
        .args(["--bin", binary, "--message-format", "short"])
        .current_dir(&house)
        .status()?;
    ensure!(status.success(), "{binary} cannot be built: {status}");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .context("the build folder is nowhere")?;
    Ok(target.join("release").join(binary))
}

/// The folder of the whole house.
pub(crate) fn house() -> Result<PathBuf> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    Ok(tests.parent().context("the house has no door")?.to_owned())
}
