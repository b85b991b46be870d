//! Servers at an address that behave, of both ages: what goes along, what comes back, what is stopped.

use std::{sync::Arc, time::Duration};

use chimera_domain::fault::{Fault, FaultClass};
use chimera_net::{HttpClient, HttpSettings};
use chimera_ports::tools::{Outcome, ToolHost};
use http::Method;
use serde_json::json;
use tokio::time::timeout;

use super::{
    far::{Asked, Server},
    grant, host, request, tenant,
};
use crate::{McpHost, RemoteServer, ServerSpec, Transport, codes, tests::peer::Shared};

/// Longest wait for something that has to happen.
const SOON: Duration = Duration::from_secs(15);

async fn connected(old: bool) -> (McpHost, Server, Arc<Shared>) {
    let shared = Arc::default();
    let server = Server::peer(&shared, old).await;
    let (_service, host, _) = host(vec![server.spec()]);
    (host, server, shared)
}

fn names(asked: &[Asked]) -> Vec<&str> {
    asked.iter().map(|asked| asked.method.as_str()).collect()
}

fn header<'a>(asked: &'a Asked, name: &str) -> Option<&'a str> {
    asked.headers.get(name)?.to_str().ok()
}

#[tokio::test]
async fn a_modern_server_is_asked_without_a_session_and_every_request_names_itself() {
    let (host, server, _) = connected(false).await;
    let reply = host
        .read(request("echo", json!({"text": "hi"})))
        .await
        .unwrap();
    assert_eq!(reply.content, json!({"text": "hi"}));
    let asked = server.asked();
    assert_eq!(asked[0].method, "server/discover");
    assert!(!names(&asked).contains(&"initialize"));
    let call = asked.iter().find(|one| one.method == "tools/call").unwrap();
    assert_eq!(header(call, "mcp-name"), Some("echo"));
    for one in &asked {
        assert_eq!(header(one, "authorization"), Some("Bearer hush"));
        assert_eq!(header(one, "mcp-protocol-version"), Some("2026-07-28"));
        assert_eq!(header(one, "mcp-method"), Some(one.method.as_str()));
        assert_eq!(header(one, "mcp-session-id"), None);
    }
    let status = host.servers(tenant()).await.remove(0);
    assert_eq!(
        (status.transport.as_str(), status.protocol.as_deref()),
        ("http", Some("2026-07-28"))
    );
}

#[tokio::test]
async fn an_older_server_is_met_in_a_session_that_is_ended_with_the_host() {
    let (host, server, _) = connected(true).await;
    let reply = host
        .read(request("echo", json!({"text": "hi"})))
        .await
        .unwrap();
    assert_eq!(reply.content, json!({"text": "hi"}));
    let asked = server.asked();
    assert_eq!(names(&asked[..2]), ["server/discover", "initialize"]);
    let session = asked
        .iter()
        .find_map(|asked| header(asked, "mcp-session-id"))
        .unwrap();
    for one in asked.iter().skip(2) {
        assert_eq!(header(one, "mcp-session-id"), Some(session));
        assert_eq!(header(one, "mcp-protocol-version"), Some("2025-11-25"));
        assert_eq!(header(one, "authorization"), Some("Bearer hush"));
    }
    let status = host.servers(tenant()).await.remove(0);
    assert_eq!(status.protocol.as_deref(), Some("2025-11-25"));
    host.0.slots()[0].shut();
    happens(|| {
        let last = server.asked().pop().unwrap();
        last.http == Method::DELETE && header(&last, "mcp-session-id") == Some(session)
    })
    .await;
}

#[tokio::test]
async fn the_age_of_a_server_is_remembered() {
    let (host, server, _) = connected(true).await;
    host.read(request("words", json!({}))).await.unwrap();
    let slot = host.0.slots().remove(0);
    let connection = slot.connection().await.unwrap();
    let fault = Fault::new(FaultClass::Transient, codes::MCP_CONNECTION_LOST, "lost");
    slot.forget(&connection, &fault);
    host.read(request("words", json!({}))).await.unwrap();
    let asked = server.asked();
    let discovers = asked.iter().filter(|one| one.method == "server/discover");
    let greetings = asked.iter().filter(|one| one.method == "initialize");
    assert_eq!((discovers.count(), greetings.count()), (1, 2));
}

#[tokio::test]
async fn a_step_that_is_given_up_is_cancelled_at_the_server() {
    for old in [false, true] {
        let (host, _server, shared) = connected(old).await;
        let asking = tokio::spawn({
            let host = host.clone();
            async move { host.read(request("hang", json!({}))).await }
        });
        timeout(SOON, shared.begun.notified()).await.unwrap();
        asking.abort();
        let told = timeout(SOON, shared.told.notified()).await;
        assert!(told.is_ok(), "old: {old}");
    }
}

#[tokio::test]
async fn a_call_that_takes_too_long_is_given_up_and_cancelled_at_the_server() {
    for old in [false, true] {
        let (host, _server, shared) = connected(old).await;
        host.read(request("words", json!({}))).await.unwrap();
        let mut hasty = request("hang", json!({}));
        hasty.timeout = Duration::from_millis(300);
        let error = host.read(hasty).await.unwrap_err();
        assert_eq!(error.fault.code, codes::MCP_TIMEOUT, "{error}");
        assert_eq!(error.outcome, Outcome::Unknown);
        timeout(SOON, shared.told.notified()).await.unwrap();
    }
}

#[tokio::test]
async fn a_tool_that_comes_later_is_offered() {
    for old in [false, true] {
        let (host, _server, _) = connected(old).await;
        host.read(request("grow", json!({}))).await.unwrap();
        let late = async {
            loop {
                let tools = host.tools(tenant()).await.unwrap();
                if tools.iter().any(|tool| tool.tool.tool == "late") {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        assert!(timeout(SOON, late).await.is_ok(), "old: {old}");
    }
}

#[tokio::test]
async fn an_act_is_sent_once_with_its_intent_key() {
    for old in [false, true] {
        let (host, server, shared) = connected(old).await;
        host.perform(request("act", json!({})), &grant("key-1"))
            .await
            .unwrap();
        assert_eq!(shared.acts.lock().unwrap()[0]["chimera/intentKey"], "key-1");
        let calls = server.asked();
        assert_eq!(
            calls
                .iter()
                .filter(|one| one.method == "tools/call")
                .count(),
            1
        );
    }
}

#[tokio::test]
async fn a_private_address_that_is_not_listed_is_not_reached() {
    let shared = Arc::default();
    let server = Server::peer(&shared, false).await;
    let spec = ServerSpec::new(
        "peer",
        Transport::Http(RemoteServer {
            net: HttpClient::new(HttpSettings::default()).unwrap(),
            url: server.url.clone(),
            headers: None,
            authorization: None,
        }),
    );
    let (_service, host, _) = host(vec![super::classed(spec)]);
    let error = host.read(request("words", json!({}))).await.unwrap_err();
    assert_eq!(error.fault.code, codes::MCP_ADDRESS_REFUSED, "{error}");
    assert_eq!(error.fault.class, FaultClass::Permanent);
    assert_eq!(error.outcome, Outcome::NotPerformed);
    assert!(error.fault.message.contains("loopback"), "{error}");
    assert_eq!(names(&server.asked()), [""; 0]);
}

async fn happens(look: impl Fn() -> bool) {
    let seen = async {
        while !look() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(SOON, seen).await.unwrap();
}
