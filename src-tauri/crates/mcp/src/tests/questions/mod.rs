//! Questions of servers of both ages: put to people of the right tenant, answered once, and gone with their call.

mod bounds;
mod held;

use std::{sync::Arc, time::Duration};

use chimera_domain::id::TenantId;
use chimera_ports::{
    questions::{
        FieldForm, FieldOption, Question, QuestionAnswer, QuestionDesk, QuestionEnd, Unanswered,
    },
    tools::{ToolError, ToolHost, ToolReply},
};
use serde_json::{Value, json};
use tokio::{task::JoinHandle, time::timeout};
use uuid::Uuid;

use super::{asker::Asker, far::Server, host, request, tenant};
use crate::{McpHost, codes};

/// Longest wait for something that has to happen.
const SOON: Duration = Duration::from_secs(15);

type Call = JoinHandle<Result<ToolReply, ToolError>>;

fn connected(old: bool) -> (McpHost, Asker) {
    let asker = Asker::new(old);
    let (_service, host, _) = host(vec![asker.spec()]);
    (host, asker)
}

fn calls(host: &McpHost, arguments: Value) -> Call {
    let host = host.clone();
    tokio::spawn(async move { host.read(request("ask", arguments)).await })
}

fn city() -> Value {
    json!({
        "message": "Which city?",
        "requestedSchema": {
            "type": "object",
            "properties": {
                "zip": { "type": "integer", "minimum": 0, "default": 10_115 },
                "city": { "type": "string", "title": "City", "maxLength": 20 },
                "sure": { "type": "boolean", "default": true },
                "unit": { "type": "string", "enum": ["c", "f"], "enumNames": ["Celsius", "Fahrenheit"], "default": "c" },
                "days": { "type": "array", "items": { "anyOf": [{ "const": "mo", "title": "Monday" }, { "const": "tu", "title": "Tuesday" }] }, "minItems": 1, "default": ["tu"] },
            },
            "required": ["city"],
        },
    })
}

/// The questions that wait, once there are so many.
async fn waiting(host: &McpHost, many: usize) -> Vec<Question> {
    let seen = async {
        loop {
            let waiting = host.waiting(tenant());
            if waiting.len() == many {
                return waiting;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(SOON, seen).await.unwrap()
}

fn filled(question: &Question, more: Value) -> QuestionAnswer {
    let mut content = question.prefilled();
    content.extend(more.as_object().cloned().unwrap_or_default());
    QuestionAnswer::Accept(content)
}

fn gives(host: &McpHost, question: &Question, answer: QuestionAnswer) {
    let held = host.hold(tenant(), &question.id, answer).unwrap();
    assert_eq!(held.question(), question);
    assert!(held.give());
}

async fn content(call: Call) -> Value {
    timeout(SOON, call).await.unwrap().unwrap().unwrap().content
}

/// The answers in the server's order, of either age.
fn answers(content: &Value) -> Vec<Value> {
    match &content["answers"] {
        Value::Array(answers) => answers.clone(),
        Value::Object(answers) => answers.values().cloned().collect(),
        other => panic!("{other}"),
    }
}

fn ends(host: &McpHost) -> Vec<QuestionEnd> {
    let ended = host.ended(tenant());
    ended.iter().map(|ended| ended.end).collect()
}

#[tokio::test]
async fn a_person_fills_a_form_in_and_the_server_goes_on_with_it() {
    for old in [true, false] {
        let (host, asker) = connected(old);
        let call = calls(&host, json!({ "ask": [city()] }));
        let question = waiting(&host, 1).await.remove(0);
        assert_eq!(
            (
                question.server.as_str(),
                question.tool.as_deref(),
                question.message.as_str()
            ),
            ("peer", Some("ask"), "Which city?")
        );
        let names: Vec<&str> = question
            .fields
            .iter()
            .map(|one| one.name.as_str())
            .collect();
        assert_eq!(
            names,
            ["zip", "city", "sure", "unit", "days"],
            "in the server's order"
        );
        let option = |value: &str, label: &str| FieldOption {
            value: value.to_owned(),
            label: label.to_owned(),
        };
        assert_eq!(
            question.fields[3].form,
            FieldForm::One {
                options: vec![option("c", "Celsius"), option("f", "Fahrenheit")]
            }
        );
        assert!(question.fields[1].required && !question.fields[0].required);
        let proposed = json!({ "zip": 10_115, "sure": true, "unit": "c", "days": ["tu"] });
        assert_eq!(Value::Object(question.prefilled()), proposed);
        gives(
            &host,
            &question,
            filled(&question, json!({ "city": "Riga" })),
        );
        let content = content(call).await;
        let accepted = json!({ "action": "accept", "content": {
            "zip": 10_115, "city": "Riga", "sure": true, "unit": "c", "days": ["tu"] } });
        assert_eq!(answers(&content), [accepted]);
        assert_eq!(host.waiting(tenant()), []);
        assert_eq!(ends(&host), [QuestionEnd::Accepted]);
        let sent = asker.got("tools/call");
        if old {
            assert_eq!(sent.len(), 1);
        } else {
            assert_eq!(content["state"], "state\u{2003}\u{0}\"é", "as it was given");
            assert_ne!(sent[0]["id"], sent[1]["id"]);
            assert_eq!(
                sent[0]["params"]["arguments"],
                sent[1]["params"]["arguments"]
            );
        }
    }
}

#[tokio::test]
async fn a_no_and_a_cancel_go_back_as_they_are() {
    for old in [true, false] {
        let (host, _asker) = connected(old);
        for (answer, action, end) in [
            (QuestionAnswer::Decline, "decline", QuestionEnd::Declined),
            (QuestionAnswer::Cancel, "cancel", QuestionEnd::Cancelled),
        ] {
            let call = calls(&host, json!({ "ask": [city()] }));
            let question = waiting(&host, 1).await.remove(0);
            gives(&host, &question, answer);
            assert_eq!(answers(&content(call).await), [json!({ "action": action })]);
            assert_eq!(ends(&host)[0], end);
        }
    }
}

#[tokio::test]
async fn what_nobody_answers_is_cancelled_and_said_to_be_while_the_time_of_the_call_stood_still() {
    for old in [true, false] {
        let asker = Asker::new(old);
        let mut spec = asker.spec();
        spec.question_wait = Duration::from_millis(600);
        // Less than the question waits: a person is not hurried by it.
        spec.request_timeout = Duration::from_millis(300);
        let (_service, host, _) = host(vec![spec]);
        host.tools(tenant()).await.unwrap();
        let call = calls(&host, json!({ "ask": [city()] }));
        let question = waiting(&host, 1).await.remove(0);
        assert_eq!(
            question.until.since(question.asked_at).to_std(),
            Duration::from_millis(600)
        );
        assert_eq!(
            answers(&content(call).await),
            [json!({ "action": "cancel" })]
        );
        assert_eq!(ends(&host), [QuestionEnd::Expired]);
        assert_eq!(host.waiting(tenant()), []);
    }
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_refused_in_words_without_it_and_the_question_waits_on() {
    let (host, _asker) = connected(true);
    let call = calls(&host, json!({ "ask": [city()] }));
    let question = waiting(&host, 1).await.remove(0);
    for (more, why) in [
        (json!({}), "\"city\" is a required property"),
        (json!({ "city": "x".repeat(21) }), "at /city: "),
        (json!({ "city": "Riga", "zip": "hush-hush" }), "at /zip: "),
        (json!({ "city": "Riga", "unit": "hush-hush" }), "at /unit: "),
        (
            json!({ "city": "Riga", "days": ["hush-hush"] }),
            "at /days/0: ",
        ),
        (
            json!({ "city": "Riga", "more": 1 }),
            "'more' was unexpected",
        ),
    ] {
        let refused = host.hold(tenant(), &question.id, filled(&question, more));
        let Err(Unanswered::Unfit(told)) = refused.map(|_| ()) else {
            panic!("{why}")
        };
        assert!(told.contains(why) && !told.contains("hush-hush"), "{told}");
    }
    assert_eq!(host.waiting(tenant()), std::slice::from_ref(&question));
    gives(
        &host,
        &question,
        filled(&question, json!({ "city": "Riga" })),
    );
    content(call).await;
}

#[tokio::test]
async fn a_question_is_of_one_tenant_and_answered_once() {
    for old in [true, false] {
        let (host, _asker) = connected(old);
        let call = calls(&host, json!({ "ask": [city()] }));
        let question = waiting(&host, 1).await.remove(0);
        let other = TenantId::from_uuid(Uuid::from_u128(8));
        assert_eq!((host.waiting(other), host.ended(other)), (vec![], vec![]));
        let decline = || QuestionAnswer::Decline;
        let refused = |tenant, id: &str| host.hold(tenant, id, decline()).err();
        assert_eq!(refused(other, &question.id), Some(Unanswered::Unknown));
        assert_eq!(refused(tenant(), "nowhere"), Some(Unanswered::Unknown));
        let held = host.hold(tenant(), &question.id, decline()).unwrap();
        assert_eq!(
            refused(tenant(), &question.id),
            Some(Unanswered::Unknown),
            "somebody is at it"
        );
        drop(held);
        gives(&host, &question, decline());
        assert_eq!(refused(tenant(), &question.id), Some(Unanswered::Unknown));
        content(call).await;
        assert_eq!(host.ended(other), []);
    }
}

#[tokio::test]
async fn a_call_that_is_given_up_takes_its_question_away() {
    for old in [true, false] {
        let (host, _asker) = connected(old);
        let call = calls(&host, json!({ "ask": [city()] }));
        let question = waiting(&host, 1).await.remove(0);
        let held = host
            .hold(tenant(), &question.id, QuestionAnswer::Decline)
            .unwrap();
        call.abort();
        assert!(call.await.unwrap_err().is_cancelled());
        waiting(&host, 0).await;
        assert!(!held.give(), "nobody waits for it");
        assert_eq!(ends(&host), [QuestionEnd::Withdrawn]);
    }
}

#[tokio::test]
async fn a_server_that_goes_takes_its_question_away() {
    for old in [true, false] {
        let (host, asker) = connected(old);
        let call = calls(&host, json!({ "ask": [city()] }));
        waiting(&host, 1).await;
        asker.end.cancel();
        waiting(&host, 0).await;
        assert_eq!(ends(&host), [QuestionEnd::Withdrawn]);
        let error = timeout(SOON, call).await.unwrap().unwrap().unwrap_err();
        assert!(
            [codes::MCP_CONNECTION_LOST, codes::MCP_SERVER_DOWN]
                .contains(&error.fault.code.as_str()),
            "{error}"
        );
    }
}

#[tokio::test]
async fn over_http_both_ages_ask_alike() {
    for old in [true, false] {
        let shared = Arc::default();
        let server = Server::peer(&shared, old).await;
        let (_service, host, _) = host(vec![server.spec()]);
        let call = tokio::spawn({
            let host = host.clone();
            async move { host.read(request("elicit", json!({}))).await }
        });
        let question = waiting(&host, 1).await.remove(0);
        assert_eq!(question.tool.as_deref(), Some("elicit"));
        assert_eq!(
            Value::Object(question.prefilled()),
            json!({ "name": "Ada" })
        );
        gives(&host, &question, filled(&question, json!({})));
        let expected = json!({ "action": "accept", "content": { "name": "Ada" } });
        assert_eq!(content(call).await, expected, "old: {old}");
    }
}
