//! Limits of size and time, and what an answer says of itself.

use std::io::Write;
use std::time::Duration;

use bytes::Bytes;

use super::server::{Names, Reply, Server};
use super::{client, get, local};
use crate::{BodyStream, HttpClient, HttpSettings, NetError, Request, Stage};

const HEAD: &str = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n";

fn too_large(limit: usize) -> NetError {
    NetError::TooLarge {
        host: "127.0.0.1".to_owned(),
        limit,
    }
}

/// Every piece of a body, until its end or an error.
async fn pieces(mut body: BodyStream) -> Vec<Result<Bytes, NetError>> {
    let mut all = Vec::new();
    loop {
        match body.next_piece().await.transpose() {
            Some(piece) => all.push(piece),
            None => return all,
        }
        if matches!(all.last(), Some(Err(_))) {
            return all;
        }
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A client with short waits, for servers that are slow on purpose.
fn impatient() -> HttpClient {
    let settings = HttpSettings {
        allow_hosts: vec!["127.0.0.1".parse().unwrap()],
        connect_timeout: Duration::from_millis(200),
        total_timeout: Duration::from_millis(400),
        idle_timeout: Duration::from_millis(390),
        stream_timeout: Duration::from_secs(30),
        ..HttpSettings::default()
    };
    HttpClient::with_resolver(
        settings,
        std::sync::Arc::new(Names::default().never("silent.test")),
    )
    .unwrap()
}

#[tokio::test]
async fn a_body_without_end_stops_at_the_limit() {
    let endless = Reply::Endless {
        head: HEAD.to_owned(),
        piece: vec![b'x'; 1 << 20],
        pause: Duration::ZERO,
    };
    let server = Server::start(&[("/", endless)]).await;
    assert_eq!(
        get(&local(), &server.url("/")).await.unwrap_err(),
        too_large(8 << 20)
    );
    let small = Request::get(server.url("/")).max_body_bytes(10);
    assert_eq!(local().fetch(small).await.unwrap_err(), too_large(10));
}

#[tokio::test]
async fn a_stated_length_over_the_limit_is_not_even_read() {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", 50 << 20);
    let server = Server::start(&[("/", Reply::Silent { head })]).await;
    assert_eq!(
        get(&local(), &server.url("/")).await.unwrap_err(),
        too_large(8 << 20)
    );
}

#[tokio::test]
async fn a_body_of_exactly_the_limit_is_read() {
    let server = Server::start(&[("/", Reply::ok("0123456789"))]).await;
    let exact = local()
        .fetch(Request::get(server.url("/")).max_body_bytes(10))
        .await
        .unwrap();
    assert_eq!(&exact.body[..], b"0123456789");
    assert_eq!(
        local()
            .fetch(Request::get(server.url("/")).max_body_bytes(9))
            .await
            .unwrap_err(),
        too_large(9)
    );
}

#[tokio::test]
async fn compressed_answers_are_unpacked_and_bombs_stop_at_the_limit() {
    let bomb = gzip(&vec![0; 64 << 20]);
    assert!(bomb.len() < 1 << 20);
    let encoding = "content-encoding: gzip\r\n";
    let server = Server::start(&[
        ("/text", Reply::with("200 OK", encoding, &gzip(b"hello"))),
        ("/bomb", Reply::with("200 OK", encoding, &bomb)),
        (
            "/torn",
            Reply::with("200 OK", encoding, &gzip(b"hello")[..12]),
        ),
        (
            "/brotli",
            Reply::with("200 OK", "content-encoding: br\r\n", b"whatever"),
        ),
    ])
    .await;
    assert_eq!(
        &get(&local(), &server.url("/text")).await.unwrap().body[..],
        b"hello"
    );
    assert_eq!(
        get(&local(), &server.url("/bomb")).await.unwrap_err(),
        too_large(8 << 20)
    );
    for path in ["/torn", "/brotli"] {
        let error = get(&local(), &server.url(path)).await.unwrap_err();
        assert!(
            matches!(error, NetError::Undecodable { .. }),
            "{path}: {error:?}"
        );
        assert!(!error.is_transient());
    }
}

#[tokio::test]
async fn time_runs_out_at_each_stage_by_name() {
    let drip = Reply::Endless {
        head: HEAD.to_owned(),
        piece: vec![b'x'],
        pause: Duration::from_millis(20),
    };
    let server = Server::start(&[
        ("/drip", drip),
        (
            "/mute",
            Reply::Silent {
                head: String::new(),
            },
        ),
    ])
    .await;
    let timeout = |host: &str, stage, ms| NetError::Timeout {
        host: host.to_owned(),
        stage,
        after: Duration::from_millis(ms),
    };
    for (url, expected) in [
        (
            "http://silent.test/".to_owned(),
            timeout("silent.test", Stage::Connect, 200),
        ),
        (
            server.url("/mute"),
            timeout("127.0.0.1", Stage::Headers, 400),
        ),
        (server.url("/drip"), timeout("127.0.0.1", Stage::Body, 400)),
    ] {
        let error = impatient().fetch(Request::get(url)).await.unwrap_err();
        assert_eq!(error, expected);
        assert!(error.is_transient());
    }
}

#[tokio::test]
async fn a_stream_gives_its_pieces_as_they_come_and_ends_when_they_stop() {
    let drip = Reply::Endless {
        head: HEAD.to_owned(),
        piece: b"data".to_vec(),
        pause: Duration::from_millis(20),
    };
    let stuck = Reply::Silent {
        head: format!("{HEAD}first"),
    };
    let server = Server::start(&[
        ("/drip", drip),
        ("/stuck", stuck),
        ("/whole", Reply::ok("all of it")),
    ])
    .await;
    let client = impatient();

    // Longer than the whole-answer timeout of this client, because pieces keep coming.
    let mut dripping = client
        .stream(Request::get(server.url("/drip")).max_body_bytes(200))
        .await
        .unwrap();
    let mut received = 0;
    let error = loop {
        match dripping.body.next_piece().await {
            Ok(piece) => received += piece.unwrap().len(),
            Err(error) => break error,
        }
    };
    assert_eq!((received, error), (200, too_large(200)));
    assert_eq!(dripping.body.next_piece().await, Ok(None));

    let stuck = client
        .stream(Request::get(server.url("/stuck")))
        .await
        .unwrap();
    let heard = pieces(stuck.body).await;
    let idle = NetError::Timeout {
        host: "127.0.0.1".to_owned(),
        stage: Stage::Idle,
        after: Duration::from_millis(390),
    };
    assert_eq!(heard, [Ok("first".into()), Err(idle)]);

    let whole = client
        .stream(Request::get(server.url("/whole")))
        .await
        .unwrap();
    assert_eq!(whole.status.as_u16(), 200);
    let pieces: Result<Vec<_>, _> = pieces(whole.body).await.into_iter().collect();
    assert_eq!(pieces.unwrap().concat(), b"all of it");
}

#[tokio::test]
async fn a_stream_may_have_times_of_its_own() {
    let server = Server::start(&[
        (
            "/drip",
            Reply::Endless {
                head: HEAD.to_owned(),
                piece: b"data".to_vec(),
                pause: Duration::from_millis(20),
            },
        ),
        (
            "/stuck",
            Reply::Silent {
                head: format!("{HEAD}first"),
            },
        ),
    ])
    .await;
    // The client's own times would let both go on for minutes.
    for (path, stage) in [("/drip", Stage::Body), ("/stuck", Stage::Idle)] {
        let mut request = Request::get(server.url(path));
        let after = Duration::from_millis(150);
        match stage {
            Stage::Idle => request.idle_timeout = Some(after),
            _ => request.stream_timeout = Some(after),
        }
        let mut stream = super::local().stream(request).await.unwrap();
        let error = loop {
            match stream.body.next_piece().await {
                Ok(piece) => assert!(piece.is_some(), "{path} ended"),
                Err(error) => break error,
            }
        };
        let expected = NetError::Timeout {
            host: "127.0.0.1".to_owned(),
            stage,
            after,
        };
        assert_eq!(error, expected);
    }
}

#[tokio::test]
async fn a_broken_connection_is_no_short_answer() {
    let torn = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this";
    let packed = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 1000\r\n\r\n";
    let packed = [packed.as_bytes(), &gzip(b"hello")[..20]].concat();
    let server = Server::start(&[
        ("/torn", Reply::Bytes(torn.into())),
        ("/packed", Reply::Bytes(packed)),
        ("/gone", Reply::Bytes(Vec::new())),
        ("/noise", Reply::Bytes(b"\0\x01noise\r\n\r\n".to_vec())),
    ])
    .await;
    for path in ["/torn", "/packed", "/gone", "/noise"] {
        let error = get(&local(), &server.url(path)).await.unwrap_err();
        assert!(
            matches!(error, NetError::Interrupted { .. }),
            "{path}: {error:?}"
        );
        assert!(error.is_transient());
    }
}

#[tokio::test]
async fn an_unchanged_answer_costs_no_body() {
    let validators = "etag: \"v2\"\r\nlast-modified: Sat, 21 Nov 2026 10:00:00 GMT\r\n";
    let server = Server::start(&[
        ("/new", Reply::with("200 OK", validators, b"items")),
        ("/same", Reply::with("304 Not Modified", validators, b"")),
    ])
    .await;
    let first = get(&local(), &server.url("/new")).await.unwrap();
    assert!(!first.is_not_modified());
    let (etag, date) = (
        first.etag().map(str::to_owned),
        first.last_modified().map(str::to_owned),
    );
    let second = local()
        .fetch(Request::get(server.url("/same")).unless_current(etag, date))
        .await
        .unwrap();
    assert!(second.is_not_modified() && second.body.is_empty());
    let head = &server.requests()[1];
    assert!(
        head.contains("if-none-match: \"v2\"")
            && head.contains("if-modified-since: Sat, 21 Nov 2026 10:00:00 GMT"),
        "{head}"
    );
    let bad = Request::get(server.url("/same")).unless_current(Some("a\r\nb: c".to_owned()), None);
    assert!(matches!(
        local().fetch(bad).await,
        Err(NetError::InvalidRequest { .. })
    ));
}

#[tokio::test]
async fn a_status_is_an_answer_until_it_is_asked_to_be_an_error() {
    let server = Server::start(&[(
        "/busy",
        Reply::with("429 Too Many Requests", "retry-after: 7\r\n", b"slow down"),
    )])
    .await;
    let busy = get(&local(), &server.url("/busy")).await.unwrap();
    assert_eq!(&busy.body[..], b"slow down");
    let error = busy.error_for_status().unwrap_err();
    let expected = NetError::Status {
        host: "127.0.0.1".to_owned(),
        status: http::StatusCode::TOO_MANY_REQUESTS,
        retry_after: Some(Duration::from_secs(7)),
    };
    assert_eq!(error, expected);
    assert!(error.is_transient());
    let missing = get(&local(), &server.url("/missing"))
        .await
        .unwrap()
        .error_for_status()
        .unwrap_err();
    assert!(!missing.is_transient() && missing.to_string() == "127.0.0.1 answered 404 Not Found");
}

#[tokio::test]
async fn the_client_names_itself_and_asks_for_what_it_can_read() {
    let server = Server::start(&[("/", Reply::ok(""))]).await;
    get(&local(), &server.url("/")).await.unwrap();
    let head = server.requests().remove(0);
    assert!(
        head.contains("user-agent: Chimera/") && head.contains("accept-encoding: gzip\r\n"),
        "{head}"
    );
}

#[tokio::test]
async fn many_requests_share_one_client() {
    let server = Server::start(&[("/", Reply::ok("fine"))]).await;
    let names = Names::default().with("feeds.test", &[&["127.0.0.1"]]);
    let client = client(&["feeds.test"], names);
    let url = format!("http://feeds.test:{}/", server.port());
    let all = futures::future::join_all((0..50).map(|_| get(&client, &url))).await;
    assert!(
        all.iter()
            .all(|response| response.as_ref().is_ok_and(|r| &r.body[..] == b"fine"))
    );
    assert_eq!(server.requests().len(), 50);
}
