//! Feeds in files: inside what the operator opened, and nowhere else.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use super::{FeedPlace, FileAccess, ListedFeed, client, options, rss};
use crate::{client::Client, feeds::MAX_FEED_BYTES};
use chimera_domain::fault::Fault;

struct Place {
    _folder: tempfile::TempDir,
    root: PathBuf,
}

impl Place {
    /// `open/feed.xml`, `open/below/feed.xml` and, outside, `secret.xml`.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().to_owned();
        fs::create_dir_all(root.join("open/below")).unwrap();
        for name in ["open/feed.xml", "open/below/feed.xml", "secret.xml"] {
            fs::write(
                root.join(name),
                rss(&format!("<item><title>{name}</title></item>")),
            )
            .unwrap();
        }
        Self {
            _folder: folder,
            root,
        }
    }

    async fn client(&self) -> Client {
        let mut options = options(&[]);
        options.files = FileAccess {
            folders: vec![self.root.join("open")],
        };
        client(options).await
    }
}

async fn fetch(client: &Client, path: &Path) -> Result<Value, Fault> {
    client.call("fetch_feed", json!({"path": path})).await
}

#[track_caller]
fn title(page: &Value) -> &str {
    page["items"][0]["title"].as_str().unwrap()
}

#[tokio::test]
async fn files_in_an_opened_folder_are_read_by_either_kind_of_path() {
    let place = Place::new();
    let client = place.client().await;
    for path in [
        place.root.join("open/feed.xml"),
        PathBuf::from("feed.xml"),
        PathBuf::from("below/../feed.xml"),
    ] {
        let page = fetch(&client, &path).await.unwrap();
        assert_eq!(title(&page), "open/feed.xml", "{}", path.display());
        let real = fs::canonicalize(place.root.join("open/feed.xml")).unwrap();
        assert_eq!(page["feed"]["url"], real.display().to_string());
    }
    let below = fetch(&client, Path::new("below/feed.xml")).await.unwrap();
    assert_eq!(title(&below), "open/below/feed.xml");
}

#[tokio::test]
async fn nothing_leads_out_of_an_opened_folder() {
    let place = Place::new();
    let open = place.root.join("open");
    std::os::unix::fs::symlink(place.root.join("secret.xml"), open.join("link.xml")).unwrap();
    std::os::unix::fs::symlink(&place.root, open.join("up")).unwrap();
    let client = place.client().await;
    for path in [
        place.root.join("secret.xml"),
        open.join("../secret.xml"),
        PathBuf::from("../secret.xml"),
        PathBuf::from("link.xml"),
        PathBuf::from("up/secret.xml"),
        PathBuf::from("/etc/passwd"),
        PathBuf::from("/proc/self/environ"),
        PathBuf::from("no-such-file.xml"),
        PathBuf::from(""),
    ] {
        let error = fetch(&client, &path).await.unwrap_err();
        assert_eq!(
            error.code,
            "FEED_FILE_REFUSED",
            "{}: {error}",
            path.display()
        );
        assert!(!error.message.contains("secret.xml</title>"));
    }
    // A file that is there and one that is not sound the same from outside.
    let words = async |path: &str| {
        fetch(&client, Path::new(path))
            .await
            .unwrap_err()
            .message
            .replace(path, "")
    };
    assert_eq!(words("/etc/passwd").await, words("/etc/no-such-file").await);
}

#[tokio::test]
async fn a_link_that_stays_inside_is_fine() {
    let place = Place::new();
    std::os::unix::fs::symlink("below/feed.xml", place.root.join("open/inner.xml")).unwrap();
    let client = place.client().await;
    assert_eq!(
        title(&fetch(&client, Path::new("inner.xml")).await.unwrap()),
        "open/below/feed.xml"
    );
}

#[tokio::test]
async fn only_plain_files_are_read() {
    let place = Place::new();
    let pipe = place.root.join("open/pipe.xml");
    let made = std::process::Command::new("mkfifo")
        .arg(&pipe)
        .status()
        .unwrap();
    assert!(made.success());
    let client = place.client().await;
    for path in ["pipe.xml", "below", "."] {
        let error = fetch(&client, Path::new(path)).await.unwrap_err();
        assert_eq!(error.code, "FEED_FILE_REFUSED", "{path}");
        assert!(error.message.contains("no plain file"), "{error}");
    }
    let mut devices = options(&[]);
    devices.files.folders = vec![PathBuf::from("/dev")];
    let client = super::client(devices).await;
    let error = fetch(&client, Path::new("/dev/zero")).await.unwrap_err();
    assert_eq!(error.code, "FEED_FILE_REFUSED");
}

#[tokio::test]
async fn a_file_over_the_cap_is_refused_and_one_at_the_cap_is_read() {
    let place = Place::new();
    let feed = rss("<item><title>big</title></item>");
    let padded = feed.clone() + &" ".repeat(MAX_FEED_BYTES - feed.len());
    fs::write(place.root.join("open/fits.xml"), &padded).unwrap();
    fs::write(place.root.join("open/over.xml"), padded + " ").unwrap();
    let client = place.client().await;
    assert_eq!(
        title(&fetch(&client, Path::new("fits.xml")).await.unwrap()),
        "big"
    );
    let error = fetch(&client, Path::new("over.xml")).await.unwrap_err();
    assert_eq!(error.code, "FEED_TOO_LARGE");
}

#[tokio::test]
async fn a_file_that_the_operator_named_is_read_wherever_it_is_and_no_other() {
    let place = Place::new();
    let secret = place.root.join("secret.xml");
    let mut options = options(&[]);
    options.feeds = vec![ListedFeed::new("mine", FeedPlace::File(secret.clone()))];
    let client = client(options).await;
    assert_eq!(title(&fetch(&client, &secret).await.unwrap()), "secret.xml");
    let error = fetch(&client, &place.root.join("open/feed.xml"))
        .await
        .unwrap_err();
    assert_eq!(error.code, "FEED_FILE_REFUSED");
    let listed = client.call("list_feeds", json!({})).await.unwrap();
    assert_eq!(listed["feeds"][0]["path"], secret.display().to_string());
}
