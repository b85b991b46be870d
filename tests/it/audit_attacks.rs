//! Somebody who can write the database alters the audit log of a real Chimera; `chimerad audit verify` says what.
//!
//! Never here: what the log is for (`audit`), or how it lives (`audit_chain`).

use serde_json::{Value, json};

use crate::support::{
    Home, World,
    audited::{
        Database, OTHER_SEED, SEED, anchor_of, anchored, audit, runs_until_sealed, sealed,
        signing_home, verify,
    },
};

/// A closed home with some fifteen records under several checkpoints, all of it kept elsewhere too.
async fn closed() -> Home {
    let world = World::at(anchored(signing_home())).await;
    for undo in 2..8 {
        world
            .policy(|policy| policy["hold_seconds"] = json!(undo))
            .await;
        sealed(world.api()).await;
    }
    world.closed().await
}

#[tokio::test]
async fn an_untouched_log_is_anchored() {
    let home = closed().await;
    let checked = verify(&home, &[]).await;
    assert_eq!(checked.code, Some(0), "{checked:#?}");
    let report = &checked.report;
    assert_eq!(report["standing"], "anchored");
    assert_eq!(report["intact"], true);
    assert_eq!(report["completeness"]["complete"], true);
    assert_eq!(report["completeness"]["unsealed"], 0);
    assert_eq!(report["key_trusted"], true);
    assert_eq!(report["anchored_to"], report["sealed"]);
    assert!(report["checkpoints"].as_u64() > Some(3), "{report:#}");
}

/// What somebody does to the database, and what is found: the log has `last` records, and its last checkpoint but one
/// ends with record `kept`.
fn cases(last: i64, kept: i64) -> [(&'static str, Value); 9] {
    [
        (
            "UPDATE audit_logs SET output_data = '{\"forged\":true}' \
             WHERE seq = (SELECT seq FROM audit_links WHERE number = 3)",
            json!([{ "kind": "edited", "number": 3 }]),
        ),
        (
            // What every reader but SQL's takes for the same.
            "UPDATE audit_logs SET output_data = ' ' || output_data \
             WHERE seq = (SELECT seq FROM audit_links WHERE number = 3)",
            json!([{ "kind": "edited", "number": 3 }]),
        ),
        (
            "UPDATE audit_logs SET actor = 'nobody' WHERE seq = (SELECT seq FROM audit_links WHERE number = 2)",
            json!([{ "kind": "edited", "number": 2 }]),
        ),
        (
            "DELETE FROM audit_logs WHERE seq = (SELECT seq FROM audit_links WHERE number = 4)",
            json!([{ "kind": "deleted", "number": 4 }]),
        ),
        (
            "UPDATE audit_logs SET seq = -1 WHERE seq = (SELECT seq FROM audit_links WHERE number = 5); \
             UPDATE audit_logs SET seq = (SELECT seq FROM audit_links WHERE number = 5) \
                 WHERE seq = (SELECT seq FROM audit_links WHERE number = 7); \
             UPDATE audit_logs SET seq = (SELECT seq FROM audit_links WHERE number = 7) WHERE seq = -1",
            json!([{ "kind": "reordered", "number": 5 }, { "kind": "reordered", "number": 7 }]),
        ),
        (
            "DELETE FROM audit_logs WHERE seq > (SELECT seq FROM audit_links WHERE number = (SELECT last_number \
                 FROM audit_checkpoints ORDER BY number DESC LIMIT 1 OFFSET 1)); \
             DELETE FROM audit_links WHERE number > (SELECT last_number \
                 FROM audit_checkpoints ORDER BY number DESC LIMIT 1 OFFSET 1)",
            json!([{ "kind": "truncated", "sealed": last, "found": kept }]),
        ),
        (
            "INSERT INTO audit_logs SELECT -5, 'c0ffee00-0000-4000-8000-000000000001', tenant_id, actor, action, \
                 agent_id, campaign_id, task_id, trace_id, skill_name, input_data, output_data, status, timestamp \
             FROM audit_logs LIMIT 1",
            json!([{ "kind": "inserted", "record": "c0ffee00-0000-4000-8000-000000000001" }]),
        ),
        (
            "DELETE FROM audit_checkpoints WHERE number = 2",
            json!([{ "kind": "checkpoints_missing", "from": 2, "to": 2 }]),
        ),
        (
            "UPDATE audit_checkpoints SET signature = (SELECT signature FROM audit_checkpoints WHERE number = 3) \
             WHERE number = 2",
            json!([{ "kind": "signature_broken", "number": 2 }]),
        ),
    ]
}

#[tokio::test]
async fn whatever_is_altered_is_named_with_its_kind_and_place() {
    let home = closed().await;
    let database = Database::of(&home);
    let last = database.number("SELECT max(number) FROM audit_links").await;
    let kept = database
        .number("SELECT last_number FROM audit_checkpoints ORDER BY number DESC LIMIT 1 OFFSET 1")
        .await;
    for (sql, expected) in cases(last, kept) {
        database.alter(sql).await;
        let checked = verify(&home, &[]).await;
        assert_eq!(checked.code, Some(3), "{sql}: {checked:#?}");
        assert_eq!(checked.report["standing"], "broken", "{sql}");
        let found = checked.report["findings"].as_array().unwrap();
        let expected = expected.as_array().unwrap();
        assert_eq!(found.len(), expected.len(), "{sql}: {found:#?}");
        for (found, expected) in found.iter().zip(expected) {
            for (name, value) in expected.as_object().unwrap() {
                assert_eq!(&found[name], value, "{sql}: {found:#}");
            }
        }
        let missing = ["deleted", "truncated", "checkpoints_missing"];
        let missing = checked.kinds().iter().all(|kind| missing.contains(kind));
        assert_eq!(checked.report["intact"], missing, "{sql}");
        assert_eq!(
            checked.report["completeness"]["complete"], !missing,
            "{sql}"
        );
        database.restore();
    }
}

#[tokio::test]
async fn an_end_cut_off_with_its_checkpoints_shows_by_what_was_kept_elsewhere_alone() {
    let home = closed().await;
    let database = Database::of(&home);
    database
        .alter(
            "DELETE FROM audit_logs WHERE seq > (SELECT seq FROM audit_links WHERE number = (SELECT last_number \
                 FROM audit_checkpoints ORDER BY number DESC LIMIT 1 OFFSET 1)); \
             DELETE FROM audit_links WHERE number > (SELECT last_number \
                 FROM audit_checkpoints ORDER BY number DESC LIMIT 1 OFFSET 1); \
             DELETE FROM audit_checkpoints WHERE number = (SELECT max(number) FROM audit_checkpoints)",
        )
        .await;
    let seen = verify(&home, &[]).await;
    assert_eq!((seen.code, seen.kinds()), (Some(3), vec!["truncated"]));
    // Without it, the log says that nothing elsewhere vouches for it.
    let empty = home.write("empty.jsonl", "").display().to_string();
    let alone = verify(&home, &["--anchor", &empty]).await;
    assert_eq!(alone.code, Some(4), "{alone:#?}");
    assert_eq!(alone.report["standing"], "unanchored");
}

#[tokio::test]
async fn a_log_written_anew_with_the_key_shows_by_what_was_kept_elsewhere_alone() {
    let home = closed().await;
    let kept = home.at("kept.jsonl");
    std::fs::copy(anchor_of(&home), &kept).unwrap();
    let database = Database::of(&home);
    let forge = "UPDATE audit_logs SET output_data = '{\"forged\":true}' \
             WHERE seq = (SELECT seq FROM audit_links WHERE number = 3); \
         DELETE FROM audit_links; DELETE FROM audit_checkpoints";
    database.alter(forge).await;
    // Chimera itself seals it all anew, with the real key.
    let home = home.with("CHIMERA_AUDIT_ANCHOR", "");
    runs_until_sealed(&home).await;
    let alone = verify(&home, &[]).await;
    assert_eq!(alone.code, Some(0), "{alone:#?}");
    assert_eq!(alone.report["standing"], "unanchored");
    let anchored = verify(&home, &["--anchor", &kept.display().to_string()]).await;
    assert_eq!(anchored.code, Some(3), "{anchored:#?}");
    assert!(anchored.kinds().contains(&"rechained"), "{anchored:#?}");

    // With another key, this machine's own key is enough to tell.
    database.restore();
    database.alter(forge).await;
    let home = home.with("AUDIT_SIGNING_KEY", OTHER_SEED);
    runs_until_sealed(&home).await;
    let home = home.with("AUDIT_SIGNING_KEY", SEED);
    let stranger = verify(&home, &[]).await;
    assert_eq!(stranger.code, Some(3));
    assert!(
        stranger.kinds().iter().all(|kind| *kind == "key_unknown"),
        "{stranger:#?}"
    );
}

#[tokio::test]
async fn what_happened_without_a_record_is_told_apart_from_what_was_altered() {
    let world = World::at(signing_home()).await;
    let feed = world.feed_file(&[]);
    let agent = world.agent().to_owned();
    let goal = "One post about cold brew on tap, no health claims";
    let campaign = world.planned(&agent, goal, &feed).await;
    sealed(world.api()).await;
    let home = world.closed().await;
    let whole = verify(&home, &[]).await;
    assert_eq!(whole.code, Some(0), "{whole:#?}");
    // The forger takes the records of the campaign away and lets everything be sealed anew: the chain is sound.
    let database = Database::of(&home);
    database
        .alter(
            "DELETE FROM audit_logs WHERE campaign_id IS NOT NULL; DELETE FROM audit_links; DELETE FROM audit_checkpoints",
        )
        .await;
    runs_until_sealed(&home).await;
    let checked = verify(&home, &[]).await;
    assert_eq!(checked.code, Some(3), "{checked:#?}");
    assert_eq!(checked.report["intact"], true);
    assert_eq!(checked.report["completeness"]["complete"], false);
    let expected = json!([{ "kind": "unrecorded", "what": "campaign", "id": campaign }]);
    assert_eq!(checked.report["findings"], expected);
}

/// The whole log of the whole installation.
const EVERYTHING: &str = "PRAGMA foreign_keys = OFF; DELETE FROM audit_logs; DELETE FROM audit_links; \
     DELETE FROM audit_checkpoints; DELETE FROM tenants";

#[tokio::test]
async fn a_workspace_that_is_gone_with_its_log_or_without_it_is_missed() {
    let home = closed().await;
    let database = Database::of(&home);
    for sql in [
        "PRAGMA foreign_keys = OFF; DELETE FROM tenants",
        "PRAGMA foreign_keys = OFF; UPDATE tenants SET id = 'c0ffee00-0000-4000-8000-000000000001'",
        EVERYTHING,
    ] {
        database.alter(sql).await;
        let checked = verify(&home, &[]).await;
        assert_eq!(checked.code, Some(3), "{sql}: {checked:#?}");
        let missed = checked.reports.iter().any(|report| {
            let found = report["findings"].as_array().unwrap();
            found
                .iter()
                .any(|finding| finding["kind"] == "workspace_gone")
        });
        assert!(missed, "{sql}: {checked:#?}");
        database.restore();
    }
    // Without what was kept elsewhere there is nothing left that could be well.
    database.alter(EVERYTHING).await;
    let home = home.with("CHIMERA_AUDIT_ANCHOR", "");
    let (code, said, noted) = audit(&home, &["verify", "--json"]).await;
    assert_eq!((code, said.as_str()), (Some(1), ""), "{noted}");
    assert!(noted.contains("there is no log to verify"), "{noted}");
}

#[tokio::test]
async fn what_is_not_sealed_is_not_called_unaltered() {
    let home = closed().await.with("CHIMERA_AUDIT_ANCHOR", "");
    let database = Database::of(&home);
    database
        .alter(
            "UPDATE audit_logs SET output_data = '{\"forged\":true}' WHERE seq = (SELECT min(seq) FROM audit_logs); \
             DELETE FROM audit_links; DELETE FROM audit_checkpoints",
        )
        .await;
    let checked = verify(&home, &[]).await;
    assert_eq!(checked.code, Some(5), "{checked:#?}");
    assert_eq!(checked.report["sealed"], 0);
    let (_, said, _) = audit(&home, &["verify"]).await;
    assert!(
        said.contains("nothing is sealed, so that nothing is proven"),
        "{said}"
    );
    assert!(said.contains("records are not sealed"), "{said}");
    assert!(!said.contains("no record was altered"), "{said}");
}
