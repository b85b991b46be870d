//! A step fails for good: the planner is asked for another way, the plan changes, and the goal is still met; or a
//! person hears why not.
//!
//! Never here: a rejected post (`decisions`), or how a plan is changed in detail (unit tests).

use chimera_scripted::{ModelServer, Reply, When};
use serde_json::{Value, json};

use crate::support::{
    FeedServer, Home, ONE_POST, SOON, World, brew, campaign_run, fresh_on, home_on, rss, script,
    until,
};

/// A campaign over these feeds whose only research reads the first one; not started.
async fn confined(world: &World, goal: &str, feeds: &[String]) -> String {
    let new = json!({
        "agent": world.agent(), "goal": goal, "feeds": feeds, "platforms": ["sandbox"], "daily_budget": "5.00",
        "max_posts_per_day": 10,
    });
    let made = world.api().post("/api/v1/campaigns", new).await.ok();
    let id = made["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/campaigns/{id}/plan");
    world.api().post(&path, json!({})).await.ok();
    let plan = world.api().look(&path).await;
    let etag = plan.etag.clone().unwrap();
    let mut steps = plan.ok()["steps"].take();
    for step in steps.as_array_mut().unwrap() {
        if step["kind"] == "analyze_trends" {
            step["input"] = json!({ "feeds": [feeds[0]] });
        }
    }
    world
        .api()
        .put_if(&path, &etag, json!({ "steps": steps }))
        .await
        .ok();
    id
}

async fn start(world: &World, campaign: &str) {
    let path = format!("/api/v1/campaigns/{campaign}/start");
    world.api().post(&path, json!({})).await.ok();
}

fn feeds(server: &FeedServer, world: &World) -> Vec<String> {
    vec![server.url("/gone"), world.feed_file(&brew())]
}

async fn dead_feed() -> FeedServer {
    FeedServer::start(vec![]).await
}

fn of_kind<'t>(tasks: &'t [Value], kind: &str) -> Vec<&'t Value> {
    tasks.iter().filter(|task| task["kind"] == kind).collect()
}

#[tokio::test]
async fn a_dead_source_is_left_out_and_the_post_goes_out_all_the_same() {
    let world = World::new().await;
    world
        .policy(|policy| {
            policy["bands"] =
                json!({ "auto_above": 0.1, "review_from": 0.1, "must_approve_from": 0.1 });
            policy["max_retries"] = json!(0);
        })
        .await;
    let server = dead_feed().await;
    let feeds = feeds(&server, &world);
    let campaign = confined(&world, ONE_POST, &feeds).await;
    start(&world, &campaign).await;
    world.campaign_is(&campaign, "COMPLETED", SOON).await;
    let tasks = world.tasks(&campaign).await;
    let research = of_kind(&tasks, "analyze_trends");
    let states: Vec<_> = research.iter().map(|task| &task["state"]).collect();
    assert_eq!(
        states,
        [&json!("failed"), &json!("completed")],
        "{tasks:#?}"
    );
    assert_eq!(research[1]["input"]["feeds"], json!([feeds[1]]));
    // The drafts that a person had before them stay: they build on the new research now.
    assert_eq!(of_kind(&tasks, "generate_caption").len(), 1);
    let changes = of_kind(&tasks, "replan");
    assert_eq!(changes.len(), 1);
    let title = changes[0]["title"].as_str().unwrap();
    assert!(
        title.starts_with("Plan changed: “Find what is new"),
        "{title}"
    );
    let plan = world
        .api()
        .get(&format!("/api/v1/campaigns/{campaign}/plan"))
        .await;
    assert_eq!(plan["revision"], 3);
    assert!(plan["rationale"].as_str().unwrap().contains(&feeds[1]));
    assert_eq!(world.home().posts().len(), 1);
    let audited = world.audited(&campaign).await;
    let changed: Vec<_> = audited
        .iter()
        .filter(|record| record["action"] == "campaign.replan")
        .collect();
    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0]["output"]["round"], 1);
    let alerts = world.api().all("/api/v1/alerts").await;
    assert_eq!(
        alerts,
        [] as [Value; 0],
        "there was nothing for a person to do"
    );
}

#[tokio::test]
async fn a_planner_that_fails_three_times_leaves_it_to_a_person() {
    // Research keeps to a feed that is gone, and every change of the plan reads it once more.
    let again = |key: String| {
        json!({
            "key": key, "title": "Read it once more", "kind": "analyze_trends", "skill": "fetch_trends",
            "instructions": "Read.", "platform": null, "needs": [], "estimated_output_tokens": 100,
        })
    };
    let rewired = |key: &str| json!([{ "step": "draft-1", "needs": [key] }]);
    let mut rules = script();
    for round in 1..=3 {
        let key = format!("again-{round}");
        let answer = json!({
            "rationale": format!("Round {round}."), "prune": [], "insert": [again(key.clone())], "rewire": rewired(&key),
        });
        let rounds_left = format!("may be changed {} more times", 3 - round);
        rules = rules.on(
            When::ask("replan").containing(&rounds_left),
            Reply::json(&answer),
        );
    }
    let server = ModelServer::start(rules).await;
    let world = World::at(fresh_on(&server)).await;
    world
        .policy(|policy| policy["max_retries"] = json!(0))
        .await;
    let gone = dead_feed().await;
    let campaign = world
        .started(world.agent(), ONE_POST, &gone.url("/gone"))
        .await;
    let ended = world.campaign_is(&campaign, "FAILED", SOON).await;
    let tasks = world.tasks(&campaign).await;
    let changes = of_kind(&tasks, "replan");
    assert_eq!(changes.len(), 3, "{tasks:#?}");
    let codes: Vec<Value> = world
        .api()
        .all("/api/v1/alerts")
        .await
        .iter()
        .map(|alert| alert["code"].clone())
        .collect();
    assert!(
        codes.contains(&json!("REPLANS_EXHAUSTED")),
        "{codes:?} {ended:#}"
    );
    assert_eq!(world.home().posts(), [] as [Value; 0]);
}

#[tokio::test]
async fn a_change_that_cannot_be_made_is_asked_for_again_and_garbage_ends_the_branch() {
    let circle = json!({
        "rationale": "In a circle.", "prune": [], "rewire": [],
        "insert": [
            { "key": "a", "title": "A", "kind": "analyze_trends", "skill": "fetch_trends", "instructions": "", "needs": ["b"] },
            { "key": "b", "title": "B", "kind": "analyze_trends", "skill": "fetch_trends", "instructions": "", "needs": ["a"] },
        ],
    });
    let rules = script()
        .on(When::ask("replan").times(1), Reply::json(&circle))
        .on(
            When::ask("replan"),
            Reply::text("Let me think about the weather instead."),
        );
    let server = ModelServer::start(rules).await;
    let home = home_on(&server).await;
    let gone = dead_feed().await;
    let run = campaign_run(&home, ONE_POST, &[&gone.url("/gone")], &[]).await;
    assert_eq!(run.code, Some(2), "{run:#?}");
    let summary = run.told("summary");
    assert_eq!(summary["status"], "FAILED");
    let why = summary["why"].as_str().unwrap();
    assert!(why.contains("Another way was sought"), "{why}");
    let replans: Vec<_> = server
        .requests()
        .into_iter()
        .filter(|request| request.ask().as_deref() == Some("replan"))
        .collect();
    let told = replans[1].user();
    assert!(
        told.contains("Your last change could not be made"),
        "{told}"
    );
    assert!(told.contains("circle"), "{told}");
    assert_eq!(home.posts(), [] as [Value; 0]);
}

#[tokio::test]
async fn the_command_prints_the_search_and_still_ends() {
    let home = Home::new().with_loopback();
    let feed = home.write("brew.xml", rss(&brew()));
    let other = home.write("other.xml", rss(&brew()[2..3]));
    let goal = "One post about deep sea submarines and volcanoes";
    let run = campaign_run(
        &home,
        goal,
        &[feed.to_str().unwrap(), other.to_str().unwrap()],
        &[],
    )
    .await;
    // Everything was read already: the planner is asked, says so, and the run ends.
    assert_eq!(run.code, Some(2), "{run:#?}");
    assert_eq!(run.state_of("replan-1"), Some("failed"));
    let why = run.told("summary")["why"].as_str().unwrap();
    assert!(why.contains("No source is left"), "{why}");
}

#[tokio::test]
async fn a_killed_process_goes_on_asking() {
    let rules = script().on(When::ask("replan"), Reply::silence());
    let server = ModelServer::start(rules).await;
    let mut world = World::at(fresh_on(&server)).await;
    world
        .policy(|policy| policy["max_retries"] = json!(1))
        .await;
    let gone = dead_feed().await;
    let campaign = world
        .started(world.agent(), ONE_POST, &gone.url("/gone"))
        .await;
    let asked = || {
        let requests = server.requests();
        requests
            .iter()
            .filter(|request| request.ask().as_deref() == Some("replan"))
            .count()
    };
    until("the planner is asked", SOON, || async {
        (asked() > 0).then_some(())
    })
    .await;
    world.crash().await;
    until("the planner is asked again", SOON, || async {
        (asked() > 1).then_some(())
    })
    .await;
    let tasks = world.tasks(&campaign).await;
    assert_eq!(
        of_kind(&tasks, "replan").len(),
        1,
        "the request was made twice"
    );
    let path = format!("/api/v1/campaigns/{campaign}/cancel");
    world.api().post(&path, json!({})).await.ok();
    let tasks = world.tasks(&campaign).await;
    assert_eq!(of_kind(&tasks, "replan")[0]["state"], "cancelled");
}
