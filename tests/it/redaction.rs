//! What must not stand in a log of any kind is planted through every door, and looked for everywhere that tells of what
//! happened: audit records, the export, spans, alerts, incidents, refusals, the program's own log.
//!
//! Names of people who acted are another thing: an audit log without them is none. Never here: what a text shows in
//! its own place (a draft shows what it says; the outbound filter decides about it).

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Item, World,
    audited::{audit, signing_home},
    brew, rss,
};

const MAIL: &str = "jane.roe@planted.example";
const PHONE: &str = "+49 30 90182055";
const PASSWORD: &str = "correct horse 77 planted!";
const CARD: &str = "4111 1111 1111 1111";

/// A key as a provider hands it out; put together here, so that no scan takes this file for a leak.
fn key() -> String {
    format!("sk-{}", "Pl4nt3dAb1Cd2Ef3Gh4Ij5K")
}

fn planted() -> [String; 5] {
    [MAIL, PHONE, PASSWORD, CARD]
        .map(str::to_owned)
        .into_iter()
        .chain([key()])
        .collect::<Vec<_>>()
        .try_into()
        .unwrap()
}

/// Fails with the place where one of them stands.
#[track_caller]
fn tells_none(place: &str, text: &str) {
    for secret in planted() {
        if let Some(at) = text.find(&secret) {
            let from = text[..at]
                .char_indices()
                .rev()
                .nth(200)
                .map_or(0, |(at, _)| at);
            panic!(
                "{place} tells {secret}: …{}",
                &text[from..at + secret.len()]
            );
        }
    }
}

fn everything() -> String {
    format!("write to {MAIL} or {PHONE}, card {CARD}, key {}", key())
}

/// Refusals of requests that carry all of it where they repeat what they were asked with.
async fn refusals(world: &World) -> Vec<Value> {
    let api = world.api();
    let mut told = Vec::new();
    for path in [
        format!("/api/v1/users/{MAIL}"),
        format!("/api/v1/campaigns/{}", key()),
        format!("/api/v1/campaigns?after={}", key()),
        format!("/api/v1/traces/{MAIL}"),
        format!("/api/v1/nothing/{MAIL}"),
    ] {
        told.push(api.look(&path).await);
    }
    let goal = json!({ "agent": MAIL, "goal": everything(), "feeds": [everything()], "platforms": [key()] });
    told.push(api.post("/api/v1/campaigns", goal).await);
    let unknown = json!({ "agent": world.agent(), key(): MAIL });
    told.push(api.post("/api/v1/campaigns", unknown).await);
    let feed = json!({ "url": format!("https://{}@127.0.0.1:1/{MAIL}", key()), "name": MAIL });
    told.push(api.post("/api/v1/connections/feeds", feed).await);
    let server = json!({ "name": "planted", "command": "true", "args": [format!("--token={}", key())], "env": { "API_KEY": key() } });
    told.push(api.post("/api/v1/connections/registry", server).await);
    let session = json!({ "email": MAIL, "password": PASSWORD });
    told.push(api.post("/api/v1/session", session).await);
    let weak = json!({ "name": "Jane", "email": MAIL, "password": "short", "roles": ["viewer"] });
    told.push(api.post("/api/v1/users", weak).await);
    let body = api
        .request(Method::POST, "/api/v1/campaigns")
        .header("content-type", "application/json")
        .body(format!("{{\"goal\": \"{}\", ", everything()));
    told.push(api.send(body).await);
    told.into_iter()
        .filter(|answer| answer.status >= 400)
        .map(|answer| answer.body)
        .collect()
}

/// Plants everything: an account and its failed sign-in, a feed, a goal, a reviewer's note. Answers the campaign.
async fn planted_in(world: &World) -> String {
    let api = world.api();
    let person =
        json!({ "name": "Jane Roe", "email": MAIL, "password": PASSWORD, "roles": ["moderator"] });
    api.post("/api/v1/users", person).await.ok();
    let wrong = json!({ "email": MAIL, "password": format!("{PASSWORD} and more") });
    api.post("/api/v1/session", wrong)
        .await
        .refused(401, "SIGN_IN_FAILED");
    let right = json!({ "email": MAIL, "password": PASSWORD });
    api.post("/api/v1/session", right).await.ok();

    let mut items = brew();
    items.push(Item::new(
        "planted",
        &format!("Cold brew on tap: {MAIL} tells how"),
        &format!("Cold brew on tap, {}", everything()),
        1,
    ));
    let feed = world.home().write("feeds/planted.xml", rss(&items));
    let goal = format!("One post about cold brew on tap; {}", everything());
    let agent = world.agent().to_owned();
    let campaign = world
        .started(&agent, &goal, &feed.display().to_string())
        .await;
    let review = world.review(&campaign).await;
    let note = json!({ "reason": "other", "note": everything() });
    let task = review["task"].as_str().unwrap();
    api.post(&format!("/api/reject/{task}"), note).await.ok();
    campaign
}

#[tokio::test]
async fn nothing_planted_stands_in_what_tells_of_it() {
    let home = signing_home().with("RUST_LOG", "debug,hyper=info,sqlx=info");
    let world = World::at(home).await;
    let campaign = planted_in(&world).await;
    let api = world.api();

    let refused = refusals(&world).await;
    assert!(refused.len() >= 8, "{refused:#?}");
    for body in &refused {
        tells_none("a refusal", &body.to_string());
    }
    let campaign_id = json!({ "reason": everything() });
    api.post(&format!("/api/v1/campaigns/{campaign}/cancel"), campaign_id)
        .await;

    let records = api.all("/api/v1/audit").await;
    let acts: Vec<&str> = records
        .iter()
        .filter_map(|record| record["action"].as_str())
        .collect();
    for act in [
        "user.create",
        "session.refuse",
        "review.reject",
        "campaign.create",
    ] {
        assert!(acts.contains(&act), "{act} is on record: {acts:?}");
    }
    // The person who acted is named, and by no address.
    tells_none("the audit log", &json!(records).to_string());
    for list in ["alerts", "incidents"] {
        let rows = api.all(&format!("/api/v1/{list}")).await;
        tells_none(list, &json!(rows).to_string());
    }
    let mut spans = 0;
    for trace in api.all("/api/v1/traces").await {
        let id = trace["id"]
            .as_str()
            .or_else(|| trace["trace"].as_str())
            .unwrap();
        let run = api.get(&format!("/api/v1/traces/{id}")).await.to_string();
        spans += run.matches("gen_ai.input.messages").count();
        tells_none("a span", &run);
    }
    assert!(spans > 0, "models were asked, and spans say with what");

    let home = world.closed().await;
    let log = std::fs::read_to_string(home.at("log")).unwrap();
    assert!(log.lines().count() > 20, "the program tells a lot");
    tells_none("the log", &log);
    let file = home.at("export.jsonl");
    let path = file.display().to_string();
    let (code, said, noted) = audit(&home, &["export", "--to", &path]).await;
    assert_eq!(code, Some(0), "{said}{noted}");
    tells_none("the export", &std::fs::read_to_string(&file).unwrap());
}
