//! Feeds over the wire: three formats, conditional requests.
//!
//! Never here: feeds that are broken or mean harm (`hostile_feeds`).

use serde_json::json;

use crate::support::{
    Daemon, FeedServer, Home, Page, SOON, World, atom, brew, campaign_run, json_feed, rss, until,
};

#[tokio::test]
async fn three_formats_become_one_campaign() {
    let items = brew();
    let server = FeedServer::start(vec![
        ("/rss", Page::plain(rss(&items[..1]))),
        ("/atom", Page::plain(atom(&items[3..4]))),
        ("/json", Page::plain(json_feed(&items[1..2]))),
    ])
    .await;
    let home = Home::new().with_loopback();
    let feeds = ["/rss", "/atom", "/json"].map(|path| server.url(path));
    let feeds: Vec<&str> = feeds.iter().map(String::as_str).collect();
    let goal = "One post about cold brew, grinders and home roasters";
    let run = campaign_run(&home, goal, &feeds, &[]).await;
    assert_eq!(run.code, Some(0), "{run:#?}");
    let summary = run.told("summary");
    let of = |name: &str| summary[name].as_array().unwrap().len();
    assert_eq!(
        of("published") + of("waiting_for_a_person"),
        1,
        "{summary:#}"
    );
    assert_eq!(home.posts().len(), of("published"));
    for path in ["/rss", "/atom", "/json"] {
        let statuses: Vec<u16> = server.hits(path).iter().map(|hit| hit.status).collect();
        assert_eq!(statuses, [200], "{path}");
    }

    let daemon = Daemon::start(&home).await;
    let mut urls: Vec<_> = daemon
        .api()
        .all("/api/v1/trends")
        .await
        .iter()
        .map(|trend| trend["url"].clone())
        .collect();
    urls.sort_by_key(ToString::to_string);
    let wanted = ["burrs", "probe", "tap"].map(|key| json!(format!("https://brew.example/{key}")));
    assert_eq!(urls, wanted);
}

#[tokio::test]
async fn an_unchanged_feed_is_not_sent_twice() {
    let items = brew();
    let server = FeedServer::start(vec![("/feed", Page::tagged(rss(&items), "\"one\""))]).await;
    let world = World::careful().await;
    let feed = server.url("/feed");
    let campaign = world
        .started(world.agent(), "One post about cold brew", &feed)
        .await;
    world.review(&campaign).await;

    let tested = async || {
        let tested = world
            .api()
            .post("/api/v1/connections/feeds/test", json!({ "url": feed }))
            .await
            .ok();
        assert_eq!(tested["ok"], json!(true), "{tested:#}");
        tested["items"].clone()
    };
    let titles = |items: &[crate::support::Item]| -> Vec<_> {
        items.iter().take(5).map(|item| json!(item.title)).collect()
    };
    assert_eq!(tested().await, json!(titles(&items)));
    let asked = |at: usize| {
        let hit = server.hits("/feed")[at].clone();
        (hit.if_none_match, hit.status)
    };
    assert_eq!(asked(0), (None, 200));
    assert_eq!(asked(1), (Some("\"one\"".to_owned()), 304));

    server.put("/feed", Page::tagged(rss(&items[3..]), "\"two\""));
    assert_eq!(tested().await, json!(titles(&items[3..])));
    assert_eq!(asked(2), (Some("\"one\"".to_owned()), 200));
    until("the new tag is remembered", SOON, || async {
        tested().await;
        (asked(server.hits("/feed").len() - 1) == (Some("\"two\"".to_owned()), 304)).then_some(())
    })
    .await;
}
