//! What became of a post: its figures are read back from the network and shown with it.
//!
//! Never here: how the sandbox makes its figures up.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{SOON, World, until};

/// Longest wait for a first reading: posts are looked for each ten seconds.
const READ_WITHIN: Duration = Duration::from_secs(60);

/// Posts are looked for at least this often.
const LOOKED_FOR_WITHIN_SECONDS: i64 = 12;

/// A campaign whose one post is out.
async fn published(world: &World) -> String {
    let campaign = world.one_post().await;
    let review = world.review(&campaign).await;
    world.approve(&review).await;
    world.campaign_is(&campaign, "COMPLETED", SOON).await;
    campaign
}

async fn publication(world: &World, campaign: &str) -> Value {
    let path = format!("/api/v1/publications?campaign={campaign}");
    let found = world.api().all(&path).await;
    let [publication] = found.as_slice() else {
        panic!("{found:#?}")
    };
    publication.clone()
}

#[tokio::test]
async fn a_published_post_gets_the_figures_that_its_network_gives() {
    let world = World::careful().await;
    let campaign = published(&world).await;
    let read = until("the figures are read", READ_WITHIN, || async {
        let found = publication(&world, &campaign).await;
        (!found["engagement"].is_null()).then_some(found)
    })
    .await;
    // Comments are the real replies, of which there are none; nothing is invented beside what is told, and what the
    // network made up says so.
    assert_eq!(read["engagement"]["comments"], 0, "{read:#}");
    assert!(read["engagement"]["views"].is_u64(), "{read:#}");
    assert!(read["engagement_at"].is_string(), "{read:#}");
    assert_eq!(read["engagement_simulated"], true, "{read:#}");
}

#[tokio::test]
async fn while_everything_is_stopped_nothing_is_read_and_after_the_release_it_is() {
    let world = World::careful().await;
    let campaign = published(&world).await;
    let stop = json!({ "reason": "Something smells." });
    world.api().post("/api/v1/swarm/stop", stop).await.ok();
    let before = publication(&world, &campaign).await["engagement_at"].clone();
    wait_past_a_look(&world).await;
    let after = publication(&world, &campaign).await["engagement_at"].clone();
    assert_eq!(after, before, "it was read under the stop");
    world
        .api()
        .post("/api/v1/swarm/release", json!({}))
        .await
        .ok();
    until("the figures are read", READ_WITHIN, || async {
        let found = publication(&world, &campaign).await;
        (!found["engagement"].is_null()).then_some(())
    })
    .await;
}

/// Waits until posts were looked for at least once, by the server's own clock.
async fn wait_past_a_look(world: &World) {
    let moment = async || -> chrono::DateTime<chrono::Utc> {
        let gauge = world.api().get("/api/v1/swarm/gauge").await;
        gauge["at"].as_str().unwrap().parse().unwrap()
    };
    let end = moment().await + chrono::TimeDelta::seconds(LOOKED_FOR_WITHIN_SECONDS);
    until("the server's clock goes on", READ_WITHIN, || async {
        (moment().await > end).then_some(())
    })
    .await;
}
