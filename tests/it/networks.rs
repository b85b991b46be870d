//! A network of somebody else's: an MCP server that the operator registers under the network's name, trusts and classes.
//!
//! Never here: the shipped one, or a server that dies (`servers_that_fail`).

use std::path::Path;

use serde_json::{Value, json};

use crate::support::{ONE_POST, SOON, World, brew, node, until};

const NETWORK: &str = "/api/v1/connections/registry/mastodon";

/// A world with the network, which writes what it is sent into a file of its home.
async fn connected() -> World {
    let world = World::careful().await;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let server = root.join("it/support/failing-network.mjs");
    assert!(server.is_file(), "{}", server.display());
    let program = json!({ "command": node(), "args": [server, world.home().at("taken")] });
    let api = world.api();
    let new = json!({ "name": "mastodon", "program": program });
    api.post("/api/v1/connections/registry", new).await.ok();
    let look = api.get(NETWORK).await;
    let launch = look["server"]["launch"]["digest"].clone();
    let path = format!("{NETWORK}/trust");
    api.post(&path, json!({ "launch": launch })).await.ok();
    let class = json!({ "tool": "post_content", "effect": "outward" });
    let request = api.request("PUT".parse().unwrap(), &format!("{NETWORK}/classes"));
    api.send(request.json(&class)).await.ok();
    world
}

fn taken(world: &World) -> usize {
    std::fs::read_to_string(world.home().at("taken")).map_or(0, |text| text.lines().count())
}

#[tokio::test]
async fn what_a_network_calls_a_failure_may_be_out_all_the_same_and_a_person_is_asked() {
    let world = connected().await;
    let api = world.api();
    let new = json!({
        "agent": world.agent(), "goal": ONE_POST, "feeds": [world.feed_file(&brew())], "platforms": ["mastodon"],
        "daily_budget": "5.00", "max_posts_per_day": 10,
    });
    let made = api.post("/api/v1/campaigns", new).await.ok();
    let campaign = made["id"].as_str().unwrap();
    for act in ["plan", "start"] {
        let path = format!("/api/v1/campaigns/{campaign}/{act}");
        api.post(&path, json!({})).await.ok();
    }
    let held = world.approve(&world.review(campaign).await).await;
    let effect = held["id"].as_str().unwrap();
    let unclear = world.effect_is(effect, "pending_reconciliation").await;
    assert_eq!(unclear["fault"]["code"], "TOOL_REFUSED", "{unclear}");
    let words = unclear["fault"]["message"].as_str().unwrap();
    assert!(words.ends_with("503 after the post was taken."), "{words}");

    let letter = until("it is among what was given up", SOON, || async {
        api.all("/api/v1/dead-letters").await.into_iter().next()
    })
    .await;
    assert_eq!(
        (&letter["took_effect"], &letter["replay"]["allowed"]),
        (&json!("unknown"), &json!(false)),
        "{letter}"
    );
    let alerts: Vec<Value> = api.all("/api/v1/alerts").await;
    let codes: Vec<&str> = alerts
        .iter()
        .filter_map(|alert| alert["code"].as_str())
        .collect();
    assert_eq!(codes, ["OUTCOME_UNKNOWN"], "{alerts:?}");
    let path = format!(
        "/api/v1/dead-letters/{}/replay",
        letter["task"].as_str().unwrap()
    );
    let again = api.post(&path, json!({})).await;
    assert_eq!(again.status, 409, "{}", again.body);
    assert_eq!(taken(&world), 1, "it was sent again");
}
