//! The server by itself, over an API that tells what it was asked.
//!
//! Never here: the real API (`tests/it` has that).

use std::sync::Mutex;

use serde_json::json;

use super::*;

/// An API that tells what it was asked.
#[derive(Default)]
struct Told(Mutex<Vec<(String, String)>>);

#[async_trait]
impl Reader for Told {
    async fn get(&self, token: &str, address: &str) -> Result<Value, Fault> {
        let asked = (token.to_owned(), address.to_owned());
        self.0.lock().unwrap().push(asked);
        Ok(match address {
            "/api/v1/swarm/gauge" => json!({ "long": "x".repeat(MAX_ANSWER_BYTES) }),
            _ => json!({ "items": [] }),
        })
    }
}

fn call(tool: &'static str, arguments: Value) -> CallToolRequestParams {
    let Value::Object(arguments) = arguments else {
        panic!("arguments are an object")
    };
    CallToolRequestParams::new(tool).with_arguments(arguments)
}

fn signed() -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::AUTHORIZATION, "Bearer abc".parse().unwrap());
    headers
}

async fn asked(tool: &'static str, arguments: Value) -> Result<String, Fault> {
    let api = Arc::new(Told::default());
    let headers = signed();
    Console::new(api.clone())
        .read(call(tool, arguments), Some(&headers))
        .await?;
    let asked = api.0.lock().unwrap().clone();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].0, "abc");
    Ok(asked[0].1.clone())
}

#[tokio::test]
async fn arguments_stand_in_their_places_and_nowhere_else() {
    assert_eq!(
        asked("read_review", json!({ "review": "r1" }))
            .await
            .unwrap(),
        "/api/v1/reviews/r1"
    );
    assert_eq!(
        asked(
            "list_reviews",
            json!({ "state": "open", "sensitive": true, "limit": 5 })
        )
        .await
        .unwrap(),
        "/api/v1/reviews?state=open&sensitive=true&limit=5"
    );
    assert_eq!(
        asked("list_traces", json!({})).await.unwrap(),
        "/api/v1/traces?limit=20"
    );
    // Nothing in an argument leads to another address.
    assert_eq!(
        asked("read_review", json!({ "review": "../stop?x=1#y" }))
            .await
            .unwrap(),
        "/api/v1/reviews/%2E%2E%2Fstop%3Fx%3D1%23y"
    );
}

#[tokio::test]
async fn what_does_not_fit_is_refused_before_anything_is_read() {
    for (tool, arguments) in [
        ("read_review", json!({})),
        ("read_review", json!({ "review": "" })),
        ("read_review", json!({ "review": 7 })),
        ("read_review", json!({ "review": "r", "other": "x" })),
        ("list_reviews", json!({ "limit": 101 })),
        ("list_reviews", json!({ "sensitive": "yes" })),
        ("list_traces", json!({ "after": "x".repeat(401) })),
        ("approve_review", json!({ "review": "r" })),
    ] {
        let refused = asked(tool, arguments.clone()).await.unwrap_err();
        assert_eq!(refused.code, tool::ARGUMENTS_INVALID, "{tool} {arguments}");
    }
}

#[tokio::test]
async fn without_a_token_nothing_is_read() {
    let api = Arc::new(Told::default());
    let console = Console::new(api.clone());
    let mut basic = HeaderMap::new();
    basic.insert(header::AUTHORIZATION, "Basic abc".parse().unwrap());
    for headers in [None, Some(&HeaderMap::new()), Some(&basic)] {
        let refused = console.read(call("read_status", json!({})), headers).await;
        assert_eq!(refused.unwrap_err().code, UNSIGNED);
    }
    assert!(api.0.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_answer_that_is_too_long_is_said_to_be() {
    let refused = asked("read_gauge", json!({})).await.unwrap_err();
    assert_eq!(refused.code, TOO_LONG);
}

#[test]
fn every_tool_reads_and_says_so() {
    for tool in reads::definitions() {
        let hints = tool.annotations.clone().unwrap();
        assert_eq!(hints.read_only_hint, Some(true), "{}", tool.name);
        assert!(
            tool.name.starts_with("list_") || tool.name.starts_with("read_"),
            "{}",
            tool.name
        );
    }
}
