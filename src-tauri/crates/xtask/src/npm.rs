//! The web console's own tools: its packages, its checks, its build. Rust code
//! never calls npm by any other way than through here.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::house::House;
use crate::shell;

/// Copy of the lock file that the installed packages came from.
const INSTALLED_LOCK: &str = "node_modules/.installed-package-lock.json";

/// npm is a script of its own name only where scripts can be programs.
pub(crate) const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// A folder with a `package.json`.
pub(crate) struct Npm<'a> {
    house: &'a House,
    folder: PathBuf,
}

impl<'a> Npm<'a> {
    /// The console in `ui/`.
    pub(crate) fn console(house: &'a House) -> Self {
        Self {
            house,
            folder: house.at("ui"),
        }
    }

    /// Another folder below the root; `None` without a manifest.
    pub(crate) fn at(house: &'a House, below: &str) -> Option<Self> {
        let folder = house.at(below);
        folder
            .join("package.json")
            .is_file()
            .then_some(Self { house, folder })
    }

    /// Path below the folder.
    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.folder.join(below)
    }

    /// Installs exactly what the lock file says, if that is not there already.
    pub(crate) fn install(&self) -> Result<()> {
        let lock = fs::read(self.path("package-lock.json")).with_context(|| {
            format!(
                "{} has no package-lock.json; run `npm install` there and commit it",
                self.folder.display()
            )
        })?;
        if fs::read(self.path(INSTALLED_LOCK)).is_ok_and(|installed| installed == lock) {
            return Ok(());
        }
        shell::run(self.command().args(["ci", "--no-audit", "--no-fund"]))?;
        fs::write(self.path(INSTALLED_LOCK), lock)
            .context("remembering which packages are installed")
    }

    /// Runs a script of the manifest in the open and says whether it succeeded.
    pub(crate) fn script(&self, name: &str, arguments: &[&str]) -> Result<bool> {
        let mut npm = self.command();
        npm.args(["run", "--silent", name]);
        if !arguments.is_empty() {
            npm.arg("--").args(arguments);
        }
        shell::succeeds(&mut npm)
    }

    /// Installs the packages and builds the console.
    pub(crate) fn build(&self) -> Result<()> {
        self.install()?;
        shell::run(self.command().args(["run", "--silent", "build"]))
    }

    fn command(&self) -> Command {
        let mut command = self.house.command(NPM);
        command.current_dir(&self.folder);
        command
    }
}

/// True once the console has been built.
pub(crate) fn is_built(root: &Path) -> bool {
    root.join("ui/dist/index.html").is_file()
}
