//! Node, which builds the web console. Distributions differ too much in its
//! version to install it for anybody; here it is only looked at.

use anyhow::Result;

use crate::house::House;
use crate::install::Unprepared;
use crate::npm::NPM;
use crate::shell;

/// The oldest Node that the console's build tools run on.
const OLDEST: (u32, u32) = (20, 19);

/// Fails with the remedy when Node is missing or too old.
pub(super) fn require(house: &House) -> Result<()> {
    let version = shell::capture(house.command("node").arg("--version")).unwrap_or_default();
    let npm = shell::capture(house.command(NPM).arg("--version"));
    let complaint = match parse(&version) {
        None => "Node is not installed".to_owned(),
        Some(found) if found < OLDEST => format!("Node {} is too old", version.trim()),
        Some(_) if npm.is_err() => "npm is not installed".to_owned(),
        Some(_) => return Ok(()),
    };
    let (major, minor) = OLDEST;
    Err(Unprepared(format!(
        "{complaint}; the web console is built with Node {major}.{minor} or newer and its npm.\n\
         Install it from nodejs.org or with your version manager (for example `nvm install {major}`), then run the command again."
    ))
    .into())
}

fn parse(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.trim().strip_prefix('v')?.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(parse("v20.19.0\n") >= Some(OLDEST));
        assert!(parse("v100.0.0") > Some(OLDEST));
        assert!(parse("v18.20.4") < Some(OLDEST));
        assert!(parse("v20.9.0") < Some(OLDEST));
        assert_eq!(parse("command not found"), None);
    }
}
