//! A provider that is down and comes back: its work waits without losing a try, people see what waits and what goes
//! on, and nothing is left of it afterwards.
//!
//! Never here: one failure of a call (`provider` has those), or the breaker by itself (`domain`, `model`).

use chimera_scripted::{ModelServer, Reply, Script, When};
use serde_json::{Value, json};

use crate::support::{ONE_POST, SOON, WHILE, World, brew, fresh_on, script, until};

async fn world_on(server: &ModelServer) -> World {
    let world = World::at(fresh_on(server)).await;
    world
        .policy(|policy| policy["bands"]["auto_above"] = json!(1.0))
        .await;
    world
}

async fn drafts(script: Script) -> (ModelServer, World, String) {
    let server = ModelServer::start(script).await;
    let world = world_on(&server).await;
    let campaign = world.one_post().await;
    (server, world, campaign)
}

/// The tries of the campaign's draft, oldest first.
async fn tries(world: &World, campaign: &str) -> Vec<Value> {
    let tasks = world.tasks(campaign).await;
    let draft = tasks.iter().find(|task| task["kind"] == "generate_caption");
    let id = draft.unwrap()["id"].as_str().unwrap();
    let seen = world.api().get(&format!("/api/v1/tasks/{id}")).await;
    seen["attempts"].as_array().unwrap().clone()
}

/// Those that counted.
fn failed(tries: &[Value]) -> usize {
    let counted = tries.iter().filter(|one| one["outcome"] == "failed");
    counted.count()
}

#[tokio::test]
async fn work_waits_for_a_provider_that_is_down_and_goes_on_when_it_is_back() {
    // Three failures open the circuit, one probe fails, the next finds the provider back.
    let down = Reply::status(503, "We are down for maintenance.");
    let (server, world, campaign) = drafts(script().on(When::ask("draft").times(4), down)).await;
    let api = world.api();

    let status = until("the console says that no model answers", SOON, || async {
        let status = api.get("/api/v1/status").await;
        status["degraded"].as_bool().unwrap().then_some(status)
    })
    .await;
    let trouble = &status["troubles"][0];
    assert_eq!(
        (&trouble["part"], &trouble["code"], &trouble["what"]),
        (
            &json!("model"),
            &json!("MODEL_CIRCUIT_OPEN"),
            &json!("No model answers")
        ),
        "{status:#}"
    );
    assert_eq!(trouble["waits"], "Planning, drafting and judging wait.");
    assert_eq!(
        trouble["goes_on"],
        "Reviews, approvals and publishing go on."
    );
    assert!(
        trouble["detail"].as_str().unwrap().contains("maintenance"),
        "{trouble:#}"
    );
    let model = api.get("/api/v1/connections/model").await;
    assert!(!model["interruption"].is_null(), "{model:#}");
    let alerts = until("a person is told", SOON, || async {
        let alerts = api.all("/api/v1/alerts").await;
        let told = |alert: &Value| alert["code"] == "MODEL_CIRCUIT_OPEN";
        alerts.iter().any(told).then_some(alerts)
    })
    .await;
    assert_eq!(alerts.len(), 1, "{alerts:#?}");

    world.review(&campaign).await;
    let tries = tries(&world, &campaign).await;
    assert_eq!(failed(&tries), 3, "the probe cost a try: {tries:#?}");
    let asked = server.requests();
    let asked = asked
        .iter()
        .filter(|one| one.ask().as_deref() == Some("draft"));
    assert_eq!(
        asked.count(),
        5,
        "the provider was asked while it was left alone"
    );
    let status = api.get("/api/v1/status").await;
    assert_eq!(status["degraded"], false, "{status:#}");
    let agent = api
        .get(&format!("/api/v1/swarm/agents/{}", world.agent()))
        .await;
    assert_eq!(agent["control"], "running");
}

#[tokio::test]
async fn a_provider_that_asks_for_time_is_given_it() {
    let busy = Reply::status(429, "Slow down.").header("retry-after", "3");
    let (server, world, campaign) = drafts(script().on(When::ask("draft").times(1), busy)).await;
    world.review(&campaign).await;
    let attempts = tries(&world, &campaign).await;
    assert_eq!((attempts.len(), failed(&attempts)), (2, 1), "{attempts:#?}");
    let time = |value: &Value| -> chrono::DateTime<chrono::Utc> {
        value.as_str().unwrap().parse().unwrap()
    };
    let pause = time(&attempts[1]["started_at"]) - time(&attempts[0]["ended_at"]);
    assert!(
        pause >= chrono::TimeDelta::seconds(3),
        "{pause} of the three seconds asked for"
    );
    assert_eq!(
        server
            .requests()
            .iter()
            .filter(|one| one.ask().as_deref() == Some("draft"))
            .count(),
        2
    );
}

#[tokio::test]
async fn an_agent_whose_step_fails_in_every_try_is_paused_and_a_person_lets_it_go_on() {
    let nonsense = Reply::text("I'd rather talk about the weather.");
    let (_server, world, campaign) =
        drafts(script().on(When::ask("draft").containing(ONE_POST), nonsense)).await;
    world.campaign_is(&campaign, "FAILED", WHILE).await;
    let api = world.api();
    let at = format!("/api/v1/swarm/agents/{}", world.agent());
    assert_eq!(api.get(&at).await["control"], "paused");
    let alerts = api.all("/api/v1/alerts").await;
    let paused = alerts.iter().find(|alert| alert["code"] == "AGENT_PAUSED");
    let words = paused.unwrap()["title"].as_str().unwrap();
    assert!(words.contains("failed 4 times"), "{words}");
    let status = api.get("/api/v1/status").await;
    assert_eq!(status["troubles"][0]["part"], "agent", "{status:#}");

    // Nothing of it begins before a person lets it go on.
    let feed = world.feed_file(&brew());
    let other = "One post about home roasters";
    let next = world.started(world.agent(), other, &feed).await;
    let tasks = world.tasks(&next).await;
    assert!(
        tasks
            .iter()
            .all(|task| ["ready", "blocked"].contains(&task["state"].as_str().unwrap()))
    );
    api.post(&format!("{at}/resume"), json!({})).await.ok();
    world.review(&next).await;
    assert_eq!(api.get("/api/v1/status").await["degraded"], false);
}
