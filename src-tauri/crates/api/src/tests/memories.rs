//! What agents remember over the wire: looked at, searched, forgotten by who may, and by nobody else.

use axum::http::StatusCode;
use chimera_domain::{
    artifact::Origin,
    id::MemoryId,
    memory::{Memory, MemoryKind, Owner},
    role::Role,
};
use chimera_ports::store::{Campaigns, Memories, Personas};
use chimera_testkit::store_contract::Bed;
use serde_json::{Value, json};

use super::bench::{Bench, Call};

/// A fact that the bed's agent holds.
pub(super) fn memory(bed: &Bed, text: &str) -> Memory {
    Memory {
        id: MemoryId::from_uuid(bed.world.uuid()),
        owner: Owner {
            tenant: bed.campaign.tenant,
            agent: bed.agent.id,
        },
        kind: MemoryKind::Fact,
        text: text.to_owned(),
        source: "a test".to_owned(),
        task: None,
        origin: Origin::Model,
        tags: vec!["weather".to_owned()],
        importance: 60,
        at: bed.world.pass(1),
    }
}

struct Scene {
    bench: Bench,
    bed: Bed,
    path: String,
    kept: Vec<Memory>,
}

/// An agent with an episode that came of a task, a stranger's words, and a fact, the oldest first.
async fn scene() -> Scene {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, task) = bench.waiting_post(&bed).await;
    let mut published = memory(&bed, "Published on sandbox: Fog again.");
    (published.kind, published.task) = (MemoryKind::Episodic, Some(task.id));
    let mut read = memory(&bed, "Read of fog at sea.");
    read.kind = MemoryKind::Episodic;
    read.origin = Origin::Untrusted {
        source: "https://a.example".to_owned(),
    };
    let mut learned = memory(&bed, "Mist sells boats.");
    // Of a task that nobody has.
    learned.task = Some(chimera_domain::id::TaskId::from_uuid(bed.world.uuid()));
    let kept = vec![published, read, learned];
    let owner = kept[0].owner;
    bench
        .store
        .keep(owner, kept.clone(), Vec::new())
        .await
        .unwrap();
    let path = format!("/api/v1/personas/{}/memories", bed.agent.id);
    Scene {
        bench,
        bed,
        path,
        kept,
    }
}

fn texts(body: &Value) -> Vec<&str> {
    let items = body["items"].as_array().unwrap().iter();
    items.map(|item| item["text"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn memories_page_newest_first_with_where_they_came_from_and_how_they_are_found() {
    let Scene {
        bench,
        bed,
        path,
        kept,
    } = scene().await;
    let (_, token) = bench.person(&bed.world, "vera", &[Role::Viewer]).await;
    let first = bench.get(&token, format!("{path}?limit=2")).await;
    assert_eq!(
        texts(&first),
        [kept[2].text.as_str(), kept[1].text.as_str()]
    );
    assert_eq!(first["finds_by"], "words", "nobody embeds here");
    let stranger = &first["items"][1];
    assert_eq!(
        (&stranger["tainted"], &stranger["fit"]),
        (&json!(true), &Value::Null)
    );
    assert_eq!(stranger["origin"]["source"], "https://a.example");
    assert_eq!(
        first["items"][0]["task"],
        Value::Null,
        "it is nobody's task here"
    );
    let after = first["next"].as_str().unwrap();
    let rest = bench
        .get(&token, format!("{path}?limit=2&after={after}"))
        .await;
    assert_eq!(
        (texts(&rest), &rest["next"]),
        (vec![kept[0].text.as_str()], &Value::Null)
    );
    let task = bench
        .store
        .task(bed.campaign.tenant, kept[0].task.unwrap())
        .await
        .unwrap();
    assert_eq!(
        rest["items"][0]["task"],
        json!({ "id": task.id, "title": task.title, "campaign": bed.campaign.id, "trace": task.trace.trace.to_string() })
    );
    let facts = bench.get(&token, format!("{path}?kind=fact")).await;
    assert_eq!(texts(&facts), [kept[2].text.as_str()]);
    let bad = Call::get(format!("{path}?after=nonsense")).token(&token);
    assert_eq!(bench.call(bad).await.code(), "CURSOR_INVALID");
}

#[tokio::test]
async fn a_search_says_what_fits_and_that_it_went_by_words() {
    let Scene {
        bench, bed, path, ..
    } = scene().await;
    let (_, token) = bench.person(&bed.world, "vera", &[Role::Viewer]).await;
    let found = bench
        .get(&token, format!("{path}/search?query=what%20about%20fog"))
        .await;
    assert_eq!(texts(&found).len(), 2, "mist is another word: {found}");
    assert_eq!(
        (&found["found_by"], &found["problem"]),
        (&json!("words"), &Value::Null)
    );
    assert!(found["items"][0]["fit"].as_u64().unwrap() > 500);
    let none = bench
        .get(&token, format!("{path}/search?query=fog&kind=fact"))
        .await;
    assert_eq!(texts(&none), Vec::<&str>::new());
    let empty = Call::get(format!("{path}/search?query=%20")).token(&token);
    assert_eq!(bench.call(empty).await.code(), "VALIDATION_ERROR");
}

#[tokio::test]
async fn forgetting_needs_a_reason_and_a_role_and_stands_in_the_audit_log_without_the_words() {
    let Scene {
        bench,
        bed,
        path,
        kept,
    } = scene().await;
    let (_, viewer) = bench.person(&bed.world, "vera", &[Role::Viewer]).await;
    let (owner, token) = bench.person(&bed.world, "priya", &[Role::BrandOwner]).await;
    let (_, auditor) = bench.person(&bed.world, "fina", &[Role::Finance]).await;
    let forget = |token: &str, reason: &str| {
        Call::post(format!("{path}/{}/forget", kept[1].id))
            .token(token)
            .json(&json!({ "reason": reason }))
    };
    assert_eq!(bench.call(forget(&viewer, "no")).await.code(), "FORBIDDEN");
    assert_eq!(
        bench.call(forget(&token, " ")).await.code(),
        "VALIDATION_ERROR"
    );
    let left = bench.get(&token, &path).await;
    assert_eq!(texts(&left).len(), 3, "nothing is forgotten yet");
    let done = bench.call(forget(&token, "A rumour.")).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT);
    let left = bench.get(&token, &path).await;
    assert_eq!(texts(&left), [kept[2].text.as_str(), kept[0].text.as_str()]);
    let found = bench.get(&token, format!("{path}/search?query=sea")).await;
    assert_eq!(texts(&found), Vec::<&str>::new());
    assert_eq!(
        bench.call(forget(&token, "Again.")).await.code(),
        "NOT_FOUND"
    );
    let audit = bench
        .get(&auditor, "/api/v1/audit?action=memory.forget")
        .await;
    assert_eq!(audit["items"].as_array().unwrap().len(), 1, "{audit}");
    let record = &audit["items"][0];
    assert_eq!(record["actor"]["id"], json!(owner.id));
    assert_eq!(record["output"]["reason"], "A rumour.");
    assert_eq!(record["output"]["memory"], json!(kept[1].id));
    assert!(
        !record.to_string().contains("at sea"),
        "what was forgotten is told again"
    );
}

#[tokio::test]
async fn nobody_forgets_what_another_agent_remembers() {
    let Scene {
        bench,
        bed,
        path,
        kept,
    } = scene().await;
    let (_, token) = bench.person(&bed.world, "priya", &[Role::BrandOwner]).await;
    let (sister, persona) = bed.world.agent("sister");
    bench
        .store
        .create_agent(&sister, &persona, Vec::new())
        .await
        .unwrap();
    let hers = format!("/api/v1/personas/{}/memories", sister.id);
    assert_eq!(texts(&bench.get(&token, &hers).await), Vec::<&str>::new());
    let found = bench.get(&token, format!("{hers}/search?query=fog")).await;
    assert_eq!(texts(&found), Vec::<&str>::new());
    let forget = Call::post(format!("{hers}/{}/forget", kept[0].id)).token(&token);
    let refused = bench.call(forget.json(&json!({ "reason": "Mine." }))).await;
    assert_eq!(refused.code(), "NOT_FOUND");
    assert_eq!(texts(&bench.get(&token, &path).await).len(), 3);
}

#[tokio::test]
async fn the_connection_says_that_memory_is_lexical_and_can_be_tried() {
    let Scene { bench, bed, .. } = scene().await;
    let (_, token) = bench.person(&bed.world, "tomas", &[Role::Admin]).await;
    let look = bench.get(&token, "/api/v1/connections/memory").await;
    assert_eq!(
        (&look["backend"], &look["finds_by"]),
        (&json!("embedded"), &json!("words"))
    );
    assert_eq!(
        (&look["memories"], &look["embedded"]),
        (&json!(3), &Value::Null)
    );
    assert_eq!(
        (&look["problem"], &look["last_problem"]),
        (&Value::Null, &Value::Null)
    );
    let tried = Call::post("/api/v1/connections/memory/test").token(&token);
    let tried = bench.call(tried).await.ok().body;
    assert_eq!(tried["ok"], true);
    assert!(
        tried["message"]
            .as_str()
            .unwrap()
            .contains("by their words"),
        "{tried}"
    );
}
