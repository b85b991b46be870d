//! A home of one test: its folders, its settings, and the files that the product leaves in them.
//!
//! Never here: a running process.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Command;

use super::binary::{breakable, chimerad};

/// A fresh home; everything in it goes when it is dropped.
pub(crate) struct Home {
    folder: Arc<TempDir>,
    settings: Vec<(String, String)>,
}

impl Home {
    /// An empty home whose `feeds` folder may be read.
    pub(crate) fn new() -> Self {
        let folder = TempDir::with_prefix("chimera-it-").unwrap();
        for room in ["feeds", "home", "work"] {
            fs::create_dir(folder.path().join(room)).unwrap();
        }
        let feeds = folder.path().join("feeds").display().to_string();
        Self {
            folder: Arc::new(folder),
            // No test may touch the keychain of whoever runs it.
            settings: vec![
                ("CHIMERA_FEED_ROOTS".to_owned(), feeds),
                ("CHIMERA_KEYCHAIN".to_owned(), "none".to_owned()),
            ],
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
        self.folder.path().join("data")
    }

    /// A file below the home.
    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
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
