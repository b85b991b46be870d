//! The journal: what a crash, a full disk, a second process or damage leaves behind.

use std::{
    fs,
    path::PathBuf,
    sync::{Arc, Mutex},
};

use chimera_domain::fault::FaultClass;
use serde_json::json;

use super::{agent, on, post, sandbox, texts, with};
use crate::{
    client::Client,
    sandbox::{JournalState, Record, SandboxState, StateError, fault},
};

fn place() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.jsonl");
    (folder, path)
}

/// Opens the journal as a new process would; the old one is gone.
async fn reopened(client: Client, path: &std::path::Path) -> Client {
    drop(client);
    loop {
        // The old server lets go of the file when its connection has ended.
        match JournalState::open(path) {
            Ok(state) => return Client::of(sandbox(state).0).await,
            Err(StateError::InUse { .. }) => tokio::task::yield_now().await,
            Err(error) => panic!("{error}"),
        }
    }
}

#[tokio::test]
async fn a_receipt_that_was_never_delivered_is_the_same_after_a_restart() {
    let (_folder, path) = place();
    let client = on(&path).await;
    let receipt = client
        .intend("post_content", post("Once"), Some("k"))
        .await
        .unwrap();
    // Whatever became of the answer, the record is on disk.
    let client = reopened(client, &path).await;
    assert_eq!(
        client
            .intend("post_content", post("Once"), Some("k"))
            .await
            .unwrap(),
        receipt
    );
    assert_eq!(texts(&client).await, ["Once"]);
}

#[tokio::test]
async fn a_crash_at_any_byte_of_a_write_leaves_one_post_or_none_and_never_two() {
    let (_folder, path) = place();
    let client = on(&path).await;
    client
        .intend("post_content", post("First"), Some("k1"))
        .await
        .unwrap();
    let before = fs::metadata(&path).unwrap().len();
    client
        .intend("post_content", post("Second"), Some("k2"))
        .await
        .unwrap();
    drop(client);
    let whole = fs::read(&path).unwrap();
    for cut in usize::try_from(before).unwrap()..=whole.len() {
        let (_folder, torn) = place();
        fs::write(&torn, &whole[..cut]).unwrap();
        let client = on(&torn).await;
        let seen = texts(&client).await;
        let expected: &[&str] = if cut == whole.len() {
            &["Second", "First"]
        } else {
            &["First"]
        };
        assert_eq!(seen, expected, "cut at {cut}");
        let receipt = client
            .intend("post_content", post("Second"), Some("k2"))
            .await
            .unwrap();
        assert_eq!(receipt["post_id"], "p2");
        let client = reopened(client, &torn).await;
        assert_eq!(texts(&client).await, ["Second", "First"], "cut at {cut}");
    }
}

#[tokio::test]
async fn everything_survives_and_what_is_superseded_goes() {
    let (_folder, path) = place();
    let client = on(&path).await;
    for handle in ["one", "two", "three"] {
        client
            .call(
                "claim_handle",
                json!({"agent_id": agent(1), "handle": handle}),
            )
            .await
            .unwrap();
    }
    client
        .intend("post_content", post("A confession"), Some("k"))
        .await
        .unwrap();
    client
        .call("post_content", post("Question?"))
        .await
        .unwrap();
    let reply = with(post("Answer."), "/content/reply_to_id", json!("p2"));
    client.call("reply_to_post", reply).await.unwrap();
    client
        .call(
            "delete_post",
            json!({"post_id": "p1", "agent_id": agent(1)}),
        )
        .await
        .unwrap();
    let feed = client.call("fetch_feed", json!({})).await.unwrap();

    let client = reopened(client, &path).await;
    assert_eq!(client.call("fetch_feed", json!({})).await.unwrap(), feed);
    let kept = fs::read_to_string(&path).unwrap();
    assert!(!kept.contains("@one") && !kept.contains("@two") && kept.contains("@three"));
    // The words of a deleted post are gone from the disk; its intent is not.
    assert!(!kept.contains("A confession"), "{kept}");
    let again = client
        .intend("post_content", post("A confession"), Some("k"))
        .await
        .unwrap();
    assert_eq!(again["post_id"], "p1");
    let next = client.call("post_content", post("Next")).await.unwrap();
    assert_eq!(next["post_id"], "p4");
    let client = reopened(client, &path).await;
    assert_eq!(texts(&client).await, ["Next", "Answer.", "Question?"]);
}

#[tokio::test]
async fn damage_is_told_and_nothing_is_overwritten() {
    let (_folder, path) = place();
    let client = on(&path).await;
    for text in ["one", "two"] {
        client.call("post_content", post(text)).await.unwrap();
    }
    drop(client);
    let whole = fs::read_to_string(&path).unwrap();
    let (first, second) = whole.split_once('\n').unwrap();
    for (damage, record) in [
        (format!("{}\n{second}", &first[..20]), 1),
        (format!("{first}\n{first}\n"), 2),
        (format!("{first}\n{{\"kind\":\"flown\"}}\n{second}"), 2),
        (format!("{first}\n{}", "x".repeat(100_000)), 2),
        (
            format!(
                "{{\"kind\":\"deleted\",\"tenant\":\"{}\",\"number\":1,\"at\":\"2026-01-01T00:00:00Z\"}}\n{whole}",
                uuid::Uuid::nil()
            ),
            1,
        ),
    ] {
        let (_folder, path) = place();
        fs::write(&path, &damage).unwrap();
        let opened = super::super::Sandbox::open(super::SandboxOptions {
            state: Box::new(JournalState::open(&path).unwrap()),
            clock: crate::client::StoodClock::at(super::START),
            tenant: None,
        });
        match opened.map(|_| ()) {
            Err(StateError::Damaged { record: at, .. }) => assert_eq!(at, record, "{damage}"),
            other => panic!("{other:?}: {damage}"),
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), damage);
    }
}

#[tokio::test]
async fn a_second_process_is_told_that_the_file_is_in_use() {
    let (_folder, path) = place();
    let first = JournalState::open(&path).unwrap();
    assert!(matches!(
        JournalState::open(&path),
        Err(StateError::InUse { .. })
    ));
    drop(first);
    assert!(JournalState::open(&path).is_ok());
    let nowhere = path.join("no/such/folder");
    assert!(matches!(
        JournalState::open(nowhere),
        Err(StateError::Disk { .. })
    ));
}

/// A disk that fails when it is told to.
#[derive(Clone, Default)]
struct MoodyDisk(Arc<Mutex<(Vec<Record>, Option<StateError>)>>);

impl SandboxState for MoodyDisk {
    fn load(&mut self) -> Result<Vec<Record>, StateError> {
        Ok(self.0.lock().unwrap().0.clone())
    }
    fn append(&mut self, record: &Record) -> Result<(), StateError> {
        let mut disk = self.0.lock().unwrap();
        if disk.1 == Some(StateError::Uncertain) {
            // It did arrive; only nobody could tell.
            disk.0.push(record.clone());
        }
        match disk.1.clone() {
            Some(error) => Err(error),
            None => {
                disk.0.push(record.clone());
                Ok(())
            }
        }
    }
    fn replace(&mut self, records: &[Record]) -> Result<(), StateError> {
        self.0.lock().unwrap().0 = records.to_vec();
        Ok(())
    }
}

#[tokio::test]
async fn a_full_disk_refuses_the_post_and_the_same_intent_goes_through_later() {
    let disk = MoodyDisk::default();
    let client = Client::of(sandbox(disk.clone()).0).await;
    let full = StateError::Full { path: "x".into() };
    disk.0.lock().unwrap().1 = Some(full);
    let error = client
        .intend("post_content", post("Once"), Some("k"))
        .await
        .unwrap_err();
    assert_eq!(
        (error.code.as_str(), error.class),
        (fault::DISK_FULL, FaultClass::Waits)
    );
    assert!(error.message.contains("no room"), "{error}");
    assert_eq!(texts(&client).await, Vec::<String>::new());
    disk.0.lock().unwrap().1 = None;
    client
        .intend("post_content", post("Once"), Some("k"))
        .await
        .unwrap();
    assert_eq!(texts(&client).await, ["Once"]);
}

#[tokio::test]
async fn an_uncertain_write_is_cleared_up_by_asking_with_the_same_intent() {
    let disk = MoodyDisk::default();
    let client = Client::of(sandbox(disk.clone()).0).await;
    disk.0.lock().unwrap().1 = Some(StateError::Uncertain);
    let error = client
        .intend("post_content", post("Once"), Some("k"))
        .await
        .unwrap_err();
    assert_eq!(error.code, fault::STATE_UNCERTAIN);
    disk.0.lock().unwrap().1 = None;
    let client = Client::of(sandbox(disk).0).await;
    assert_eq!(
        client
            .intend("post_content", post("Once"), Some("k"))
            .await
            .unwrap()["post_id"],
        "p1"
    );
    assert_eq!(texts(&client).await, ["Once"]);
}
