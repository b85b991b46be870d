//! One agent paused by a person: nothing of it begins and nothing of it leaves, until it is let go on.
//!
//! Never here: stopping everything (`stops`).

use serde_json::{Value, json};

use crate::support::{SOON, World, until};

/// Time by the server's own clock in which workers and the outbox look many times.
const ROUNDS: chrono::TimeDelta = chrono::TimeDelta::seconds(3);

fn time(value: &Value) -> chrono::DateTime<chrono::Utc> {
    value.as_str().unwrap().parse().unwrap()
}

async fn rounds_pass(world: &World) {
    let now = || async { time(&world.api().get("/api/v1/swarm/gauge").await["at"]) };
    let began = now().await;
    until("many rounds", SOON, || async {
        (now().await > began + ROUNDS).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_paused_agent_sends_nothing_and_begins_nothing_until_it_goes_on() {
    let world = World::careful().await;
    let api = world.api();
    let campaign = world.one_post().await;
    let review = world.review(&campaign).await;
    let agent = format!("/api/v1/swarm/agents/{}", world.agent());
    let paused = api
        .post(
            &format!("{agent}/pause"),
            json!({ "reason": "It repeats itself." }),
        )
        .await
        .ok();
    assert_eq!(paused["control"], "paused");
    api.post(&format!("{agent}/pause"), json!({}))
        .await
        .refused(409, "WRONG_STATE");

    // A review can be decided all the same; what was decided stays held.
    let effect = world.approve(&review).await;
    let effect = effect["id"].as_str().unwrap();
    let second = world.one_post().await;
    rounds_pass(&world).await;
    assert_eq!(
        api.get(&format!("/api/v1/effects/{effect}")).await["state"],
        "held"
    );
    assert_eq!(world.home().posts(), [] as [Value; 0]);
    let tasks = world.tasks(&second).await;
    assert!(
        tasks
            .iter()
            .all(|task| task["attempts"] == 0 && task["state"] != "working"),
        "{tasks:#?}"
    );

    api.post(&format!("{agent}/resume"), json!({})).await.ok();
    world.effect_is(effect, "sent").await;
    world.review(&second).await;
    let records = api.all("/api/v1/audit?action=agent.").await;
    let acts: Vec<_> = records
        .iter()
        .rev()
        .map(|record| &record["action"])
        .collect();
    assert_eq!(
        acts,
        ["agent.create", "agent.pause", "agent.resume"],
        "{records:#?}"
    );
    let pause = records
        .iter()
        .find(|record| record["action"] == "agent.pause");
    assert_eq!(pause.unwrap()["output"]["reason"], "It repeats itself.");
}
