//! State that decides over safety and cannot be read: nothing leaves, everybody is told, and there is a way out.
//!
//! Never here: a database that does not open at all (`startup`).

use serde_json::{Value, json};
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};

use crate::support::{Daemon, Home, SOON, World, until};

/// A home with a decided post in the outbox that is stopped before it left, its review, and its campaign.
async fn with_a_held_post() -> (Home, String, String) {
    let world = World::careful().await;
    // Long enough to be stopped in.
    world
        .policy(|policy| policy["hold_seconds"] = json!(5))
        .await;
    let campaign = world.one_post().await;
    let review = world.review(&campaign).await;
    let effect = world.approve(&review).await;
    assert_eq!(effect["state"], "held");
    let id = effect["id"].as_str().unwrap().to_owned();
    (world.closed().await, campaign, id)
}

/// Damages a row as no door of the product could.
async fn damage(home: &Home, statement: &'static str) {
    let options = SqliteConnectOptions::new().filename(home.data().join("chimera.db"));
    let mut store = options.connect().await.unwrap();
    let done = sqlx::query(statement).execute(&mut store).await.unwrap();
    assert_eq!(done.rows_affected(), 1, "{statement}");
    store.close().await.unwrap();
}

/// Waits until the product's own clock is past the moment at which the action may leave.
async fn wait_past_hold(daemon: &Daemon, effect: &str) -> Value {
    let path = format!("/api/v1/effects/{effect}");
    let held = daemon.api().get(&path).await;
    let due = time(&held["held_until"]) + chrono::TimeDelta::seconds(2);
    until("the post would have gone by now", SOON, || async {
        let gauge = daemon.api().get("/api/v1/swarm/gauge").await;
        (time(&gauge["at"]) > due).then_some(())
    })
    .await;
    daemon.api().get(&path).await
}

fn time(value: &Value) -> chrono::DateTime<chrono::Utc> {
    value.as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn an_unreadable_stop_counts_as_stopped_until_it_is_pressed_or_released() {
    let (home, campaign, effect) = with_a_held_post().await;
    damage(
        &home,
        r#"INSERT INTO settings (tenant_id, key, value) SELECT id, 'stop', '{"stopped":"perhaps"}' FROM tenants"#,
    )
    .await;
    let daemon = Daemon::start(&home).await;
    let api = daemon.api();
    let gauge = api.get("/api/v1/swarm/gauge").await;
    assert_eq!(gauge["stopped"], json!(true), "{gauge:#}");
    let reason = gauge["stop_reason"].as_str().unwrap();
    assert!(
        reason.contains("cannot be read, which counts as stopped"),
        "{reason}"
    );
    assert_eq!(wait_past_hold(&daemon, &effect).await["state"], "held");
    assert_eq!(home.posts(), [] as [Value; 0]);
    api.post(&format!("/api/v1/campaigns/{campaign}/pause"), json!({}))
        .await
        .ok();
    let resume = format!("/api/v1/campaigns/{campaign}/resume");
    let error = api
        .post(&resume, json!({}))
        .await
        .refused(500, "STOP_UNREADABLE");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("Release the stop"), "{message}");

    // The way that the words name.
    let stop = json!({ "reason": "To be on the safe side." });
    api.post("/api/v1/swarm/stop", stop).await.ok();
    api.post(&resume, json!({})).await.refused(409, "STOPPED");
    api.post("/api/v1/swarm/release", json!({})).await.ok();
    api.post(&resume, json!({})).await.ok();
    until("the post is out", SOON, || async {
        (home.posts().len() == 1).then_some(())
    })
    .await;
    daemon.stop().await;
    assert_eq!(home.posts().len(), 1, "it went out twice");
}

#[tokio::test]
async fn nothing_leaves_under_a_policy_that_cannot_be_read() {
    let (home, _, effect) = with_a_held_post().await;
    damage(
        &home,
        r#"UPDATE policies SET document = '{"bands":"all"}' WHERE version = (SELECT MAX(version) FROM policies)"#,
    )
    .await;
    let daemon = Daemon::start(&home).await;
    let api = daemon.api();
    let error = api
        .look("/api/v1/policy")
        .await
        .refused(500, "POLICY_UNREADABLE");
    let message = error["message"].as_str().unwrap();
    assert!(
        message.contains("policy cannot be read, so nothing runs"),
        "{message}"
    );
    let left = wait_past_hold(&daemon, &effect).await;
    assert_eq!(
        (&left["state"], &left["attempts"]),
        (&json!("held"), &json!(0)),
        "{left:#}"
    );
    let undo = format!("/api/v1/effects/{effect}/undo");
    let refused = api.post(&undo, json!({})).await;
    assert!(
        refused.status >= 400,
        "decided under no policy: {refused:#?}"
    );
    daemon.stop().await;
    assert_eq!(home.posts(), [] as [Value; 0]);
}
