//! Redirects: followed within bounds, checked at each hop.

use http::HeaderValue;
use http::header::{ACCEPT, HeaderName};

use super::server::{Names, Reply, Server};
use super::{client, get, local};
use crate::{NetError, Request};

#[tokio::test]
async fn a_redirect_is_followed_and_the_final_address_told() {
    let server = Server::start(&[
        ("/old", Reply::redirect(301, "/feed?page=1#top")),
        ("/feed?page=1", Reply::ok("items")),
    ])
    .await;
    let response = get(&local(), &server.url("/old")).await.unwrap();
    assert_eq!(
        (response.status.as_u16(), &response.body[..]),
        (200, &b"items"[..])
    );
    assert_eq!(response.final_url, server.url("/feed?page=1"));
}

#[tokio::test]
async fn a_request_that_stays_where_it_was_sent_follows_nothing() {
    let elsewhere = Server::start(&[("/", Reply::ok("thanks"))]).await;
    let to = elsewhere.url("/");
    let server = Server::start(&[
        ("/away", Reply::redirect(302, &to)),
        ("/near", Reply::redirect(307, "/other")),
        ("/other", Reply::ok("here")),
    ])
    .await;
    for path in ["/away", "/near"] {
        let mut request = Request::get(server.url(path));
        request.max_redirects = Some(0);
        let error = local().stream(request).await.unwrap_err();
        assert!(
            matches!(&error, NetError::TooManyRedirects { limit: 0, chain } if chain.len() == 2),
            "{error:?}"
        );
    }
    assert_eq!(elsewhere.requests().len(), 0);
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_redirect_to_a_private_address_is_refused_before_anything_is_sent() {
    let inside = Server::start(&[("/", Reply::ok("secret"))]).await;
    for location in [
        format!("http://127.0.0.1:{}/", inside.port()),
        format!("http://inside.test:{}/", inside.port()),
        format!("//[::ffff:127.0.0.1]:{}/", inside.port()),
    ] {
        let outside =
            Server::start_on("127.0.0.2", &[("/", Reply::redirect(302, &location))]).await;
        let names = Names::default().with("inside.test", &[&["127.0.0.1"]]);
        let error = get(&client(&["127.0.0.2"], names), &outside.url("/"))
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
            "{location}: {error:?}"
        );
        assert_eq!(outside.requests().len(), 1);
    }
    assert_eq!(inside.requests(), [""; 0]);
}

#[tokio::test]
async fn a_redirect_to_another_scheme_is_refused() {
    let server = Server::start(&[("/", Reply::redirect(302, "file:///etc/passwd"))]).await;
    assert!(matches!(
        get(&local(), &server.url("/")).await,
        Err(NetError::InvalidUrl { .. })
    ));
}

#[tokio::test]
async fn a_circle_ends_with_its_chain() {
    let server = Server::start(&[
        ("/a", Reply::redirect(302, "/b")),
        ("/b", Reply::redirect(302, "/c")),
        ("/c", Reply::redirect(302, "/b")),
    ])
    .await;
    let chain = ["/a", "/b", "/c", "/b"]
        .map(|path| server.url(path))
        .to_vec();
    let error = get(&local(), &server.url("/a")).await.unwrap_err();
    assert_eq!(
        error,
        NetError::RedirectLoop {
            chain: chain.clone()
        }
    );
    assert!(error.to_string().contains(&chain.join(" → ")));
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn a_chain_without_end_is_cut() {
    let paths: Vec<String> = (0..10).map(|i| format!("/{i}")).collect();
    let replies: Vec<(&str, Reply)> = paths
        .windows(2)
        .map(|p| (p[0].as_str(), Reply::redirect(307, &p[1])))
        .collect();
    let server = Server::start(&replies).await;
    let chain = paths[..7].iter().map(|path| server.url(path)).collect();
    assert_eq!(
        get(&local(), &server.url("/0")).await.unwrap_err(),
        NetError::TooManyRedirects { limit: 5, chain }
    );
    assert_eq!(server.requests().len(), 6);
}

#[tokio::test]
async fn a_form_that_answers_with_its_own_address_is_no_circle() {
    let server = Server::start(&[("/form", Reply::redirect(303, "/form"))]).await;
    let error = local()
        .fetch(Request::post_json(server.url("/form"), "{}"))
        .await
        .unwrap_err();
    // POST, then GET, and only then the same GET again.
    let chain = vec![server.url("/form"); 3];
    assert_eq!(error, NetError::RedirectLoop { chain });
    let methods: Vec<_> = server
        .requests()
        .iter()
        .map(|head| head[..4].to_owned())
        .collect();
    assert_eq!(methods, ["POST", "GET "]);
}

#[tokio::test]
async fn secrets_do_not_cross_to_another_origin() {
    let there = Server::start(&[("/", Reply::ok("there"))]).await;
    let here = Server::start(&[
        ("/", Reply::redirect(302, "/again")),
        ("/again", Reply::redirect(302, &there.url("/"))),
    ])
    .await;
    let request = Request::get(here.url("/").replace("http://", "http://user:pass@"))
        .header(
            HeaderName::from_static("x-api-key"),
            HeaderValue::from_static("key-1234"),
        )
        .header(ACCEPT, HeaderValue::from_static("text/xml"))
        .unless_current(Some("\"tag\"".to_owned()), None)
        .bearer("token-1234")
        .unwrap();
    let response = local().fetch(request).await.unwrap();
    assert_eq!(response.final_url, there.url("/"));
    for head in here.requests() {
        assert!(
            head.contains("x-api-key: key-1234")
                && head.contains("token-1234")
                && head.contains("if-none-match"),
            "{head}"
        );
    }
    let head = there.requests().remove(0).to_ascii_lowercase();
    for secret in [
        "key-1234",
        "token-1234",
        "authorization",
        "if-none-match",
        "referer",
        "user",
        "pass",
    ] {
        assert!(
            !head.replace("user-agent", "").contains(secret),
            "{secret}: {head}"
        );
    }
    assert!(head.contains("accept: text/xml"), "{head}");
}

#[tokio::test]
async fn content_does_not_cross_to_another_origin() {
    let there = Server::start(&[("/", Reply::ok("there"))]).await;
    let here = Server::start(&[("/", Reply::redirect(307, &there.url("/")))]).await;
    let error = local()
        .fetch(Request::post_json(here.url("/"), "{\"secret\":1}"))
        .await
        .unwrap_err();
    assert_eq!(
        error,
        NetError::RedirectRefused {
            from: here.url("/"),
            to: there.url("/")
        }
    );
    assert_eq!(there.requests(), [""; 0]);
}
