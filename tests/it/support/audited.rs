//! A home whose audit log is signed and anchored, the commands that check it, and its database behind Chimera's back.
//!
//! Never here: an expectation about a check.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::{Value, json};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use super::{Api, Daemon, Home, SOON, finished, until};

/// The key that signs, as a server without a keychain gets it.
pub(crate) const SEED: &str = "0707070707070707070707070707070707070707070707070707070707070707";
/// Its public half.
pub(crate) const KEY: &str =
    "ed25519:ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c";
/// Another key.
pub(crate) const OTHER_SEED: &str =
    "0808080808080808080808080808080808080808080808080808080808080808";
/// Longest check of a small log.
const CHECKS_WITHIN: Duration = Duration::from_secs(30);

/// A home that signs with [`SEED`].
pub(crate) fn signing_home() -> Home {
    Home::new().with_loopback().with("AUDIT_SIGNING_KEY", SEED)
}

/// The file that stands for one on another disk.
pub(crate) fn anchor_of(home: &Home) -> PathBuf {
    home.at("elsewhere.jsonl")
}

/// The same home, its checkpoints kept in [`anchor_of`] it.
pub(crate) fn anchored(home: Home) -> Home {
    let file = anchor_of(&home).display().to_string();
    home.with("CHIMERA_AUDIT_ANCHOR", file)
}

/// What `chimerad audit verify` found.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) code: Option<i32>,
    pub(crate) report: Value,
    /// Those of all workspaces; `report` is the first.
    pub(crate) reports: Vec<Value>,
}

impl Checked {
    /// The kinds of what is wrong.
    pub(crate) fn kinds(&self) -> Vec<&str> {
        let findings = self.report["findings"].as_array().unwrap();
        findings
            .iter()
            .map(|finding| finding["kind"].as_str().unwrap())
            .collect()
    }
}

/// Runs `chimerad audit …`.
pub(crate) async fn audit(home: &Home, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = home.chimerad();
    command.arg("audit").args(arguments);
    finished(command, CHECKS_WITHIN).await
}

/// Checks the log of this home.
pub(crate) async fn verify(home: &Home, more: &[&str]) -> Checked {
    let arguments = [&["verify", "--json"], more].concat();
    let (code, said, noted) = audit(home, &arguments).await;
    let told: Value =
        serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}{noted}"));
    Checked {
        code,
        report: told["logs"][0]["report"].clone(),
        reports: told["logs"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|log| log["report"].clone())
            .collect(),
    }
}

/// The chain as the API shows it, as soon as it is like this.
pub(crate) async fn chain(api: &Api, what: &str, like: impl Fn(&Value) -> bool) -> Value {
    until(what, SOON, || async {
        let chain = api.get("/api/v1/audit/chain").await;
        like(&chain).then_some(chain)
    })
    .await
}

/// Waits until everything that was written is sealed.
pub(crate) async fn sealed(api: &Api) -> Value {
    chain(api, "all is sealed", |chain| {
        chain["unsealed"] == 0 && chain["sealed"].as_u64() > Some(0)
    })
    .await
}

/// Lets Chimera run in this home until everything is sealed.
pub(crate) async fn runs_until_sealed(home: &Home) {
    let daemon = Daemon::start(home).await;
    sealed(daemon.api()).await;
    daemon.stop().await;
}

/// Has everything on record in a home whose server is not running be of two years ago, as sealed then, with a checkpoint
/// of today behind it; answers how many records are so old. The first of them is about money.
pub(crate) async fn sealed_long_ago(home: &Home) -> i64 {
    let database = Database::of(home);
    // Also what the process does that seals it.
    database
        .alter(
            "DELETE FROM audit_links; DELETE FROM audit_checkpoints; \
             UPDATE audit_logs SET timestamp = timestamp - 63072000000000; \
             UPDATE audit_logs SET action = 'prices.save' WHERE seq = (SELECT min(seq) FROM audit_logs); \
             CREATE TRIGGER long_ago AFTER INSERT ON audit_logs BEGIN \
                 UPDATE audit_logs SET timestamp = NEW.timestamp - 63072000000000 WHERE seq = NEW.seq; END",
        )
        .await;
    runs_until_sealed(home).await;
    let database = Database::of(home);
    database.alter("DROP TRIGGER long_ago").await;
    let old = database
        .number("SELECT max(last_number) FROM audit_checkpoints")
        .await;
    assert!(old > 1);
    // The newest checkpoint stays whatever its age: another one stands behind it.
    let daemon = Daemon::start(home).await;
    sealed(daemon.api()).await;
    let person = json!({ "name": "Mo", "email": "mo@example.org", "password": "a long enough one", "roles": ["viewer"] });
    daemon.api().post("/api/v1/users", person).await.ok();
    let more = |chain: &Value| chain["unsealed"] == 0 && chain["sealed"].as_i64() > Some(old);
    chain(daemon.api(), "another checkpoint", more).await;
    daemon.stop().await;
    old
}

/// The database of a home whose server is not running, to be altered and put back.
pub(crate) struct Database {
    file: PathBuf,
    pristine: Vec<u8>,
}

impl Database {
    pub(crate) fn of(home: &Home) -> Self {
        let file = home.data().join("chimera.db");
        Self {
            pristine: fs::read(&file).unwrap(),
            file,
        }
    }

    /// Puts it back as it was.
    pub(crate) fn restore(&self) {
        for suffix in ["-wal", "-shm"] {
            let beside = format!("{}{suffix}", self.file.display());
            if Path::new(&beside).exists() {
                fs::remove_file(beside).unwrap();
            }
        }
        fs::write(&self.file, &self.pristine).unwrap();
    }

    /// Runs statements on it, as somebody who can write the file could.
    pub(crate) async fn alter(&self, sql: &'static str) {
        let mut conn = self.open().await;
        sqlx::raw_sql(sql).execute(&mut conn).await.unwrap();
        conn.close().await.unwrap();
    }

    /// One number from it.
    pub(crate) async fn number(&self, sql: &'static str) -> i64 {
        let mut conn = self.open().await;
        let (number,): (i64,) = sqlx::query_as(sql).fetch_one(&mut conn).await.unwrap();
        conn.close().await.unwrap();
        number
    }

    async fn open(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(&self.file);
        SqliteConnection::connect_with(&options).await.unwrap()
    }
}
