//! Reading: the feed in order, handles, resources, tenants apart.

use serde_json::json;

use super::{agent, client, post, texts, with};
use crate::{
    client::tenant,
    sandbox::{Sandbox, fault},
};

#[tokio::test]
async fn the_feed_is_walked_newest_first_and_ends() {
    let (client, _) = client().await;
    for number in 1..=5 {
        client
            .call("post_content", post(&format!("post {number}")))
            .await
            .unwrap();
    }
    client
        .call(
            "delete_post",
            json!({"post_id": "p3", "agent_id": agent(1)}),
        )
        .await
        .unwrap();
    let (mut seen, mut cursor) = (Vec::new(), json!(null));
    loop {
        let page = client
            .call("fetch_feed", json!({"limit": 2, "cursor": cursor}))
            .await
            .unwrap();
        for post in page["posts"].as_array().unwrap() {
            seen.push(post["post_id"].as_str().unwrap().to_owned());
        }
        cursor = page["next_cursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!(seen, ["p5", "p4", "p2", "p1"]);
    let error = client
        .call("fetch_feed", json!({"cursor": "yesterday"}))
        .await
        .unwrap_err();
    assert_eq!(error.code, fault::CURSOR_INVALID);
}

#[tokio::test]
async fn a_post_shows_its_label_its_sponsor_and_its_simulated_figures() {
    let (client, _) = client().await;
    let mut paid = with(post("Ad"), "/disclosure/sponsor", json!("ACME"));
    paid["disclosure"]["disclosure_level"] = json!("assisted");
    client.call("post_content", paid).await.unwrap();
    let feed = client.call("fetch_feed", json!({})).await.unwrap();
    let shown = &feed["posts"][0];
    assert_eq!(shown["ai_label"], "AI-assisted");
    assert_eq!(shown["sponsor"], "ACME");
    assert_eq!(shown["engagement"]["simulated"], true);
    assert!(
        shown["engagement"]["method"]
            .as_str()
            .unwrap()
            .starts_with("simulated")
    );
}

#[tokio::test]
async fn a_handle_has_one_owner_and_shows_on_every_post() {
    let (client, _) = client().await;
    client.call("post_content", post("before")).await.unwrap();
    let claim = |number, handle: &str| json!({"agent_id": agent(number), "handle": handle, "display_name": "Ada"});
    let account = client.call("claim_handle", claim(1, "@Ada")).await.unwrap();
    assert_eq!(
        account,
        json!({"agent_id": agent(1), "handle": "@ada", "display_name": "Ada"})
    );
    assert_eq!(
        client.call("claim_handle", claim(1, "ada")).await.unwrap(),
        account
    );
    let taken = client
        .call("claim_handle", claim(2, "ADA"))
        .await
        .unwrap_err();
    assert_eq!(taken.code, fault::HANDLE_TAKEN);
    let feed = client
        .call("fetch_feed", json!({"handle": "ada"}))
        .await
        .unwrap();
    assert_eq!(feed["posts"][0]["handle"], "@ada");
    assert_eq!(feed["posts"][0]["display_name"], "Ada");
    // A given-up handle is free again.
    client
        .call("claim_handle", claim(1, "countess"))
        .await
        .unwrap();
    client.call("claim_handle", claim(2, "ada")).await.unwrap();
    for bad in ["", "no spaces", "ädä"] {
        let error = client
            .call("claim_handle", claim(1, bad))
            .await
            .unwrap_err();
        assert_eq!(error.code, fault::HANDLE_INVALID);
    }
}

#[tokio::test]
async fn the_feed_and_each_receipts_url_are_resources() {
    let (client, _) = client().await;
    let receipt = client.call("post_content", post("Hello")).await.unwrap();
    let feed = client.resource("sandbox://feed").await.unwrap();
    assert_eq!(feed, client.call("fetch_feed", json!({})).await.unwrap());
    let one = client
        .resource(receipt["url"].as_str().unwrap())
        .await
        .unwrap();
    assert_eq!(one["post"]["text"], "Hello");
    for nowhere in [
        "sandbox://posts/p2",
        "sandbox://posts/x",
        "sandbox://",
        "file:///etc/passwd",
    ] {
        assert!(client.resource(nowhere).await.is_err(), "{nowhere}");
    }
}

#[tokio::test]
async fn tenants_do_not_see_each_other() {
    let (client, _) = client().await;
    client.call("post_content", post("secret")).await.unwrap();
    let stranger = client.calling_for(Some(tenant(2)));
    assert_eq!(texts(&stranger).await, Vec::<String>::new());
    for (tool, arguments) in [
        ("get_post", json!({"post_id": "p1"})),
        ("get_engagement", json!({"post_id": "p1"})),
        (
            "delete_post",
            json!({"post_id": "p1", "agent_id": agent(1)}),
        ),
    ] {
        let error = stranger.call(tool, arguments).await.unwrap_err();
        assert_eq!(error.code, fault::POST_UNKNOWN, "{tool}");
    }
    assert!(stranger.resource("sandbox://posts/p1").await.is_err());
}

#[tokio::test]
async fn every_tool_has_a_suggested_class_and_both_schemas() {
    let (client, _) = client().await;
    let mut listed: Vec<String> = Vec::new();
    for tool in client.tools().await {
        assert!(tool.output_schema.is_some(), "{}", tool.name);
        assert!(tool.description.is_some(), "{}", tool.name);
        listed.push(tool.name.to_string());
    }
    let mut classed: Vec<_> = Sandbox::suggested_classes()
        .into_iter()
        .map(|(name, _)| name.to_owned())
        .collect();
    listed.sort();
    classed.sort();
    assert_eq!(listed, classed);
}
