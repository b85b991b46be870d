//! The window on a real Chimera, in a folder of its own.

use std::path::Path;

use chimera_boot::Settings;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::{get, post, refused};
use crate::{
    boot::{Backend, BootState},
    door::Door,
    events::Subscriptions,
};

fn settings(folder: &Path) -> Settings {
    Settings {
        data_dir: folder.to_owned(),
        ..Settings::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_run_signs_in_hears_facts_and_signs_out() {
    let folder = tempfile::tempdir().unwrap();
    let backend = Backend::new();
    let door = Door::new(&backend);
    assert_eq!(backend.state(), BootState::Starting);
    // Asked before it has started, as the page does.
    let (setup, ()) = tokio::join!(
        door.ask("main", get("/api/v1/setup")),
        backend.start(Ok(settings(folder.path())))
    );
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
    let first = Backend::new();
    first.start(Ok(settings(folder.path()))).await;
    assert_eq!(first.state(), BootState::Ready);
    let second = Backend::new();
    second.start(Ok(settings(folder.path()))).await;
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
    let third = Backend::new();
    third.start(Ok(settings(broken.path()))).await;
    let BootState::Failed(failure) = third.state() else {
        panic!("it started on a broken file")
    };
    assert!(failure.message.contains("chimera.db"), "{failure:?}");
    assert_eq!(
        std::fs::read_to_string(&file).unwrap(),
        "this is no database"
    );
    let answer = Door::new(&third).ask("main", get("/api/v1/setup")).await;
    assert!(
        answer.body.contains("Chimera did not start"),
        "{}",
        answer.body
    );
}
