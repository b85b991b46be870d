//! Words that are taken for others in what goes out by itself: no judge sees letters, so a person does.
//!
//! Never here: which words those are (`guard`), or how a card marks them (`shown`).

use chimera_scripted::{ModelServer, Reply, Script};
use serde_json::json;

use crate::support::{SOON, World, draft_saying, fresh_on, script_of, until};

/// A world whose provider writes these words and whose judge is sure of them.
async fn writing(words: &'static str) -> (ModelServer, World) {
    let script = Script::answering(move |request| match request.ask().as_deref() {
        Some("draft") => Reply::json(&draft_saying(&request.user(), words)),
        _ => script_of(request),
    });
    let server = ModelServer::start(script).await;
    let world = World::at(fresh_on(&server)).await;
    (server, world)
}

#[tokio::test]
async fn a_post_with_a_word_that_is_taken_for_another_goes_to_a_person() {
    // р and а are Cyrillic.
    let (_server, world) = writing("Cold brew on tap saves time. Sign in at раypal.").await;
    let campaign = world.one_post().await;
    let review = world.review(&campaign).await;
    let path = format!("/api/v1/reviews/{}", review["id"].as_str().unwrap());
    let card = world.api().get(&path).await;
    let found: Vec<_> = card["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| {
            (
                found["rule"].as_str().unwrap(),
                found["weight"].as_str().unwrap(),
                found["message"].as_str().unwrap(),
            )
        })
        .filter(|(rule, ..)| rule.starts_with("gateway."))
        .collect();
    let why = "a word mixes letters of several scripts and reads like \"paypal\"";
    let [(rule, weight, message)] = found[..] else {
        panic!("{card:#}")
    };
    assert_eq!((rule, weight), ("gateway.look_alike", "needs_person"));
    assert!(message.to_lowercase().contains(why), "{message}");
    assert_eq!(world.home().posts(), [json!(null); 0]);
}

#[tokio::test]
async fn a_post_that_is_written_in_another_script_goes_as_any_other() {
    let words = "Кофе со льда экономит время: она росла на этом, и рос спрос в трёх сетях.";
    let (_server, world) = writing(words).await;
    world.one_post().await;
    let posts = until("it is posted", SOON, || async {
        let posts = world.home().posts();
        (!posts.is_empty()).then_some(posts)
    })
    .await;
    assert!(posts[0].to_string().contains("рос спрос"), "{posts:#?}");
}
