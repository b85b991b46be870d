//! Plans that cannot run, and goals that are none.
//!
//! Never here: how good a plan is.

use serde_json::{Value, json};

use crate::support::{Home, ONE_POST, World, brew, campaign_run, rss};

#[tokio::test]
async fn a_circle_is_named_and_nothing_is_queued() {
    let world = World::careful().await;
    let feed = world.feed_file(&brew());
    let campaign = world.planned(world.agent(), ONE_POST, &feed).await;
    let path = format!("/api/v1/campaigns/{campaign}/plan");
    let before = world.api().look(&path).await;
    let etag = before.etag.clone().unwrap();
    let mut steps = before.body["steps"].clone();
    let at = |steps: &Value, key: &str| {
        steps
            .as_array()
            .unwrap()
            .iter()
            .position(|step| step["key"] == key)
            .unwrap()
    };
    let research = at(&steps, "research");
    steps[research]["needs"] = json!(["publish-1"]);
    let refused = world
        .api()
        .put_if(&path, &etag, json!({ "steps": steps }))
        .await;
    let error = refused.refused(422, "PLAN_CYCLE");
    let mut circle: Vec<_> = error["details"]["circle"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key.as_str().unwrap())
        .collect();
    circle.sort_unstable();
    circle.dedup();
    assert_eq!(circle, ["draft-1", "publish-1", "research"], "{error:#}");
    let message = error["message"].as_str().unwrap();
    assert!(
        ["draft-1", "publish-1", "research"]
            .iter()
            .all(|key| message.contains(key)),
        "{message}"
    );

    let after = world.api().look(&path).await;
    assert_eq!((after.etag, after.body), (before.etag, before.body));
    assert_eq!(world.tasks(&campaign).await, [] as [Value; 0]);
    let found = world
        .api()
        .get(&format!("/api/v1/campaigns/{campaign}"))
        .await;
    assert_eq!(found["status"], "DRAFT");
}

#[tokio::test]
async fn a_step_is_confined_to_feeds_of_its_campaign_only() {
    let world = World::careful().await;
    let feed = world.feed_file(&brew());
    let campaign = world.planned(world.agent(), ONE_POST, &feed).await;
    let path = format!("/api/v1/campaigns/{campaign}/plan");
    let before = world.api().look(&path).await;
    let etag = before.etag.clone().unwrap();
    let confined = |feeds: Value| {
        let mut steps = before.body["steps"].clone();
        for step in steps.as_array_mut().unwrap() {
            if step["key"] == "research" {
                step["input"] = json!({ "feeds": feeds });
            }
        }
        json!({ "steps": steps })
    };
    let elsewhere = "https://elsewhere.example/feed.xml";
    let error = world
        .api()
        .put_if(&path, &etag, confined(json!([feed, elsewhere])))
        .await
        .refused(422, "PLAN_INVALID");
    let message = error["message"].as_str().unwrap();
    assert!(
        message.contains("'research'") && message.contains(elsewhere),
        "{message}"
    );
    let after = world.api().look(&path).await;
    assert_eq!((&after.etag, &after.body), (&before.etag, &before.body));
    world
        .api()
        .put_if(&path, &etag, confined(json!([feed])))
        .await
        .ok();
}

#[tokio::test]
async fn an_edited_plan_is_what_runs_and_a_stale_edit_is_refused() {
    let world = World::careful().await;
    let feed = world.feed_file(&brew());
    let campaign = world
        .planned(
            world.agent(),
            "Two posts about cold brew and grinders",
            &feed,
        )
        .await;
    let path = format!("/api/v1/campaigns/{campaign}/plan");
    let before = world.api().look(&path).await;
    let steps: Vec<_> = before.body["steps"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|step| !step["key"].as_str().unwrap().ends_with("-2"))
        .cloned()
        .collect();
    assert_eq!(steps.len(), 3);
    let etag = before.etag.unwrap();
    let edited = world
        .api()
        .put_if(&path, &etag, json!({ "steps": steps }))
        .await
        .ok();
    assert_eq!(
        (&edited["revision"], &edited["posts"]),
        (&json!(2), &json!(1))
    );
    world
        .api()
        .put_if(&path, &etag, json!({ "steps": steps }))
        .await
        .refused(412, "VERSION_MISMATCH");

    world
        .api()
        .post(&format!("/api/v1/campaigns/{campaign}/start"), json!({}))
        .await
        .ok();
    let mut ran: Vec<_> = world
        .tasks(&campaign)
        .await
        .iter()
        .map(|task| task["step"].as_str().unwrap().to_owned())
        .collect();
    ran.sort_unstable();
    assert_eq!(ran, ["draft-1", "publish-1", "research"]);
}

#[tokio::test]
async fn a_goal_must_say_something() {
    let world = World::new().await;
    let feed = world.feed_file(&brew());
    for goal in ["", "   \n ", "Posts.", &"coffee ".repeat(200)] {
        let new = json!({
            "agent": world.agent(), "goal": goal, "feeds": [feed], "platforms": ["sandbox"], "daily_budget": "5.00",
            "max_posts_per_day": 10,
        });
        let refused = world
            .api()
            .post("/api/v1/campaigns", new)
            .await
            .refused(422, "VALIDATION_ERROR");
        assert!(
            refused["message"]
                .as_str()
                .unwrap()
                .to_lowercase()
                .contains("goal"),
            "{refused:#}"
        );
    }
    assert_eq!(
        world.api().get("/api/v1/campaigns").await["items"],
        json!([])
    );
}

#[tokio::test]
async fn the_command_refuses_what_makes_no_sense() {
    let home = Home::new();
    let feed = home.write("brew.xml", rss(&brew())).display().to_string();
    let soul = home
        .write("SOUL.md", "---\nname: [unclosed\n---\n")
        .display()
        .to_string();
    let missing = home.at("no-such-feed.xml").display().to_string();
    let cases: [(&str, &str, &[&str], &str); 4] = [
        ("", &feed, &[], "goal"),
        (ONE_POST, &missing, &[], "no-such-feed.xml"),
        (ONE_POST, &feed, &["--persona", &soul], "SOUL.md"),
        (
            ONE_POST,
            &feed,
            &["--persona", "/no/such/SOUL.md"],
            "/no/such/SOUL.md",
        ),
    ];
    for (goal, feed, more, word) in cases {
        let run = campaign_run(&home, goal, &[feed], more).await;
        assert_eq!(run.code, Some(1), "{run:#?}");
        assert!(
            run.noted.to_lowercase().contains(&word.to_lowercase()),
            "{word} is missing in: {}",
            run.noted
        );
        assert!(
            !run.lines.iter().any(|line| line["event"] == "planned"),
            "{run:#?}"
        );
    }
    assert_eq!(home.posts(), [] as [Value; 0]);
}

#[tokio::test]
async fn a_feed_with_nothing_for_the_goal_fails_the_steps() {
    let home = Home::new();
    let feed = home.write("brew.xml", rss(&brew()));
    let goal = "One post about deep sea submarines and volcanoes";
    let run = campaign_run(&home, goal, &[feed.to_str().unwrap()], &[]).await;
    assert_eq!(run.code, Some(2), "{run:#?}");
    let failed = run.told("summary")["failed"].to_string();
    assert!(
        failed.contains("Nothing among 6 items serves the goal"),
        "{failed}"
    );
    let summary = run.told("summary");
    assert_eq!(summary["status"], "FAILED");
    let why = summary["why"].as_str().unwrap();
    assert!(
        why.starts_with("Its one post did not go out. Nothing among 6 items"),
        "{why}"
    );
    assert_eq!(summary["outward_calls"], json!(0));
    assert_eq!(home.posts(), [] as [Value; 0]);
}
