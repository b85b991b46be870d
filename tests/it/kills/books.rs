//! What is stored after the last life has left: whole, counted once, and the same as what the network has.
//!
//! Never here: how it came about.

use std::collections::BTreeSet;

use chimera_testkit::breakpoints::Breakpoint;
use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::support::Home;

/// Questions whose answer is a number of wrongs, with their names: nought each.
const WRONGS: [(&str, &str); 18] = [
    (
        "model calls under way without a process",
        "SELECT count(*) FROM model_reservations",
    ),
    (
        "days on which money is set aside for nothing",
        "SELECT count(*) FROM spend_of_day WHERE reserved_usd <> 0",
    ),
    (
        "days whose sums are not those of their lines",
        "SELECT count(*) FROM (SELECT campaign_id, sum(calls) AS told, sum(counted_usd) AS sum FROM spend_of_day \
             GROUP BY campaign_id) d \
         LEFT JOIN (SELECT coalesce(campaign_id, '') AS campaign_id, count(*) AS lines, sum(counted_usd) AS sum \
             FROM model_calls GROUP BY 1) l USING (campaign_id) WHERE d.told IS NOT l.lines OR d.sum IS NOT l.sum",
    ),
    (
        "sealed records that no checkpoint covers",
        "SELECT count(*) FROM audit_links l WHERE number > (SELECT coalesce(max(last_number), 0) \
             FROM audit_checkpoints c WHERE c.tenant_id = l.tenant_id)",
    ),
    (
        "memories that are counted and not there, or there and not counted",
        "SELECT abs(coalesce(sum(held), 0) - (SELECT count(*) FROM memories)) FROM memory_owners",
    ),
    (
        "vectors of nothing that is remembered",
        "SELECT count(*) FROM memory_vectors v WHERE NOT EXISTS (SELECT 1 FROM memories m WHERE m.seq = v.memory_seq)",
    ),
    (
        "gaps in the events",
        "SELECT max(seq) - count(*) - CASE WHEN EXISTS (SELECT 1 FROM audit_logs WHERE action = 'retention.run') \
             THEN min(seq) - 1 ELSE 0 END FROM events",
    ),
    (
        "records of one transition written twice",
        "SELECT count(*) FROM (SELECT 1 FROM audit_logs WHERE input_data ->> '$.version' IS NOT NULL \
             GROUP BY task_id, action, input_data ->> '$.version' HAVING count(*) > 1)",
    ),
    (
        "campaigns made, started or finished twice",
        "SELECT count(*) FROM (SELECT 1 FROM audit_logs WHERE action IN ('campaign.create', 'campaign.start', \
             'campaign.finish', 'campaign.fail') GROUP BY campaign_id, action HAVING count(*) > 1)",
    ),
    (
        "agents made twice",
        "SELECT count(*) FROM (SELECT 1 FROM agents GROUP BY name HAVING count(*) > 1)",
    ),
    (
        "campaigns made twice",
        "SELECT count(*) FROM (SELECT 1 FROM campaigns GROUP BY name HAVING count(*) > 1)",
    ),
    (
        "accounts or workspaces too many",
        "SELECT (SELECT count(*) FROM tenants) - 1",
    ),
    (
        "attempts that nobody ended",
        "SELECT count(*) FROM attempts WHERE ended_at IS NULL",
    ),
    (
        "open tasks of campaigns that are over",
        "SELECT count(*) FROM tasks t JOIN campaigns c ON c.id = t.campaign_id \
         WHERE t.standing = 'open' AND c.status IN ('COMPLETED', 'FAILED', 'CANCELLED')",
    ),
    (
        "counters that are not those of their tasks",
        "SELECT count(*) FROM campaign_progress p WHERE \
             p.open_tasks <> (SELECT count(*) FROM tasks t WHERE t.campaign_id = p.campaign_id AND standing = 'open') \
             OR p.completed_tasks <> (SELECT count(*) FROM tasks t WHERE t.campaign_id = p.campaign_id \
                 AND standing = 'completed') \
             OR p.failed_tasks <> (SELECT count(*) FROM tasks t WHERE t.campaign_id = p.campaign_id \
                 AND standing = 'failed') \
             OR p.cancelled_tasks <> (SELECT count(*) FROM tasks t WHERE t.campaign_id = p.campaign_id \
                 AND standing = 'cancelled')",
    ),
    (
        "people erased twice",
        "SELECT count(*) FROM (SELECT 1 FROM audit_logs WHERE action = 'person.erase' \
             GROUP BY output_data ->> '$.person' HAVING count(*) > 1)",
    ),
    (
        "erasures left half done",
        "SELECT count(*) FROM settings WHERE key = 'person.erasing'",
    ),
    (
        "effects left in the air",
        "SELECT count(*) FROM effects WHERE state IN ('held', 'dispatching', 'pending_reconciliation')",
    ),
];

pub(super) async fn number(books: &mut SqliteConnection, question: &'static str) -> i64 {
    sqlx::query_scalar(question).fetch_one(books).await.unwrap()
}

/// That nothing is lost, repeated or left in the air.
pub(super) async fn balance(home: &Home, killed_at: Breakpoint) {
    let options = SqliteConnectOptions::new()
        .filename(home.data().join("chimera.db"))
        .read_only(true);
    let mut books = options.connect().await.unwrap();
    let whole: String = sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_one(&mut books)
        .await
        .unwrap();
    assert_eq!(whole, "ok", "killed at {killed_at}");
    for (what, question) in WRONGS {
        let found: Option<i64> = sqlx::query_scalar(question)
            .fetch_one(&mut books)
            .await
            .unwrap();
        assert_eq!(found.unwrap_or(0), 0, "{what}, killed at {killed_at}");
    }
    // The network is the witness: each post once, and each that is there is known here.
    let posts = home.posts();
    let keys: BTreeSet<String> = posts
        .iter()
        .map(|post| post["intent_key"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        keys.len(),
        posts.len(),
        "an intent went out twice, killed at {killed_at}"
    );
    let texts: BTreeSet<String> = posts
        .iter()
        .map(|post| post["text"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        texts.len(),
        posts.len(),
        "a post went out under two intents, killed at {killed_at}"
    );
    let sent: Vec<String> =
        sqlx::query_scalar("SELECT intent_key FROM effects WHERE state = 'sent' ORDER BY 1")
            .fetch_all(&mut books)
            .await
            .unwrap();
    assert_eq!(
        sent,
        keys.into_iter().collect::<Vec<_>>(),
        "killed at {killed_at}"
    );
    let published = number(&mut books, "SELECT count(*) FROM publications").await;
    assert_eq!(
        published,
        i64::try_from(posts.len()).unwrap(),
        "killed at {killed_at}"
    );
    books.close().await.unwrap();
}
