//! Cargo's own additions, in pinned versions: fetched prebuilt where possible,
//! compiled otherwise, kept in a cache outside the checkout. An existing
//! installation is preferred, whatever put it there.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::house::House;
use crate::install::needs::{Need, Probe};
use crate::{machine, shell};

/// What fetching a prebuilt tool needs on Debian.
pub(super) const NEEDS: &[Need] = &[Need::new(
    "python3-pip",
    "pip for Python 3 (python3 -m pip)",
    "fetches prebuilt test tools, instead of compiling them for minutes",
    Probe::Python("pip"),
)];

/// The pinned wheels, as pip reads them.
const WHEELS: &str = include_str!("wheels.txt");

/// A cargo subcommand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tool {
    /// Runs the tests.
    Nextest,
    /// Judges licences, sources and banned libraries.
    Deny,
    /// Measures coverage.
    LlvmCov,
}

impl Tool {
    /// Name of the program.
    pub(crate) fn program(self) -> &'static str {
        match self {
            Self::Nextest => "cargo-nextest",
            Self::Deny => "cargo-deny",
            Self::LlvmCov => "cargo-llvm-cov",
        }
    }

    fn version(self) -> &'static str {
        match self {
            Self::Nextest => "0.9.143",
            Self::Deny => "0.20.2",
            Self::LlvmCov => "0.9.1",
        }
    }

    fn why(self) -> &'static str {
        match self {
            Self::Nextest => "runs the Rust tests",
            Self::Deny => "judges licences and origins of the foreign libraries",
            Self::LlvmCov => "measures which lines the tests reach",
        }
    }

    /// True when the machine has it, by whatever way.
    pub(crate) fn is_there(self) -> bool {
        machine::find_program(self.program()).is_some()
            || self.folder().join(self.program()).is_file()
    }

    /// Fetches it into the cache.
    pub(crate) fn fetch(self, house: &House) -> Result<()> {
        shell::say(&format!(
            "fetching {} {}, which {}",
            self.program(),
            self.version(),
            self.why()
        ));
        if self.fetch_wheel(house)? {
            return Ok(());
        }
        shell::say(&format!(
            "no prebuilt {} for this machine; compiling it, which takes some minutes",
            self.program()
        ));
        let root = self.home();
        let mut cargo = house.cargo();
        cargo
            .args([
                "install",
                "--locked",
                self.program(),
                "--version",
                self.version(),
                "--root",
            ])
            .arg(root);
        shell::run(&mut cargo)
    }

    /// Where this version of it is kept.
    fn home(self) -> PathBuf {
        let cache = machine::cache_dir().unwrap_or_else(|| PathBuf::from("target/xtask"));
        cache
            .join("tools")
            .join(format!("{}-{}", self.program(), self.version()))
    }

    fn folder(self) -> PathBuf {
        self.home().join("bin")
    }

    /// Unpacks the pinned wheel; false when pip or a fitting wheel is missing.
    fn fetch_wheel(self, house: &House) -> Result<bool> {
        let Some(pin) = pin(WHEELS, self.program()) else {
            return Ok(false);
        };
        let home = self.home();
        fs::create_dir_all(&home).with_context(|| format!("making {}", home.display()))?;
        let list = home.join("wheel.txt");
        fs::write(&list, pin).with_context(|| format!("writing {}", list.display()))?;
        let mut pip = house.command("python3");
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--only-binary",
            ":all:",
            "--require-hashes",
            "--upgrade",
        ]);
        pip.arg("--target")
            .arg(&home)
            .arg("--requirement")
            .arg(&list);
        // Whatever goes wrong here, compiling it is the other way.
        let succeeded = shell::capture(&mut pip).is_ok();
        Ok(succeeded && self.folder().join(self.program()).is_file())
    }
}

/// Folders of all tools that the cache may hold.
pub(super) fn folders() -> Vec<PathBuf> {
    [Tool::Nextest, Tool::Deny, Tool::LlvmCov]
        .map(Tool::folder)
        .into_iter()
        .filter(|folder| folder.is_dir())
        .collect()
}

/// The lines of one tool in the list of wheels.
fn pin(wheels: &str, program: &str) -> Option<String> {
    let logical = wheels.replace("\\\n", " ");
    let line = logical.lines().find(|line| {
        !line.starts_with('#')
            && line
                .split("==")
                .next()
                .is_some_and(|name| name.ends_with(program))
    })?;
    Some(line.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_is_pinned_to_the_version_that_cargo_would_build() {
        for tool in [Tool::Nextest, Tool::Deny, Tool::LlvmCov] {
            let pin = pin(WHEELS, tool.program()).unwrap();
            assert!(pin.contains(&format!("=={} ", tool.version())), "{pin}");
            assert_eq!(pin.matches("--hash=sha256:").count(), 2, "{pin}");
        }
    }

    #[test]
    fn an_unknown_tool_has_no_wheel() {
        assert_eq!(pin(WHEELS, "cargo-unheard-of"), None);
    }
}
