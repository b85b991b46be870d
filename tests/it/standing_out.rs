//! What stands out in feeds: found after a step read them, told once, shown to the planner as a stranger's words.
//!
//! Never here: how a cluster is scored (the skill's own tests).

use chimera_scripted::{ModelRequest, ModelServer};
use serde_json::{Value, json};

use crate::support::{Item, ONE_POST, SOON, World, brew, fresh_on, script, until};

const ALERT: &str = "TREND_ALERT";
const SHOWN: &str = "What stood out lately in feeds that were read";
/// Words of a stranger in the feed that everybody speaks of.
const MENTION: &str = "Nitro kegs sell out in every cafe";

/// The usual news, and six mentions of one thing within the last hour.
fn spike() -> Vec<Item> {
    let mentions = (0..6).map(|number| {
        let title = format!("Nitro kegs, note {number}");
        Item::new(&format!("nitro-{number}"), &title, MENTION, number / 5)
    });
    mentions.chain(brew()).collect()
}

async fn alerts(world: &World) -> Vec<Value> {
    let all = world.api().all("/api/v1/alerts").await;
    all.into_iter()
        .filter(|alert| alert["code"] == ALERT)
        .collect()
}

/// Runs a campaign on this feed until its research is done.
async fn research(world: &World, feed: &str) {
    let campaign = world.started(world.agent(), ONE_POST, feed).await;
    until("the research is done", SOON, || async {
        let tasks = world.tasks(&campaign).await;
        tasks
            .into_iter()
            .find(|task| task["step"] == "research" && task["state"] == "completed")
    })
    .await;
}

fn last_plan(server: &ModelServer) -> String {
    let asked = server.requests();
    let mut plans = asked
        .iter()
        .filter(|request| request.ask().as_deref() == Some("plan"));
    plans.next_back().map(ModelRequest::user).unwrap()
}

#[tokio::test]
async fn what_stands_out_is_told_once_and_shown_to_the_next_planner() {
    let server = ModelServer::start(script()).await;
    let world = World::at(fresh_on(&server)).await;
    let feed = world.feed_file(&spike());
    research(&world, &feed).await;
    let told = alerts(&world).await;
    assert_eq!(told.len(), 1, "{told:#?}");
    let title = told[0]["title"].as_str().unwrap();
    assert!(title.contains("stands out in what was read"), "{title}");
    let detail = told[0]["detail"].as_str().unwrap();
    assert!(
        detail.contains("6 mentions") && detail.contains("Nothing was sent"),
        "{detail}"
    );
    assert!(
        !last_plan(&server).contains(SHOWN),
        "known before anything was read"
    );

    // The second one reads the same again: it is no news, and its planner was shown it.
    research(&world, &feed).await;
    let asked = last_plan(&server);
    let (_, shown) = asked.split_once(SHOWN).expect("the planner was not told");
    assert!(shown.contains("6 mentions"), "{shown}");
    let (before, _) = shown.split_once(MENTION).expect("no sample is shown");
    assert!(
        before.contains("<untrusted-"),
        "a stranger's words stand bare: {shown}"
    );
    assert_eq!(alerts(&world).await.len(), 1, "told twice");

    // A feed gives no metric, so there is none (C48).
    let trends = world.api().all("/api/v1/trends").await;
    assert!(trends.len() >= 6, "{trends:#?}");
    for trend in &trends {
        let metrics = trend["engagement_metrics"].as_object().unwrap();
        for name in ["views", "likes", "comments", "shares", "engagement_rate"] {
            assert!(
                metrics.get(name).is_none_or(Value::is_null),
                "{name} was made up: {trend:#}"
            );
        }
    }
}

#[tokio::test]
async fn a_feed_in_which_nothing_stands_out_raises_nothing() {
    let server = ModelServer::start(script()).await;
    let world = World::at(fresh_on(&server)).await;
    let feed = world.feed_file(&brew());
    research(&world, &feed).await;
    assert_eq!(alerts(&world).await, [] as [Value; 0]);
    world.planned(world.agent(), ONE_POST, &feed).await;
    assert!(!last_plan(&server).contains(SHOWN));
    let read = world.api().all("/api/v1/trends").await;
    assert_eq!(json!(read.len()), json!(brew().len()));
}
