//! Campaigns that could never work are refused where they are made, with what is wrong by its name.
//!
//! Never here: limits of a running campaign (`limits`), or another workspace's reach (`workspaces`).

use serde_json::{Value, json};

use crate::support::World;

const CAMPAIGNS: &str = "/api/v1/campaigns";

fn campaign(world: &World, change: impl FnOnce(&mut Value)) -> Value {
    let mut new = json!({
        "agent": world.agent(), "goal": "One post about cold brew on tap", "name": "Tap",
        "feeds": ["https://news.example/feed"], "platforms": ["sandbox"],
        "daily_budget": "1.00", "max_posts_per_day": 1,
    });
    change(&mut new);
    new
}

#[tokio::test]
async fn a_feed_that_no_way_leads_to_is_named_in_the_refusal() {
    let world = World::new().await;
    let api = world.api();
    let open = world.home().at("feeds").join("not-there-yet.xml");
    for (feed, cause) in [
        ("file:///etc/passwd", "FEED_URL_INVALID"),
        ("gopher://news.example/feed", "FEED_URL_INVALID"),
        ("https://", "FEED_URL_INVALID"),
        ("/etc/passwd", "FEED_FILE_REFUSED"),
        ("", "FEED_FILE_REFUSED"),
    ] {
        let new = campaign(&world, |new| new["feeds"] = json!([open, feed]));
        let why = api
            .post(CAMPAIGNS, new)
            .await
            .refused(422, "VALIDATION_ERROR");
        assert_eq!(
            why["details"],
            json!({ "field": "/feeds/1", "cause": cause }),
            "{feed}: {why}"
        );
    }
    assert_eq!(api.all(CAMPAIGNS).await, [json!(null); 0]);
    let new = campaign(&world, |new| new["feeds"] = json!([open]));
    api.post(CAMPAIGNS, new).await.ok();
}

#[tokio::test]
async fn words_with_signs_that_nobody_sees_are_refused_as_they_stand() {
    let world = World::new().await;
    let api = world.api();
    for (field, words, named) in [
        ("goal", "\0".repeat(20), "The goal has the character U+0000"),
        (
            "goal",
            "One post about \u{202e}cold brew".to_owned(),
            "The goal has the character U+202E",
        ),
        (
            "name",
            "Tap\u{1b}[2J".to_owned(),
            "The name has the character U+001B",
        ),
    ] {
        let new = campaign(&world, |new| new[field] = json!(words));
        let why = api
            .post(CAMPAIGNS, new)
            .await
            .refused(422, "VALIDATION_ERROR");
        let said = why["message"].as_str().unwrap();
        assert!(
            said.contains(named) && said.contains("Nothing was stored"),
            "{said}"
        );
    }
    assert_eq!(api.all(CAMPAIGNS).await, [json!(null); 0]);
}
