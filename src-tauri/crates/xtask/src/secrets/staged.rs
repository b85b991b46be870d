//! What the next commit would take in, read from git's index and not from the
//! work tree: the two may differ.

use std::process::Stdio;

use anyhow::{Context, Result};

use crate::files::TreeFile;
use crate::house::House;
use crate::shell;

/// Files added, copied, changed or renamed in the index.
pub(crate) fn staged(house: &House) -> Result<Vec<TreeFile>> {
    let mut list = house.command("git");
    list.args([
        "diff",
        "--cached",
        "--name-only",
        "-z",
        "--diff-filter=ACMR",
    ]);
    let names = shell::capture(&mut list)?;
    names
        .split('\0')
        .filter(|name| !name.is_empty())
        .map(|name| read(house, name))
        .collect()
}

fn read(house: &House, name: &str) -> Result<TreeFile> {
    let mut show = house.command("git");
    show.arg("show")
        .arg(format!(":{name}"))
        .stdin(Stdio::null());
    let output = show
        .output()
        .with_context(|| format!("reading {name} from git's index"))?;
    Ok(TreeFile::new(name, output.stdout))
}
