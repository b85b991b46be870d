//! The two LLVM programs that read coverage profiles. They must be of the
//! compiler's own LLVM version, or they misread what it wrote.

use anyhow::Result;

use crate::house::House;
use crate::install::Unprepared;
use crate::{machine, shell};

/// Environment that shows `cargo llvm-cov` its programs; empty when the
/// toolchain has them itself.
pub(super) fn environment(house: &House) -> Result<Vec<(&'static str, String)>> {
    if in_toolchain(house)? {
        return Ok(Vec::new());
    }
    let verbose = shell::capture(house.command("rustc").arg("-vV"))?;
    let wanted = compiler_major(&verbose);
    if let Some(programs) = system_programs(house, wanted) {
        return Ok(programs);
    }
    shell::say(
        "neither the toolchain nor the system has the llvm-tools that read coverage profiles; asking rustup for them",
    );
    let mut rustup = house.command("rustup");
    rustup.args(["component", "add", "llvm-tools"]);
    if shell::succeeds(&mut rustup).unwrap_or(false) && in_toolchain(house)? {
        return Ok(Vec::new());
    }
    let major = wanted.map_or_else(|| "the compiler's".to_owned(), |major| major.to_string());
    let way = "install them with `rustup component add llvm-tools` where the network allows it";
    Err(Unprepared(format!("coverage needs llvm-cov and llvm-profdata of LLVM {major}; {way}, or your system's package `llvm-{major}`")).into())
}

fn in_toolchain(house: &House) -> Result<bool> {
    let folder = shell::capture(house.command("rustc").args(["--print", "target-libdir"]))?;
    let bin = std::path::Path::new(folder.trim()).with_file_name("bin");
    Ok(["llvm-cov", "llvm-profdata"]
        .iter()
        .all(|program| bin.join(program).is_file()))
}

fn system_programs(house: &House, wanted: Option<u32>) -> Option<Vec<(&'static str, String)>> {
    let wanted = wanted?;
    let find = |program: &str| {
        [format!("{program}-{wanted}"), program.to_owned()]
            .into_iter()
            .find_map(|name| {
                let path = machine::find_program(&name)?.to_string_lossy().into_owned();
                let version = shell::capture(house.command(&path).arg("--version")).ok()?;
                (program_major(&version)? == wanted).then_some(path)
            })
    };
    Some(vec![
        ("LLVM_COV", find("llvm-cov")?),
        ("LLVM_PROFDATA", find("llvm-profdata")?),
    ])
}

/// `LLVM version: 22.1.2` of `rustc -vV`.
fn compiler_major(verbose: &str) -> Option<u32> {
    let line = verbose
        .lines()
        .find_map(|line| line.strip_prefix("LLVM version:"))?;
    line.trim().split('.').next()?.parse().ok()
}

/// `Debian LLVM version 19.1.7` of the programs themselves.
fn program_major(version: &str) -> Option<u32> {
    let (_, after) = version.split_once("LLVM version ")?;
    after.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_both_sides() {
        assert_eq!(
            compiler_major("rustc 1.95.0\nhost: x\nLLVM version: 22.1.2\n"),
            Some(22)
        );
        assert_eq!(
            program_major("Debian LLVM version 19.1.7\n  Optimized build.\n"),
            Some(19)
        );
        assert_eq!(program_major("gcc 12"), None);
    }
}
