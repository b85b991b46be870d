//! Holding still: a paused campaign, a stopped fleet, and both over a restart.
//!
//! Never here: what a decision leads to when nothing stands still.

use serde_json::{Value, json};

use crate::support::{SOON, WHILE, World, until};

/// Pause between "it was due" and "it would have gone by now", in seconds of the server's own clock: many
/// rounds of the outbox, which looks at least twice a second.
const ROUNDS_SECONDS: i64 = 3;

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// A soul of another name, for an account of its own.
fn other_soul() -> String {
    chimera_boot::starter_soul()
        .replace("name: Mara Voss", "name: Ines Calder")
        .replace("id: mara-voss", "id: ines-calder")
}

#[tokio::test]
async fn a_paused_campaign_sends_nothing_until_it_goes_on() {
    let world = World::careful().await;
    let paused = world.one_post().await;
    let review = world.review(&paused).await;
    world
        .api()
        .post(&format!("/api/v1/campaigns/{paused}/pause"), json!({}))
        .await
        .ok();
    let held = world.approve(&review).await;

    // A campaign of another account, decided later, overtakes it: the outbox does look.
    let ines = world.new_agent(&other_soul()).await;
    let feed = world.feed_file(&crate::support::brew());
    let control = world
        .started(&ines, "One post about grinders and burrs", &feed)
        .await;
    let effect = world.approve(&world.review(&control).await).await;
    world.effect_is(text(&effect["id"]), "sent").await;
    assert_eq!(
        world.effect_is(text(&held["id"]), "held").await["attempts"],
        json!(0)
    );
    assert_eq!(world.home().posts().len(), 1);

    world
        .api()
        .post(&format!("/api/v1/campaigns/{paused}/resume"), json!({}))
        .await
        .ok();
    world.effect_is(text(&held["id"]), "sent").await;
    let texts: Vec<_> = world
        .home()
        .posts()
        .iter()
        .map(|post| post["text"].clone())
        .collect();
    assert_eq!(texts[1], review["preview"]["text"]);
    assert_eq!(texts.len(), 2);
}

#[tokio::test]
async fn work_in_flight_when_paused_does_not_count() {
    let world = World::careful().await;
    let feed = world.feed_file(&crate::support::brew());
    let campaign = world
        .started(
            world.agent(),
            "Five posts about cold brew, grinders, filters and roasters",
            &feed,
        )
        .await;
    world
        .api()
        .post(&format!("/api/v1/campaigns/{campaign}/pause"), json!({}))
        .await
        .ok();
    let settled = until("nobody holds a task any more", SOON, || async {
        let tasks = world.tasks(&campaign).await;
        let busy = tasks.iter().any(|task| task["state"] == "working");
        (!busy).then_some(tasks)
    })
    .await;
    let states = |tasks: &[Value]| -> Vec<_> {
        tasks
            .iter()
            .map(|task| (task["id"].clone(), task["version"].clone()))
            .collect()
    };
    let gauge = world.api().get("/api/v1/swarm/gauge").await;
    wait_past(&world, text(&gauge["at"])).await;
    let later = world.tasks(&campaign).await;
    assert_eq!(
        states(&later),
        states(&settled),
        "a paused campaign went on"
    );

    world
        .api()
        .post(&format!("/api/v1/campaigns/{campaign}/resume"), json!({}))
        .await
        .ok();
    until("all five wait for a person", WHILE, || async {
        (world.open_reviews(&campaign).await.len() == 5).then_some(())
    })
    .await;
    assert_eq!(world.home().posts(), [] as [Value; 0]);
}

/// Waits until the server's clock is well past `moment`.
async fn wait_past(world: &World, moment: &str) {
    let moment: chrono::DateTime<chrono::Utc> = moment.parse().unwrap();
    let end = moment + chrono::TimeDelta::seconds(ROUNDS_SECONDS);
    until("the server's clock goes on", SOON, || async {
        let gauge = world.api().get("/api/v1/swarm/gauge").await;
        let now: chrono::DateTime<chrono::Utc> = text(&gauge["at"]).parse().unwrap();
        (now > end).then_some(())
    })
    .await;
}

#[tokio::test]
async fn stop_everything_survives_a_restart() {
    let mut world = World::careful().await;
    let campaign = world.one_post().await;
    let review = world.review(&campaign).await;
    world
        .policy(|policy| policy["hold_seconds"] = json!(8))
        .await;
    let held = world.approve(&review).await;
    let stopped = world
        .api()
        .post(
            "/api/v1/swarm/stop",
            json!({ "reason": "Something smells." }),
        )
        .await
        .ok();
    assert_eq!(
        (&stopped["stopped"], &stopped["campaigns"]),
        (&json!(true), &json!(1))
    );
    assert_eq!(
        world.home().posts(),
        [] as [Value; 0],
        "it left before the stop: raise hold_seconds"
    );
    wait_past(&world, text(&held["held_until"])).await;
    assert_eq!(world.home().posts(), [] as [Value; 0]);

    world.restart().await;
    let gauge = world.api().get("/api/v1/swarm/gauge").await;
    assert_eq!(
        (&gauge["stopped"], &gauge["stop_reason"]),
        (&json!(true), &json!("Something smells."))
    );
    wait_past(&world, text(&gauge["at"])).await;
    assert_eq!(world.home().posts(), [] as [Value; 0]);
    let start = format!("/api/v1/campaigns/{campaign}/resume");
    world
        .api()
        .post(&start, json!({}))
        .await
        .refused(409, "STOPPED");

    let released = world
        .api()
        .post("/api/v1/swarm/release", json!({}))
        .await
        .ok();
    assert_eq!(released["campaigns"], json!(1));
    world.effect_is(text(&held["id"]), "sent").await;
    world.campaign_is(&campaign, "COMPLETED", SOON).await;
    assert_eq!(world.home().posts().len(), 1);
}

#[tokio::test]
async fn what_waits_for_a_person_survives_a_crash() {
    let mut world = World::careful().await;
    let campaign = world.one_post().await;
    let review = world.review(&campaign).await;
    world.crash().await;
    let after = world.review(&campaign).await;
    assert_eq!(
        (&after["id"], &after["version"], &after["preview"]),
        (&review["id"], &review["version"], &review["preview"])
    );
    let effect = world.approve(&after).await;
    world.crash().await;
    world.effect_is(text(&effect["id"]), "sent").await;
    assert_eq!(world.home().posts().len(), 1);
}
