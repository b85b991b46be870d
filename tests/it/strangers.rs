//! The owner of a second workspace with ids of the first one's, at doors beside the API's own addresses: there is no such
//! thing, it stays as it is, and the first workspace finds that somebody asked.
//!
//! Never here: the addresses of the API themselves (`api/src/tests/crossing.rs` sweeps them).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    mcp_door::{read, refused},
    support::{Api, SOON, World, until},
    workspaces::second,
};

const INCIDENTS: &str = "/api/v1/incidents";
const RECORDS: &str = "/api/v1/audit?action=security.cross_tenant";

/// Waits until this attempt is listed, on record, and no other is; answers the record.
async fn told(api: &Api, attempts: usize, what: &str) -> Value {
    until(&format!("{what} is told of"), SOON, || async {
        let (incidents, records) = (api.all(INCIDENTS).await, api.all(RECORDS).await);
        assert!(records.len() <= attempts, "{what}: {records:#?}");
        (incidents.len() == attempts && records.len() == attempts).then(|| records[0].clone())
    })
    .await
}

/// The operation of the API that a tool reads.
fn operation(path: &str) -> Value {
    let document = serde_json::to_value(chimera_api::document()).unwrap();
    document["paths"][path]["get"]["operationId"].clone()
}

#[tokio::test]
async fn a_tool_of_another_workspaces_agent_finds_nothing_by_our_ids_and_each_attempt_is_told() {
    let world = World::careful().await;
    let campaign = world.one_post().await;
    let review = world.review(&campaign).await;
    let api = world.api();
    let bo = second(api).await;
    let trace = api.get(&format!("/api/v1/campaigns/{campaign}")).await["trace"].take();
    let ids = BTreeMap::from([
        ("campaign", json!(campaign)),
        ("review", review["id"].clone()),
        ("trace", trace),
    ]);
    let (mut attempts, mut hidden) = (0, 0);
    for tool in chimera_servers::console::reads() {
        let filters = tool.query.iter().map(|argument| argument.name);
        let filters: Vec<_> = filters.filter(|name| ids.contains_key(name)).collect();
        for place in tool.places().chain(filters.iter().copied()) {
            let id = &ids[place];
            let what = format!("{} with their {place}", tool.name);
            // The id is a good one: its owner is answered.
            let owns = read(api, tool.name, json!({ place: id })).await;
            if filters.contains(&place) {
                hidden += owns["items"].as_array().unwrap().len();
                let found = read(&bo, tool.name, json!({ place: id })).await;
                assert_eq!(found["items"], json!([]), "{what}");
            } else {
                let code = refused(&bo, tool.name, json!({ place: id })).await;
                assert_eq!(code, "NOT_FOUND", "{what}");
            }
            attempts += 1;
            let record = told(api, attempts, &what).await;
            assert_eq!(
                record["output"]["operation"],
                operation(tool.path),
                "{what}"
            );
            assert_eq!(record["status"], "failure", "{record:#}");
        }
    }
    assert!(attempts > 7, "{attempts}");
    assert!(hidden > 0, "no list had anything to hide");
    assert_eq!(bo.all(INCIDENTS).await, Vec::<Value>::new());
    assert_eq!(bo.all(RECORDS).await, Vec::<Value>::new());
    let now = world.review(&campaign).await;
    assert_eq!(
        (&now["id"], &now["state"]),
        (&review["id"], &review["state"])
    );
}

#[tokio::test]
async fn a_post_of_our_sandbox_network_is_none_of_another_workspace() {
    let world = World::careful().await;
    let campaign = world.one_post().await;
    let review = world.review(&campaign).await;
    world.approve(&review).await;
    world.campaign_is(&campaign, "COMPLETED", SOON).await;
    let api = world.api();
    let bo = second(api).await;
    let feed = api.all("/api/v1/sandbox/feed").await;
    let post = feed[0]["post_id"].as_str().unwrap();
    let path = |post: &str| format!("/api/v1/sandbox/posts/{post}");
    let words = async |post: &str| {
        let refused = bo.look(&path(post)).await.refused(404, "NOT_FOUND");
        refused["message"].as_str().unwrap().replace(post, "ASKED")
    };
    assert_eq!(words(post).await, words("p999").await);
    assert_eq!(bo.get("/api/v1/sandbox/feed").await["items"], json!([]));
    let thread = api.get(&path(post)).await;
    assert_eq!(
        (&thread["post"]["text"], &thread["replies"]),
        (&feed[0]["text"], &json!([])),
        "it is there for its owner"
    );
}
