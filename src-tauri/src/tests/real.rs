//! The window on a real Chimera, in a folder of its own.

use std::{path::Path, time::Duration};

use chimera_boot::{KeychainSetting, Settings};
use serde_json::{Value, json};
use tokio::{sync::mpsc, time::Instant};

use super::{get, post, refused};
use crate::{
    boot::{Backend, BootState, START_AGAIN_AFTER, Stage, StartFailure},
    door::Door,
    events::Subscriptions,
};

/// A Chimera of its own, in `folder`.
fn backend(folder: &Path) -> Backend {
    let data_dir = folder.to_owned();
    Backend::new(move || {
        Ok(Settings {
            data_dir: data_dir.clone(),
            // The keychain of whoever runs this is theirs.
            keychain: KeychainSetting::None,
            ..Settings::default()
        })
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_run_signs_in_hears_facts_and_signs_out() {
    let folder = tempfile::tempdir().unwrap();
    let backend = backend(folder.path());
    let door = Door::new(&backend);
    assert_eq!(backend.state(), BootState::Starting);
    // Asked before it has started, as the page does.
    let (setup, ()) = tokio::join!(door.ask("main", get("/api/v1/setup")), backend.start());
    assert_eq!((setup.status, backend.state()), (200, BootState::Ready));
    assert_eq!(
        refused(&door.ask("main", get("/api/v1/session")).await).0,
        401
    );
    let owner = json!({ "name": "Ada", "email": "ada@example.org", "password": "a long enough passphrase" });
    let made = door
        .ask("main", post("/api/v1/setup", &owner.to_string()))
        .await;
    let body: Value = serde_json::from_str(&made.body).unwrap();
    assert_eq!(
        (made.status, &body["token"], &body["me"]["user"]["name"]),
        (201, &json!(""), &json!("Ada"))
    );
    assert_eq!(door.ask("main", get("/api/v1/session")).await.status, 200);

    let (send, mut heard) = mpsc::channel(64);
    let subscriptions = Subscriptions::default();
    let stream = door.events("main", Some(0)).await.unwrap();
    tokio::spawn(subscriptions.begin("main", 1, stream, move |batch| send.try_send(batch).is_ok()));
    let batch = heard.recv().await.unwrap();
    let first = &batch[0];
    assert_eq!(
        (first.event.as_str(), &first.data["seq"]),
        ("fact", &json!(1))
    );

    assert_eq!(
        door.ask(
            "main",
            super::DoorRequest {
                method: "DELETE".to_owned(),
                ..get("/api/v1/session")
            }
        )
        .await
        .status,
        204
    );
    assert_eq!(
        refused(&door.ask("main", get("/api/v1/session")).await).0,
        401
    );
    backend.shut_down().await;
    assert_eq!(
        refused(&door.ask("main", get("/api/v1/session")).await),
        (503, "UNAVAILABLE".to_owned())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_keeps_it_from_starting_is_said_in_the_window_and_nothing_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let first = backend(folder.path());
    first.start().await;
    assert_eq!(first.state(), BootState::Ready);
    let second = backend(folder.path());
    second.start().await;
    let BootState::Failed(failure) = second.state() else {
        panic!("it started twice in one folder")
    };
    assert!(
        failure.message.contains("in use by another Chimera"),
        "{failure:?}"
    );
    first.shut_down().await;

    let broken = tempfile::tempdir().unwrap();
    let file = broken.path().join("chimera.db");
    std::fs::write(&file, "this is no database").unwrap();
    let third = backend(broken.path());
    third.start().await;
    let BootState::Failed(failure) = third.state() else {
        panic!("it started on a broken file")
    };
    assert!(failure.message.contains("chimera.db"), "{failure:?}");
    assert_eq!(
        std::fs::read_to_string(&file).unwrap(),
        "this is no database"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_again_after_mending_starts_it() {
    let folder = tempfile::tempdir().unwrap();
    let backend = backend(folder.path());
    let door = Door::new(&backend);
    let failure = StartFailure {
        code: "STATE_REFUSED",
        message: "the file is damaged".to_owned(),
    };
    let now = Instant::now();
    // Asked at once, as a page asks for several things, it is not tried once more …
    backend.go_to(Stage::Failed {
        failure: failure.clone(),
        since: now + Duration::from_secs(3_600),
    });
    let answer = door.ask("main", get("/api/v1/setup")).await;
    assert_eq!(refused(&answer), (503, "NOT_STARTED".to_owned()));
    // … but after a while it is.
    let since = now.checked_sub(START_AGAIN_AFTER).unwrap();
    backend.go_to(Stage::Failed { failure, since });
    assert_eq!(door.ask("main", get("/api/v1/setup")).await.status, 200);
    assert_eq!(backend.state(), BootState::Ready);
    backend.shut_down().await;
}
