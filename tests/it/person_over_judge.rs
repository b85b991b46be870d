//! What a person decided against the judge stays decided.
//!
//! Never here: decisions that the judge agrees with (`decisions`).

use chimera_scripted::{ModelServer, Reply, When};
use serde_json::{Value, json};

use crate::support::{SOON, World, fresh_on, script, until};

const EDIT: &str = "Cold brew on tap: 90 seconds became 20 in three chains, says brew.example. Judge for yourself.";

/// What a judge says who never lets a draft pass.
fn stern() -> Value {
    json!({
        "criteria": [{ "name": "voice", "score": 0.3, "note": "Not hers." }],
        "confidence": 0.3, "risk": "low", "rationale": "It does not sound like her.",
    })
}

#[tokio::test]
async fn the_words_of_a_person_are_not_rewritten_for_a_low_score() {
    let server = ModelServer::start(script().on(When::ask("judge"), Reply::json(&stern()))).await;
    let world = World::at(fresh_on(&server)).await;
    let campaign = world.one_post().await;

    // Such a judge lets nothing pass, research neither: a person does.
    let research = world.review(&campaign).await;
    assert_eq!(research["band"], "exhausted", "{research:#}");
    world.approve(&research).await;
    let draft = until("a review of the draft", SOON, || async {
        let open = world.open_reviews(&campaign).await;
        open.into_iter().find(|item| item["id"] != research["id"])
    })
    .await;
    assert_eq!(draft["band"], "exhausted", "{draft:#}");
    let path = format!("/api/v1/reviews/{}", draft["id"].as_str().unwrap());
    let etag = world.api().look(&path).await.etag.unwrap();
    let edit = json!({ "decision": "edit", "text": EDIT });
    world
        .api()
        .post_if(&format!("{path}/decision"), &etag, edit)
        .await
        .ok();

    let post = world.review(&campaign).await;
    assert_ne!(post["id"], draft["id"]);
    assert_eq!(post["preview"]["text"], EDIT, "{post:#}");
    let reasons = post["reasons"].to_string();
    assert!(reasons.contains("A person let this draft pass"), "{post:#}");
    world.approve(&post).await;
    world.campaign_is(&campaign, "COMPLETED", SOON).await;
    let posts = world.home().posts();
    let texts: Vec<_> = posts.iter().map(|post| &post["text"]).collect();
    assert_eq!(texts, [&json!(EDIT)]);
}
