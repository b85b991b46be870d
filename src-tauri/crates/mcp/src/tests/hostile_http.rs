//! Servers at an address that misbehave: every one ends in a code, in time, and says whether it may have acted.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::body::{Body, Bytes};
use chimera_domain::fault::FaultClass;
use chimera_ports::tools::{Outcome, ToolError, ToolHost};
use http::{StatusCode, header::LOCATION};
use serde_json::{Value, json};

use super::{
    far::{Server, endless, of_kind, replied, status},
    grant, host, request,
};
use crate::codes;

const EVENTS: &str = "text/event-stream";

/// What becomes of a call that acts when the server answers it like this.
async fn acted<F>(answer: F) -> (ToolError, Server)
where
    F: Fn(Value) -> axum::response::Response + Clone + Send + Sync + 'static,
{
    let server = Server::by_hand(answer).await;
    let (_service, host, _) = host(vec![server.spec()]);
    let outcome = host.perform(request("act", json!({})), &grant("key")).await;
    (outcome.unwrap_err(), server)
}

#[track_caller]
fn says(error: &ToolError, code: &str, outcome: Outcome, words: &str) {
    assert_eq!(
        (error.fault.code.as_str(), error.outcome),
        (code, outcome),
        "{error}"
    );
    assert!(error.fault.message.contains(words), "{error}");
}

#[tokio::test]
async fn an_answer_without_end_stops_at_its_bound() {
    let piece: &[u8] = &[b'x'; 64 * 1024];
    let comment: &[u8] = b": nothing to see here, nothing at all, nothing, nothing, nothing\n";
    for kind in ["application/json", EVENTS] {
        let (error, _) = acted(move |_| of_kind(kind, endless(piece, Duration::ZERO))).await;
        says(&error, codes::TOOL_RESULT_TOO_LARGE, Outcome::Unknown, "");
    }
    let (error, _) = acted(move |_| {
        let many: &'static [u8] = Vec::leak(comment.repeat(1024));
        of_kind(EVENTS, endless(many, Duration::ZERO))
    })
    .await;
    says(&error, codes::TOOL_RESULT_TOO_LARGE, Outcome::Unknown, "");
}

#[tokio::test]
async fn a_slow_drip_does_not_hold_a_call_beyond_its_time() {
    let server =
        Server::by_hand(|_| of_kind(EVENTS, endless(b": wait\n\n", Duration::from_millis(20))))
            .await;
    let (_service, host, _) = host(vec![server.spec()]);
    let mut hasty = request("act", json!({}));
    hasty.timeout = Duration::from_millis(400);
    let error = host.perform(hasty, &grant("key")).await.unwrap_err();
    says(&error, codes::MCP_TIMEOUT, Outcome::Unknown, "");
}

#[tokio::test]
async fn a_stream_that_is_cut_is_no_answer() {
    for end in [
        // Closed as if it were whole, and broken off.
        vec![Ok("data: \n\n"), Ok(": soon\n\n")],
        vec![Ok(": soon\n\n"), Err(std::io::ErrorKind::ConnectionReset)],
        vec![Ok("data: {\"jsonrpc\":\"2.0\",\"id\":2,\"resu")],
    ] {
        let (error, server) = acted(move |_| {
            let pieces = end.clone().into_iter();
            let pieces = pieces.map(|piece| piece.map(Bytes::from).map_err(std::io::Error::from));
            of_kind(EVENTS, Body::from_stream(futures::stream::iter(pieces)))
        })
        .await;
        says(&error, codes::MCP_CONNECTION_LOST, Outcome::Unknown, "");
        let calls = server.asked();
        let calls = calls.iter().filter(|one| one.method == "tools/call");
        assert_eq!(calls.count(), 1, "an act was sent again");
    }
}

#[tokio::test]
async fn what_is_no_message_is_told_as_that_and_not_waited_for() {
    for body in ["data: {\"jsonrpc\":\n\n", "data: <html>\n\n"] {
        let (error, _) = acted(move |_| of_kind(EVENTS, Body::from(body))).await;
        says(
            &error,
            codes::MCP_CONNECTION_LOST,
            Outcome::Unknown,
            "not JSON",
        );
    }
    let (error, _) = acted(|_| of_kind("application/json", Body::from("{}"))).await;
    says(&error, codes::MCP_CONNECTION_LOST, Outcome::Unknown, "");
    let (error, _) = acted(|_| of_kind("text/html", Body::from("<h1>Hello</h1>"))).await;
    says(
        &error,
        codes::MCP_CONNECTION_LOST,
        Outcome::Unknown,
        "text/html",
    );
}

#[tokio::test]
async fn a_wrong_key_is_told_as_that_and_nothing_was_done() {
    for code in [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN] {
        let (error, _) = acted(move |_| status(code, "go away")).await;
        says(
            &error,
            codes::MCP_UNAUTHORIZED,
            Outcome::NotPerformed,
            code.as_str(),
        );
        assert_eq!(error.fault.class, FaultClass::Permanent);
        assert!(!error.fault.message.contains("hush"), "{error}");
    }
    // At the first word already.
    let router = axum::Router::new().fallback(|| async { status(StatusCode::UNAUTHORIZED, "no") });
    let server = Server::start(router).await;
    let (_service, host, _) = host(vec![server.spec()]);
    let error = host.read(request("words", json!({}))).await.unwrap_err();
    says(
        &error,
        codes::MCP_UNAUTHORIZED,
        Outcome::NotPerformed,
        "401",
    );
    assert_eq!(
        server.asked().len(),
        1,
        "it was asked again with the same key"
    );
}

#[tokio::test]
async fn a_server_in_trouble_is_transient_and_unknown() {
    for code in [
        StatusCode::INTERNAL_SERVER_ERROR,
        StatusCode::TOO_MANY_REQUESTS,
    ] {
        let (error, _) = acted(move |_| status(code, "not now")).await;
        says(
            &error,
            codes::MCP_CONNECTION_LOST,
            Outcome::Unknown,
            code.as_str(),
        );
        assert_eq!(error.fault.class, FaultClass::Transient);
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_takes_no_key_along() {
    let visits = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&visits);
    let elsewhere = Server::start(axum::Router::new().fallback(move || {
        seen.fetch_add(1, Ordering::Relaxed);
        async { status(StatusCode::OK, "thanks") }
    }))
    .await;
    for to in [
        elsewhere.url.clone(),
        "http://10.0.0.1/mcp".to_owned(),
        "/other".to_owned(),
    ] {
        for code in [StatusCode::TEMPORARY_REDIRECT, StatusCode::FOUND] {
            let to = to.clone();
            let (error, _) = acted(move |_| {
                axum::response::Response::builder()
                    .status(code)
                    .header(LOCATION, &to)
                    .body(Body::empty())
                    .unwrap()
            })
            .await;
            says(&error, codes::MCP_ADDRESS_REFUSED, Outcome::Unknown, "");
        }
    }
    assert_eq!(visits.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn an_answer_to_another_question_is_no_answer() {
    let server = Server::by_hand(|_| {
        replied(&json!({ "jsonrpc": "2.0", "id": 4_711, "result": { "content": [] } }))
    })
    .await;
    let (_service, host, _) = host(vec![server.spec()]);
    let mut hasty = request("act", json!({}));
    hasty.timeout = Duration::from_millis(300);
    let error = host.perform(hasty, &grant("key")).await.unwrap_err();
    says(&error, codes::MCP_TIMEOUT, Outcome::Unknown, "");
}
