//! Versions of a registered server: written down as it tells them, wanted or not, and the way back to how it was run
//! before.
//!
//! Never here: what a change of its tools holds back (`registry`).

use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Api, Daemon, Home, SOON, node, until};

const REGISTRY: &str = "/api/v1/connections/registry";
const BREW: &str = "/api/v1/connections/registry/brew";

fn program(home: &Home, more: &[&str]) -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("it/support/brew-server.mjs");
    let mut args = vec![json!(file), json!(home.at("brew"))];
    args.extend(more.iter().map(|more| json!(more)));
    json!({ "command": node(), "args": args })
}

async fn change(api: &Api, body: Value) -> Value {
    let etag = api.look(BREW).await.etag.unwrap();
    api.put_if(BREW, &etag, body).await.ok()
}

async fn trust(api: &Api) -> Value {
    let launch = api.get(BREW).await["server"]["launch"]["digest"].take();
    let path = format!("{BREW}/trust");
    api.post(&path, json!({ "launch": launch })).await.ok()
}

/// Waits until the newest edition is of this version, and gives all versions, newest first.
async fn versions(api: &Api, newest: &str) -> Vec<String> {
    until(&format!("version {newest} is seen"), SOON, || async {
        let look = api.get(BREW).await;
        let editions = look["editions"].as_array().unwrap().iter();
        let all: Vec<String> = editions
            .map(|edition| edition["told"]["version"].as_str().unwrap().to_owned())
            .collect();
        (all.first().is_some_and(|first| first == newest)).then_some(all)
    })
    .await
}

async fn offers(api: &Api, count: usize) {
    until(&format!("{count} tools are offered"), SOON, || async {
        let tools = api.get("/api/v1/connections/tools").await;
        let tools = tools["items"].as_array().unwrap().iter();
        let own = tools.filter(|tool| tool["server"] == "brew").count();
        (own == count).then_some(())
    })
    .await;
}

async fn recorded(api: &Api, action: &str) -> Vec<Value> {
    let mut records = api.all("/api/v1/audit").await;
    records.retain(|record| record["action"] == action);
    records
}

#[tokio::test]
async fn a_version_is_written_down_refused_when_another_is_wanted_and_what_ran_before_runs_again() {
    let home = Home::new().with("CHIMERA_KEYCHAIN", "none");
    std::fs::create_dir(home.at("brew")).unwrap();
    let daemon = Daemon::start(&home).await;
    let api = daemon.api();
    let added = json!({ "name": "brew", "program": program(&home, &[]) });
    api.post(REGISTRY, added).await.ok();
    trust(api).await;
    assert_eq!(versions(api, "1.0.0").await, ["1.0.0"]);
    offers(api, 3).await;

    // Another version of the program, with another tool: an edition of its own, and what changed is held back.
    home.write("brew/version", "2.0.0");
    for enabled in [false, true] {
        change(
            api,
            json!({ "program": program(&home, &[]), "enabled": enabled }),
        )
        .await;
    }
    assert_eq!(versions(api, "2.0.0").await, ["2.0.0", "1.0.0"]);
    let look = api.get(BREW).await;
    let changes = json!([{ "tool": "cafe_prices", "state": "changed" }]);
    assert_eq!(look["editions"][0]["changes"], changes);
    assert_eq!(look["server"]["told"]["version"], "2.0.0");
    offers(api, 2).await;

    // Another one is wanted: none of its tools is offered, and it is said why.
    let wanted = |version: &str| json!({ "program": program(&home, &[]), "enabled": true, "required_version": version });
    assert_eq!(
        change(api, wanted("1.0.0")).await["required_version"],
        "1.0.0"
    );
    offers(api, 0).await;
    until("it is said why", SOON, || async {
        let servers = api.get("/api/v1/connections/servers").await;
        let servers = servers["items"].as_array().unwrap();
        let brew = servers.iter().find(|one| one["name"] == "brew").unwrap();
        (brew["problem"]["code"] == "MCP_VERSION_REFUSED").then_some(())
    })
    .await;
    change(api, wanted("2.0.0")).await;
    offers(api, 2).await;
    change(api, wanted("")).await;
    let told = recorded(api, "server.version").await;
    assert_eq!(told.len(), 1, "{told:#?}");

    // Run otherwise, and back in one act, with the trust of then and no question.
    home.write("brew/version", "1.0.0");
    let other = change(
        api,
        json!({ "program": program(&home, &["--loud"]), "enabled": true }),
    )
    .await;
    assert_eq!(other["standing"], "altered");
    let look = api.look(BREW).await;
    let etag = look.etag.clone().unwrap();
    let look = look.ok();
    assert_eq!(
        look["former"]["program"]["args"],
        program(&home, &[])["args"]
    );
    assert_eq!(look["former"]["trusted"], true);
    let back = format!("{BREW}/rollback");
    let server = api.post_if(&back, &etag, json!({})).await.ok();
    assert_eq!(server["standing"], "trusted");
    assert_eq!(server["program"]["args"], program(&home, &[])["args"]);
    offers(api, 3).await;
    assert_eq!(versions(api, "1.0.0").await, ["1.0.0", "2.0.0", "1.0.0"]);
    assert_eq!(recorded(api, "server.roll_back").await.len(), 1);
    // What was left is kept in its turn; a stale version of the entry goes nowhere.
    let look = api.get(BREW).await;
    assert_eq!(look["former"]["trusted"], false);
    api.post_if(&back, &etag, json!({}))
        .await
        .refused(412, "VERSION_MISMATCH");
}
