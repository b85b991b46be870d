//! Two servers of one group: who takes a call, who stands in, and what nobody else may ever do again.
//!
//! Never here: one server alone (`acting`, `reading`).

use std::sync::{Arc, atomic::Ordering};

use chimera_domain::{action::EffectClass, fault::Fault, server::Listing};
use chimera_ports::tools::{Outcome, ToolHost, ToolRequest};
use serde_json::{Value, json};

use super::{grant, host, peer::Shared, peer_spec, request, tenant};
use crate::{ChildProcess, McpHost, Pins, ServerSpec, Terms, Transport, codes};

const GROUP: &str = "twins";

fn spec(name: &str, shared: &Arc<Shared>) -> ServerSpec {
    let mut spec = peer_spec(shared);
    spec.tools.clear();
    name.clone_into(&mut spec.name);
    spec.group = Some(GROUP.to_owned());
    spec.read_retries = 0;
    spec
}

fn terms(listing: &Listing) -> Terms {
    let reads = ["echo", "hang", "die_once", "pid"].map(|tool| (tool, EffectClass::Read));
    let others = [
        ("act", EffectClass::Outward),
        ("die", EffectClass::Outward),
        ("meta", EffectClass::InternalWrite),
    ];
    Terms {
        classes: reads
            .into_iter()
            .chain(others)
            .map(|(tool, effect)| (tool.to_owned(), effect))
            .collect(),
        pins: Pins::to(listing).unwrap(),
        version: None,
    }
}

struct Twins {
    host: McpHost,
    first: Arc<Shared>,
    second: Arc<Shared>,
    listing: Listing,
}

async fn twins() -> Twins {
    let (first, second) = (Arc::default(), Arc::default());
    let (_service, host, _) = host(Vec::new());
    let mut listing = Listing::default();
    for (name, shared) in [("first", &first), ("second", &second)] {
        host.place(tenant(), spec(name, shared), Terms::default());
        listing = host.listing(tenant(), name).await.unwrap();
        host.set_terms(tenant(), name, terms(&listing));
    }
    Twins {
        host,
        first,
        second,
        listing,
    }
}

fn at(server: &str, tool: &str, arguments: Value) -> ToolRequest {
    let mut request = request(tool, arguments);
    server.clone_into(&mut request.tool.server);
    request
}

fn echo(server: &str) -> ToolRequest {
    at(server, "echo", json!({ "text": "x" }))
}

/// Takes the first one away: a program that is not there.
fn lose_first(twins: &Twins) {
    let mut gone = spec("first", &twins.first);
    gone.transport = Transport::Stdio(ChildProcess::new("/nowhere/at/all", [""; 0]));
    twins.host.place(tenant(), gone, terms(&twins.listing));
}

#[tokio::test]
async fn a_read_goes_to_whoever_has_least_to_do() {
    let twins = twins().await;
    let reply = twins.host.read(echo("first")).await.unwrap();
    assert_eq!(reply.served_by, None, "nobody has anything to do");
    let busy = tokio::spawn({
        let host = twins.host.clone();
        async move { host.read(at("first", "hang", json!({}))).await }
    });
    twins.first.begun.notified().await;
    let reply = twins.host.read(echo("first")).await.unwrap();
    assert_eq!(reply.served_by.as_deref(), Some("second"));
    let reply = twins.host.read(echo("second")).await.unwrap();
    assert_eq!(reply.served_by, None);
    busy.abort();
    drop(busy.await);
    let status = twins.host.servers(tenant()).await.pop().unwrap();
    assert_eq!((status.group.as_deref(), status.stood_in), (Some(GROUP), 1));
}

#[tokio::test]
async fn a_read_whose_server_dies_is_answered_by_the_other_one() {
    let twins = twins().await;
    twins.second.deaths.store(true, Ordering::Release);
    let reply = twins
        .host
        .read(at("first", "die_once", json!({})))
        .await
        .unwrap();
    assert_eq!(reply.served_by.as_deref(), Some("second"));
    assert_eq!(reply.content, json!({ "alive": true }));
    // What it refuses is no reason to ask another one.
    let wrong = at("second", "echo", json!({ "text": 7 }));
    let refused = twins.host.read(wrong).await.unwrap_err();
    assert_eq!(refused.fault.code, codes::TOOL_ARGUMENTS_INVALID);
}

#[tokio::test]
async fn an_act_or_a_write_is_done_where_it_was_asked_for_or_not_at_all() {
    let twins = twins().await;
    let lost = twins
        .host
        .perform(at("first", "die", json!({})), &grant("k"))
        .await
        .unwrap_err();
    assert_eq!(lost.outcome, Outcome::Unknown);
    let lost = twins
        .host
        .read(at("first", "meta", json!({})))
        .await
        .unwrap();
    assert_eq!(lost.served_by, None);
    lose_first(&twins);
    for tool in ["act", "meta"] {
        let call = at("first", tool, json!({}));
        let lost = if tool == "act" {
            twins.host.perform(call, &grant("k")).await
        } else {
            twins.host.read(call).await
        };
        assert_eq!(lost.unwrap_err().outcome, Outcome::NotPerformed);
    }
    assert_eq!(twins.second.acts.lock().unwrap().len(), 0);
    let calls = twins.host.calls();
    assert_eq!((calls.outward, calls.internal_write), (1, 1), "{calls:?}");
    let reply = twins.host.read(echo("first")).await.unwrap();
    assert_eq!(reply.served_by.as_deref(), Some("second"));
}

#[tokio::test]
async fn only_the_same_stands_in() {
    let twins = twins().await;
    lose_first(&twins);
    let down = || async {
        let lost = twins.host.read(echo("first")).await.unwrap_err();
        let away = [codes::MCP_SERVER_DOWN, codes::MCP_CIRCUIT_OPEN];
        assert!(away.contains(&lost.fault.code.as_str()), "{lost}");
        assert_eq!(lost.outcome, Outcome::NotPerformed);
    };
    // Of another class.
    let mut other = terms(&twins.listing);
    other
        .classes
        .insert("echo".to_owned(), EffectClass::InternalWrite);
    twins.host.set_terms(tenant(), "second", other);
    down().await;
    // Of another shape: its words do not matter, its arguments do.
    let mut listing = twins.listing.clone();
    let form = listing.tools.get_mut("echo").unwrap();
    form.description = "In other words.".to_owned();
    form.input_schema["properties"]["text"]["description"] = json!("Words.");
    let first = twins.listing.tools["echo"].shape().unwrap();
    assert_eq!(form.shape().unwrap(), first);
    form.input_schema["properties"]["text"]["maxLength"] = json!(21);
    assert_ne!(form.shape().unwrap(), first);
    twins.host.set_terms(tenant(), "first", terms(&listing));
    twins
        .host
        .set_terms(tenant(), "second", terms(&twins.listing));
    down().await;
    twins
        .host
        .set_terms(tenant(), "first", terms(&twins.listing));
    twins.host.read(echo("first")).await.unwrap();
    // Of another group, and of none.
    for group in [Some("others".to_owned()), None] {
        let mut other = spec("second", &twins.second);
        other.group = group;
        twins.host.place(tenant(), other, terms(&twins.listing));
        down().await;
    }
    // One that is switched off is stood in for by nobody.
    twins.host.place(
        tenant(),
        spec("second", &twins.second),
        terms(&twins.listing),
    );
    let mut off = spec("first", &twins.first);
    off.barred = Some(Fault::of(codes::MCP_SERVER_OFF, "Off."));
    twins.host.place(tenant(), off, terms(&twins.listing));
    let refused = twins.host.read(echo("first")).await.unwrap_err();
    assert_eq!(refused.fault.code, codes::MCP_SERVER_OFF);
}
