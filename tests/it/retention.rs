//! How long data are kept: chosen by an owner within bounds, taken out by the clock, and an audit log that was cut by
//! rule and still proves itself with nothing of ours.
//!
//! Never here: alterations of a log (`audit_attacks`).

use std::{path::Path, process::Command, time::Duration};

use serde_json::{Value, json};

use crate::support::{
    Home, World,
    audited::{Database, KEY, audit, sealed, sealed_long_ago, signing_home, verify},
    finished,
};

/// Longest run over a small installation.
const RUNS_WITHIN: Duration = Duration::from_secs(60);

async fn retention(home: &Home, arguments: &[&str]) -> Value {
    let mut command = home.chimerad();
    command.args(["retention", "--json"]).args(arguments);
    let (code, said, noted) = finished(command, RUNS_WITHIN).await;
    assert_eq!(code, Some(0), "{said}{noted}");
    serde_json::from_str(&said).unwrap()
}

fn rule<'a>(told: &'a Value, holding: &str) -> &'a Value {
    let items = told["items"].as_array().unwrap();
    items
        .iter()
        .find(|item| item["holding"] == holding)
        .unwrap()
}

#[tokio::test]
async fn an_owner_chooses_within_bounds_by_version_and_on_record() {
    let world = World::at(signing_home()).await;
    let api = world.api();
    let first = api.look("/api/v1/retention").await;
    let etag = first.etag.clone().unwrap();
    let told = first.ok();
    assert_eq!(told["version"], 0);
    assert_eq!(rule(&told, "audit")["days"], 365);
    assert_eq!(rule(&told, "incidents")["days"], 90);
    assert_eq!(rule(&told, "finance_audit")["days"], 2557);
    let short = json!({ "items": [{ "holding": "audit", "days": 364 }] });
    let refused = api.put_if("/api/v1/retention", &etag, short).await;
    let refused = refused.refused(422, "VALIDATION_ERROR");
    let words = refused["message"].as_str().unwrap();
    assert!(words.contains("at least 365"), "{words}");
    let chosen = json!({ "items": [
        { "holding": "traces", "days": 5 }, { "holding": "memories", "days": null },
    ] });
    let stored = api.put_if("/api/v1/retention", &etag, chosen.clone()).await;
    let stored = stored.ok();
    assert_eq!(
        (&stored["version"], &rule(&stored, "traces")["days"]),
        (&json!(1), &json!(5))
    );
    assert_eq!(rule(&stored, "memories")["days"], Value::Null);
    assert_eq!(rule(&stored, "memories")["chosen"], true);
    // The one who read the version before comes too late.
    let late = api.put_if("/api/v1/retention", &etag, chosen).await;
    assert_eq!(late.status, 412);
    let acts = api.all("/api/v1/audit?action=retention.save").await;
    assert_eq!(acts.len(), 1);
    assert_eq!(acts[0]["output"]["is"]["traces"], 5);
    assert_eq!(acts[0]["output"]["was"]["traces"], 90);
}

/// Follows an export with Node's standard library.
fn follow(export: &Path) -> (Option<i32>, Value) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("it/support/follow.mjs");
    let output = Command::new("node")
        .arg(script)
        .arg(export)
        .arg(KEY)
        .output()
        .expect("the tests need node");
    let said = String::from_utf8(output.stdout).unwrap();
    (output.status.code(), serde_json::from_str(&said).unwrap())
}

#[tokio::test]
async fn old_audit_records_go_up_to_a_signed_beginning_and_the_rest_still_proves_itself() {
    let world = World::at(signing_home()).await;
    sealed(world.api()).await;
    let home = world.closed().await;
    let old = sealed_long_ago(&home).await;
    let told = retention(&home, &["--now"]).await;
    let gone = rule(&told, "audit")["rows"].as_i64().unwrap();
    let database = Database::of(&home);
    let beginning = database
        .number("SELECT coalesce(max(pruned), 0) FROM audit_beginnings")
        .await;
    assert!(gone > 0 || beginning > 0, "{told:#}");
    assert_eq!(beginning, old - 1, "one is about money");
    assert_eq!(database.number("SELECT count(*) FROM audit_kept").await, 1);

    let checked = verify(&home, &[]).await;
    assert_eq!((checked.code, checked.kinds()), (Some(0), vec![]));
    let pruned = &checked.report["pruned"];
    assert_eq!(
        (&pruned["records"], &pruned["kept"]),
        (&json!(old - 1), &json!(1))
    );
    assert_eq!(
        pruned["rule"],
        "audit records 365 days, those about money 2557 days"
    );
    assert_eq!(
        (&pruned["key"], &pruned["up_to"]),
        (&json!(KEY), &json!(old)),
        "where it begins, and by whose signature"
    );
    let (_, said, _) = audit(&home, &["verify"]).await;
    assert!(
        said.contains(&format!("it begins after record {old}, signed by {KEY}")),
        "{said}"
    );
    let file = home.at("export.jsonl");
    let path = file.display().to_string();
    let (code, said, noted) = audit(&home, &["export", "--to", &path]).await;
    assert_eq!(code, Some(0), "{said}{noted}");
    let (code, told) = follow(&file);
    assert_eq!((code, &told["wrong"]), (Some(0), &json!([])), "{told}");
    assert_eq!(told["kept"], 1);
    let own = verify(&home, &["--bundle", &path, "--key", KEY]).await;
    assert_eq!((own.code, own.kinds()), (Some(0), vec![]));

    // Who takes out more by hand is found, whether or not the numbers are made to fit.
    database
        .alter("DELETE FROM audit_logs WHERE seq IN (SELECT seq FROM audit_kept)")
        .await;
    assert_eq!(verify(&home, &[]).await.kinds(), ["deleted"]);
    database.alter("DELETE FROM audit_kept").await;
    assert_eq!(verify(&home, &[]).await.kinds(), ["beginning_broken"]);
    database
        .alter("UPDATE audit_beginnings SET kept = 0, pruned = pruned + 1")
        .await;
    assert_eq!(verify(&home, &[]).await.code, Some(3));
}
