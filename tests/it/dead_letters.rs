//! Steps that were given up: they are listed with their cause, a person has one done again, and nothing is done again
//! that nobody knows the outcome of, too soon, or without leave.
//!
//! Never here: the limits' arithmetic (the desk's tests), or each state (the engine's).

use chimera_scripted::{ModelServer, Reply, When};
use serde_json::{Value, json};

use crate::support::{WHILE, World, fresh_on, script};

#[tokio::test]
async fn a_step_that_was_given_up_is_done_again_by_a_person_and_its_campaign_goes_on() {
    let refused = Reply::status(401, "Incorrect API key provided.");
    let server = ModelServer::start(script().on(When::ask("draft").times(1), refused)).await;
    let world = World::at(fresh_on(&server)).await;
    world
        .policy(|policy| policy["bands"]["auto_above"] = json!(1.0))
        .await;
    let campaign = world.one_post().await;
    world.campaign_is(&campaign, "FAILED", WHILE).await;
    let api = world.api();
    let status = api.get("/api/v1/status").await;
    assert_eq!(
        status["troubles"],
        json!([]),
        "the provider answered again: {status:#}"
    );

    let letters = api.all("/api/v1/dead-letters").await;
    let [letter] = &letters[..] else {
        panic!("{letters:#?}")
    };
    assert_eq!(letter["fault"]["code"], "MODEL_AUTH", "{letter:#}");
    assert_eq!(letter["took_effect"], "nothing");
    assert_eq!(letter["replay"]["allowed"], true, "{letter:#}");
    let at = format!(
        "/api/v1/dead-letters/{}/replay",
        letter["task"].as_str().unwrap()
    );
    api.post(&at, json!({})).await.ok();

    // What had been called off because of it is done as well.
    world.review(&campaign).await;
    assert_eq!(
        api.get(&format!("/api/v1/campaigns/{campaign}")).await["status"],
        "ACTIVE"
    );
    assert_eq!(api.all("/api/v1/dead-letters").await, [] as [Value; 0]);
    api.post(&at, json!({}))
        .await
        .refused(409, "REPLAY_REFUSED");
    let records = world.audited(&campaign).await;
    let replays = records
        .iter()
        .filter(|record| record["action"] == "task.replay");
    let by: Vec<_> = replays.map(|record| &record["actor"]["kind"]).collect();
    assert_eq!(by, ["person"], "{records:#?}");
}

#[tokio::test]
async fn a_step_that_fails_again_is_not_done_again_at_once() {
    let refused = Reply::status(401, "Incorrect API key provided.");
    let server = ModelServer::start(script().on(When::ask("draft"), refused)).await;
    let world = World::at(fresh_on(&server)).await;
    let campaign = world.one_post().await;
    world.campaign_is(&campaign, "FAILED", WHILE).await;
    let api = world.api();
    let letters = api.all("/api/v1/dead-letters").await;
    let at = format!(
        "/api/v1/dead-letters/{}/replay",
        letters[0]["task"].as_str().unwrap()
    );
    api.post(&at, json!({})).await.ok();
    world.campaign_is(&campaign, "FAILED", WHILE).await;
    let again = api.post(&at, json!({})).await;
    let error = again.refused(429, "REPLAY_COOLDOWN_ACTIVE");
    assert!(error.to_string().contains("try again from"), "{error:#}");
    let letters = api.all("/api/v1/dead-letters").await;
    assert_eq!(letters[0]["replay"]["today"], 1, "{letters:#?}");
    assert_eq!(letters[0]["replay"]["allowed"], false);
}
