//! Disks that are really mounted, in a mount namespace of one program, which ends with it: a data folder that may only be
//! read, and small disks that can be filled.
//!
//! Never here: an expectation. A disk on which a file is open for writing cannot be made one that may only be read; that is
//! done by SQLite's own means, where the store is tested.

use std::{
    fs::{self, File},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

/// Mounts the first argument onto itself, to be read alone, and becomes what follows.
const READ_ONLY: &str =
    r#"mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@""#;

/// Becomes what follows.
const ITSELF: &str = r#"exec "$@""#;
/// Tells a test that it runs where it may mount.
const APART: &str = "CHIMERA_IT_APART";
/// What is written at once to fill a disk, in bytes: a page of memory.
const BALLAST_BYTES: usize = 4_096;

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

/// Whether this process may mount, and nobody else sees it. Where it may not, the test of this name runs once more in a
/// process that may, and has passed when this comes back with `false`.
pub(crate) fn is_apart(test: &str) -> bool {
    if std::env::var_os(APART).is_some() {
        return true;
    }
    let mut again = entering();
    again.args([ITSELF, "sh"]);
    again.arg(std::env::current_exe().unwrap());
    again.args(["--exact", test, "--nocapture"]).env(APART, "1");
    let output = again.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let noted = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}\n{noted}"
    );
    false
}

/// A disk of its own, as small as it is made, in the place of a folder.
pub(crate) struct SmallDisk {
    folder: PathBuf,
    /// Where a file of it is shown as well.
    shown: Vec<PathBuf>,
}

impl SmallDisk {
    /// Mounts a disk of so many bytes at `folder`, which is made.
    pub(crate) fn at(folder: PathBuf, bytes: u64) -> Self {
        fs::create_dir(&folder).unwrap();
        let size = format!("size={bytes},mode=0700");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &size, "tmpfs"]);
        done(mount.arg(&folder));
        Self {
            folder,
            shown: Vec::new(),
        }
    }

    /// Lets a new, empty file of the disk stand at `path` too, which is on another one.
    pub(crate) fn shows(&mut self, path: PathBuf) {
        let file = self.folder.join(path.file_name().unwrap());
        for one in [&file, &path] {
            File::create_new(one).unwrap();
        }
        done(Command::new("mount").arg("--bind").arg(&file).arg(&path));
        self.shown.push(path);
    }

    /// Takes all the room there is, to the last byte.
    pub(crate) fn fill(&self) {
        let mut ballast = File::create(self.ballast()).unwrap();
        loop {
            match ballast.write_all(&[1; BALLAST_BYTES]) {
                Ok(()) => {}
                Err(full) if full.kind() == ErrorKind::StorageFull => break,
                Err(error) => panic!("{error}"),
            }
        }
    }

    /// Gives the room back.
    pub(crate) fn free(&self) {
        fs::remove_file(self.ballast()).unwrap();
    }

    fn ballast(&self) -> PathBuf {
        self.folder.join("ballast")
    }
}

impl Drop for SmallDisk {
    /// Else the folder could not be removed. Whoever still has a file open there keeps it.
    fn drop(&mut self) {
        for place in self.shown.iter().chain([&self.folder]) {
            let _ = Command::new("umount").arg("--lazy").arg(place).status();
        }
    }
}

fn done(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
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
