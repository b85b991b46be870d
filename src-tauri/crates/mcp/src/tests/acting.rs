//! Calls that act: never without a grant, never twice, never uncertain without saying so.

use std::{sync::Arc, time::Duration};

use chimera_domain::{action::EffectClass, fault::FaultClass, id::TenantId, time::Span};
use chimera_ports::tools::{Outcome, ToolHost};
use serde_json::json;
use uuid::Uuid;

use super::{grant, host, in_process, peer_spec, request, tenant};
use crate::{CallCounts, CooldownRule, codes, tests::peer::Shared};

#[tokio::test]
async fn nothing_acts_through_reading() {
    let shared = Arc::default();
    let mut spec = peer_spec(&shared).tool("words", EffectClass::Money);
    spec.tools.remove("meta");
    let (_service, host, _) = host(vec![spec]);
    for (tool, why) in [
        ("act", "acts on the outside"),
        ("words", "moves money"),
        ("meta", "has no effect class"),
    ] {
        let error = host.read(request(tool, json!({}))).await.unwrap_err();
        assert_eq!(error.fault.code, codes::TOOL_NEEDS_DECISION);
        assert_eq!(error.outcome, Outcome::NotPerformed);
        assert!(error.fault.message.contains(why), "{error}");
    }
    assert_eq!(host.calls(), CallCounts::default());
    assert_eq!(
        *shared.acts.lock().unwrap(),
        Vec::<serde_json::Value>::new()
    );
}

#[tokio::test]
async fn an_act_carries_its_intent_key_and_is_counted() {
    let (host, shared) = in_process();
    let reply = host
        .perform(request("act", json!({})), &grant("key-1"))
        .await
        .unwrap();
    assert_eq!(reply.content, json!({"acts": 1}));
    assert_eq!(shared.acts.lock().unwrap()[0]["chimera/intentKey"], "key-1");
    assert_eq!(
        host.calls(),
        CallCounts {
            outward: 1,
            ..CallCounts::default()
        }
    );
}

#[tokio::test]
async fn what_never_left_did_not_happen() {
    let (host, shared) = in_process();
    let unknown = host
        .perform(request("atc", json!({})), &grant("k"))
        .await
        .unwrap_err();
    assert_eq!(unknown.fault.code, codes::TOOL_UNKNOWN);
    assert_eq!(unknown.outcome, Outcome::NotPerformed);
    let invalid = host
        .perform(request("echo", json!({})), &grant("k"))
        .await
        .unwrap_err();
    assert_eq!(invalid.fault.code, codes::TOOL_ARGUMENTS_INVALID);
    assert_eq!(invalid.outcome, Outcome::NotPerformed);
    assert_eq!(shared.acts.lock().unwrap().len(), 0);
}

#[tokio::test]
async fn a_death_or_silence_after_sending_is_unknown_and_never_tried_again() {
    let (host, shared) = in_process();
    // `die_once` would succeed at a second try: there must be none.
    let died = host
        .perform(request("die_once", json!({})), &grant("k"))
        .await
        .unwrap_err();
    assert_eq!(died.fault.code, codes::MCP_CONNECTION_LOST);
    assert_eq!(died.outcome, Outcome::Unknown);
    assert!(shared.deaths.load(std::sync::atomic::Ordering::Acquire));

    let mut slow = request("hang", json!({}));
    // Long enough for the request to leave on the slowest machine.
    slow.timeout = Duration::from_secs(2);
    let silent = host.perform(slow, &grant("k")).await.unwrap_err();
    assert_eq!(silent.fault.code, codes::MCP_TIMEOUT);
    assert_eq!(silent.outcome, Outcome::Unknown);
}

#[tokio::test]
async fn an_answer_that_cannot_be_used_is_unknown_too() {
    let (host, _) = in_process();
    for tool in ["broken_promise", "ask"] {
        let error = host
            .perform(request(tool, json!({})), &grant("k"))
            .await
            .unwrap_err();
        assert_eq!(error.outcome, Outcome::Unknown, "{error}");
    }
    let huge = request("huge", json!({"bytes": 2 * 1024 * 1024}));
    assert_eq!(
        host.perform(huge, &grant("k")).await.unwrap_err().outcome,
        Outcome::Unknown
    );
}

#[tokio::test]
async fn a_refusal_by_the_protocol_did_not_happen_and_an_inner_error_is_unknown() {
    let (host, _) = in_process();
    for (code, outcome) in [
        (-32602, Outcome::NotPerformed),
        (-32601, Outcome::NotPerformed),
        (-32603, Outcome::Unknown),
        (-1, Outcome::Unknown),
    ] {
        let refusal = request("refuse", json!({"code": code}));
        let error = host.perform(refusal, &grant("k")).await.unwrap_err();
        assert_eq!(
            (error.fault.code.as_str(), error.outcome),
            (codes::MCP_REFUSED, outcome),
            "{code}"
        );
    }
}

#[tokio::test]
async fn an_account_that_acts_again_too_soon_waits() {
    let shared: Arc<Shared> = Arc::default();
    let rule = CooldownRule {
        span: Span::seconds(10),
        account: "/agent_id".into(),
    };
    let spec = peer_spec(&shared)
        .outward_with_cooldown("act", rule.clone())
        .outward_with_cooldown("refuse", rule);
    let (_service, host, clock) = host(vec![spec]);
    let act = |agent: &str| request("act", json!({"agent_id": agent}));
    host.perform(act("ada"), &grant("one")).await.unwrap();
    let early = host.perform(act("ada"), &grant("two")).await.unwrap_err();
    assert_eq!(early.fault.code, codes::TOOL_COOLDOWN);
    assert_eq!(early.fault.class, FaultClass::Transient);
    assert_eq!(early.fault.retry_after_ms, Some(10_000));
    assert_eq!(early.outcome, Outcome::NotPerformed);
    // Another account, or another tenant's account of the same name, is another matter.
    host.perform(act("bob"), &grant("three")).await.unwrap();
    // An act that certainly did not happen costs no wait.
    let refusal = request("refuse", json!({"agent_id": "eve", "code": -32602}));
    host.perform(refusal, &grant("four")).await.unwrap_err();
    host.perform(act("eve"), &grant("five")).await.unwrap();
    clock.advance(10);
    host.perform(act("ada"), &grant("two")).await.unwrap();
    assert_eq!(shared.acts.lock().unwrap().len(), 4);
}

#[tokio::test]
async fn only_the_operators_word_makes_a_server_one_that_can_be_asked_again() {
    let spec = peer_spec(&Arc::default()).recognising_intents("act");
    let (_service, host, _) = host(vec![spec]);
    let knows = async |tool: &str| {
        host.asks_by_key(tenant(), &request(tool, json!({})).tool)
            .await
    };
    assert!(knows("act").await);
    assert!(!knows("words").await);
    assert!(!knows("nothing").await);
    let stranger = TenantId::from_uuid(Uuid::from_u128(99));
    let mut elsewhere = request("act", json!({})).tool;
    assert!(host.asks_by_key(stranger, &elsewhere).await);
    elsewhere.server = "nowhere".into();
    assert!(!host.asks_by_key(stranger, &elsewhere).await);
}
