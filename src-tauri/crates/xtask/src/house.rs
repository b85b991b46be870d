//! The checkout: where it is, which rooms it has, and how a child process is
//! started in it. What the rooms may know of each other is in `layers`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::{machine, shell};

/// Room name of the desktop window, the package at the root of the workspace.
pub(crate) const WINDOW: &str = "chimera";

/// Variables that `cargo run` sets for xtask alone; a child cargo must not
/// take them for its own.
const VARIABLES_OF_CARGO_RUN: [&str; 4] = [
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_PATH",
    "CARGO_BIN_NAME",
    "CARGO_PRIMARY_PACKAGE",
];

/// One checkout of Chimera.
pub(crate) struct House {
    root: PathBuf,
    path: OsString,
}

impl House {
    /// Finds the checkout that the current folder belongs to.
    pub(crate) fn find() -> Result<Self> {
        let here = std::env::current_dir().context("the current folder is gone")?;
        let root = here
            .ancestors()
            .find(|folder| {
                folder.join("Cargo.toml").is_file() && folder.join("src-tauri/crates").is_dir()
            })
            .with_context(|| {
                format!(
                    "{} is not inside a checkout of Chimera; change into one",
                    here.display()
                )
            })?
            .to_path_buf();
        let path = machine::path_with(&[]);
        Ok(Self { root, path })
    }

    /// The folder of the root `Cargo.toml`.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path below the root.
    pub(crate) fn at(&self, below: &str) -> PathBuf {
        self.root.join(below)
    }

    /// Lets every later child find the programs in these folders first.
    pub(crate) fn put_on_path(&mut self, folders: &[PathBuf]) {
        self.path = machine::path_with(folders);
    }

    /// A child process that starts at the root.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("PATH", &self.path);
        for name in VARIABLES_OF_CARGO_RUN {
            command.env_remove(name);
        }
        command
    }

    /// The cargo that the checkout's `rust-toolchain.toml` chooses.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = self.command("cargo");
        if machine::wants_colour() {
            command.env("CARGO_TERM_COLOR", "always");
        }
        command
    }

    /// True once the web console has a manifest.
    pub(crate) fn has_ui(&self) -> bool {
        self.at("ui/package.json").is_file()
    }

    /// True once the root manifest is also the package of the window.
    pub(crate) fn has_window(&self) -> Result<bool> {
        let manifest =
            std::fs::read_to_string(self.at("Cargo.toml")).context("reading Cargo.toml")?;
        Ok(manifest.lines().any(|line| line.trim() == "[package]"))
    }

    /// All packages of the workspace with what they declare, without resolving anything.
    pub(crate) fn packages(&self) -> Result<Vec<Package>> {
        Ok(self.metadata()?.packages)
    }

    /// Where cargo puts what it builds.
    pub(crate) fn target(&self) -> Result<PathBuf> {
        Ok(self.metadata()?.target_directory)
    }

    fn metadata(&self) -> Result<Metadata> {
        let mut cargo = self.command("cargo");
        cargo.args(["metadata", "--no-deps", "--format-version", "1"]);
        serde_json::from_str(&shell::capture(&mut cargo)?).context("reading cargo's metadata")
    }

    /// Package of a room, if the room is built yet.
    pub(crate) fn package_of_room(&self, room: &str) -> Result<Option<String>> {
        let packages = self.packages()?.into_iter();
        let mut names = packages
            .filter(|package| self.room_of(package) == room)
            .map(|package| package.name);
        Ok(names.next())
    }

    /// The program that a package builds; the first one, where there are several.
    pub(crate) fn binary_of(&self, package: &str) -> Result<String> {
        let packages = self.packages()?;
        let owner = packages.iter().find(|one| one.name == package);
        let mut binaries = owner
            .into_iter()
            .flat_map(|one| &one.targets)
            .filter(|one| one.is_binary());
        match binaries.next() {
            Some(binary) => Ok(binary.name.clone()),
            None => bail!("the package `{package}` builds no program"),
        }
    }

    /// Name of the package that builds the program `binary`.
    pub(crate) fn package_of_binary(&self, binary: &str) -> Result<String> {
        let packages = self.packages()?;
        let builds = |package: &&Package| {
            package
                .targets
                .iter()
                .any(|target| target.is_binary() && target.name == binary)
        };
        match packages.iter().find(builds) {
            Some(package) => Ok(package.name.clone()),
            None => bail!("no package of the workspace builds the program `{binary}` yet"),
        }
    }

    /// Room of a package: its folder below `src-tauri/crates`, `tests`, or the window.
    pub(crate) fn room_of(&self, package: &Package) -> String {
        let folder = package.manifest_path.parent().unwrap_or(Path::new(""));
        if folder == self.root {
            return WINDOW.to_owned();
        }
        folder
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
    }
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    target_directory: PathBuf,
}

/// One package, as `cargo metadata` tells it.
#[derive(Deserialize)]
pub(crate) struct Package {
    /// Package name, such as `chimera-domain`.
    pub(crate) name: String,
    /// Absolute path of its `Cargo.toml`.
    pub(crate) manifest_path: PathBuf,
    /// What it depends on, for every kind and platform.
    pub(crate) dependencies: Vec<Dependency>,
    targets: Vec<Target>,
}

/// One line of a manifest's dependencies.
#[derive(Deserialize)]
pub(crate) struct Dependency {
    /// The library's real name, whatever it is renamed to.
    pub(crate) name: String,
    /// `None` for ordinary ones, else `dev` or `build`.
    pub(crate) kind: Option<String>,
    /// Folder, when the library belongs to the workspace.
    pub(crate) path: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

impl Target {
    fn is_binary(&self) -> bool {
        self.kind.iter().any(|kind| kind == "bin")
    }
}
