//! The return brief: what is counted, what is not, and by whom it can be read.

use chimera_domain::{
    audit::{AuditRecord, AuditStatus},
    change::Change,
    role::Role,
};
use chimera_ports::store::Log;
use serde_json::{Value, json};

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

/// Which of these are told, and as what.
async fn told(bench: &Bench, token: &str, figures: [&str; 4]) -> [Value; 4] {
    let brief = bench
        .get(token, "/api/v1/home?since=2026-01-01T00:00:00Z")
        .await;
    figures.map(|figure| brief["happened"][figure].clone())
}

#[tokio::test]
async fn a_figure_is_told_to_those_who_may_read_what_it_counts() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let words = [
        "review.reject",
        "effect.settle",
        "task.fail",
        "campaign.finish",
    ];
    let records = words.map(|word| Change::Audit(bed.world.audit(word)));
    bench
        .store
        .append(bed.world.tenant, records.into())
        .await
        .unwrap();
    let figures = ["rejected", "published", "failed", "finished"];
    for (role, expected) in [
        (Role::Admin, [Some(1); 4]),
        // Who reads the audit log can count it.
        (Role::Finance, [Some(1); 4]),
        (Role::Moderator, [Some(1), Some(1), None, None]),
        (Role::BrandOwner, [Some(1); 4]),
    ] {
        let (_, token) = bench.person(&bed.world, role.as_str(), &[role]).await;
        let expected = expected.map(|count: Option<u64>| json!(count));
        assert_eq!(told(&bench, &token, figures).await, expected, "{role:?}");
    }
}
