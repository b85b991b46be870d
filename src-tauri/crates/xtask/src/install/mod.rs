//! Getting a machine ready: what each task needs, whether it is there, and how
//! it is fetched, always saying what and why. Only this module and its children
//! change the machine; the checkout itself is none of their business.

mod debian;
mod needs;
mod node;
mod tools;

use std::collections::BTreeSet;

use anyhow::Result;
use thiserror::Error;

use crate::house::House;
use crate::install::needs::Need;
pub(crate) use crate::install::needs::Purpose;
pub(crate) use crate::install::tools::Tool;
use crate::{machine, shell};

/// The machine lacks something that xtask may not or cannot install.
#[derive(Debug, Error)]
#[error("{0}")]
pub(crate) struct Unprepared(pub(crate) String);

/// Who agreed to installing packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Consent {
    /// Given on the command line or by being a build machine.
    Given,
    /// To be asked for at the terminal.
    Ask,
}

impl Consent {
    /// Consent as the command line and the environment tell it.
    pub(crate) fn from_flag(yes: bool) -> Self {
        if yes || machine::in_ci() {
            Self::Given
        } else {
            Self::Ask
        }
    }
}

/// Makes sure that everything for these purposes is there.
pub(crate) fn prepare(house: &mut House, purposes: &[Purpose], consent: Consent) -> Result<()> {
    let tools: Vec<Tool> = purposes
        .iter()
        .flat_map(|purpose| purpose.tools())
        .copied()
        .collect();
    let lacking_tools: Vec<Tool> = tools.into_iter().filter(|tool| !tool.is_there()).collect();
    let mut needs: Vec<&Need> = purposes
        .iter()
        .flat_map(|purpose| purpose.needs())
        .filter(|need| !need.is_there())
        .collect();
    if !lacking_tools.is_empty() && machine::is_debian_like() {
        needs.extend(tools::NEEDS.iter().filter(|need| !need.is_there()));
    }
    // Two purposes may share a package.
    let mut named = BTreeSet::new();
    needs.retain(|need| named.insert(need.package));
    if !needs.is_empty() {
        install(house, &needs, consent)?;
    }
    if purposes.contains(&Purpose::Console) {
        node::require(house)?;
    }
    for tool in lacking_tools {
        tool.fetch(house)?;
    }
    house.put_on_path(&tools::folders());
    Ok(())
}

/// True when Node is there and new enough for the console.
pub(crate) fn has_node(house: &House) -> bool {
    node::require(house).is_ok()
}

/// True when the packages for a purpose are there already.
pub(crate) fn is_ready(purpose: Purpose) -> bool {
    purpose.needs().iter().all(Need::is_there)
}

/// What to install where packages are not Debian's, by the names that their makers gave them.
fn elsewhere(needs: &[&Need]) -> String {
    let list: Vec<String> = needs
        .iter()
        .map(|need| {
            format!(
                "  {}: {} (on Debian and Ubuntu the package {})",
                need.upstream, need.why, need.package
            )
        })
        .collect();
    format!(
        "this machine lacks what follows, and packages are installed for you on Debian and Ubuntu only:\n{}\n\
         Install it with your package manager, then run the command again.",
        list.join("\n")
    )
}

fn install(house: &House, needs: &[&Need], consent: Consent) -> Result<()> {
    let list: Vec<String> = needs
        .iter()
        .map(|need| format!("  {:<28} {}", need.package, need.why))
        .collect();
    let list = list.join("\n");
    if !machine::is_debian_like() {
        return Err(Unprepared(elsewhere(needs)).into());
    }
    shell::say(&format!("missing on this machine:\n{list}"));
    debian::install(house, needs, consent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elsewhere_every_package_is_called_as_its_makers_call_it() {
        let needs: Vec<&Need> = [Purpose::Compile, Purpose::Window, Purpose::Smoke]
            .iter()
            .flat_map(|purpose| purpose.needs())
            .collect();
        let told = elsewhere(&needs);
        for part in [
            "WebKitGTK, API 4.1 (webkit2gtk-4.1.pc), with headers: the web view of the desktop window",
            "(on Debian and Ubuntu the package libwebkit2gtk-4.1-dev)",
            "librsvg-2.0.pc",
            "secret-tool",
        ] {
            assert!(told.contains(part), "{part} is missing in:\n{told}");
        }
        assert!(needs.iter().all(|need| !need.upstream.is_empty()));
    }
}
