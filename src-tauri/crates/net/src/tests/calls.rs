//! Calls over HTTP/2: what comes after a body, and that every rule for requests holds for them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response};
use http_body::Body as _;
use tokio::net::TcpListener;

use super::server::{Names, Reply, Server};
use crate::{CalledBody, HttpClient, HttpSettings, NetError, Protocol, Request, Stage};

/// How a server of HTTP/2 answers each path.
#[derive(Clone, Copy)]
enum Answer {
    /// So many bytes, and headers after them.
    Trailed(usize),
    /// The head, and then nothing.
    Silent,
    /// Another place.
    Elsewhere,
    /// A body that is compressed although nobody asked for that.
    Squeezed,
}

async fn server(answer: Answer) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut connection = h2::server::handshake(stream).await.unwrap();
                let mut open = Vec::new();
                while let Some(Ok((request, mut respond))) = connection.accept().await {
                    assert_eq!(request.headers().get("accept-encoding"), None);
                    let response = Response::builder().status(match answer {
                        Answer::Elsewhere => 307,
                        _ => 200,
                    });
                    let response = match answer {
                        Answer::Elsewhere => response.header("location", "/there"),
                        Answer::Squeezed => response.header("content-encoding", "gzip"),
                        _ => response,
                    };
                    let response = response.body(()).unwrap();
                    let mut stream = respond.send_response(response, false).unwrap();
                    match answer {
                        Answer::Trailed(bytes) => {
                            stream.send_data(vec![7; bytes].into(), false).unwrap();
                            let mut trailers = HeaderMap::new();
                            trailers.insert("grpc-status", HeaderValue::from_static("0"));
                            stream.send_trailers(trailers).unwrap();
                        }
                        Answer::Silent => open.push(stream),
                        Answer::Elsewhere | Answer::Squeezed => {
                            stream.send_data(Bytes::from_static(b"x"), true).unwrap();
                        }
                    }
                }
            });
        }
    });
    address
}

fn caller(allow: &[&str]) -> HttpClient {
    let settings = HttpSettings {
        allow_hosts: allow.iter().map(|host| host.parse().unwrap()).collect(),
        protocol: Protocol::Http2,
        ..HttpSettings::default()
    };
    HttpClient::with_resolver(settings, Arc::new(Names::default())).unwrap()
}

async fn call(
    address: SocketAddr,
    of: impl Fn(Request) -> Request,
) -> Result<Response<CalledBody>, NetError> {
    let request = Request::post_json(format!("http://{address}/x"), "{}");
    caller(&["127.0.0.1"]).call(of(request)).await
}

/// The pieces of a body: its bytes, then what came after them.
async fn read(mut body: CalledBody) -> (usize, Option<HeaderMap>) {
    let (mut bytes, mut trailers) = (0, None);
    loop {
        let frame = std::future::poll_fn(|cx| std::pin::Pin::new(&mut body).poll_frame(cx)).await;
        let Some(Ok(frame)) = frame else {
            return (bytes, trailers);
        };
        match frame.into_data() {
            Ok(data) => bytes += data.len(),
            Err(frame) => trailers = frame.into_trailers().ok(),
        }
    }
}

#[tokio::test]
async fn what_comes_after_the_body_is_read_with_it() {
    for bytes in [1, 3_000_000] {
        let answered = call(server(Answer::Trailed(bytes)).await, |asked| asked).await;
        let (read, trailers) = read(answered.unwrap().into_body()).await;
        assert_eq!(read, bytes);
        assert_eq!(trailers.unwrap()["grpc-status"], "0");
    }
}

#[tokio::test]
async fn one_client_asks_again_on_the_same_connection() {
    let address = server(Answer::Trailed(1)).await;
    let client = caller(&["127.0.0.1"]);
    for _ in 0..3 {
        let request = Request::post_json(format!("http://{address}/x"), "{}");
        assert_eq!(client.call(request).await.unwrap().status(), 200);
    }
}

#[tokio::test]
async fn a_body_stops_at_its_limit() {
    let too_large = call(server(Answer::Trailed(1_001)).await, |asked| {
        asked.max_body_bytes(1_000)
    });
    let expected = NetError::TooLarge {
        host: "127.0.0.1".to_owned(),
        limit: 1_000,
    };
    assert_eq!(too_large.await.unwrap_err(), expected);
    let whole = call(server(Answer::Trailed(1_000)).await, |asked| {
        asked.max_body_bytes(1_000)
    });
    assert_eq!(read(whole.await.unwrap().into_body()).await.0, 1_000);
}

#[tokio::test]
async fn a_server_that_falls_silent_is_not_waited_for() {
    let after = Duration::from_millis(200);
    let late = call(server(Answer::Silent).await, |asked| asked.timeout(after));
    let expected = NetError::Timeout {
        host: "127.0.0.1".to_owned(),
        stage: Stage::Body,
        after,
    };
    assert_eq!(late.await.unwrap_err(), expected);
}

#[tokio::test]
async fn no_redirect_is_followed_and_nothing_compressed_is_taken() {
    let elsewhere = call(server(Answer::Elsewhere).await, |asked| asked).await;
    assert!(
        matches!(elsewhere, Err(NetError::TooManyRedirects { limit: 0, .. })),
        "{elsewhere:?}"
    );
    let squeezed = call(server(Answer::Squeezed).await, |asked| asked).await;
    assert!(
        matches!(squeezed, Err(NetError::Undecodable { .. })),
        "{squeezed:?}"
    );
}

#[tokio::test]
async fn private_addresses_are_refused_by_number_and_by_name_unless_they_are_listed() {
    let address = server(Answer::Trailed(1)).await;
    let names = || Names::default().with("inside.test", &[&["127.0.0.1"]]);
    for host in ["127.0.0.1", "inside.test"] {
        for (allow, is_let_in) in [(vec![], false), (vec![host.parse().unwrap()], true)] {
            let settings = HttpSettings {
                allow_hosts: allow,
                protocol: Protocol::Http2,
                ..HttpSettings::default()
            };
            let client = HttpClient::with_resolver(settings, Arc::new(names())).unwrap();
            let url = format!("http://{host}:{}/x", address.port());
            let answered = client.call(Request::post_json(url, "{}")).await;
            match answered {
                Ok(_) => assert!(is_let_in, "{host}"),
                Err(error) => {
                    assert!(!is_let_in, "{host}: {error}");
                    assert!(
                        matches!(error, NetError::PrivateAddress { .. }),
                        "{host}: {error}"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn a_server_of_an_older_protocol_is_an_error_that_passes_perhaps() {
    let server = Server::start(&[("/x", Reply::ok("{}"))]).await;
    let error = call(server.address, |asked| asked).await.unwrap_err();
    assert!(error.is_transient(), "{error}");
}
