//! Nothing outward happens before a decision. The whole of Chimera runs inside the test here, because the
//! tool host's own count of outward calls is what is asked.
//!
//! Never here: a fake of the tool host; the count is the real one's.

use std::sync::Arc;

use chimera_boot::{Chimera, KeychainSetting, Settings, listen};
use serde_json::json;

use crate::support::{Home, ONE_POST, SOON, World, brew, until};

/// Chimera in this process, served on a free port.
async fn served(home: Home) -> (Arc<Chimera>, World) {
    let settings = Settings {
        data_dir: home.data(),
        port: 0,
        feed_roots: vec![home.at("feeds")],
        keychain: KeychainSetting::None,
        ..Settings::default()
    };
    let listener = listen(&settings).await.unwrap();
    let address = listener.local_addr().unwrap();
    let chimera = Arc::new(Chimera::open(settings).await.unwrap());
    chimera.start().await.unwrap();
    tokio::spawn({
        let chimera = Arc::clone(&chimera);
        async move { chimera.serve(listener, std::future::pending()).await }
    });
    let token = std::fs::read_to_string(chimera.token_file()).unwrap();
    let world = World::over(home, &format!("http://{address}"), &token).await;
    (chimera, world)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_outward_call_before_the_decision_and_one_after_it() {
    let (chimera, world) = served(Home::new()).await;
    world
        .policy(|policy| policy["bands"]["auto_above"] = json!(1.0))
        .await;
    let campaign = world.one_post().await;
    let review = world.review(&campaign).await;
    let reads = chimera.calls().read;
    assert!(reads > 0, "the count does not count");
    assert_eq!(chimera.calls().outward, 0);
    assert_eq!(world.home().posts(), [] as [serde_json::Value; 0]);
    assert_eq!(
        world.api().get("/api/v1/sandbox/feed").await["items"],
        json!([])
    );
    let card = world
        .api()
        .get(&format!(
            "/api/v1/reviews/{}",
            review["id"].as_str().unwrap()
        ))
        .await;
    assert_eq!(card["preview"]["ai_label"], json!(true));
    let shown = card["review"]["preview"]["text"].clone();
    assert_eq!(card["preview"]["text"], shown);

    let effect = world.approve(&review).await;
    assert_eq!(effect["state"], "held");
    world.campaign_is(&campaign, "COMPLETED", SOON).await;
    let sent = world
        .effect_is(effect["id"].as_str().unwrap(), "sent")
        .await;
    assert_eq!(chimera.calls().outward, 1);
    let posts = world.home().posts();
    assert_eq!(posts.len(), 1);
    assert_eq!(posts[0]["text"], shown);
    let feed = world.api().get("/api/v1/sandbox/feed").await;
    assert_eq!(feed["items"][0]["text"], shown);
    assert_eq!(feed["items"][0]["post_id"], sent["receipt"]["post_id"]);
    // What the card named is what readers see: the persona's own handle and name.
    assert_eq!(card["preview"]["account"], json!("@mara_voss"));
    assert_eq!(feed["items"][0]["handle"], card["preview"]["account"]);
    assert_eq!(feed["items"][0]["display_name"], card["preview"]["author"]);
    chimera.shut_down().await;
    assert_eq!(chimera.calls().outward, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sensitive_topic_waits_however_sure_the_judge_is() {
    let (chimera, world) = served(Home::new()).await;
    world
        .policy(|policy| {
            policy["bands"] =
                json!({ "auto_above": 0.0, "review_from": 0.0, "must_approve_from": 0.0 });
            let rules = policy["sensitive"].as_array_mut().unwrap();
            rules.push(json!({ "category": "custom", "terms": ["cold brew"] }));
        })
        .await;
    let feed = world.feed_file(&brew());
    let sensitive = world.started(world.agent(), ONE_POST, &feed).await;
    let review = world.review(&sensitive).await;
    assert_eq!(review["sensitive"], json!(true), "{review:#}");
    let reasons = review["reasons"].to_string();
    assert!(reasons.contains("cold brew"), "{reasons}");
    assert_eq!(chimera.calls().outward, 0);

    // The same policy lets everything else go by itself: the wait is the topic's doing.
    let other = world
        .started(
            world.agent(),
            "One post about shade trees and drought",
            &feed,
        )
        .await;
    world.campaign_is(&other, "COMPLETED", SOON).await;
    until("the other post", SOON, || async {
        (chimera.calls().outward == 1).then_some(())
    })
    .await;
    assert!(
        !world.home().posts()[0]["text"]
            .as_str()
            .unwrap()
            .to_lowercase()
            .contains("cold brew")
    );
    assert_eq!(world.open_reviews(&sensitive).await.len(), 1);
    chimera.shut_down().await;
}
