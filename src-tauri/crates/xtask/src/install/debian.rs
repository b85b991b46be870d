//! Installing packages on Debian and its children: as root directly, otherwise
//! through sudo, after asking. Which packages is decided in `needs`.

use std::io::{BufRead, Write};
use std::process::Command;

use anyhow::{Context, Result};

use crate::house::House;
use crate::install::needs::Need;
use crate::install::{Consent, Unprepared};
use crate::{machine, shell};

/// Only what is named, and no progress bars.
const INSTALL: [&str; 6] = [
    "install",
    "--yes",
    "--quiet=2",
    "--no-install-recommends",
    "-o",
    "Dpkg::Use-Pty=0",
];

/// Installs the packages, or says how to.
pub(super) fn install(house: &House, needs: &[&Need], consent: Consent) -> Result<()> {
    let packages: Vec<&str> = needs.iter().map(|need| need.package).collect();
    let by_hand = format!(
        "sudo apt-get install --no-install-recommends {}",
        packages.join(" ")
    );
    let way = Way::choose(consent).ok_or_else(|| {
        Unprepared(format!("nobody is here to agree to it. Run this, then the same command again:\n  {by_hand}\nor add `--yes`"))
    })?;
    if way == Way::SudoAfterAsking && !agrees(&by_hand)? {
        return Err(Unprepared(format!(
            "nothing was installed. When you are ready:\n  {by_hand}"
        ))
        .into());
    }
    shell::run(way.apt(house).args(["update", "--quiet=2"]))?;
    shell::run(way.apt(house).args(INSTALL).args(&packages))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Root,
    SudoWithoutAsking,
    SudoAfterAsking,
}

impl Way {
    fn choose(consent: Consent) -> Option<Self> {
        Self::among(machine::is_root(), consent, machine::can_ask())
    }

    fn among(is_root: bool, consent: Consent, can_ask: bool) -> Option<Self> {
        match (is_root, consent) {
            (true, _) => Some(Self::Root),
            (false, Consent::Given) => Some(Self::SudoWithoutAsking),
            (false, Consent::Ask) => can_ask.then_some(Self::SudoAfterAsking),
        }
    }

    fn apt(self, house: &House) -> Command {
        const QUIET: &str = "DEBIAN_FRONTEND=noninteractive";
        let mut command = match self {
            Self::Root => house.command("env"),
            Self::SudoWithoutAsking | Self::SudoAfterAsking => {
                let mut sudo = house.command("sudo");
                sudo.arg("env");
                sudo
            }
        };
        command.args([QUIET, "apt-get"]);
        command
    }
}

fn agrees(by_hand: &str) -> Result<bool> {
    eprint!("Install them now with `{by_hand}`? [Y/n] ");
    std::io::stderr()
        .flush()
        .context("writing to the terminal")?;
    let mut answer = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut answer)
        .context("reading the answer")?;
    Ok(is_yes(&answer))
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.trim().to_lowercase().as_str(), "" | "y" | "yes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sudo_is_used_only_after_somebody_agreed() {
        assert_eq!(Way::among(true, Consent::Ask, false), Some(Way::Root));
        assert_eq!(
            Way::among(false, Consent::Given, false),
            Some(Way::SudoWithoutAsking)
        );
        assert_eq!(
            Way::among(false, Consent::Ask, true),
            Some(Way::SudoAfterAsking)
        );
        assert_eq!(Way::among(false, Consent::Ask, false), None);
    }

    #[test]
    fn anything_but_yes_is_no() {
        assert!(["\n", "y\n", "Yes\n"].iter().all(|answer| is_yes(answer)));
        assert!(
            ["n\n", "no\n", "what?\n"]
                .iter()
                .all(|answer| !is_yes(answer))
        );
    }
}
