//! The feeds server as its callers meet it, over MCP, with real HTTP on loopback and real files.
//!
//! Never here: a network that is not on this machine.

mod files;
mod host;
mod hostile;
mod machine;
mod news;
mod parsing;
mod web;

use std::sync::Arc;

use chimera_net::{HttpClient, HttpSettings};

use super::{FeedPlace, Feeds, FeedsOptions, FileAccess, ListedFeed, Machine, UrlAccess};
use crate::client::{Client, StoodClock};

const NOW: &str = "2026-11-21T10:00:00Z";
const NOW_SHOWN: &str = "2026-11-21T10:00:00.000000Z";

/// Options that may reach the hosts given, any URL and no file.
fn options(allow_hosts: &[&str]) -> FeedsOptions {
    let settings = HttpSettings {
        allow_hosts: allow_hosts
            .iter()
            .map(|host| host.parse().unwrap())
            .collect(),
        ..HttpSettings::default()
    };
    FeedsOptions {
        http: HttpClient::new(settings).unwrap(),
        clock: StoodClock::at(NOW) as Arc<_>,
        feeds: Vec::new(),
        urls: UrlAccess::Any,
        files: FileAccess::default(),
        machine: Machine::Everybodys,
    }
}

async fn client(options: FeedsOptions) -> Client {
    Client::of(Feeds::new(options)).await
}

fn rss(items: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Town News</title>{items}</channel></rss>"
    )
}
