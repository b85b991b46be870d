//! The real process is killed under a write that carries a key: its repetition does not act twice.
//!
//! Never here: keys in a process that lives (the API's own tests have them).

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Api, World};

/// Sudden deaths, each a little later in the life of the write.
const KILLS: u64 = 10;
/// How much later, in microseconds.
const STEP_MICROS: u64 = 1_500;

fn keyed(api: &Api, name: &str, body: &Value) -> reqwest::RequestBuilder {
    api.request(Method::POST, "/api/v1/campaigns")
        .header("idempotency-key", name)
        .json(body)
}

async fn made(api: &Api, name: &str) -> Vec<Value> {
    let all = api.all("/api/v1/campaigns").await;
    all.into_iter().filter(|one| one["name"] == name).collect()
}

#[tokio::test]
async fn a_write_whose_server_dies_under_it_is_done_once_at_most() {
    let mut world = World::new().await;
    let agents = world.api().all("/api/v1/swarm/agents").await;
    let agent = agents[0]["id"].clone();
    for kill in 0..KILLS {
        let name = format!("killed-{kill}");
        let body = json!({
            "agent": agent, "name": name, "goal": "One post about cold brew",
            "feeds": ["https://example.org/feed.xml"], "platforms": ["sandbox"],
            "daily_budget": "1", "max_posts_per_day": 1,
        });
        let first = tokio::spawn(keyed(world.api(), &name, &body).send());
        tokio::time::sleep(Duration::from_micros(kill * STEP_MICROS)).await;
        world.crash().await;
        // It got an answer or lost the connection; either may be.
        drop(first.await.unwrap());
        let api = world.api();
        let before = made(api, &name).await;
        assert!(before.len() <= 1, "{before:#?}");
        let again = api.send(keyed(api, &name, &body)).await;
        let after = made(api, &name).await;
        if again.status == 201 {
            assert_eq!(after.len(), 1, "{after:#?}");
            assert_eq!(again.body["id"], after[0]["id"]);
            assert_eq!(again.replayed, !before.is_empty());
        } else {
            let error = again.refused(409, "IDEMPOTENCY_IN_DOUBT");
            assert_eq!(error["retryable"], false, "{error:#}");
            assert_eq!(after.len(), before.len(), "it was not acted on");
        }
    }
}
