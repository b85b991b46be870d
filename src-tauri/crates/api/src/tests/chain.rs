//! The chain over the audit log: who may look and who may have it checked, and that each tenant has its own.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use chimera_audit::{Keys, Notary, NotaryOptions, Sealer, Signing};
use chimera_domain::{
    change::Change, digest::VerifyingKey, fault::Fault, id::TenantId, role::Role,
};
use chimera_door::options::Options;
use chimera_ports::store::Log;
use chimera_testkit::World;
use serde_json::{Value, json};

use super::bench::{ALL_ROLES, Bench, Call};
use crate::router;

/// No key at all.
struct NoKeys;

#[async_trait]
impl Keys for NoKeys {
    async fn signing(&self, _: TenantId, _: Option<VerifyingKey>) -> Result<Signing, Fault> {
        Ok(Signing {
            sealer: Sealer::new(None),
            unsigned: None,
        })
    }

    async fn trusted(&self, _: TenantId) -> Result<Vec<VerifyingKey>, Fault> {
        Ok(Vec::new())
    }
}

/// A bench whose audit log is sealed.
async fn sealing() -> (Bench, Notary) {
    let mut bench = Bench::new().await;
    let notary = Notary::new(NotaryOptions {
        store: bench.store.clone(),
        clock: bench.world.clock.clone(),
        ids: bench.world.ids.clone(),
        keys: Arc::new(NoKeys),
        checked_every: None,
        anchor: None,
    });
    notary.start();
    let options = Options {
        notary: Some(notary.clone()),
        ..Options::default()
    };
    bench.router = router(bench.runtime.clone(), options);
    (bench, notary)
}

async fn write(bench: &Bench, world: &World, count: usize) {
    let record = |_| Change::Audit(world.audit("review.approve"));
    let notes = (0..count).map(record).collect();
    bench.store.append(world.tenant, notes).await.unwrap();
}

/// The chain as soon as it is like this.
async fn until(bench: &Bench, token: &str, like: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..600 {
        let chain = bench.get(token, "/api/v1/audit/chain").await;
        if like(&chain) {
            return chain;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!(
        "waited in vain: {}",
        bench.get(token, "/api/v1/audit/chain").await
    );
}

fn all_sealed(chain: &Value) -> bool {
    chain["unsealed"] == 0 && chain["sealed"].as_u64() > Some(0)
}

#[tokio::test]
async fn each_tenant_sees_checks_and_exports_its_own_log() {
    let (bench, notary) = sealing().await;
    bench.bed(bench.world.clone()).await;
    let theirs = bench.bed(bench.world.other_tenant()).await;
    let (_, token) = bench.person(&bench.world, "tomas", ALL_ROLES).await;
    let (_, stranger) = bench.person(&theirs.world, "stranger", ALL_ROLES).await;
    write(&bench, &bench.world, 3).await;
    write(&bench, &theirs.world, 5).await;
    let own = until(&bench, &token, |chain| chain["sealed"] == 3).await;
    assert_eq!(own["sealing"]["state"], "unsigned");
    until(&bench, &stranger, |chain| chain["sealed"] == 5).await;
    let begun = bench
        .call(Call::post("/api/v1/audit/chain/verify").token(&token))
        .await;
    assert_eq!(begun.status.as_u16(), 202, "{}", begun.text);
    let checked = until(&bench, &token, |chain| !chain["last_check"].is_null()).await;
    let report = &checked["last_check"]["report"];
    assert_eq!(report["standing"], "broken", "{report:#}");
    // The bed's campaign was stored without a word, which is what completeness is about.
    assert_eq!(
        (&report["intact"], &report["complete"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(report["findings"][0]["kind"], "unrecorded");
    assert_eq!(checked["last_check"]["by"]["name"], "tomas");
    let untouched = bench.get(&stranger, "/api/v1/audit/chain").await;
    assert_eq!(untouched["last_check"], Value::Null);

    let export = bench
        .call(Call::get("/api/v1/audit/export").token(&stranger))
        .await
        .ok();
    let kind = export.headers["content-disposition"].to_str().unwrap();
    assert!(kind.starts_with("attachment"), "{kind}");
    let lines: Vec<Value> = export
        .text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[0]["bundle"]["tenant"], json!(theirs.world.tenant));
    // The export is on record before it begins, and may be sealed by then.
    let links = lines.iter().filter(|line| !line["link"].is_null()).count();
    assert!(links >= 5);
    assert_eq!(lines.last().unwrap()["end"]["links"], links);
    notary.shut_down().await;
}

#[tokio::test]
async fn who_may_only_read_has_nothing_checked() {
    let (bench, notary) = sealing().await;
    bench.bed(bench.world.clone()).await;
    write(&bench, &bench.world, 1).await;
    let (_, viewer) = bench.person(&bench.world, "vera", &[Role::Viewer]).await;
    until(&bench, &viewer, all_sealed).await;
    let refused = bench
        .call(Call::post("/api/v1/audit/chain/verify").token(&viewer))
        .await;
    assert_eq!(refused.code(), "FORBIDDEN");
    let (_, finance) = bench.person(&bench.world, "fini", &[Role::Finance]).await;
    let begun = bench
        .call(Call::post("/api/v1/audit/chain/verify").token(&finance))
        .await;
    assert_eq!(begun.status.as_u16(), 202, "{}", begun.text);
    notary.shut_down().await;
}

#[tokio::test]
async fn where_nothing_seals_the_log_that_is_said() {
    let bench = Bench::new().await;
    bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bench.world, "tomas", ALL_ROLES).await;
    for call in [
        Call::get("/api/v1/audit/chain"),
        Call::post("/api/v1/audit/chain/verify"),
        Call::get("/api/v1/audit/export"),
    ] {
        assert_eq!(bench.call(call.token(&token)).await.code(), "UNAVAILABLE");
    }
}
