//! Chimera as an MCP server at `/mcp`: what other people's agents can read of it, and that they can do nothing more.
//!
//! Never here: what the API itself answers.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::support::{Answer, Api, World};

const MODERN: &str = "2026-07-28";
const LEGACY: &str = "2025-11-25";

/// One request in today's revision: no handshake, everything in the request itself.
fn modern(api: &Api, method: &str, mut params: Value) -> RequestBuilder {
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": MODERN,
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": { "name": "test", "version": "1" },
    });
    let mut request = post(api, method, &params, MODERN).header("mcp-method", method);
    if let Some(name) = params["name"].as_str() {
        request = request.header("mcp-name", name);
    }
    request
}

fn post(api: &Api, method: &str, params: &Value, revision: &str) -> RequestBuilder {
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    api.request(Method::POST, "/mcp")
        .header("accept", "application/json, text/event-stream")
        .header("mcp-protocol-version", revision)
        .json(&body)
}

async fn call(api: &Api, tool: &str, arguments: Value) -> Value {
    let params = json!({ "name": tool, "arguments": arguments });
    let answer = api.send(modern(api, "tools/call", params)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

/// What a tool read.
pub(crate) async fn read(api: &Api, tool: &str, arguments: Value) -> Value {
    let answer = call(api, tool, arguments).await;
    assert_ne!(answer["result"]["isError"], true, "{answer}");
    answer["result"]["structuredContent"].clone()
}

/// The code of a tool's refusal.
pub(crate) async fn refused(api: &Api, tool: &str, arguments: Value) -> Value {
    let answer = call(api, tool, arguments).await;
    assert_eq!(answer["result"]["isError"], true, "{answer}");
    answer["result"]["structuredContent"]["code"].clone()
}

#[tokio::test]
async fn queues_traces_and_budgets_are_read_as_the_api_gives_them() {
    let world = World::careful().await;
    let campaign = world.one_post().await;
    let review = world.review(&campaign).await;
    let api = world.api();

    let queue = read(api, "list_reviews", json!({ "state": "open" })).await;
    assert_eq!(queue["items"][0]["id"], review["id"]);
    let card = read(api, "read_review", json!({ "review": review["id"] })).await;
    let path = format!("/api/v1/reviews/{}", review["id"].as_str().unwrap());
    assert_eq!(
        card["review"]["preview"],
        api.get(&path).await["review"]["preview"]
    );

    let runs = read(api, "list_traces", json!({ "limit": 1 })).await;
    let run = read(
        api,
        "read_trace",
        json!({ "trace": runs["items"][0]["trace"] }),
    )
    .await;
    assert!(!run["spans"].as_array().unwrap().is_empty(), "{run}");

    let spent = read(api, "list_spending", json!({ "campaign": campaign })).await;
    assert!(!spent["items"].as_array().unwrap().is_empty(), "{spent}");
    let budget = read(api, "read_budget", json!({ "campaign": campaign })).await;
    let path = format!("/api/v1/campaigns/{campaign}/progress");
    assert_eq!(budget, api.get(&path).await);
    assert_eq!(read(api, "read_status", json!({})).await["degraded"], false);
}

#[tokio::test]
async fn every_tool_is_one_read_of_the_contract() {
    let document = serde_json::to_value(chimera_api::document()).unwrap();
    for tool in chimera_servers::console::reads() {
        let known = &document["paths"][tool.path];
        let parameters = known["get"]["parameters"].as_array();
        assert!(known["get"].is_object(), "{} is read nowhere", tool.path);
        let names: Vec<_> = parameters
            .into_iter()
            .flatten()
            .map(|one| one["name"].as_str().unwrap())
            .collect();
        for argument in tool
            .query
            .iter()
            .map(|argument| argument.name)
            .chain(tool.places())
        {
            assert!(
                names.contains(&argument),
                "{} takes no {argument}",
                tool.path
            );
        }
    }
}

#[tokio::test]
async fn a_client_of_the_older_revision_is_served_too() {
    let world = World::new().await;
    let api = world.api();
    let hello = json!({
        "protocolVersion": LEGACY, "capabilities": {},
        "clientInfo": { "name": "older", "version": "1" },
    });
    let greeted = api.send(post(api, "initialize", &hello, LEGACY)).await.ok();
    assert_eq!(greeted["result"]["protocolVersion"], LEGACY);
    assert_eq!(greeted["result"]["serverInfo"]["title"], "Chimera");
    let listed = api
        .send(post(api, "tools/list", &json!({}), LEGACY))
        .await
        .ok();
    let tools = listed["result"]["tools"].as_array().unwrap();
    assert_eq!(tools.len(), chimera_servers::console::reads().len());
    assert!(
        tools
            .iter()
            .all(|tool| tool["annotations"]["readOnlyHint"] == true),
        "{listed}"
    );
    let called = json!({ "name": "read_gauge", "arguments": {} });
    let gauge = api
        .send(post(api, "tools/call", &called, LEGACY))
        .await
        .ok();
    assert_eq!(gauge["result"]["structuredContent"]["stopped"], false);
}

#[tokio::test]
async fn nobody_decides_through_it_and_each_sees_what_the_role_may() {
    let world = World::careful().await;
    let campaign = world.one_post().await;
    let review = world.review(&campaign).await;
    let api = world.api();
    for tool in ["approve_review", "decide_review", "stop_everything"] {
        let params = json!({ "name": tool, "arguments": { "review": review["id"] } });
        let answer = api.send(modern(api, "tools/call", params)).await;
        assert_eq!(answer.body["error"]["code"], -32602, "{}", answer.body);
    }
    // An id that would lead elsewhere leads nowhere.
    let elsewhere = json!({ "review": "../swarm/gauge" });
    let code = refused(api, "read_review", elsewhere).await;
    assert!(
        ["NOT_FOUND", "VALIDATION_ERROR"].contains(&code.as_str().unwrap()),
        "{code}"
    );
    let state = &world.review(&campaign).await["state"];
    assert_eq!(*state, review["state"]);

    let account = json!({
        "name": "Mo", "email": "mo@halden.example",
        "password": "Mo likes 17 quiet teapots", "roles": ["moderator"],
    });
    api.post("/api/v1/users", account).await.ok();
    let sign_in = json!({ "email": "mo@halden.example", "password": "Mo likes 17 quiet teapots" });
    let opened = api
        .as_holder_of("")
        .post("/api/v1/session", sign_in)
        .await
        .ok();
    let moderator = api.as_holder_of(opened["token"].as_str().unwrap());
    let queue = read(&moderator, "list_reviews", json!({})).await;
    assert_eq!(queue["items"][0]["id"], review["id"]);
    assert_eq!(
        refused(&moderator, "list_traces", json!({})).await,
        "FORBIDDEN"
    );
}

#[tokio::test]
async fn without_a_token_or_from_elsewhere_it_is_closed() {
    let world = World::new().await;
    let api = world.api();
    let nobody = api.as_holder_of("not-a-token");
    let ask = |api: &Api| modern(api, "tools/list", json!({}));
    let closed = |answer: Answer| answer.refused(401, "UNAUTHENTICATED");
    closed(api.send(ask(&nobody)).await);
    // A cookie is what a browser sends whoever asks.
    let opened = api.get("/api/v1/session").await;
    assert!(opened["user"].is_object());
    let cookie = ask(&nobody)
        .header("authorization", "")
        .header("cookie", "chimera_session=abc");
    closed(api.send(cookie).await);
    let page = ask(api).header("origin", "https://evil.example");
    api.send(page).await.refused(403, "ORIGIN_REFUSED");
    let rebound = ask(api).header("host", "evil.example");
    let answer = api.send(rebound).await;
    assert!((400..500).contains(&answer.status), "{answer:?}");
    // What the protocol refuses is said in its own words.
    let unknown = api.send(modern(api, "tools/forget", json!({}))).await;
    assert_eq!(unknown.body["error"]["code"], -32601, "{}", unknown.body);
}
