//! Starting where something is in the way: said clearly, and nothing is overwritten.
//!
//! Never here: damage while it runs.

use std::{fs, net::TcpListener, path::Path};

use serde_json::json;
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};

use crate::support::{Daemon, Home, World};

/// Bytes of every file of a folder.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                fs::read(&path).unwrap(),
            )
        })
        .collect();
    found.sort();
    found
}

fn bytes_of(files: &[(String, Vec<u8>)], name: &str) -> Vec<u8> {
    files
        .iter()
        .find(|(found, _)| found == name)
        .unwrap()
        .1
        .clone()
}

#[tokio::test]
async fn a_second_instance_says_so_and_leaves() {
    let home = Home::new();
    let mut first = Daemon::start(&home).await;
    let refused = Daemon::try_start(&home, 0).await.err().unwrap();
    assert_eq!(refused.code, Some(1), "{refused:?}");
    for part in [
        "in use by another Chimera",
        "nothing was changed",
        "data folder",
    ] {
        assert!(
            refused.said.contains(part),
            "{part} is missing in: {}",
            refused.said
        );
    }
    assert!(first.is_running());
    // Its token is still the one that was written: the second did not touch it.
    let token = fs::read_to_string(home.data().join("token")).unwrap();
    let api = first.api().as_holder_of(&token);
    assert_eq!(
        api.get("/api/v1/swarm/gauge").await["stopped"],
        json!(false)
    );
}

#[tokio::test]
async fn a_taken_port_is_said_before_anything_is_begun() {
    let home = Home::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let refused = Daemon::try_start(&home, port).await.err().unwrap();
    assert_eq!(refused.code, Some(1), "{refused:?}");
    for part in [&port.to_string(), "taken by another program", "--port"] {
        assert!(
            refused.said.contains(part),
            "{part} is missing in: {}",
            refused.said
        );
    }
    assert!(!home.data().exists(), "something was begun");
}

/// A home with state in it, at rest.
async fn lived_in() -> Home {
    let world = World::careful().await;
    let campaign = world.one_post().await;
    world.review(&campaign).await;
    world.closed().await
}

#[tokio::test]
async fn a_damaged_database_is_left_as_it_is() {
    let home = lived_in().await;
    let path = home.data().join("chimera.db");
    let sound = fs::read(&path).unwrap();

    // The schema's page is noise; the rest is whole.
    let mut noise = sound.clone();
    noise[100..4_000].iter_mut().for_each(|byte| *byte ^= 0x5a);
    // No database at all.
    let words = b"These are not the bytes that you are looking for.".to_vec();
    for (bad, said) in [(noise, "damaged"), (words, "not a Chimera database")] {
        fs::write(&path, &bad).unwrap();
        let before = files(&home.data());
        let refused = Daemon::try_start(&home, 0).await.err().unwrap();
        assert_eq!(refused.code, Some(1), "{refused:?}");
        assert!(
            refused.said.contains(said) && refused.said.contains("othing was changed"),
            "{}",
            refused.said
        );
        let after = files(&home.data());
        for name in ["chimera.db", "sandbox.jsonl", "token"] {
            if before.iter().any(|(found, _)| found == name) {
                assert!(
                    bytes_of(&before, name) == bytes_of(&after, name),
                    "{name} was changed"
                );
            }
        }
    }
    fs::write(&path, sound).unwrap();
    let daemon = Daemon::start(&home).await;
    assert_eq!(
        daemon.api().all("/api/v1/reviews?state=open").await.len(),
        1
    );
}

#[tokio::test]
async fn damaged_traces_are_put_aside_and_keep_nobody_from_their_work() {
    let home = lived_in().await;
    let path = home.data().join("spans.sqlite");
    let noise = b"These are not the spans that you are looking for. ".repeat(200);
    fs::write(&path, &noise).unwrap();
    let daemon = Daemon::start(&home).await;
    let reviews = daemon.api().all("/api/v1/reviews?state=open").await;
    assert_eq!(reviews.len(), 1);
    let alerts = daemon.api().all("/api/v1/alerts").await;
    let lost = alerts
        .iter()
        .find(|alert| alert["code"] == "TRACES_SET_ASIDE");
    let detail = lost.unwrap()["detail"].as_str().unwrap();
    let aside = home.data().join("spans.sqlite.damaged-1");
    assert!(detail.contains(&*aside.display().to_string()), "{detail}");
    assert_eq!(fs::read(&aside).unwrap(), noise);
    daemon.api().get("/api/v1/traces").await;
}

#[tokio::test]
async fn a_database_that_is_gone_is_no_first_start() {
    let home = lived_in().await;
    let path = home.data().join("chimera.db");
    let sound = fs::read(&path).unwrap();
    let copy = home.data().join("chimera.db.kept.bak");
    for (left, names) in [(&copy, true), (&home.data().join("spans.sqlite"), false)] {
        if names {
            fs::write(&copy, &sound).unwrap();
        } else {
            fs::remove_file(&copy).unwrap();
        }
        for empty in [true, false] {
            if empty {
                fs::write(&path, b"").unwrap();
            } else {
                fs::remove_file(&path).unwrap();
            }
            let refused = Daemon::try_start(&home, 0).await.err().unwrap();
            assert_eq!(refused.code, Some(1), "{refused:?}");
            for part in [
                "gone or empty",
                "no first start",
                &*left.display().to_string(),
            ] {
                assert!(
                    refused.said.contains(part),
                    "{part} is missing in: {}",
                    refused.said
                );
            }
            assert!(fs::metadata(&path).map_or(true, |file| file.len() == 0));
        }
    }
    // A head of zeros is something else, and the copy is named all the same.
    fs::write(&copy, &sound).unwrap();
    let mut zeroed = sound.clone();
    zeroed[..4_096].fill(0);
    fs::write(&path, &zeroed).unwrap();
    let refused = Daemon::try_start(&home, 0).await.err().unwrap();
    assert!(
        refused.said.contains(&*copy.display().to_string()),
        "{}",
        refused.said
    );
    fs::copy(&copy, &path).unwrap();
    let daemon = Daemon::start(&home).await;
    assert_eq!(
        daemon.api().all("/api/v1/reviews?state=open").await.len(),
        1
    );
}

#[cfg(unix)]
#[tokio::test]
async fn a_second_instance_is_known_under_whatever_name_it_finds_the_database() {
    let home = lived_in().await;
    let path = home.data().join("chimera.db");
    let other = Home::new();
    fs::create_dir_all(other.data()).unwrap();
    let name = other.data().join("chimera.db");
    std::os::unix::fs::symlink(&path, &name).unwrap();
    let mut first = Daemon::start(&home).await;
    let refused = Daemon::try_start(&other, 0).await.err().unwrap();
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(
        refused.said.contains("in use by another Chimera"),
        "{}",
        refused.said
    );
    assert!(first.is_running());
    first.stop().await;
    // Two names of one file are nothing that a lock beside it could keep apart.
    fs::remove_file(&name).unwrap();
    fs::hard_link(&path, &name).unwrap();
    for home in [&home, &other] {
        let refused = Daemon::try_start(home, 0).await.err().unwrap();
        assert!(
            refused.said.contains("has another name"),
            "{}",
            refused.said
        );
    }
    fs::remove_file(&name).unwrap();
    Daemon::start(&home).await.stop().await;
}

#[tokio::test]
async fn a_damaged_sandbox_is_left_as_it_is() {
    let home = lived_in().await;
    let path = home.data().join("sandbox.jsonl");
    let bad = "{\"kind\":\"posted\"\n{}\n";
    fs::write(&path, bad).unwrap();
    let refused = Daemon::try_start(&home, 0).await.err().unwrap();
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(
        refused.said.contains("damaged at record 1"),
        "{}",
        refused.said
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), bad);
}

#[tokio::test]
async fn a_database_that_another_program_holds_is_waited_for_and_then_said() {
    let home = lived_in().await;
    let path = home.data().join("chimera.db");
    let options = SqliteConnectOptions::new()
        .filename(&path)
        .pragma("locking_mode", "EXCLUSIVE");
    let mut holder = options.connect().await.unwrap();
    sqlx::query("BEGIN EXCLUSIVE")
        .execute(&mut holder)
        .await
        .unwrap();
    let refused = Daemon::try_start(&home, 0).await.err().unwrap();
    assert_eq!(refused.code, Some(1), "{refused:?}");
    for part in ["in use by another", "nothing was changed"] {
        assert!(
            refused.said.contains(part),
            "{part} is missing in: {}",
            refused.said
        );
    }
    sqlx::query("ROLLBACK").execute(&mut holder).await.unwrap();
    holder.close().await.unwrap();
    let daemon = Daemon::start(&home).await;
    assert_eq!(
        daemon.api().all("/api/v1/reviews?state=open").await.len(),
        1
    );
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let home = Home::new();
    // A file stands where the folder would be: in the way of root as well.
    let file = home.write("data", "a file");
    let refused = Daemon::try_start(&home, 0).await.err().unwrap();
    assert_eq!(refused.code, Some(1), "{refused:?}");
    for part in [
        &*file.display().to_string(),
        "Nothing was started",
        "--data-dir",
    ] {
        assert!(
            refused.said.contains(part),
            "{part} is missing in: {}",
            refused.said
        );
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), "a file");
}
