//! A published server that asks a person in the middle of a call: its question waits in the API, is answered there, and
//! the call ends with the answer.
//!
//! Never here: a stand-in for the server.

use serde_json::{Value, json};

use crate::{
    real_servers::{Ground, node},
    support::{Api, Home, SOON, until},
    workspaces::second,
};

const QUESTIONS: &str = "/api/v1/connections/questions";
/// The tool of `everything` that asks.
const ASKS: &str = "trigger-elicitation-request";

/// Calls the tool, waits for its question, and gives the question with what `answer` makes of it.
async fn answered(ground: &Ground, answer: impl Fn(&Value) -> Value) -> (String, Value) {
    let call = ground.reads("everything", ASKS, json!({}));
    let person = async {
        let question = until("it asks", SOON, || async {
            let asked = ground.api.get(QUESTIONS).await;
            asked["items"].get(0).cloned()
        })
        .await;
        let path = format!("{QUESTIONS}/{}", question["id"].as_str().unwrap());
        let given = ground.api.post(&path, answer(&question)).await;
        assert_eq!(given.status, 204, "{}", given.body);
        question
    };
    tokio::join!(call, person)
}

/// Every kind of field that can be put to a person.
fn has_its_fields(question: &Value) {
    let fields: Vec<_> = question["fields"].as_array().unwrap().iter().collect();
    let kind = |name: &str| {
        let field = fields.iter().find(|field| field["name"] == name);
        field.unwrap()["kind"].clone()
    };
    assert_eq!(fields.len(), 13);
    for (name, is) in [
        ("name", "text"),
        ("check", "flag"),
        ("integer", "integer"),
        ("number", "number"),
        ("titledSingleSelectEnum", "one"),
        ("titledMultipleSelectEnum", "some"),
        ("legacyTitledEnum", "one"),
    ] {
        assert_eq!(kind(name), is, "{name}");
    }
    assert_eq!(
        question["prefilled"]["titledMultipleSelectEnum"],
        json!(["fish-1"])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_asks_a_person_and_goes_on_with_what_she_says() {
    let home = Home::new();
    let ground = Ground::at(&home).await;
    let program = node("mcp-server-everything");
    let args = json!(["stdio"]);
    let tools = ground
        .register("everything", &program, args, json!({}), &[(ASKS, "read")])
        .await;
    assert!(tools.contains(&ASKS.to_owned()), "{tools:?}");
    // Models are not lent and pages not opened, and it is told so: what would ask for them is not there.
    for absent in [
        "trigger-sampling-request",
        "trigger-url-elicitation",
        "get-roots-list",
    ] {
        assert!(!tools.contains(&absent.to_owned()), "{tools:?}");
    }
    let (reply, question) = answered(&ground, |question| {
        let mut content = question["prefilled"].clone();
        content["name"] = json!("Olga Ott");
        content["email"] = json!("olga@example.org");
        json!({ "action": "accept", "content": content })
    })
    .await;
    assert_eq!(
        (&question["server"], &question["tool"]),
        (&json!("everything"), &json!(ASKS))
    );
    has_its_fields(&question);
    for said in [
        "Name: Olga Ott",
        "Email: olga@example.org",
        "Favorite Integer: 42",
        "pet-1",
    ] {
        assert!(reply.contains(said), "{reply}");
    }
    let (reply, _) = answered(&ground, |_| json!({ "action": "decline" })).await;
    assert!(reply.contains("User declined"), "{reply}");
    let after = ground.api.get(QUESTIONS).await;
    let ends: Vec<_> = after["ended"].as_array().unwrap().iter().collect();
    assert_eq!(
        (&ends[0]["end"], &ends[1]["end"]),
        (&json!("declined"), &json!("accepted"))
    );
    assert_eq!(after["items"], json!([]));
    let audit = ground.api.get("/api/v1/audit?action=question.").await;
    let record = &audit["items"][1]["output"];
    assert_eq!(
        (&record["action"], &record["content"]["email"]),
        (&json!("accept"), &json!("[email]"))
    );
    ground.end().await;
}

/// Whoever is of another workspace sees no question, and is told of this one what is told of one that never was.
async fn answers_in_vain(bo: &Api, question: &Value) {
    let seen = bo.get(QUESTIONS).await;
    assert_eq!(
        (&seen["items"], &seen["ended"]),
        (&json!([]), &json!([])),
        "it is shown"
    );
    let id = question["id"].as_str().unwrap();
    let mut content = question["prefilled"].clone();
    content["name"] = json!("Bo");
    content["email"] = json!("bo@second.example");
    for answer in [
        json!({ "action": "accept", "content": content }),
        json!({ "action": "decline" }),
        json!({ "action": "cancel" }),
    ] {
        let words = async |id: &str| {
            let given = bo.post(&format!("{QUESTIONS}/{id}"), answer.clone()).await;
            let refused = given.refused(404, "NOT_FOUND");
            refused["message"].as_str().unwrap().replace(id, "ASKED")
        };
        assert_eq!(words(id).await, words("0-0").await, "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_waits_is_nobodys_of_another_workspace_to_see_or_to_answer() {
    let home = Home::new();
    let ground = Ground::at(&home).await;
    let program = node("mcp-server-everything");
    let args = json!(["stdio"]);
    ground
        .register("everything", &program, args, json!({}), &[(ASKS, "read")])
        .await;
    let bo = second(&ground.api).await;
    let call = ground.reads("everything", ASKS, json!({}));
    let people = async {
        let question = until("it asks", SOON, || async {
            let asked = ground.api.get(QUESTIONS).await;
            asked["items"].get(0).cloned()
        })
        .await;
        answers_in_vain(&bo, &question).await;
        let waits = ground.api.get(QUESTIONS).await;
        assert_eq!(waits["items"], json!([question]), "it waits as it was");
        let path = format!("{QUESTIONS}/{}", question["id"].as_str().unwrap());
        let own = json!({ "action": "decline" });
        assert_eq!(ground.api.post(&path, own).await.status, 204);
    };
    let (reply, ()) = tokio::join!(call, people);
    assert!(reply.contains("User declined"), "{reply}");
    let audit = ground.api.get("/api/v1/audit?action=question.").await;
    assert_eq!(audit["items"].as_array().unwrap().len(), 1, "{audit:#}");
    ground.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_waits_is_withdrawn_when_everything_is_stopped() {
    let home = Home::new();
    let ground = Ground::at(&home).await;
    let program = node("mcp-server-everything");
    let args = json!(["stdio"]);
    ground
        .register("everything", &program, args, json!({}), &[(ASKS, "read")])
        .await;
    let call = ground.call("everything", ASKS, json!({}));
    let stop = async {
        until("it asks", SOON, || async {
            let asked = ground.api.get(QUESTIONS).await;
            asked["items"].get(0).cloned()
        })
        .await;
        let reason = json!({ "reason": "a story" });
        ground.api.post("/api/v1/swarm/stop", reason).await.ok();
        until("it is gone", SOON, || async {
            let asked = ground.api.get(QUESTIONS).await;
            (asked["items"] == json!([])).then_some(asked["ended"][0]["end"].clone())
        })
        .await
    };
    let (answer, end) = tokio::join!(call, stop);
    assert_eq!(end, json!("withdrawn"));
    let told = format!("{answer:?}");
    assert!(told.contains("everything was stopped"), "{told}");
    ground.end().await;
}
