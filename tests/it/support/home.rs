//! A home of one test: its folders, its settings, and the files that the product leaves in them.
//!
//! Never here: a running process.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use chimera_boot::play_recording;
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Command;

use super::binary::{breakable, chimerad};

/// A fresh home; everything in it goes when it is dropped. What the programs in it decided is decided again before that.
pub(crate) struct Home {
    folder: Arc<Folder>,
    settings: Vec<(String, String)>,
}

impl Home {
    /// An empty home whose `feeds` folder may be read.
    pub(crate) fn new() -> Self {
        let folder = TempDir::with_prefix("chimera-it-").unwrap();
        for room in ["feeds", "home", "recordings", "work"] {
            fs::create_dir(folder.path().join(room)).unwrap();
        }
        let room = |name| folder.path().join(name).display().to_string();
        let settings = vec![
            ("CHIMERA_FEED_ROOTS".to_owned(), room("feeds")),
            // No test may touch the keychain of whoever runs it.
            ("CHIMERA_KEYCHAIN".to_owned(), "none".to_owned()),
            // Every story is a simulation of TST-01: it is recorded, and played when it is over.
            ("CHIMERA_RECORD".to_owned(), room("recordings")),
        ];
        Self {
            folder: Arc::new(Folder(folder)),
            settings,
        }
    }

    /// The same with a setting from the environment.
    pub(crate) fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.settings.push((name.to_owned(), value.to_string()));
        self
    }

    /// The same folders once more, for other settings; what is set again takes the former's place.
    pub(crate) fn again(&self) -> Self {
        Self {
            folder: self.folder.clone(),
            settings: self.settings.clone(),
        }
    }

    /// The same with loopback hosts allowed to feeds and providers.
    pub(crate) fn with_loopback(self) -> Self {
        self.with("CHIMERA_ALLOW_HOSTS", "127.0.0.1")
    }

    /// Where all state lives.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.0.path().join("data")
    }

    /// A file below the home.
    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.folder.0.path().join(name)
    }

    /// Writes a file below the home and says where.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.at(name);
        fs::write(&path, content).unwrap();
        path
    }

    /// The real binary, in this home and in nobody else's environment.
    pub(crate) fn chimerad(&self) -> Command {
        let mut command = self.command(chimerad());
        command.arg("--data-dir").arg(self.data());
        command
    }

    /// The server that ends itself at a breakpoint, in this home, on a free port.
    pub(crate) fn breakable(&self) -> Command {
        let mut command = self.command(&breakable());
        command
            .env("CHIMERA_DATA_DIR", self.data())
            .env("CHIMERA_PORT", "0");
        command
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("HOME", self.at("home"))
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .current_dir(self.at("work"))
            .kill_on_drop(true);
        // Where a coverage run gathers its counts.
        if let Some(profile) = std::env::var_os("LLVM_PROFILE_FILE") {
            command.env("LLVM_PROFILE_FILE", profile);
        }
        command
    }

    /// Bytes of the sandbox network's file: more of them, and something went out.
    pub(crate) fn posted_bytes(&self) -> u64 {
        fs::metadata(self.data().join("sandbox.jsonl")).map_or(0, |file| file.len())
    }

    /// Records of the sandbox network's file: the posts that really went out, oldest first.
    pub(crate) fn posts(&self) -> Vec<Value> {
        posts_in(&self.data().join("sandbox.jsonl"))
    }
}

/// The folder of a home.
struct Folder(TempDir);

impl Drop for Folder {
    /// Plays what was recorded. The test has passed by then: it fails here when a decision comes out differently.
    fn drop(&mut self) {
        if !std::thread::panicking() && play_all(&self.0.path().join("recordings")) {
            tell_simulated();
        }
    }
}

/// Leaves a file of the test's name for whoever counts simulations, where somebody does (`cargo xtask test`).
fn tell_simulated() {
    let Some(folder) = std::env::var_os("CHIMERA_SIMULATED") else {
        return;
    };
    let of_runner = std::env::var_os("NEXTEST_TEST_NAME");
    let of_runner = of_runner.and_then(|name| name.into_string().ok());
    let of_thread = || std::thread::current().name().map(str::to_owned);
    let name = of_runner.or_else(of_thread).unwrap();
    fs::write(Path::new(&folder).join(name.replace("::", ".")), "").unwrap();
}

/// Decides again all that was recorded, and says whether an agent was at work in it: whether a model answered in a recording
/// in which something was decided.
fn play_all(recordings: &Path) -> bool {
    let mut is_simulation = false;
    for file in fs::read_dir(recordings).unwrap() {
        let file = file.unwrap().path();
        // A process that was killed before its first line.
        if fs::metadata(&file).unwrap().len() == 0 {
            continue;
        }
        let played = play_recording(&file).unwrap_or_else(|error| panic!("{error:#}"));
        assert_eq!(played.difference, None, "{}", file.display());
        assert!(!played.full, "{} is full", file.display());
        is_simulation |= played.answers > 0 && played.decisions > 0;
    }
    is_simulation
}

fn posts_in(journal: &Path) -> Vec<Value> {
    let Ok(text) = fs::read_to_string(journal) else {
        return Vec::new();
    };
    text.lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|record| record["kind"] == "posted")
        .map(|record| record["post"].clone())
        .collect()
}
