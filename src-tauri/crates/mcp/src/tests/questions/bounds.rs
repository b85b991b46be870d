//! What is put to nobody: questions that no form holds, and more of them than a person can be asked.

use chimera_ports::questions::{QuestionAnswer, QuestionDesk};
use serde_json::{Map, Value, json};
use tokio::time::timeout;

use super::{Call, SOON, answers, calls, city, connected, content, ends, gives, waiting};
use crate::{
    codes,
    questions::{MAX_QUESTIONS_PER_CALL, MAX_WAITING_PER_SERVER},
    tests::tenant,
};

/// Questions that are put to nobody, with what is said of each.
fn unfit() -> Vec<(Value, &'static str)> {
    let form = |properties: Value| json!({ "message": "Well?", "requestedSchema": { "type": "object", "properties": properties } });
    let one = |says: Value| form(json!({ "it": says }));
    let many: Map<String, Value> = (0..25)
        .map(|at| (format!("f{at}"), json!({ "type": "boolean" })))
        .collect();
    let options: Vec<String> = (0..101).map(|at| at.to_string()).collect();
    vec![
        (
            one(json!({ "type": "object", "properties": {} })),
            "neither a text",
        ),
        (
            one(json!({ "$ref": "https://example.com/s.json" })),
            "neither a text",
        ),
        (
            one(json!({ "type": "array", "items": { "type": "string" } })),
            "a list of what can be anything",
        ),
        (
            one(json!({ "type": "string", "enum": options })),
            "more than 100 options",
        ),
        (
            one(json!({ "type": "string", "enum": ["a", "a"] })),
            "cannot be told apart",
        ),
        (
            one(json!({ "type": "string", "minLength": 5, "maxLength": 4 })),
            "cannot be filled in",
        ),
        (
            one(json!({ "type": "string", "title": "x".repeat(201) })),
            "a title has 201 characters",
        ),
        (form(Value::Object(many)), "its form has 25 fields"),
        (form(json!(["it"])), "no fields by name"),
        (
            json!({ "message": "x".repeat(2_001), "requestedSchema": { "type": "object", "properties": {} } }),
            "has 2001 characters",
        ),
        (
            json!({ "message": " ", "requestedSchema": { "type": "object", "properties": {} } }),
            "does not say what it wants",
        ),
        (json!({ "message": "Well?" }), "its form is no object"),
        (
            json!({ "message": "Well?", "requestedSchema": { "type": "object", "properties": {}, "required": ["it"] } }),
            "needs 'it'",
        ),
        (
            json!({ "mode": "url", "message": "Look.", "url": "https://example.com", "elicitationId": "1" }),
            "wants a person to open a web page",
        ),
    ]
}

#[tokio::test]
async fn what_no_form_can_hold_is_put_to_nobody_and_said_so() {
    for (params, why) in unfit() {
        let (host, _asker) = connected(true);
        let call = calls(&host, json!({ "ask": [params] }));
        let told = answers(&content(call).await).remove(0);
        assert!(told.as_str().unwrap().contains(why), "{why}: {told}");
        let (host, asker) = connected(false);
        let call = calls(&host, json!({ "ask": [params] }));
        let error = timeout(SOON, call).await.unwrap().unwrap().unwrap_err();
        // What the library itself cannot read comes as no result at all.
        assert!(
            (error.fault.code == codes::MCP_INPUT_REQUIRED && error.fault.message.contains(why))
                || error.fault.code == codes::TOOL_RESULT_INVALID,
            "{why}: {error}"
        );
        assert_eq!(asker.got("tools/call").len(), 1, "not gone on with");
        assert_eq!(
            (host.waiting(tenant()), host.ended(tenant())),
            (vec![], vec![])
        );
    }
}

#[tokio::test]
async fn no_model_is_lent_and_no_folder_told() {
    let sampling = json!({ "method": "sampling/createMessage", "messages": [], "maxTokens": 1 });
    let roots = json!({ "method": "roots/list" });
    let (host, _asker) = connected(true);
    let call = calls(&host, json!({ "ask": [sampling, roots] }));
    let told = answers(&content(call).await);
    assert!(
        told[0]
            .as_str()
            .unwrap()
            .contains("no server is lent a model"),
        "{told:?}"
    );
    assert!(
        told[1]
            .as_str()
            .unwrap()
            .contains("no server is told folders"),
        "{told:?}"
    );
    for (params, why) in [(sampling, "(sampling)"), (roots, "(roots)")] {
        let (host, _asker) = connected(false);
        let call = calls(&host, json!({ "ask": [params] }));
        let error = timeout(SOON, call).await.unwrap().unwrap().unwrap_err();
        assert_eq!(error.fault.code, codes::MCP_INPUT_REQUIRED, "{error}");
        assert!(error.fault.message.contains(why), "{error}");
    }
}

#[tokio::test]
async fn a_question_of_ten_megabytes_ends_its_connection_and_reaches_nobody() {
    for old in [true, false] {
        let (host, _asker) = connected(old);
        let huge = json!({ "fill": 10_000_000, "requestedSchema": { "type": "object", "properties": {} } });
        let call = calls(&host, json!({ "ask": [huge] }));
        let error = timeout(SOON, call).await.unwrap().unwrap().unwrap_err();
        assert_eq!(error.fault.code, codes::TOOL_RESULT_TOO_LARGE, "{error}");
        assert_eq!(
            (host.waiting(tenant()), host.ended(tenant())),
            (vec![], vec![])
        );
        // The next call has a new connection.
        let call = calls(&host, json!({ "ask": [city()] }));
        let question = waiting(&host, 1).await.remove(0);
        gives(&host, &question, QuestionAnswer::Decline);
        content(call).await;
    }
}

#[tokio::test]
async fn a_server_asks_only_so_much_in_one_call_and_only_so_many_at_once() {
    let most = usize::try_from(MAX_QUESTIONS_PER_CALL).unwrap();
    let (host, _asker) = connected(true);
    let call = calls(&host, json!({ "ask": vec![city(); most + 1] }));
    for ended in 1..=most {
        let question = waiting(&host, 1).await.remove(0);
        gives(&host, &question, QuestionAnswer::Decline);
        // The next one may be there at once.
        while ends(&host).len() < ended {
            tokio::task::yield_now().await;
        }
    }
    let told = answers(&content(call).await).remove(most);
    assert!(
        told.as_str().unwrap().contains("which are the most"),
        "{told}"
    );

    let (host, _asker) = connected(false);
    let call = calls(&host, json!({ "ask": vec![city(); most + 1] }));
    let error = timeout(SOON, call).await.unwrap().unwrap().unwrap_err();
    assert!(
        error
            .fault
            .message
            .contains("more than 4 questions in one call"),
        "{error}"
    );
    let open: Vec<Call> = (0..MAX_WAITING_PER_SERVER)
        .map(|_| calls(&host, json!({ "ask": [city()] })))
        .collect();
    waiting(&host, MAX_WAITING_PER_SERVER).await;
    let call = calls(&host, json!({ "ask": [city()] }));
    let error = timeout(SOON, call).await.unwrap().unwrap().unwrap_err();
    assert!(error.fault.message.contains("8 questions of it"), "{error}");
    drop(
        open.into_iter()
            .map(|call| call.abort())
            .collect::<Vec<_>>(),
    );
    waiting(&host, 0).await;
}

#[tokio::test]
async fn a_server_that_never_has_enough_is_not_gone_on_with_for_ever() {
    let (host, asker) = connected(false);
    let call = calls(&host, json!({ "endless": true }));
    let error = timeout(SOON, call).await.unwrap().unwrap().unwrap_err();
    assert!(
        error.fault.message.contains("asked for input 8 times"),
        "{error}"
    );
    assert_eq!(asker.got("tools/call").len(), 9);
}
