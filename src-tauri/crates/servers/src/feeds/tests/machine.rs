//! A machine that several workspaces share: its files and its own network are one workspace's.

use std::sync::{Arc, OnceLock};

use chimera_domain::id::TenantId;
use chimera_net::{HttpClient, HttpSettings};
use serde_json::json;
use uuid::Uuid;

use super::{FeedPlace, Feeds, FileAccess, ListedFeed, Machine, host::Host, options, rss};
use crate::client::{Client, tenant};

/// A server over a folder with a feed, a named file and a host on loopback, on the machine of `owner`.
fn shared(folder: &std::path::Path, owner: TenantId) -> Feeds {
    let mut options = options(&["127.0.0.1"]);
    std::fs::write(
        folder.join("feed.xml"),
        rss("<item><title>kept</title></item>"),
    )
    .unwrap();
    options.files = FileAccess {
        folders: vec![folder.to_owned()],
    };
    let named = FeedPlace::File(folder.join("feed.xml"));
    options.feeds = vec![ListedFeed::new("own", named)];
    options.machine = Machine::Of {
        workspace: Arc::new(OnceLock::from(owner)),
        public: HttpClient::new(HttpSettings::default()).unwrap(),
    };
    Feeds::new(options)
}

#[tokio::test]
async fn files_and_private_hosts_are_read_for_the_workspace_whose_machine_it_is() {
    let (folder, host) = (tempfile::tempdir().unwrap(), Host::start().await);
    host.feed("/news", rss("<item><title>news</title></item>"));
    let path = folder.path().join("feed.xml").display().to_string();
    let url = host.url("/news");
    let feeds = shared(folder.path(), tenant(1));
    let client = Client::of(feeds.clone()).await;
    for place in [json!({ "path": path }), json!({ "url": url })] {
        client.call("fetch_feed", place).await.unwrap();
    }
    assert!(client.resource("news://own").await.is_ok());
    for feed in [path.as_str(), url.as_str(), "later.xml"] {
        assert_eq!(feeds.admits(tenant(1), feed), Ok(()), "{feed}");
    }
    for (feed, code) in [
        ("file:///etc/passwd", "FEED_URL_INVALID"),
        ("ftp://news.example/feed", "FEED_URL_INVALID"),
        ("/etc/passwd", "FEED_FILE_REFUSED"),
        ("/etc/not-there", "FEED_FILE_REFUSED"),
        ("../feed.xml", "FEED_FILE_REFUSED"),
        ("\0", "FEED_FILE_REFUSED"),
    ] {
        assert_eq!(
            feeds.admits(tenant(1), feed).unwrap_err().code,
            code,
            "{feed}"
        );
    }
}

#[tokio::test]
async fn another_workspace_reads_what_is_public_and_is_told_of_no_file() {
    let (folder, host) = (tempfile::tempdir().unwrap(), Host::start().await);
    host.feed("/news", rss("<item><title>news</title></item>"));
    let path = folder.path().join("feed.xml").display().to_string();
    let (url, local) = (
        host.url("/news"),
        format!("http://localhost:{}/news", host.port),
    );
    let owner = TenantId::from_uuid(Uuid::from_u128(77));
    let feeds = shared(folder.path(), owner);
    let client = Client::of(feeds.clone()).await;
    for (place, feed, code) in [
        (json!({ "path": path }), path.as_str(), "FEED_FILE_REFUSED"),
        (
            json!({ "path": "feed.xml" }),
            "feed.xml",
            "FEED_FILE_REFUSED",
        ),
        (
            json!({ "path": "/etc/not-there" }),
            "/etc/not-there",
            "FEED_FILE_REFUSED",
        ),
        (json!({ "url": url }), url.as_str(), "FEED_ADDRESS_REFUSED"),
        (
            json!({ "url": local }),
            local.as_str(),
            "FEED_ADDRESS_REFUSED",
        ),
    ] {
        let read = client.call("fetch_feed", place).await.unwrap_err();
        let named = feeds.admits(tenant(1), feed).unwrap_err();
        for fault in [read, named] {
            assert_eq!(fault.code, code, "{feed}");
            assert!(fault.message.contains("first workspace alone"), "{fault}");
        }
    }
    assert_eq!(feeds.admits(tenant(1), "https://news.example/feed"), Ok(()));
    let listed = client.call("list_feeds", json!({})).await.unwrap();
    assert_eq!(listed, json!({ "feeds": [] }));
    assert!(client.resource("news://own").await.is_err());
}
