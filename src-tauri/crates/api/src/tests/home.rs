//! The return brief: what is counted, what is not, and by whom it can be read.

use chimera_domain::{
    audit::{AuditRecord, AuditStatus},
    change::Change,
};
use chimera_ports::store::Log;
use serde_json::json;

use super::{
    bench::{ALL_ROLES, Bench},
    effects::{say, unclear},
};

#[tokio::test]
async fn a_try_that_is_made_again_is_no_failure() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "inga", ALL_ROLES).await;
    let of = |action: &str, status| {
        Change::Audit(AuditRecord {
            status,
            ..bed.world.audit(action)
        })
    };
    let records = vec![
        of("task.retry", AuditStatus::Failure),
        of("task.retry", AuditStatus::Failure),
        of("task.lapse", AuditStatus::Failure),
        of("effect.retry", AuditStatus::Failure),
        of("effect.unclear", AuditStatus::Pending),
        of("task.fail", AuditStatus::Failure),
        of("effect.fail", AuditStatus::Failure),
        of("task.time_out", AuditStatus::Failure),
    ];
    bench.store.append(bed.world.tenant, records).await.unwrap();
    let path = format!("/api/v1/home?since={}", bench.world.now());
    let brief = bench.get(&token, path).await;
    assert_eq!(brief["happened"]["failed"], json!(3));
}

#[tokio::test]
async fn what_a_person_found_sent_is_published_and_what_they_did_not_find_failed() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "inga", ALL_ROLES).await;
    let since = bench.world.now();
    let (found, _) = unclear(&bench, &bed, &token).await;
    let said = json!({ "sent": true, "post_id": "p-9" });
    say(&bench, &token, &found, &said).await.ok();
    let (lost, _) = unclear(&bench, &bed, &token).await;
    say(&bench, &token, &lost, &json!({ "sent": false }))
        .await
        .ok();
    let brief = bench
        .get(&token, format!("/api/v1/home?since={since}"))
        .await;
    let happened = &brief["happened"];
    assert_eq!(
        (
            &happened["published"],
            &happened["by_rule"],
            &happened["failed"]
        ),
        (&json!(1), &json!(0), &json!(1))
    );
}
