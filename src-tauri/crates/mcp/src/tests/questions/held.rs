//! Calls that wait for a person while the world around them changes: a stop, another word of the operator, and whoever
//! waits for their place.

use std::sync::Arc;

use async_trait::async_trait;
use chimera_domain::{action::EffectClass, id::TenantId};
use chimera_ports::{
    questions::{QuestionAnswer, QuestionDesk, QuestionEnd},
    stops::StopWatch,
    tools::{Outcome, ToolHost},
};
use serde_json::json;
use tokio::{sync::watch, time::timeout};

use super::{SOON, answers, calls, city, connected, content, ends, gives, waiting};
use crate::{
    Pins, Terms, codes,
    tests::{asker::Asker, grant, host, request, tenant},
};

/// Stops one tenant.
struct Brake(TenantId, watch::Sender<bool>);

#[async_trait]
impl StopWatch for Brake {
    fn is_stopped(&self, tenant: TenantId) -> bool {
        tenant == self.0 && *self.1.borrow()
    }

    async fn stopped(&self, tenant: TenantId) {
        if tenant != self.0 {
            return std::future::pending().await;
        }
        let mut seen = self.1.subscribe();
        drop(seen.wait_for(|stopped| *stopped).await);
    }
}

#[tokio::test]
async fn a_stop_withdraws_what_waits_and_nothing_goes_on_until_it_is_lifted() {
    for old in [true, false] {
        let (host, asker) = connected(old);
        let brake = Arc::new(Brake(tenant(), watch::Sender::new(false)));
        host.heed(brake.clone());
        let call = calls(&host, json!({ "ask": [city()] }));
        let question = waiting(&host, 1).await.remove(0);
        // Somebody is about to answer when it is stopped.
        let held = host.hold(tenant(), &question.id, QuestionAnswer::Decline);
        brake.1.send_replace(true);
        waiting(&host, 0).await;
        assert!(!held.unwrap().give(), "nobody waits for it");
        assert_eq!(ends(&host), [QuestionEnd::Withdrawn]);
        for (call, why) in [
            (call, "everything was stopped while it waited"),
            (
                calls(&host, json!({ "ask": [city()] })),
                "everything is stopped",
            ),
        ] {
            let ended = timeout(SOON, call).await.unwrap().unwrap();
            let told = match ended {
                Ok(reply) => answers(&reply.content)[0].to_string(),
                Err(error) => {
                    assert_eq!(error.fault.code, codes::MCP_INPUT_REQUIRED);
                    assert_eq!(error.outcome, Outcome::Unknown);
                    error.fault.message
                }
            };
            assert!(told.contains(why), "{told}");
        }
        assert_eq!(asker.got("tools/call").len(), 2, "none was gone on with");
        assert_eq!(ends(&host).len(), 1, "the second was put to nobody");
        brake.1.send_replace(false);
        let call = calls(&host, json!({ "ask": [city()] }));
        let question = waiting(&host, 1).await.remove(0);
        gives(&host, &question, QuestionAnswer::Decline);
        content(call).await;
    }
}

#[tokio::test]
async fn a_stop_in_a_round_without_questions_ends_it_too() {
    let (host, asker) = connected(false);
    let brake = Arc::new(Brake(tenant(), watch::Sender::new(true)));
    host.heed(brake);
    let call = calls(&host, json!({ "ask": [], "endless": true }));
    let error = timeout(SOON, call).await.unwrap().unwrap().unwrap_err();
    assert_eq!(error.fault.code, codes::MCP_INPUT_REQUIRED);
    assert!(error.fault.message.contains("everything was stopped"));
    assert_eq!(asker.got("tools/call").len(), 1);
}

#[tokio::test]
async fn a_stop_of_others_stops_nobody_here() {
    let (host, _asker) = connected(false);
    let other = TenantId::from_uuid(uuid::Uuid::from_u128(8));
    host.heed(Arc::new(Brake(other, watch::Sender::new(true))));
    let call = calls(&host, json!({ "ask": [city()] }));
    let question = waiting(&host, 1).await.remove(0);
    gives(&host, &question, QuestionAnswer::Decline);
    content(call).await;
}

#[tokio::test]
async fn what_is_no_longer_allowed_when_a_person_answers_is_not_gone_on_with() {
    let classed = |effect| Terms {
        classes: [("ask".to_owned(), effect)].into(),
        ..Terms::default()
    };
    let quarantined = Terms {
        pins: Pins::Unseen,
        ..classed(EffectClass::Read)
    };
    for (after, code) in [
        (classed(EffectClass::Outward), codes::TOOL_NEEDS_DECISION),
        (quarantined, codes::MCP_TOOL_QUARANTINED),
    ] {
        let asker = Asker::new(false);
        let (_service, host, _) = host(Vec::new());
        host.place(tenant(), asker.spec(), classed(EffectClass::Read));
        let call = calls(&host, json!({ "ask": [city()] }));
        let question = waiting(&host, 1).await.remove(0);
        host.set_terms(tenant(), "peer", after);
        gives(&host, &question, QuestionAnswer::Decline);
        let error = timeout(SOON, call).await.unwrap().unwrap().unwrap_err();
        assert_eq!(
            (error.fault.code.as_str(), error.outcome),
            (codes::MCP_INPUT_REQUIRED, Outcome::Unknown)
        );
        assert!(error.fault.message.contains(code), "{error}");
        assert_eq!(asker.got("tools/call").len(), 1);
    }
}

#[tokio::test]
async fn an_action_stands_still_for_as_long_as_a_person_is_asked_in_it() {
    for old in [true, false] {
        let (host, _asker) = connected(old);
        let grant = grant("key");
        let effect = grant.effect();
        assert!(!host.is_asking(effect));
        let call = tokio::spawn({
            let host = host.clone();
            async move {
                let request = request("ask", json!({ "ask": [city()] }));
                host.perform(request, &grant).await
            }
        });
        let question = waiting(&host, 1).await.remove(0);
        assert!(host.is_asking(effect));
        gives(&host, &question, QuestionAnswer::Decline);
        content(call).await;
        assert!(!host.is_asking(effect));
    }
}
