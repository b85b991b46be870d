//! Bounds of one step, seen from the model: how many tools it may ask for, and how much one turn reads.
//!
//! Never here: money (`spending`).

use chimera_ports::model::most_tokens;
use chimera_scripted::{ModelRequest, ModelServer, Reply, When};
use serde_json::json;

use crate::support::{
    Daemon, Item, ONE_POST, World, brew, campaign_run, fresh_on, home_on, rss, script,
};

/// Calls of one answer: two of these are more than the 16 that a step may make.
const AT_ONCE: usize = 9;
/// Most tokens of a turn (COG-11).
const MOST_READ: u64 = 8_000;
/// Japanese: "Iced coffee made with cold water is popular in cafes, and waiting takes half as long."
const JAPANESE: &str = "水出しコーヒーがカフェで人気になり、待ち時間は半分になった。";

/// What a request gives to read, by the rule that holds for every script.
fn reads(request: &ModelRequest) -> u64 {
    let messages = request.body["messages"].as_array().unwrap().iter();
    let words = messages
        .clone()
        .filter_map(|message| message["content"].as_str());
    let calls = messages
        .filter_map(|message| message["tool_calls"].as_array())
        .flatten()
        .map(|call| most_tokens(&call["function"].to_string()));
    let along = ["tools", "response_format"]
        .iter()
        .filter_map(|name| request.body.get(name))
        .map(|value| most_tokens(&value.to_string()));
    words.map(most_tokens).sum::<u64>() + calls.sum::<u64>() + along.sum::<u64>()
}

#[tokio::test]
async fn a_model_that_never_stops_calling_tools_ends_its_step() {
    let call = ("fetch_trends", json!({ "platforms": ["web"] }));
    let calls = vec![call; AT_ONCE];
    let server = ModelServer::start(script().on(When::ask("research"), Reply::calls(&calls))).await;
    let home = home_on(&server).await;
    let feed = home.write("brew.xml", rss(&brew()[..1]));
    let run = campaign_run(&home, ONE_POST, &[feed.to_str().unwrap()], &[]).await;
    assert_eq!(run.code, Some(2), "{run:#?}");
    let failed = &run.told("summary")["failed"][0]["fault"];
    assert_eq!(failed["code"], "TOOL_CALLS_EXHAUSTED", "{failed:#}");
    let requests = server.requests();
    let results = requests.iter().map(|request| request.tool_results().len());
    assert_eq!(results.max(), Some(AT_ONCE), "those beyond were made");
    let daemon = Daemon::start(&home).await;
    let alerts = daemon.api().all("/api/v1/alerts").await;
    assert!(
        alerts
            .iter()
            .any(|alert| alert["code"] == "TOOL_CALLS_EXHAUSTED"),
        "{alerts:#?}"
    );
}

#[tokio::test]
async fn a_long_feed_in_japanese_is_shown_as_far_as_a_turn_holds_and_becomes_a_post() {
    let server = ModelServer::start(script()).await;
    let home = home_on(&server).await;
    let mut items = brew();
    items.extend((0..60).map(|number| {
        let title = format!("{JAPANESE} {number}");
        Item::new(&format!("ja-{number}"), &title, &JAPANESE.repeat(20), 16)
    }));
    let feed = home.write("brew.xml", rss(&items));
    let run = campaign_run(&home, ONE_POST, &[feed.to_str().unwrap()], &[]).await;
    assert_eq!(run.code, Some(0), "{run:#?}");
    assert_eq!(home.posts().len(), 1, "{run:#?}");
    let requests = server.requests();
    let most = requests.iter().map(reads).max().unwrap();
    for request in &requests {
        assert_eq!(
            request.body["max_tokens"],
            json!(2_000),
            "tokens that a turn writes"
        );
    }
    // The wire's own words around tools and schema come on top of what is bounded.
    assert!(most <= MOST_READ + 200, "{most} tokens in one turn");
    let of_research = |request: &&ModelRequest| request.ask().as_deref() == Some("research");
    let shown = requests
        .iter()
        .filter(of_research)
        .flat_map(ModelRequest::tool_results);
    let shown = shown.max_by_key(String::len).unwrap();
    let listed = shown.matches("\nid: ").count() + 1;
    assert!((3..40).contains(&listed), "{listed} items in {shown}");
    assert!(
        shown.contains("more were read that there is no room to show"),
        "{shown}"
    );
    assert!(
        most > MOST_READ / 2,
        "{most}: room is left, and items are left out"
    );
}

#[tokio::test]
async fn what_no_turn_holds_is_refused_before_anything_is_asked() {
    let server = ModelServer::start(script()).await;
    let world = World::at(fresh_on(&server)).await;
    let soul = format!(
        "{}\n{}\n",
        chimera_boot::starter_soul().replace("Mara Voss", "Ines Ardo"),
        JAPANESE.repeat(100)
    );
    let agent = world.new_agent(&soul).await;
    let feed = world.feed_file(&brew());
    let new = json!({
        "agent": agent, "goal": ONE_POST, "feeds": [feed], "platforms": ["sandbox"], "daily_budget": "5.00",
        "max_posts_per_day": 10,
    });
    let made = world.api().post("/api/v1/campaigns", new).await.ok();
    let id = made["id"].as_str().unwrap();
    let answer = world
        .api()
        .post(&format!("/api/v1/campaigns/{id}/plan"), json!({}))
        .await;
    assert!(answer.status >= 400, "{}", answer.body);
    let told = answer.body.to_string();
    assert!(
        told.contains("8000 is the most") && told.contains("shorter persona"),
        "{told}"
    );
    assert_eq!(server.requests(), vec![]);
}
