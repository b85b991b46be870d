//! Posting: once per intent, labelled or not at all.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::{agent, client, post, sandbox, texts, with};
use crate::{
    client::{Client, tenant},
    sandbox::{MemoryState, fault},
};

#[tokio::test]
async fn a_post_gets_a_receipt_and_appears() {
    let (client, _) = client().await;
    let receipt = client
        .intend("post_content", post("Hello"), Some("k1"))
        .await
        .unwrap();
    assert_eq!(
        receipt,
        json!({
            "post_id": "p1",
            "url": "sandbox://posts/p1",
            "published_at": "2026-11-21T10:00:00.000000Z",
            "ai_label": "AI-generated",
            "handle": "@agent_00000001",
        })
    );
    assert_eq!(texts(&client).await, ["Hello"]);
}

#[tokio::test]
async fn what_the_network_would_not_take_is_refused_and_leaves_nothing() {
    let (client, _) = client().await;
    for (bad, code) in [
        (
            with(post("x"), "/disclosure/ai_generated", json!(false)),
            fault::POST_UNLABELLED,
        ),
        (
            with(post("x"), "/disclosure/disclosure_level", json!("none")),
            fault::POST_UNLABELLED,
        ),
        (post(&"ö".repeat(281)), fault::POST_TEXT_INVALID),
        (post(" \n"), fault::POST_TEXT_INVALID),
        (
            with(post("x"), "/platform", json!("twitter")),
            fault::POST_REFUSED,
        ),
        (
            with(
                post("x"),
                "/scheduling",
                json!({"mode": "scheduled", "publish_at": "2026-11-21T10:00:01Z"}),
            ),
            fault::POST_REFUSED,
        ),
        (
            with(
                post("x"),
                "/content/media_ids",
                json!(["1", "2", "3", "4", "5"]),
            ),
            fault::POST_REFUSED,
        ),
        (
            with(post("x"), "/content/media_ids", json!([""])),
            fault::POST_REFUSED,
        ),
        (
            with(post("x"), "/content/reply_to_id", json!("p9")),
            fault::POST_UNKNOWN,
        ),
        (
            with(
                post("x"),
                "/content/reply_to_id",
                json!("p18446744073709551616"),
            ),
            fault::POST_UNKNOWN,
        ),
        (
            with(post("x"), "/tenant_id", json!(tenant(2))),
            fault::TENANT_MISMATCH,
        ),
        (
            with(post("x"), "/content/colour", json!("red")),
            crate::tool::ARGUMENTS_INVALID,
        ),
    ] {
        let error = client
            .intend("post_content", bad.clone(), Some("k"))
            .await
            .unwrap_err();
        assert_eq!(error.code, code, "{bad}: {error}");
    }
    assert_eq!(texts(&client).await, Vec::<String>::new());
    // 280 characters, however many bytes, are fine; and the refused intent may still be used.
    let long = "ö".repeat(280);
    client
        .intend("post_content", post(&long), Some("k"))
        .await
        .unwrap();
    assert_eq!(texts(&client).await, [long]);
}

#[tokio::test]
async fn the_same_intent_fifty_times_at_once_is_one_post() {
    let (sandbox, _) = sandbox(MemoryState);
    let mut calls = JoinSet::new();
    for _ in 0..50 {
        let sandbox = sandbox.clone();
        calls.spawn(async move {
            let client = Client::of(sandbox).await;
            client
                .intend("post_content", post("Once"), Some("the one"))
                .await
                .unwrap()
        });
    }
    let receipts = calls.join_all().await;
    assert!(
        receipts.iter().all(|receipt| *receipt == receipts[0]),
        "{receipts:?}"
    );
    assert_eq!(texts(&Client::of(sandbox).await).await, ["Once"]);
}

#[tokio::test]
async fn an_intent_stands_for_one_post_only_and_belongs_to_its_tenant() {
    let (client, clock) = client().await;
    let first = client
        .intend("post_content", post("One"), Some("k"))
        .await
        .unwrap();
    clock.advance(60);
    assert_eq!(
        client
            .intend("post_content", post("One"), Some("k"))
            .await
            .unwrap(),
        first
    );
    let error = client
        .intend("post_content", post("Two"), Some("k"))
        .await
        .unwrap_err();
    assert_eq!(error.code, fault::INTENT_REUSED);
    assert_eq!(texts(&client).await, ["One"]);
    let other = client.calling_for(Some(tenant(2)));
    assert_eq!(texts(&other).await, Vec::<String>::new());
    let theirs = with(post("One"), "/tenant_id", json!(tenant(2)));
    assert_eq!(
        other
            .intend("post_content", theirs, Some("k"))
            .await
            .unwrap()["post_id"],
        "p1"
    );
}

#[tokio::test]
async fn without_an_intent_each_call_is_a_post() {
    let (client, _) = client().await;
    client.call("post_content", post("Again")).await.unwrap();
    client.call("post_content", post("Again")).await.unwrap();
    assert_eq!(texts(&client).await, ["Again", "Again"]);
}

#[tokio::test]
async fn a_reply_names_its_post_and_is_labelled_too() {
    let (client, _) = client().await;
    client
        .call("post_content", post("Question?"))
        .await
        .unwrap();
    let reply = with(post("Answer."), "/content/reply_to_id", json!("p1"));
    let receipt = client
        .intend("reply_to_post", reply.clone(), Some("r"))
        .await
        .unwrap();
    assert_eq!(
        (&receipt["reply_id"], &receipt["reply_to_id"]),
        (&json!("p2"), &json!("p1"))
    );
    assert_eq!(
        client
            .intend("reply_to_post", reply, Some("r"))
            .await
            .unwrap(),
        receipt
    );
    let found = client
        .call("get_post", json!({"post_id": "p1"}))
        .await
        .unwrap();
    assert_eq!(found["replies"][0]["text"], "Answer.");
    assert_eq!(found["post"]["engagement"]["metrics"]["comments"], 1);
    let aimless = client
        .call("reply_to_post", post("Into the void"))
        .await
        .unwrap_err();
    assert_eq!(aimless.code, fault::POST_REFUSED);
}

#[tokio::test]
async fn deleting_is_for_the_author_and_the_intent_outlives_the_post() {
    let (client, _) = client().await;
    let receipt = client
        .intend("post_content", post("Oops"), Some("k"))
        .await
        .unwrap();
    let by = |number| json!({"post_id": "p1", "agent_id": agent(number)});
    assert_eq!(
        client.call("delete_post", by(2)).await.unwrap_err().code,
        fault::NOT_YOURS
    );
    let gone = client.call("delete_post", by(1)).await.unwrap();
    assert_eq!(client.call("delete_post", by(1)).await.unwrap(), gone);
    assert_eq!(texts(&client).await, Vec::<String>::new());
    for tool in ["get_post", "get_engagement"] {
        let error = client
            .call(tool, json!({"post_id": "p1"}))
            .await
            .unwrap_err();
        assert_eq!(error.code, fault::POST_UNKNOWN);
    }
    // Asked about by key, the act did happen; it is not done a second time.
    assert_eq!(
        client
            .intend("post_content", post("Oops"), Some("k"))
            .await
            .unwrap(),
        receipt
    );
    assert_eq!(texts(&client).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_call_for_nobody_is_refused() {
    let (client, _) = client().await;
    let nobody = client.calling_for(None);
    let error = nobody.call("post_content", post("x")).await.unwrap_err();
    assert_eq!(error.code, crate::caller::CALLER_INVALID);
}

/// What somebody may ask for, in any order.
#[derive(Clone, Debug)]
enum Ask {
    Post { intent: Option<u8>, text: u8 },
    Delete { post: u8 },
}

fn asks() -> impl Strategy<Value = Vec<Ask>> {
    let ask = prop_oneof![
        3 => (proptest::option::weighted(0.8, 0..4_u8), 0..3_u8)
            .prop_map(|(intent, text)| Ask::Post { intent, text }),
        1 => (1..6_u8).prop_map(|post| Ask::Delete { post }),
    ];
    proptest::collection::vec(ask, 1..24)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// However calls repeat, interleave and are undone: one post per intent, and the first receipt
    /// for every repetition.
    #[test]
    fn one_post_per_intent_whatever_happens(asks in asks()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let client = Arc::new(client().await.0);
            let mut running = JoinSet::new();
            for ask in asks.clone() {
                let client = Arc::clone(&client);
                running.spawn(async move {
                    match &ask {
                        Ask::Post { intent, text } => {
                            let key = intent.map(|intent| format!("k{intent}"));
                            let post = post(&format!("text {text}"));
                            (ask, client.intend("post_content", post, key.as_deref()).await)
                        }
                        Ask::Delete { post } => {
                            let which = json!({"post_id": format!("p{post}"), "agent_id": agent(1)});
                            (ask, client.call("delete_post", which).await)
                        }
                    }
                });
            }
            let mut receipts: std::collections::HashMap<u8, Value> = std::collections::HashMap::new();
            let mut unkeyed = 0;
            for (ask, outcome) in running.join_all().await {
                match (ask, outcome) {
                    (Ask::Post { intent: None, .. }, outcome) => {
                        outcome.unwrap();
                        unkeyed += 1;
                    }
                    (Ask::Post { intent: Some(intent), .. }, Ok(receipt)) => {
                        let first = receipts.entry(intent).or_insert_with(|| receipt.clone());
                        assert_eq!(*first, receipt);
                    }
                    (Ask::Post { .. }, Err(error)) => assert_eq!(error.code, fault::INTENT_REUSED),
                    (Ask::Delete { .. }, Err(error)) => assert_eq!(error.code, fault::POST_UNKNOWN),
                    (Ask::Delete { .. }, Ok(_)) => {}
                }
            }
            // The numbers that were given out are exactly the posts that were made.
            let next = client.call("post_content", post("last")).await.unwrap();
            assert_eq!(next["post_id"], format!("p{}", receipts.len() + unkeyed + 1));
        });
    }
}
