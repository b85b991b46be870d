//! A home whose data folder is mounted read-only, really: in a mount namespace of one program, which ends with it.
//!
//! Never here: an expectation. A disk on which a file is open for writing cannot be mounted so; that one is made read-only
//! by SQLite's own means, where the store is tested.

use std::{path::Path, process::Command, sync::OnceLock};

/// Mounts the first argument onto itself, to be read alone, and becomes what follows.
const READ_ONLY: &str =
    r#"mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@""#;

/// Ways to a namespace in which one may mount: as whoever may do so everywhere, and as anybody else.
const WAYS: [&[&str]; 2] = [&["--mount"], &["--user", "--map-root-user", "--mount"]];

/// `command` where `folder` is mounted read-only.
pub(crate) fn read_only(folder: &Path, command: &Command) -> Command {
    let mut mounted = entering();
    mounted.arg(READ_ONLY).arg("sh").arg(folder);
    mounted.arg(command.get_program()).args(command.get_args());
    mounted.env_clear();
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            mounted.env(name, value);
        }
    }
    if let Some(folder) = command.get_current_dir() {
        mounted.current_dir(folder);
    }
    mounted
}

fn entering() -> Command {
    static WAY: OnceLock<&[&str]> = OnceLock::new();
    shell(WAY.get_or_init(way))
}

fn shell(way: &[&str]) -> Command {
    let mut command = Command::new("unshare");
    command.args(way).args(["--", "sh", "-c"]);
    command
}

/// The first way that this machine allows.
fn way() -> &'static [&'static str] {
    let folder = tempfile::tempdir().unwrap();
    let mut said = Vec::new();
    for way in WAYS {
        let mut tried = shell(way);
        tried
            .arg(READ_ONLY)
            .arg("sh")
            .arg(folder.path())
            .arg("true");
        let output = tried
            .output()
            .expect("the tests need unshare, of util-linux");
        if output.status.success() {
            return way;
        }
        said.push(String::from_utf8_lossy(&output.stderr).trim().to_owned());
    }
    panic!(
        "this machine lets nobody mount a folder, not even in a namespace of their own ({}): in a container, start it with --cap-add SYS_ADMIN and without a profile that forbids mounting; elsewhere allow user namespaces",
        said.join("; ")
    );
}
