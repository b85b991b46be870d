//! Calls that read: what is refused before it is sent, and what is made of an answer.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use chimera_domain::{artifact::Origin, fault::FaultClass, id::TenantId};
use chimera_ports::tools::{Outcome, ToolError, ToolHost, ToolReply};
use serde_json::json;
use uuid::Uuid;

use super::{host, in_process, peer_spec, request, tenant};
use crate::{CallCounts, Visibility, codes, reply::MAX_TOOL_RESULT_BYTES};

#[track_caller]
fn refused(result: Result<ToolReply, ToolError>, code: &str, words: &[&str]) -> ToolError {
    let error = result.unwrap_err();
    assert_eq!(error.fault.code, code, "{error}");
    for word in words {
        assert!(error.fault.message.contains(word), "{word}: {error}");
    }
    error
}

#[tokio::test]
async fn structured_content_comes_back_as_it_is() {
    let (host, _) = in_process();
    let reply = host
        .read(request("echo", json!({"text": "hi"})))
        .await
        .unwrap();
    assert_eq!(
        reply,
        ToolReply {
            served_by: None,
            content: json!({"text": "hi"}),
            is_error: false,
            origin: Origin::Tool {
                tool: "peer.echo".into()
            },
        }
    );
    assert_eq!(
        host.calls(),
        CallCounts {
            read: 1,
            ..CallCounts::default()
        }
    );
}

#[tokio::test]
async fn text_is_joined_and_what_is_no_text_is_named() {
    let (host, _) = in_process();
    let words = host.read(request("words", json!({}))).await.unwrap();
    assert_eq!(words.content, json!({"text": "one\ntwo"}));
    let picture = host.read(request("picture", json!({}))).await.unwrap();
    assert_eq!(
        picture.content,
        json!({"text": "see", "omitted": ["image image/png"]})
    );
}

#[tokio::test]
async fn a_tool_that_fails_says_so_itself() {
    let (host, _) = in_process();
    let reply = host.read(request("fail", json!({}))).await.unwrap();
    assert!(reply.is_error);
    assert_eq!(reply.content["code"], "NO_LUCK");
}

#[tokio::test]
async fn the_trace_goes_along_and_the_tenant_only_to_our_own() {
    let (host_of_stranger, _) = in_process();
    let meta = host_of_stranger
        .read(request("meta", json!({})))
        .await
        .unwrap()
        .content;
    assert_eq!(
        meta["traceparent"],
        "00-00000000000000000000000000000001-0000000000000002-01"
    );
    assert_eq!(meta.get("chimera/tenant"), None);
    assert_eq!(meta.get("chimera/intentKey"), None);
    assert_eq!(
        meta["io.modelcontextprotocol/protocolVersion"],
        "2026-07-28"
    );

    let (_service, host, _) = host(vec![peer_spec(&Arc::default()).with_tenant()]);
    let meta = host.read(request("meta", json!({}))).await.unwrap().content;
    assert_eq!(meta["chimera/tenant"], tenant().to_string());
}

#[tokio::test]
async fn arguments_are_checked_before_anything_is_sent() {
    let (host, _) = in_process();
    let long = json!({"text": "x".repeat(21)});
    let error = refused(
        host.read(request("echo", long)).await,
        codes::TOOL_ARGUMENTS_INVALID,
        &["peer.echo", "/text", "longer than 20", "nothing was sent"],
    );
    assert_eq!(
        (error.outcome, error.fault.class),
        (Outcome::NotPerformed, FaultClass::Validation)
    );
    refused(
        host.read(request("echo", json!({}))).await,
        codes::TOOL_ARGUMENTS_INVALID,
        &["required"],
    );
    refused(
        host.read(request("echo", json!("hi"))).await,
        codes::TOOL_ARGUMENTS_INVALID,
        &["object"],
    );
    let huge = json!({"text": "x".repeat(300_000)});
    refused(
        host.read(request("words", huge)).await,
        codes::TOOL_ARGUMENTS_INVALID,
        &["bytes"],
    );
    assert_eq!(host.calls(), CallCounts::default());
}

#[tokio::test]
async fn an_unknown_name_is_named_with_its_neighbours() {
    let (host, _) = in_process();
    refused(
        host.read(request("ecko", json!({}))).await,
        codes::TOOL_UNKNOWN,
        &["'peer'", "'ecko'", "nearest: echo"],
    );
    let mut elsewhere = request("echo", json!({"text": "hi"}));
    elsewhere.tool.server = "pear".into();
    let error = refused(
        host.read(elsewhere).await,
        codes::MCP_SERVER_UNKNOWN,
        &["'pear'", "nearest: peer"],
    );
    assert_eq!(error.fault.class, FaultClass::Permanent);
}

#[tokio::test]
async fn a_server_exists_only_for_those_who_may_see_it() {
    let mut spec = peer_spec(&Arc::default());
    let owner = TenantId::from_uuid(Uuid::from_u128(99));
    spec.visibility = Visibility::Only(BTreeSet::from([owner]));
    let (_service, host, _) = host(vec![spec]);
    refused(
        host.read(request("echo", json!({"text": "hi"}))).await,
        codes::MCP_SERVER_UNKNOWN,
        &[],
    );
    assert_eq!(host.tools(tenant()).await.unwrap(), []);
    assert_eq!(host.servers(tenant()).await, []);
    assert_eq!(host.last_words(tenant(), "peer"), None);
    let mut theirs = request("echo", json!({"text": "hi"}));
    theirs.tenant = owner;
    assert!(host.read(theirs).await.is_ok());
}

#[tokio::test]
async fn a_result_over_the_cap_is_refused_and_one_under_it_passes() {
    let (host, _) = in_process();
    let fits = json!({"bytes": MAX_TOOL_RESULT_BYTES - 100});
    assert!(host.read(request("huge", fits)).await.is_ok());
    let over = json!({"bytes": MAX_TOOL_RESULT_BYTES + 1});
    refused(
        host.read(request("huge", over)).await,
        codes::TOOL_RESULT_TOO_LARGE,
        &["peer.huge", "1048576"],
    );
    // Beyond what a whole message may have, the connection is given up and made anew.
    let absurd = json!({"bytes": 20 * 1024 * 1024});
    refused(
        host.read(request("huge", absurd)).await,
        codes::TOOL_RESULT_TOO_LARGE,
        &["peer.huge"],
    );
    assert!(host.read(request("words", json!({}))).await.is_ok());
}

#[tokio::test]
async fn a_broken_promise_is_an_error() {
    let (host, _) = in_process();
    refused(
        host.read(request("broken_promise", json!({}))).await,
        codes::TOOL_RESULT_INVALID,
        &["/text"],
    );
    refused(
        host.read(request("forgotten_promise", json!({}))).await,
        codes::TOOL_RESULT_INVALID,
        &["gave none"],
    );
    refused(
        host.read(request("ask", json!({}))).await,
        codes::MCP_INPUT_REQUIRED,
        &["input"],
    );
}

#[tokio::test]
async fn no_answer_in_time_is_transient_and_the_server_is_told() {
    let (host, shared) = in_process();
    let mut slow = request("hang", json!({}));
    slow.timeout = Duration::from_millis(200);
    let error = refused(host.read(slow).await, codes::MCP_TIMEOUT, &["peer.hang"]);
    assert_eq!(error.fault.class, FaultClass::Transient);
    shared.told.notified().await;
    assert!(host.read(request("words", json!({}))).await.is_ok());
}

#[tokio::test]
async fn a_caller_that_goes_away_takes_its_request_along() {
    let (host, shared) = in_process();
    let caller = host.clone();
    let call = tokio::spawn(async move { caller.read(request("hang", json!({}))).await });
    shared.begun.notified().await;
    call.abort();
    shared.told.notified().await;
    // The connection stays: it was the request that ended.
    assert!(host.servers(tenant()).await[0].connected);
}

#[tokio::test]
async fn untrusted_content_names_its_source() {
    let spec = peer_spec(&Arc::default()).untrusted_content();
    let (_service, host, _) = host(vec![spec]);
    let url = json!({"url": "https://example.com/feed"});
    let reply = host.read(request("words", url)).await.unwrap();
    let source = "https://example.com/feed".to_owned();
    assert_eq!(reply.origin, Origin::Untrusted { source });
    let reply = host.read(request("words", json!({}))).await.unwrap();
    let source = "peer.words".to_owned();
    assert_eq!(reply.origin, Origin::Untrusted { source });
}
