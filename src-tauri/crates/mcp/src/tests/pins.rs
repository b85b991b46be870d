//! Servers of a tenant's registry: barred, unseen, pinned, changed.
//!
//! Never here: storing any of it.

use std::{sync::Arc, time::Duration};

use chimera_domain::{
    action::EffectClass,
    fault::{Fault, FaultClass},
    id::TenantId,
    server::{Listing, ToolChange},
};
use chimera_ports::tools::{Outcome, ToolHost};
use serde_json::json;
use uuid::Uuid;

use super::{grant, host, peer::Shared, peer_spec, request, tenant};
use crate::{McpHost, Pins, ServerSpec, Terms, codes};

/// The peer as its registry knows it: no class but the operator's.
fn registered(shared: &Arc<Shared>) -> ServerSpec {
    let mut spec = peer_spec(shared);
    spec.tools.clear();
    spec
}

fn terms(pins: Pins) -> Terms {
    let classes = [
        ("echo", EffectClass::Read),
        ("grow", EffectClass::Read),
        ("late", EffectClass::Read),
        ("act", EffectClass::Outward),
    ];
    Terms {
        classes: classes
            .map(|(tool, effect)| (tool.to_owned(), effect))
            .into(),
        pins,
        version: None,
    }
}

async fn pinned() -> (McpHost, Arc<Shared>, Listing) {
    let shared = Arc::default();
    let (_service, host, _) = host(Vec::new());
    host.place(tenant(), registered(&shared), terms(Pins::Unseen));
    let listing = host.listing(tenant(), "peer").await.unwrap();
    host.set_terms(tenant(), "peer", terms(Pins::to(&listing).unwrap()));
    (host, shared, listing)
}

async fn offered(host: &McpHost) -> Vec<String> {
    let tools = host.tools(tenant()).await.unwrap();
    tools.into_iter().map(|info| info.tool.tool).collect()
}

/// Refused as quarantined, both ways, and certainly not called.
async fn is_held(host: &McpHost, shared: &Shared, tool: &str) {
    let acts = shared.acts.lock().unwrap().len();
    for error in [
        host.read(request(tool, json!({"text": "x"}))).await,
        host.perform(request(tool, json!({"text": "x"})), &grant("k"))
            .await,
    ]
    .map(Result::unwrap_err)
    {
        assert_eq!(
            (error.fault.code.as_str(), error.fault.class, error.outcome),
            (
                codes::MCP_TOOL_QUARANTINED,
                FaultClass::Waits,
                Outcome::NotPerformed
            )
        );
    }
    assert_eq!(shared.acts.lock().unwrap().len(), acts);
}

#[tokio::test]
async fn nothing_is_offered_or_called_before_anybody_has_seen_it() {
    let shared = Arc::default();
    let (_service, host, _) = host(Vec::new());
    host.place(tenant(), registered(&shared), terms(Pins::Unseen));
    assert_eq!(offered(&host).await, [""; 0]);
    is_held(&host, &shared, "echo").await;
    let status = host.servers(tenant()).await.remove(0);
    assert_eq!((status.connected, status.tools), (true, 0));
    assert_eq!(status.problem, None, "nothing has changed");
    let refused = host.read(request("echo", json!({"text": "x"}))).await;
    let words = refused.unwrap_err().fault.message;
    assert!(words.contains("not looked at yet"), "{words}");
}

#[tokio::test]
async fn what_was_seen_is_called_by_the_operators_class_and_not_by_the_servers_hints() {
    let (host, shared, _) = pinned().await;
    assert!(offered(&host).await.contains(&"echo".to_owned()));
    host.read(request("echo", json!({"text": "x"})))
        .await
        .unwrap();
    // Nobody classed it: it acts on the outside, whatever it says.
    let refused = host.read(request("words", json!({}))).await.unwrap_err();
    assert_eq!(refused.fault.code, codes::TOOL_NEEDS_DECISION);
    let refused = host.read(request("act", json!({}))).await.unwrap_err();
    assert_eq!(refused.fault.code, codes::TOOL_NEEDS_DECISION);
    host.perform(request("act", json!({})), &grant("k"))
        .await
        .unwrap();
    assert_eq!(shared.acts.lock().unwrap().len(), 1);
    // A new word holds for the very next call, on the same connection.
    let mut looser = terms(Pins::None);
    looser.classes.insert("words".to_owned(), EffectClass::Read);
    host.set_terms(tenant(), "peer", looser);
    host.read(request("words", json!({}))).await.unwrap();
}

#[tokio::test]
async fn a_tool_that_came_later_is_held_back_and_the_others_go_on() {
    let (host, shared, listing) = pinned().await;
    host.read(request("grow", json!({}))).await.unwrap();
    let now = tokio::time::timeout(Duration::from_secs(20), async {
        loop {
            let now = host.listed(tenant(), "peer").await.unwrap();
            if now != listing {
                return now;
            }
            tokio::task::yield_now().await;
        }
    })
    .await
    .unwrap();
    let difference = now.beside(&listing);
    assert!(
        matches!(difference.tools.as_slice(), [ToolChange::New(form)] if form.name == "late"),
        "{difference:?}"
    );
    assert!(!offered(&host).await.contains(&"late".to_owned()));
    is_held(&host, &shared, "late").await;
    host.read(request("echo", json!({"text": "x"})))
        .await
        .unwrap();
    let status = host.servers(tenant()).await.remove(0);
    assert_eq!(status.problem.unwrap().code, codes::MCP_TOOL_QUARANTINED);
    host.set_terms(tenant(), "peer", terms(Pins::to(&now).unwrap()));
    assert!(offered(&host).await.contains(&"late".to_owned()));
}

#[tokio::test]
async fn other_words_hold_one_tool_back_and_other_instructions_all_of_them() {
    let (host, shared, listing) = pinned().await;
    let mut other = listing.clone();
    other.tools.get_mut("words").unwrap().description = "Two words, as they used to be.".to_owned();
    host.set_terms(tenant(), "peer", terms(Pins::to(&other).unwrap()));
    is_held(&host, &shared, "words").await;
    host.read(request("echo", json!({"text": "x"})))
        .await
        .unwrap();
    let mut other = listing;
    other.instructions.push_str(" Be brief.");
    host.set_terms(tenant(), "peer", terms(Pins::to(&other).unwrap()));
    assert_eq!(offered(&host).await, [""; 0]);
    is_held(&host, &shared, "echo").await;
    let resource = host.resource(tenant(), "peer", "news://latest").await;
    assert_eq!(
        resource.unwrap_err().fault.code,
        codes::MCP_TOOL_QUARANTINED
    );
}

#[tokio::test]
async fn a_barred_server_is_never_started_and_keeps_no_other_from_being_listed() {
    let shared = Arc::default();
    let (_service, host, _) = host(vec![peer_spec(&shared)]);
    let mut spec = registered(&shared);
    spec.name = "strange".to_owned();
    spec.barred = Some(Fault::of(codes::MCP_SERVER_UNTRUSTED, "Not yet."));
    host.place(tenant(), spec.clone(), terms(Pins::None));
    assert!(offered(&host).await.contains(&"echo".to_owned()));
    let mut call = request("echo", json!({"text": "x"}));
    call.tool.server = "strange".to_owned();
    let refused = host.read(call.clone()).await.unwrap_err();
    assert_eq!(refused.fault.code, codes::MCP_SERVER_UNTRUSTED);
    let status = host.servers(tenant()).await.pop().unwrap();
    assert_eq!(
        (status.connected, status.problem.unwrap().code.as_str()),
        (false, codes::MCP_SERVER_UNTRUSTED)
    );
    // Another tenant has neither seen it nor hears of it.
    let stranger = TenantId::from_uuid(Uuid::from_u128(8));
    assert_eq!(host.servers(stranger).await.len(), 1);
    spec.barred = None;
    host.place(tenant(), spec, terms(Pins::None));
    host.read(call.clone()).await.unwrap();
    host.displace(tenant(), "strange");
    let gone = host.read(call).await.unwrap_err();
    assert_eq!(gone.fault.code, codes::MCP_SERVER_UNKNOWN);
    assert!(host.is_shipped("peer") && !host.is_shipped("strange"));
}
