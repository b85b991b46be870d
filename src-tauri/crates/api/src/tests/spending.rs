//! The ledger, line by line: newest first, a page at a time, for whoever may see what calls cost.

use chimera_domain::{
    id::{CallId, TaskId},
    money::Usd,
    role::Role,
    spend::{Admission, CallOutcome, CallRole, Reservation, Settlement, ToldTokens},
};
use chimera_ports::store::Ledger;
use chimera_testkit::store_contract::Bed;
use serde_json::{Value, json};

use super::bench::{ALL_ROLES, Bench, Call};

/// A call that has ended, at this cost.
async fn made(bench: &Bench, bed: &Bed, task: Option<TaskId>, cost: Option<Usd>) {
    let asked = Reservation {
        id: CallId::from_uuid(bed.world.uuid()),
        tenant: bed.campaign.tenant,
        campaign: Some(bed.campaign.id),
        task,
        attempt: None,
        role: task.map_or(CallRole::Planner, |_| CallRole::Drafter),
        provider: "scripted".to_owned(),
        model: "fast".to_owned(),
        rehearsal: false,
        bound: Some(Usd::from_cents(12)),
        cap: None,
        most_tokens: 1_000,
        token_cap: None,
        started_at: bed.world.now(),
    };
    let reserved = bench.store.reserve(&asked, &Vec::new).await.unwrap();
    assert_eq!(reserved.admission, Admission::Granted);
    let ended = Settlement {
        id: asked.id,
        outcome: match cost {
            Some(_) => CallOutcome::Answered,
            None => CallOutcome::TimedOut,
        },
        fault: cost.is_none().then(|| "MODEL_TIMEOUT".to_owned()),
        tokens: cost.map(|_| ToldTokens {
            input: 100,
            cached: 40,
            output: 7,
        }),
        cost,
        ended_at: bed.world.now(),
    };
    assert!(bench.store.settle(asked.tenant, &ended).await.unwrap());
}

#[tokio::test]
async fn the_lines_of_a_campaign_come_newest_first_in_pages() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let task = bed.ready_task(bench.store.as_ref()).await;
    made(&bench, &bed, None, Some(Usd::from_cents(3))).await;
    made(&bench, &bed, Some(task.id), None).await;
    let path = format!("/api/v1/campaigns/{}/calls?limit=1", bed.campaign.id);
    let newest = bench.get(&token, path.as_str()).await;
    let line = &newest["items"][0];
    assert_eq!(
        (
            &line["task"],
            &line["role"],
            &line["outcome"],
            &line["fault"]
        ),
        (
            &json!(task.id),
            &json!("drafter"),
            &json!("timed_out"),
            &json!("MODEL_TIMEOUT")
        )
    );
    assert_eq!(
        (&line["cost"], &line["counted"], &line["tokens"]),
        (&Value::Null, &json!("0.12"), &Value::Null),
        "not known, and not nothing"
    );
    let next = newest["next"].as_str().unwrap();
    let oldest = bench.get(&token, format!("{path}&after={next}")).await;
    let line = &oldest["items"][0];
    assert_eq!(
        (
            &line["task"],
            &line["role"],
            &line["cost"],
            &line["tokens"],
            &oldest["next"]
        ),
        (
            &Value::Null,
            &json!("planner"),
            &json!("0.03"),
            &json!({ "input": 100, "cached": 40, "output": 7 }),
            &Value::Null
        )
    );
}

#[tokio::test]
async fn finance_reads_the_ledger_and_a_moderator_does_not() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let path = format!("/api/v1/campaigns/{}/calls", bed.campaign.id);
    let (_, finance) = bench.person(&bed.world, "fin", &[Role::Finance]).await;
    assert_eq!(
        bench.get(&finance, path.as_str()).await,
        json!({ "items": [], "next": null })
    );
    let (_, moderator) = bench.person(&bed.world, "mo", &[Role::Moderator]).await;
    let refused = bench.call(Call::get(path.as_str()).token(&moderator)).await;
    assert_eq!(refused.code(), "FORBIDDEN");
    let elsewhere = bench.bed(bench.world.other_tenant()).await;
    let theirs = format!("/api/v1/campaigns/{}/calls", elsewhere.campaign.id);
    let refused = bench.call(Call::get(theirs).token(&finance)).await;
    assert_eq!(refused.code(), "NOT_FOUND");
}
