//! What may be reached and what may not.

use std::net::IpAddr;

use tokio::io::AsyncWriteExt;

use super::server::{Names, Reply, Server};
use super::{client, get, local};
use crate::{HttpClient, HttpSettings, NetError, Proxy, Resolver, SystemResolver};

fn private(host: &str, ip: &str, kind: &'static str) -> NetError {
    NetError::PrivateAddress {
        host: host.to_owned(),
        ip: ip.parse().unwrap(),
        kind,
    }
}

#[tokio::test]
async fn addresses_in_the_url_are_checked_however_they_are_spelled() {
    let server = Server::start(&[("/", Reply::ok("secret"))]).await;
    let stranger = client(&[], Names::default());
    let port = server.port();
    for host in [
        "127.0.0.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "0x7f.1",
        "①②⑦.0.0.1",
        "127.0.0.1.",
    ] {
        let error = get(&stranger, &format!("http://{host}:{port}/"))
            .await
            .unwrap_err();
        assert_eq!(
            error,
            private("127.0.0.1", "127.0.0.1", "loopback"),
            "{host}"
        );
    }
    for (host, ip, kind) in [
        ("[::1]", "::1", "loopback"),
        ("[::ffff:127.0.0.1]", "::ffff:127.0.0.1", "loopback"),
        ("[::ffff:7f00:1]", "::ffff:127.0.0.1", "loopback"),
        ("[64:ff9b::7f00:1]", "64:ff9b::7f00:1", "loopback"),
        ("[fe80::1]", "fe80::1", "link-local"),
        ("169.254.169.254", "169.254.169.254", "link-local"),
        ("0", "0.0.0.0", "unspecified"),
    ] {
        let error = get(&stranger, &format!("http://{host}:{port}/"))
            .await
            .unwrap_err();
        assert!(
            matches!(&error, NetError::PrivateAddress { ip: got, kind: k, .. } if got.to_string() == ip && *k == kind),
            "{host}: {error:?}"
        );
    }
    assert_eq!(server.requests(), [""; 0]);
}

#[tokio::test]
async fn urls_that_are_not_for_the_web_are_refused() {
    for url in [
        "file:///etc/passwd",
        "ftp://example.org/",
        "gopher://x/",
        "data:,x",
        "http://",
        "no url",
        "http://[fe80::1%25eth0]/",
        "javascript:alert(1)",
    ] {
        let error = get(&local(), url).await.unwrap_err();
        assert!(
            matches!(error, NetError::InvalidUrl { .. }),
            "{url}: {error:?}"
        );
    }
    let error = get(&local(), "http//user:pass@host?key=1")
        .await
        .unwrap_err();
    assert!(!error.to_string().contains("key=1"));
    let long = format!("http://example.org/{}", "x".repeat(9000));
    assert!(
        matches!(get(&local(), &long).await, Err(NetError::InvalidUrl { url, .. }) if url.len() <= 300)
    );
}

#[tokio::test]
async fn a_listed_host_is_reached_and_its_neighbours_are_not() {
    let listed = Server::start(&[("/", Reply::ok("fine"))]).await;
    let other = Server::start(&[("/", Reply::ok("secret"))]).await;
    let names = Names::default().with("intranet.test", &[&["127.0.0.1"]]);
    let client = client(&[&format!("127.0.0.1:{}", listed.port())], names);
    assert_eq!(
        &get(&client, &listed.url("/")).await.unwrap().body[..],
        b"fine"
    );
    assert_eq!(
        &get(&client, &format!("http://intranet.test:{}/", listed.port()))
            .await
            .unwrap()
            .body[..],
        b"fine"
    );
    assert_eq!(
        get(&client, &other.url("/")).await.unwrap_err(),
        private("127.0.0.1", "127.0.0.1", "loopback")
    );
    let by_name = get(&client, &format!("http://intranet.test:{}/", other.port()))
        .await
        .unwrap_err();
    assert_eq!(by_name, private("intranet.test", "127.0.0.1", "loopback"));
    assert_eq!(other.requests(), [""; 0]);
}

#[tokio::test]
async fn a_listed_name_opens_no_other_name() {
    let server = Server::start(&[("/", Reply::ok("fine"))]).await;
    let names = Names::default()
        .with("mine.test", &[&["127.0.0.1"]])
        .with("evil.test", &[&["127.0.0.1"]]);
    let client = client(&["mine.test"], names);
    assert_eq!(
        &get(&client, &format!("http://mine.test:{}/", server.port()))
            .await
            .unwrap()
            .body[..],
        b"fine"
    );
    let error = get(&client, &format!("http://evil.test:{}/", server.port()))
        .await
        .unwrap_err();
    assert_eq!(error, private("evil.test", "127.0.0.1", "loopback"));
    assert_eq!(server.requests().len(), 1);
    assert!(!error.is_transient());
}

/// The name is resolved once for each connection, and what was checked is what is connected
/// to: an answer that changes later is checked again and refused.
#[tokio::test]
async fn a_name_that_changes_its_address_is_caught() {
    let good = Server::start_on("127.0.0.2", &[("/", Reply::ok("fine"))]).await;
    let names = Names::default().with("rebind.test", &[&["127.0.0.2"], &["127.0.0.1"]]);
    let client = client(&["127.0.0.2"], names);
    let url = format!("http://rebind.test:{}/", good.port());
    assert_eq!(&get(&client, &url).await.unwrap().body[..], b"fine");
    assert_eq!(
        get(&client, &url).await.unwrap_err(),
        private("rebind.test", "127.0.0.1", "loopback")
    );
}

#[tokio::test]
async fn of_several_addresses_only_permitted_ones_are_tried() {
    let good = Server::start_on("127.0.0.2", &[("/", Reply::ok("fine"))]).await;
    let names = Names::default().with(
        "mixed.test",
        &[&["127.0.0.1", "10.0.0.1", "::1", "127.0.0.2"]],
    );
    let client = client(&["127.0.0.2"], names);
    assert_eq!(
        &get(&client, &format!("http://mixed.test:{}/", good.port()))
            .await
            .unwrap()
            .body[..],
        b"fine"
    );
}

#[tokio::test]
async fn this_machine_is_known_by_name_without_a_resolver() {
    let here = ["127.0.0.1", "::1"].map(|ip| ip.parse::<IpAddr>().unwrap());
    for name in ["localhost", "LocalHost.", "feeds.localhost"] {
        assert_eq!(SystemResolver.lookup(name).await.unwrap(), here, "{name}");
    }
    // Every other name is the system's to know.
    let other = SystemResolver.lookup("127.0.0.2").await.unwrap();
    assert_eq!(other, ["127.0.0.2".parse::<IpAddr>().unwrap()]);
}

#[tokio::test]
async fn the_systems_resolver_is_checked_too() {
    let server = Server::start(&[("/", Reply::ok("secret"))]).await;
    let client = HttpClient::new(HttpSettings::default()).unwrap();
    let error = get(&client, &format!("http://localhost:{}/", server.port()))
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            NetError::PrivateAddress {
                kind: "loopback",
                ..
            }
        ),
        "{error:?}"
    );
    assert_eq!(server.requests(), [""; 0]);
}

#[tokio::test]
async fn behind_a_proxy_names_are_looked_up_before_the_proxy_does() {
    let names = Names::default().with("evil.test", &[&["169.254.169.254"]]);
    let settings = HttpSettings {
        proxy: Proxy::System,
        ..HttpSettings::default()
    };
    let client = HttpClient::with_resolver(settings, std::sync::Arc::new(names)).unwrap();
    let error = get(&client, "http://evil.test/").await.unwrap_err();
    assert_eq!(error, private("evil.test", "169.254.169.254", "link-local"));
}

#[tokio::test]
async fn unknown_names_and_closed_ports_say_what_to_do() {
    let error = get(&local(), "http://nowhere.test/").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the name nowhere.test has no address: no such name; check its spelling and the network"
    );
    assert!(error.is_transient());
    let closed = Server::start(&[]).await.address.port();
    // The server's task holds the listener, so take a port that was just given back.
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    assert_ne!(closed, free);
    let error = get(&local(), &format!("http://127.0.0.1:{free}/"))
        .await
        .unwrap_err();
    assert!(
        matches!(&error, NetError::Connect { host, .. } if host == "127.0.0.1"),
        "{error:?}"
    );
    assert!(error.is_transient());
}

/// A port where every connection is answered in plain text.
async fn plain_port() -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    port
}

#[tokio::test]
async fn a_host_that_does_not_speak_tls_is_told_apart() {
    let url = format!("https://127.0.0.1:{}/", plain_port().await);
    let error = get(&local(), &url).await.unwrap_err();
    assert!(matches!(error, NetError::Tls { .. }), "{error:?}");
    assert!(!error.is_transient());
}

#[tokio::test]
async fn without_root_certificates_plain_hosts_are_reached_and_secure_ones_say_what_is_missing() {
    let server = Server::start(&[("/", Reply::ok("fine"))]).await;
    let client = local().without_roots();
    assert_eq!(
        &get(&client, &server.url("/")).await.unwrap().body[..],
        b"fine"
    );
    let url = format!("https://127.0.0.1:{}/", plain_port().await);
    let error = get(&client, &url).await.unwrap_err();
    assert!(error.to_string().contains("ca-certificates"), "{error}");
}
