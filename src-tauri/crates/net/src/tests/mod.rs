//! The client against real connections to a local server.

mod bounds;
mod calls;
mod guard;
mod redirects;
mod server;

use std::sync::Arc;
use std::time::Duration;

use self::server::Names;
use crate::{HttpClient, HttpSettings, NetError, Request, Response};

/// A client that may reach these private hosts, with names from `names`.
fn client(allow: &[&str], names: Names) -> HttpClient {
    let settings = HttpSettings {
        allow_hosts: allow.iter().map(|host| host.parse().unwrap()).collect(),
        ..HttpSettings::default()
    };
    HttpClient::with_resolver(settings, Arc::new(names)).unwrap()
}

/// A client that may reach all of 127.0.0.0/8.
fn local() -> HttpClient {
    client(&["127.0.0.0/8"], Names::default())
}

async fn get(client: &HttpClient, url: &str) -> Result<Response, NetError> {
    client
        .fetch(Request::get(url).timeout(Duration::from_secs(20)))
        .await
}
