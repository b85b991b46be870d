//! The life of the chain over the audit log: it follows, survives a kill, a lost key and a full share, takes up what is
//! older than itself, is checked from the API, and can be followed with nothing of ours.
//!
//! Never here: alterations (`audit_attacks`).

use std::{fs, path::Path, process::Command};

use serde_json::{Value, json};

use crate::support::{
    Api, Daemon, Home, SOON, World,
    audited::{
        Database, KEY, OTHER_SEED, anchor_of, anchored, audit, chain, runs_until_sealed, sealed,
        signing_home, verify,
    },
    until,
};

/// Follows an export with Node's standard library.
fn follow(export: &Path, key: &str) -> (Option<i32>, Value) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("it/support/follow.mjs");
    let output = Command::new("node")
        .arg(script)
        .arg(export)
        .arg(key)
        .output()
        .expect("the tests need node");
    let said = String::from_utf8(output.stdout).unwrap();
    let told = serde_json::from_str(&said).unwrap_or_else(|error| {
        panic!("{error}: {said}{}", String::from_utf8_lossy(&output.stderr))
    });
    (output.status.code(), told)
}

/// Waits until a checkpoint is kept elsewhere.
async fn kept_elsewhere(api: &Api) {
    let kept = |chain: &Value| chain["anchoring"]["kept_to"].as_u64().is_some();
    chain(api, "a checkpoint is kept elsewhere", kept).await;
}

#[tokio::test]
async fn an_export_is_followed_with_nothing_of_ours() {
    let world = World::at(signing_home()).await;
    let before = sealed(world.api()).await;
    // Over the API, as the console's link takes it.
    let request = world
        .api()
        .request(reqwest::Method::GET, "/api/v1/audit/export");
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/jsonl");
    let text = response.text().await.unwrap();
    let served = world.home().write("served.jsonl", &text);
    let (code, told) = follow(&served, KEY);
    assert_eq!((code, &told["wrong"]), (Some(0), &json!([])));
    assert!(told["links"].as_u64() >= before["sealed"].as_u64());
    let acts = world.api().all("/api/v1/audit?action=audit.").await;
    assert_eq!(acts[0]["action"], "audit.export");

    // From the command line, beside the running server.
    let file = world.home().at("export.jsonl");
    let path = file.display().to_string();
    let (code, said, noted) = audit(world.home(), &["export", "--to", &path]).await;
    assert_eq!(code, Some(0), "{said}{noted}");
    assert_eq!(follow(&file, KEY).0, Some(0));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "it is its owner's");
    }
    // Another key than its own proves nothing, and is no sign that anything was altered.
    let other = "ed25519:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    let (code, said, _) = audit(world.home(), &["verify", "--bundle", &path, "--key", other]).await;
    assert!(
        said.contains("NOT PROVEN") && !said.contains("ALTERED"),
        "{code:?} {said}"
    );
    let own = verify(world.home(), &["--bundle", &path, "--key", KEY]).await;
    assert_eq!((own.code, own.kinds()), (Some(0), vec![]));

    // Both see what is changed in it, and that another key was to be expected.
    let whole = fs::read_to_string(&file).unwrap();
    let changed = whole.replacen("policy.save", "policy.sane", 1);
    assert_ne!(changed, whole);
    fs::write(&file, changed).unwrap();
    let (code, told) = follow(&file, KEY);
    assert_eq!(
        (code, told["wrong"].as_array().unwrap().len()),
        (Some(1), 1),
        "{told}"
    );
    let own = verify(world.home(), &["--bundle", &path, "--key", KEY]).await;
    assert_eq!((own.code, own.kinds()), (Some(3), vec!["edited"]));
    fs::write(&file, whole).unwrap();
    let stranger = KEY.replace('e', "f");
    assert_eq!(follow(&file, &stranger).0, Some(1));
}

#[tokio::test]
async fn a_killed_sealer_goes_on_without_a_gap() {
    let mut world = World::at(anchored(signing_home())).await;
    for undo in 2..5 {
        world
            .policy(|policy| policy["hold_seconds"] = json!(undo))
            .await;
        // In the middle of whatever it does; what was written and not sealed is sealed by the next one.
        world.crash().await;
    }
    let status = sealed(world.api()).await;
    kept_elsewhere(world.api()).await;
    // Beside the running server.
    let checked = verify(world.home(), &[]).await;
    assert_eq!((checked.code, checked.kinds()), (Some(0), vec![]));
    assert!(checked.report["sealed"].as_u64() >= status["sealed"].as_u64());
    assert_eq!(checked.report["completeness"]["complete"], true);
}

#[tokio::test]
async fn a_check_from_the_api_goes_on_by_itself_and_is_on_record() {
    let world = World::at(anchored(signing_home())).await;
    sealed(world.api()).await;
    kept_elsewhere(world.api()).await;
    let begun = world
        .api()
        .post("/api/v1/audit/chain/verify", json!({}))
        .await;
    assert_eq!(begun.status, 202);
    let ended = |chain: &Value| chain["checking"].is_null() && !chain["last_check"].is_null();
    let status = chain(world.api(), "the check has ended", ended).await;
    let check = &status["last_check"];
    assert_eq!(check["report"]["standing"], "anchored", "{status:#}");
    assert_eq!(check["problems"], json!([]));
    assert_eq!(status["sealing"]["state"], "signed");
    assert_eq!(status["sealing"]["key"], KEY);
    let acts = world.api().all("/api/v1/audit?action=audit.verify").await;
    assert_eq!(acts.len(), 1);
    assert_eq!(acts[0]["output"]["standing"], "anchored");
    assert_eq!(acts[0]["actor"]["id"], check["by"]["id"]);
}

#[tokio::test]
async fn records_from_before_the_chain_are_sealed_as_they_are_found_and_counted() {
    let world = World::at(signing_home()).await;
    let home = world.closed().await;
    let database = Database::of(&home);
    let records = database.number("SELECT count(*) FROM audit_logs").await;
    // As the schema before left it, an hour ago.
    database
        .alter(
            "DROP INDEX model_calls_counted_by_task; DROP INDEX model_calls_counted_by_attempt; \
             CREATE INDEX model_calls_of_task ON model_calls (task_id, counted_usd) WHERE task_id IS NOT NULL; \
             CREATE INDEX model_calls_of_attempt ON model_calls (attempt_id, counted_usd) WHERE attempt_id IS NOT NULL; \
             ALTER TABLE model_calls DROP COLUMN counted_tokens; ALTER TABLE model_reservations DROP COLUMN bound_tokens; \
             ALTER TABLE plans DROP COLUMN private; ALTER TABLE tasks DROP COLUMN plan_private; DROP TABLE audit_beginnings; DROP TABLE audit_kept; ALTER TABLE artifacts DROP COLUMN provenance; DROP INDEX sessions_of_tenant; DROP INDEX campaigns_of_trace; ALTER TABLE sessions DROP COLUMN kind; ALTER TABLE sessions DROP COLUMN prefix; \
             ALTER TABLE sessions DROP COLUMN last_used_at; DROP TABLE mcp_servers; DROP INDEX tasks_dead; ALTER TABLE artifacts DROP COLUMN recalled; \
             DROP TABLE memory_vectors; DROP TABLE memory_words; DROP TABLE memories; DROP TABLE memory_owners; \
             DROP TABLE trend_clusters; DROP TABLE audit_links; DROP TABLE audit_checkpoints; \
             UPDATE schema_info SET version = 12; \
             UPDATE audit_logs SET timestamp = timestamp - 3600000000",
        )
        .await;
    let (code, said, noted) = audit(&home, &["verify"]).await;
    assert_eq!(code, Some(1), "{said}");
    assert!(noted.contains("its schema is 12"), "{noted}");
    runs_until_sealed(&home).await;
    let checked = verify(&home, &[]).await;
    assert_eq!((checked.code, checked.kinds()), (Some(0), vec![]));
    assert_eq!(checked.report["sealed_late"], records);
    assert!(checked.report["began_at"].is_string());
}

#[tokio::test]
async fn without_its_key_the_log_waits_until_the_key_is_back_or_given_up() {
    let world = World::at(signing_home()).await;
    sealed(world.api()).await;
    let home = world.closed().await.with("AUDIT_SIGNING_KEY", "");
    let daemon = Daemon::start(&home).await;
    let stopped = |chain: &Value| chain["sealing"]["state"] == "stopped";
    let status = chain(daemon.api(), "sealing has stopped", stopped).await;
    let problem = &status["sealing"]["problem"];
    assert_eq!(problem["code"], "AUDIT_KEY_LOST");
    assert!(problem["message"].as_str().unwrap().contains(KEY));
    let codes = |alerts: &[Value]| -> Vec<Value> {
        alerts.iter().map(|alert| alert["code"].clone()).collect()
    };
    until("an alert says so", SOON, || async {
        let alerts = daemon.api().all("/api/v1/alerts").await;
        (codes(&alerts) == [json!("AUDIT_KEY_LOST")]).then_some(())
    })
    .await;
    // The work goes on, and is on record.
    let policy = daemon.api().look("/api/v1/policy").await;
    let (etag, mut document) = (policy.etag.clone().unwrap(), policy.ok()["document"].take());
    document["hold_seconds"] = json!(9);
    let saved = daemon.api().put_if("/api/v1/policy", &etag, document).await;
    assert_eq!(saved.status, 200);
    let waits = |chain: &Value| chain["unsealed"].as_u64() > Some(0);
    chain(daemon.api(), "records wait", waits).await;
    daemon.stop().await;

    // Another key is none that anybody agreed to.
    let home = home.with("AUDIT_SIGNING_KEY", OTHER_SEED);
    let daemon = Daemon::start(&home).await;
    chain(daemon.api(), "sealing has stopped", stopped).await;
    daemon.stop().await;
    let home = home.with("CHIMERA_AUDIT_TRUSTED_KEYS", KEY);
    runs_until_sealed(&home).await;
    let checked = verify(&home, &[]).await;
    assert_eq!(
        (checked.code, checked.kinds()),
        (Some(0), vec![]),
        "{checked:#?}"
    );
    assert_ne!(checked.report["key"], KEY);
    let database = Database::of(&home);
    let told = "SELECT count(*) FROM audit_logs WHERE action = 'audit.key'";
    assert_eq!(database.number(told).await, 1);
}

#[tokio::test]
async fn without_any_key_the_log_is_sealed_and_says_that_it_is_not_signed() {
    let world = World::at(Home::new().with_loopback()).await;
    let status = sealed(world.api()).await;
    assert_eq!(status["sealing"]["state"], "unsigned");
    assert_eq!(
        status["sealing"]["problem"]["code"],
        "KEYCHAIN_SWITCHED_OFF"
    );
    assert_eq!(status["anchoring"], Value::Null);
    let checked = verify(world.home(), &[]).await;
    assert_eq!(
        (checked.code, &checked.report["key"]),
        (Some(0), &Value::Null)
    );
}

#[tokio::test]
async fn a_file_elsewhere_that_cannot_be_written_is_said_and_loses_nothing() {
    let home = anchored(signing_home());
    let file = anchor_of(&home);
    // Nobody can write lines into a folder.
    fs::create_dir(&file).unwrap();
    let world = World::at(home).await;
    let status = sealed(world.api()).await;
    assert_eq!(status["sealing"]["state"], "signed");
    let fails = |chain: &Value| chain["anchoring"]["problem"]["code"] == "AUDIT_ANCHOR_FAILED";
    chain(world.api(), "keeping elsewhere fails", fails).await;
    let alert = until("an alert says so", SOON, || async {
        let alerts = world.api().all("/api/v1/alerts").await;
        alerts.first().cloned()
    })
    .await;
    assert_eq!(alert["code"], "AUDIT_ANCHOR_FAILED");
    let path = file.display().to_string();
    assert!(
        alert["detail"].as_str().unwrap().contains(&path),
        "{alert:#}"
    );
    fs::remove_dir(&file).unwrap();
    let mended = |chain: &Value| chain["anchoring"]["problem"].is_null();
    chain(world.api(), "it is kept again", mended).await;
    let home = world.closed().await;
    let checked = verify(&home, &[]).await;
    assert_eq!(
        checked.report["anchored_to"], checked.report["sealed"],
        "{checked:#?}"
    );
}
