//! Where the real binary is, built once a run if nobody names it.
//!
//! Never here: starting it.

use std::{
    fs::{self, File, OpenOptions},
    io::{Read, Seek, Write},
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

/// The binary under test: `CHIMERAD`, or the one of this build, brought up to date first.
pub(crate) fn chimerad() -> &'static Path {
    static FOUND: OnceLock<PathBuf> = OnceLock::new();
    FOUND.get_or_init(|| match std::env::var_os("CHIMERAD") {
        Some(named) => PathBuf::from(named),
        None => built(),
    })
}

/// Where this build's binaries lie: this very test is in `<target>/<profile>/deps`.
fn profile() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    own.parent().and_then(Path::parent).unwrap().to_owned()
}

/// The server with breakpoints; cargo builds this package's examples with its tests.
pub(crate) fn breakable() -> PathBuf {
    let path = profile().join("examples/breakable");
    assert!(path.is_file(), "{} is not built", path.display());
    path
}

fn built() -> PathBuf {
    let profile = profile();
    once_a_run(&profile, || {
        let mut cargo = Command::new(env!("CARGO"));
        // Of the workspace, not of the package alone: that would build every library again with other features.
        cargo
            .args(["build", "--quiet", "--workspace", "--bin", "chimerad"])
            .arg("--target-dir")
            .arg(profile.parent().unwrap())
            .current_dir(env!("CARGO_MANIFEST_DIR"));
        if profile.ends_with("release") {
            cargo.arg("--release");
        }
        let status = cargo.status().unwrap();
        assert!(status.success(), "chimerad cannot be built: {status}");
    });
    profile.join("chimerad")
}

/// Every test of a nextest run is a process of its own; the first one builds and the others wait for it.
fn once_a_run(profile: &Path, build: impl FnOnce()) {
    let run = std::env::var_os("NEXTEST_RUN_ID").map(|run| run.to_string_lossy().into_owned());
    fs::create_dir_all(profile).unwrap();
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(profile.join("chimerad.tested-run"))
        .unwrap();
    File::lock(&file).unwrap();
    let mut last = String::new();
    file.read_to_string(&mut last).unwrap();
    if run.is_some() && run.as_deref() == Some(last.trim()) {
        return;
    }
    build();
    file.set_len(0).unwrap();
    file.rewind().unwrap();
    file.write_all(run.unwrap_or_default().as_bytes()).unwrap();
}

/// Node, which runs the servers of some tests.
pub(crate) fn node() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap();
    std::env::split_paths(&path)
        .map(|folder| folder.join("node"))
        .find(|program| program.is_file())
        .expect("the tests need Node")
}
