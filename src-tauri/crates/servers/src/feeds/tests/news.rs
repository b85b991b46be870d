//! `feed://` and `news://`: one feed by its address, several as one page.

use serde_json::{Value, json};

use super::{
    FeedPlace, Feeds, ListedFeed, UrlAccess, client,
    host::{Answer, Host},
    options, rss,
};
use crate::client::{Client, tenant};

fn item(title: &str, hour: u8) -> String {
    format!(
        "<item><title>{title}</title><pubDate>Sat, 21 Nov 2026 {hour:02}:00:00 GMT</pubDate></item>"
    )
}

fn listed(host: &Host, name: &str, topics: &[&str]) -> ListedFeed {
    let mut feed = ListedFeed::new(name, FeedPlace::Url(host.url(&format!("/{name}"))));
    feed.topics = topics.iter().map(|topic| (*topic).to_owned()).collect();
    feed
}

async fn town() -> (Client, Host) {
    let host = Host::start().await;
    host.feed("/fashion", rss(&(item("shoes", 8) + &item("hats", 6))));
    host.feed(
        "/sport",
        rss(&(item("race", 7) + "<item><title>undated</title></item>")),
    );
    let mut theirs = listed(&host, "theirs", &["ethiopia/fashion"]);
    theirs.tenant = Some(tenant(2));
    let mut options = options(&["127.0.0.1"]);
    options.urls = UrlAccess::Listed;
    options.feeds = vec![
        listed(&host, "fashion", &["ethiopia/fashion"]),
        listed(&host, "sport", &["ethiopia/sport", "kenya/sport"]),
        theirs,
    ];
    (client(options).await, host)
}

fn titles(page: &Value) -> Vec<&str> {
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["title"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn the_latest_of_all_come_newest_first_and_the_undated_last() {
    let (client, _host) = town().await;
    let page = client.resource("news://latest").await.unwrap();
    assert_eq!(titles(&page), ["shoes", "race", "hats", "undated"]);
    assert_eq!(
        page["warnings"],
        json!([
            "fashion: items without a link to follow: 2",
            "sport: items without a date: 1",
            "sport: items without a link to follow: 2",
        ])
    );
}

#[tokio::test]
async fn a_topic_and_a_name_choose_among_them() {
    let (client, host) = town().await;
    let trends = client
        .resource("news://ethiopia/fashion/trends")
        .await
        .unwrap();
    assert_eq!(titles(&trends), ["shoes", "hats"]);
    let sport = client.resource("news://sport").await.unwrap();
    assert_eq!(titles(&sport), ["race", "undated"]);
    for encoded in [
        format!("feed://{}", host.url("/sport")),
        format!(
            "feed://{}",
            host.url("/sport").replace(':', "%3A").replace('/', "%2F")
        ),
    ] {
        assert_eq!(
            titles(&client.resource(&encoded).await.unwrap()),
            ["race", "undated"]
        );
    }
}

#[tokio::test]
async fn what_is_not_there_is_an_error_and_never_an_empty_page() {
    let (client, host) = town().await;
    for uri in [
        "news://nowhere/nothing/trends",
        "news://theirs",
        "news://",
        "feed://",
        "feed://not a url",
        "feed://https%3A%2F%2Fevil.example%2F",
        &format!("feed://{}", host.url("/theirs")),
        "file:///etc/passwd",
    ] {
        assert!(client.resource(uri).await.is_err(), "{uri}");
    }
    let empty = Client::of(Feeds::new(options(&[]))).await;
    assert!(empty.resource("news://latest").await.is_err());
}

#[tokio::test]
async fn one_broken_feed_is_told_and_the_others_are_read() {
    let (client, host) = town().await;
    host.answer("/sport", Answer::Whole(500, String::new(), Vec::new()));
    let page = client.resource("news://latest").await.unwrap();
    assert_eq!(titles(&page), ["shoes", "hats"]);
    let warnings = page["warnings"].to_string();
    assert!(
        warnings.contains("sport could not be read: FEED_STATUS"),
        "{warnings}"
    );
    let error = client.resource("news://sport").await.unwrap_err();
    assert!(error.contains("FEED_STATUS"), "{error}");
}

#[tokio::test]
async fn the_list_can_be_changed_while_it_is_served() {
    let host = Host::start().await;
    host.feed("/late", rss(&item("late", 1)));
    let mut options = options(&["127.0.0.1"]);
    options.urls = UrlAccess::Listed;
    let feeds = Feeds::new(options);
    let client = Client::of(feeds.clone()).await;
    assert!(client.resource("news://late").await.is_err());
    feeds.list(vec![listed(&host, "late", &[])]);
    assert_eq!(
        titles(&client.resource("news://late").await.unwrap()),
        ["late"]
    );
}
