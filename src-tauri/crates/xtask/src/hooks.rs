//! Switches the house's git hooks on in this checkout, once. What the hooks do
//! is in `.githooks/`.

use anyhow::Result;

use crate::house::House;
use crate::{machine, shell};

const FOLDER: &str = ".githooks";

/// Points git at the hooks, unless somebody chose other ones or this is no
/// place where anybody commits.
pub(crate) fn switch_on(house: &House) -> Result<()> {
    if machine::in_ci() || !house.at(".git").exists() {
        return Ok(());
    }
    let mut ask = house.command("git");
    ask.args(["config", "--get", "core.hooksPath"]);
    // An unset value is an unsuccessful end for git.
    if shell::capture(&mut ask).is_ok() {
        return Ok(());
    }
    let mut set = house.command("git");
    set.args(["config", "core.hooksPath", FOLDER]);
    if shell::capture(&mut set).is_ok() {
        shell::say(
            "commits in this checkout are now searched for secrets first (.githooks/pre-commit)",
        );
    }
    Ok(())
}
