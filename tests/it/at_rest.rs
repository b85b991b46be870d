//! The data on the disk, encrypted as a whole: by the real program, through its whole life.
//!
//! Never here: how a file is sealed (that is the store's own tests), or a keychain (the window's).

use std::{fs, path::Path, time::Duration};

use crate::support::{Daemon, Home, finished};

/// Longest that a command may take.
const WITHIN: Duration = Duration::from_secs(60);
const KEY: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";
const NEXT: &str = "1f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f1";
const VARIABLE: &str = "DATA_ENCRYPTION_KEY";
/// A setting of the workspace that the program wrote and nobody else knows.
const WORDS: &str = "A workspace that only its owner reads";

fn encrypted(key: &str) -> Home {
    Home::new()
        .with("CHIMERA_ENCRYPTION", "required")
        .with(VARIABLE, key)
}

/// Files of the data folder in which a text can be read.
fn readable(folder: &Path, text: &str) -> Vec<String> {
    let files = fs::read_dir(folder).unwrap().map(Result::unwrap);
    files
        .filter(|file| file.file_type().unwrap().is_file())
        .filter(|file| String::from_utf8_lossy(&fs::read(file.path()).unwrap()).contains(text))
        .map(|file| file.file_name().to_string_lossy().into_owned())
        .collect()
}

async fn named(daemon: &Daemon) {
    let owner = serde_json::json!({
        "name": "Olga Brandt", "email": "olga@brew.example", "password": "a long enough password",
        "workspace": WORDS,
    });
    let made = daemon.api().post("/api/v1/setup", owner).await;
    made.ok();
}

async fn runs(home: &Home, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = home.chimerad();
    command.args(arguments);
    finished(command, WITHIN).await
}

#[tokio::test]
async fn what_was_written_is_read_with_the_key_alone_and_every_command_has_it() {
    let home = encrypted(KEY);
    let daemon = Daemon::start(&home).await;
    named(&daemon).await;
    let keychain = daemon.api().get("/api/v1/connections/keychain").await;
    assert_eq!(keychain["data"]["form"], "encrypted", "{keychain}");
    assert_eq!(keychain["data"]["variable"], VARIABLE);
    // Killed, with its log beside it; then started again.
    daemon.kill().await;
    for words in [WORDS, "olga@brew.example", "CREATE TABLE", KEY] {
        assert_eq!(readable(&home.data(), words), [""; 0], "{words}");
    }
    let daemon = Daemon::start(&home).await;
    let (code, _, said) = runs(
        &home,
        &["backup", "--to", &home.at("copy").display().to_string()],
    )
    .await;
    assert_eq!(code, Some(0), "{said}");
    assert!(!fs::read(home.at("copy")).unwrap().starts_with(b"SQLite"));
    let me = daemon.api().get("/api/v1/session").await;
    assert_eq!(me["tenant"]["name"], WORDS, "{me}");
    daemon.stop().await;
    let (code, said, _) = runs(&home, &["doctor"]).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("encrypted; its key comes from DATA_ENCRYPTION_KEY"),
        "{said}"
    );
    let (code, said, noted) = runs(&home, &["audit", "verify"]).await;
    assert_eq!(code, Some(0), "{said}{noted}");
    let (code, said, _) = runs(&home, &["key", "export"]).await;
    assert_eq!((code, said.trim()), (Some(0), KEY));
}

#[tokio::test]
async fn without_the_key_or_with_another_it_does_not_start_and_changes_nothing() {
    let home = encrypted(KEY);
    let daemon = Daemon::start(&home).await;
    daemon.stop().await;
    let before = fs::read(home.data().join("chimera.db")).unwrap();
    let token = fs::read(home.data().join("token")).unwrap();
    for (key, says) in [
        (NEXT, "does not open"),
        ("not a key", "64 hexadecimal digits"),
        ("", "cannot be read"),
    ] {
        let home = home.again().with(VARIABLE, key);
        let refused = Daemon::try_start(&home, 0).await.err().unwrap();
        assert_eq!(refused.code, Some(1), "{refused:?}");
        assert!(refused.said.contains(says), "{key:?}: {refused:?}");
        assert!(key.is_empty() || !refused.said.contains(key), "{refused:?}");
    }
    assert_eq!(fs::read(home.data().join("chimera.db")).unwrap(), before);
    assert_eq!(fs::read(home.data().join("token")).unwrap(), token);
    Daemon::start(&home).await.stop().await;
}

#[tokio::test]
async fn what_was_plain_says_so_and_is_encrypted_when_it_is_asked_for() {
    let home = Home::new();
    let daemon = Daemon::start(&home).await;
    named(&daemon).await;
    let keychain = daemon.api().get("/api/v1/connections/keychain").await;
    assert_eq!(keychain["data"]["form"], "plain", "{keychain}");
    daemon.kill().await;
    assert!(!readable(&home.data(), WORDS).is_empty());
    let (_, said, _) = runs(&home, &["doctor"]).await;
    assert!(said.contains("CHIMERA_ENCRYPTION=required"), "{said}");
    let (code, _, noted) = runs(&home, &["key", "export"]).await;
    assert_eq!(code, Some(1));
    assert!(noted.contains("is not encrypted"), "{noted}");
    // Asked for without a key, it does not start, and does not carry on in plain.
    let keyless = home.again().with("CHIMERA_ENCRYPTION", "required");
    let refused = Daemon::try_start(&keyless, 0).await.err().unwrap();
    assert!(
        refused.said.contains("Nothing was encrypted"),
        "{refused:?}"
    );

    let home = keyless.with(VARIABLE, KEY);
    let daemon = Daemon::start(&home).await;
    assert_eq!(readable(&home.data(), WORDS), [""; 0]);
    let me = daemon.api().get("/api/v1/session").await;
    assert_eq!(me["tenant"]["name"], WORDS, "{me}");
    daemon.stop().await;

    // Another key in the former one's place, as a server's owner gives it.
    let home = home.again().with(VARIABLE, format!("{NEXT},{KEY}"));
    let (code, _, noted) = runs(&home, &["key", "rotate"]).await;
    assert_eq!(code, Some(0), "{noted}");
    let home = home.again().with(VARIABLE, NEXT);
    let daemon = Daemon::start(&home).await;
    let me = daemon.api().get("/api/v1/session").await;
    assert_eq!(me["tenant"]["name"], WORDS, "{me}");
    daemon.stop().await;
    let former = home.again().with(VARIABLE, KEY);
    assert!(Daemon::try_start(&former, 0).await.is_err());
}
