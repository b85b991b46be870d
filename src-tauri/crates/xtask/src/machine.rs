//! What xtask asks of the machine it stands on: environment, terminal, display,
//! programs on the path, where caches live. Nothing here changes the machine
//! (that is `install`), and nothing but this file reads the environment.
#![expect(
    clippy::disallowed_methods,
    reason = "xtask is no room of the product: it has no boot to read settings for it"
)]

use std::env;
use std::env::consts::EXE_SUFFIX;
use std::ffi::OsString;
use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

/// The value of an environment variable, if it is set, not empty and UTF-8.
pub(crate) fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// True on a build machine, where nobody is there to answer a question.
pub(crate) fn in_ci() -> bool {
    variable("CI").is_some_and(|value| value != "false" && value != "0")
}

/// True when a window could open.
pub(crate) fn has_display() -> bool {
    variable("DISPLAY").is_some() || variable("WAYLAND_DISPLAY").is_some()
}

/// True when a person sits at both ends: they see the question and can answer it.
pub(crate) fn can_ask() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// True when the output goes to a terminal that wants colour.
pub(crate) fn wants_colour() -> bool {
    std::io::stderr().is_terminal() && variable("NO_COLOR").is_none()
}

/// Finds a program on `PATH` or among cargo's own binaries.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain(cargo_bin_dir())
        .map(|folder| folder.join(format!("{name}{EXE_SUFFIX}")))
        .find(|candidate| is_executable(candidate))
}

/// `PATH` with more folders in front.
pub(crate) fn path_with(front: &[PathBuf]) -> OsString {
    let old = env::var_os("PATH").unwrap_or_default();
    let folders = front.iter().cloned().chain(env::split_paths(&old));
    env::join_paths(folders).unwrap_or(old)
}

/// Where downloaded tools are kept between checkouts; `None` without a home.
pub(crate) fn cache_dir() -> Option<PathBuf> {
    variable("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| variable("HOME").map(|home| PathBuf::from(home).join(".cache")))
        .map(|cache| cache.join("chimera"))
}

/// True for the superuser, who needs no sudo. Only Linux is asked.
pub(crate) fn is_root() -> bool {
    fs::read_to_string("/proc/self/status").is_ok_and(|status| effective_uid(&status) == Some(0))
}

/// True for Debian and its children, whose packages are known by name here.
pub(crate) fn is_debian_like() -> bool {
    fs::read_to_string("/etc/os-release").is_ok_and(|release| names_debian(&release))
}

/// Model name of the processor, cores, memory and kernel, as one line.
pub(crate) fn facts() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = field(&cpu, "model name").unwrap_or("unknown processor");
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kib: u64 = field(&memory, "MemTotal")
        .and_then(|value| value.split_whitespace().next())
        .and_then(|digits| digits.parse().ok())
        .unwrap_or(0);
    let gib = kib.div_ceil(1024 * 1024);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!("{model}, {cores} cores, {gib} GiB, Linux {}", kernel.trim())
}

fn cargo_bin_dir() -> Option<PathBuf> {
    variable("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| variable("HOME").map(|home| PathBuf::from(home).join(".cargo")))
        .map(|home| home.join("bin"))
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|facts| facts.is_file() && facts.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}

fn effective_uid(status: &str) -> Option<u32> {
    let line = status.lines().find(|line| line.starts_with("Uid:"))?;
    line.split_whitespace().nth(2)?.parse().ok()
}

fn names_debian(release: &str) -> bool {
    release
        .lines()
        .filter(|line| line.starts_with("ID=") || line.starts_with("ID_LIKE="))
        .any(|line| line.contains("debian"))
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines()
        .find(|line| line.starts_with(name))
        .and_then(|line| line.split_once(':'))
        .map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_and_its_children_are_recognised() {
        assert!(names_debian("NAME=x\nID=debian\n"));
        assert!(names_debian("ID=ubuntu\nID_LIKE=debian\n"));
        assert!(names_debian("ID=pop\nID_LIKE=\"ubuntu debian\"\n"));
        assert!(!names_debian(
            "ID=fedora\nHOME_URL=\"https://debian.example\"\n"
        ));
    }

    #[test]
    fn the_effective_user_counts_not_the_real_one() {
        let status = "Name:\tx\nUid:\t1000\t0\t0\t0\n";
        assert_eq!(effective_uid(status), Some(0));
        assert_eq!(effective_uid("Uid:\t0\t1000\t0\t0\n"), Some(1000));
    }
}
