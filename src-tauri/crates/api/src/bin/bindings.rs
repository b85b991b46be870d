//! `chimera-bindings <folder>`: writes every generated file below the folder. `cargo xtask bindings` calls it.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result, bail};

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(folder), None) = (arguments.next(), arguments.next()) else {
        bail!("give one argument: the folder to write below");
    };
    let folder = PathBuf::from(folder);
    for (path, text) in chimera_api::export::files() {
        let file = folder.join(&path);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent).with_context(|| format!("making {}", parent.display()))?;
        }
        // Unchanged files keep their time: tools that watch them stay quiet.
        if fs::read_to_string(&file).is_ok_and(|before| before == text) {
            continue;
        }
        fs::write(&file, text).with_context(|| format!("writing {}", file.display()))?;
    }
    Ok(())
}
