//! Chimera was closed, or the machine slept: what should have left meanwhile asks a person first (C45).
//!
//! Never here: an approval that expired, or what pausing does.

use serde_json::json;
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};

use crate::support::{Daemon, Home, SOON, World, until};

/// Posts that wait in the outbox when Chimera is closed, each of another account: no cooldown is between them.
const POSTS: usize = 3;
/// How long it was closed, in microseconds: longer than anything leaves late by itself.
const CLOSED_MICROS: i64 = 3 * 60 * 60 * 1_000_000;

/// A home whose outbox holds decided posts, one by a rule, that are long overdue.
async fn overdue() -> Home {
    let world = World::new().await;
    // Long enough to be closed in.
    world
        .policy(|policy| policy["hold_seconds"] = json!(30))
        .await;
    let feed = world.feed_file(&crate::support::brew());
    for number in 0..POSTS {
        let by_rule = number == 0;
        world
            .policy(|policy| {
                let auto = if by_rule { 0.1 } else { 1.0 };
                policy["bands"] =
                    json!({ "auto_above": auto, "review_from": 0.1, "must_approve_from": 0.1 });
            })
            .await;
        let soul = chimera_boot::starter_soul()
            .replace("name: Mara Voss", &format!("name: Mara {number}"))
            .replace("id: mara-voss", &format!("id: mara-{number}"));
        let agent = world.new_agent(&soul).await;
        let goal = "One post about cold brew on tap, no health claims";
        let campaign = world.started(&agent, goal, &feed).await;
        if !by_rule {
            world.approve(&world.review(&campaign).await).await;
        }
        until("the post is in the outbox", SOON, || async {
            let effects = world.api().all("/api/v1/effects").await;
            let held = effects.iter().filter(|effect| effect["state"] == "held");
            (held.count() == number + 1).then_some(())
        })
        .await;
    }
    let home = world.closed().await;
    let file = SqliteConnectOptions::new().filename(home.data().join("chimera.db"));
    let mut books = file.connect().await.unwrap();
    let aged = sqlx::query(
        "UPDATE effects SET not_before = not_before - ?1, held_until = held_until - ?1",
    )
    .bind(CLOSED_MICROS)
    .execute(&mut books)
    .await
    .unwrap();
    assert_eq!(usize::try_from(aged.rows_affected()).unwrap(), POSTS);
    books.close().await.unwrap();
    home
}

#[tokio::test]
async fn what_was_missed_asks_one_by_one_and_nothing_bursts_out() {
    let home = overdue().await;
    let daemon = Daemon::start(&home).await;
    let api = daemon.api();
    let waiting = until("every missed post asks", SOON, || async {
        let reviews = api.all("/api/v1/reviews?state=open").await;
        (reviews.len() == POSTS).then_some(reviews)
    })
    .await;
    for review in &waiting {
        let reasons = review["reasons"].to_string();
        assert!(reasons.contains("Late, needs confirm"), "{review:#}");
    }
    assert_eq!(home.posts().len(), 0, "something left by itself");
    for effect in api.all("/api/v1/effects").await {
        assert_eq!(effect["state"], "voided", "{effect:#}");
    }
    // A person confirms one: that one is let go, with time to take it back, and no other.
    let task = waiting[0]["task"].as_str().unwrap();
    api.post(&format!("/api/approve/{task}"), json!({}))
        .await
        .ok();
    until("the confirmed post is held", SOON, || async {
        let effects = api.all("/api/v1/effects").await;
        let held = effects.iter().filter(|effect| effect["state"] == "held");
        (held.count() == 1).then_some(())
    })
    .await;
    assert_eq!(api.all("/api/v1/reviews?state=open").await.len(), POSTS - 1);
    assert_eq!(home.posts().len(), 0);
}
