//! What is there was made long ago: its rows, and the audit log as it was sealed then. After a kill in the middle of taking
//! it out, all of it goes, the log proves itself, and it says once of each record that is gone that it went.
//!
//! Never here: how it is taken out (`retention`, `audit`).

use chimera_testkit::breakpoints::Breakpoint;
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};

use super::books::number;
use crate::support::{
    Home,
    audited::{KEY, sealed_long_ago, signing_home, verify},
};

/// A home whose log is signed: no other is cut.
pub(super) fn home() -> Home {
    // A check that is two years late would begin at once, and no cut goes beside one.
    signing_home().with("CHIMERA_AUDIT_CHECK_HOURS", 0)
}

/// As if everything that may go by the clock had been made two years ago, and no run had been over it.
pub(super) async fn age(home: &Home) {
    sealed_long_ago(home).await;
    age_rows(home).await;
}

/// Everything else that may go by the clock.
async fn age_rows(home: &Home) {
    let options = SqliteConnectOptions::new().filename(home.data().join("chimera.db"));
    let mut books = options.connect().await.unwrap();
    sqlx::raw_sql(
        "UPDATE events SET at = at - 63072000000000; \
         UPDATE trends SET fetched_at = fetched_at - 63072000000000; \
         UPDATE attempts SET started_at = started_at - 63072000000000; \
         UPDATE artifacts SET created_at = created_at - 63072000000000; \
         UPDATE tasks SET updated_at = updated_at - 63072000000000; \
         UPDATE campaigns SET created_at = created_at - 63072000000000; \
         UPDATE reviews SET decided_at = decided_at - 63072000000000; \
         UPDATE content SET created_at = created_at - 63072000000000; \
         DELETE FROM settings WHERE key IN ('retention.run', 'retention.begun')",
    )
    .execute(&mut books)
    .await
    .unwrap();
    let old = number(&mut books, OLD).await;
    assert!(old > 3, "there is something old: {old}");
    books.close().await.unwrap();
}

/// Rows that are older than anything of their kind is kept, and that nothing needs.
const OLD: &str = "SELECT (SELECT count(*) FROM attempts WHERE started_at < 1e6 * (unixepoch() - 31536000)) \
     + (SELECT count(*) FROM trends t WHERE fetched_at < 1e6 * (unixepoch() - 31536000) \
         AND NOT EXISTS (SELECT 1 FROM content c WHERE c.trend_id = t.id)) \
     + (SELECT count(*) FROM artifacts WHERE created_at < 1e6 * (unixepoch() - 31536000) AND sources <> '[]')";

/// That what was old is gone, and what proves a decision is not.
pub(super) async fn nothing_old(home: &Home, killed_at: Breakpoint) {
    let options = SqliteConnectOptions::new()
        .filename(home.data().join("chimera.db"))
        .read_only(true);
    let mut books = options.connect().await.unwrap();
    assert_eq!(number(&mut books, OLD).await, 0, "killed at {killed_at}");
    let unproven = "SELECT count(*) FROM effects e WHERE NOT EXISTS \
        (SELECT 1 FROM artifacts a WHERE a.id = e.artifact_id AND a.payload <> '{}' AND a.action IS NOT NULL)";
    assert_eq!(
        number(&mut books, unproven).await,
        0,
        "killed at {killed_at}"
    );
    let told = number(
        &mut books,
        "SELECT count(*) FROM audit_logs WHERE action = 'retention.run' AND output_data ->> '$.after_one_broken_off' IS NOT NULL",
    )
    .await;
    assert_eq!(
        told, 1,
        "killed at {killed_at}: a run that was broken off is told of"
    );
    assert_eq!(
        number(&mut books, OLD_RECORDS).await,
        0,
        "killed at {killed_at}: a record of two years ago is there that is not about money"
    );
    // Numbers are given once: what is gone was taken out, and nothing else is.
    for (what, wrongs) in [
        (
            "records that are neither there nor taken out by a cut",
            "SELECT max(seq) - count(*) - (SELECT coalesce(sum(pruned), 0) FROM audit_beginnings) FROM audit_logs",
        ),
        (
            "cuts that nobody was told of, or was told of twice",
            "SELECT (SELECT sum(number) FROM audit_beginnings) - count(*) FROM audit_logs WHERE action = 'audit.prune'",
        ),
        (
            "records that went and were told of by no cut, or by two",
            "SELECT (SELECT sum(pruned) FROM audit_beginnings) - sum(output_data ->> '$.records') FROM audit_logs \
             WHERE action = 'audit.prune'",
        ),
    ] {
        let found = number(&mut books, wrongs).await;
        assert_eq!(found, 0, "{what}, killed at {killed_at}");
    }
    books.close().await.unwrap();
    let checked = verify(home, &[]).await;
    let begins = &checked.report["pruned"];
    assert_eq!(
        (checked.code, checked.kinds(), &begins["key"]),
        (Some(0), vec![], &serde_json::json!(KEY)),
        "killed at {killed_at}: {:#}",
        checked.report
    );
    assert!(begins["records"].as_u64() > Some(1), "{begins:#}");
}

/// Records that are older than any is kept that is not about money.
const OLD_RECORDS: &str = "SELECT count(*) FROM audit_logs WHERE timestamp < 1e6 * (unixepoch() - 31536000) \
     AND action NOT IN ('campaign.amend', 'campaign.budget_used_up', 'campaign.start', 'prices.save')";
