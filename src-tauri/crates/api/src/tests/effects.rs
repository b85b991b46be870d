//! Actions on their way: what a person says about an outcome that nobody knows, and a stop that cannot be read.

use axum::http::StatusCode;
use chimera_domain::{
    action::{Effect, EffectState},
    change::Change,
    id::EffectId,
    role::Role,
    task::{Task, TaskState},
};
use chimera_ports::store::{Boards, Campaigns, Log, Settings};
use chimera_testkit::store_contract::Bed;
use serde_json::{Value, json};

use super::bench::{ALL_ROLES, Bench, Call, Reply};

/// A decided post whose call was cut off: nobody knows whether it went out.
pub(super) async fn unclear(bench: &Bench, bed: &Bed, token: &str) -> (Effect, Task) {
    let (_, task) = bench.waiting_post(bed).await;
    let approve = Call::post(format!("/api/approve/{}", task.id)).token(token);
    let approved = bench.call(approve).await.ok();
    let id: EffectId = approved.body["effect"]["id"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let board = bench.store.board(bed.world.tenant, task.id).await.unwrap();
    let before = board.effect.unwrap();
    assert_eq!(before.id, id);
    let effect = Effect {
        state: EffectState::PendingReconciliation,
        version: bed.world.version(),
        updated_at: bed.world.now(),
        ..before.clone()
    };
    let lost = Change::Effect {
        effect: Box::new(effect.clone()),
        expected: Some(before.version),
    };
    let state = board.task.state.clone();
    let task = bed
        .go(bench.store.as_ref(), &board.task, state, vec![lost])
        .await;
    bench.world.pass(60);
    (effect, task)
}

pub(super) async fn say(bench: &Bench, token: &str, effect: &Effect, said: &Value) -> Reply {
    let call = Call::post(format!("/api/v1/effects/{}/reconcile", effect.id))
        .token(token)
        .with("if-match", &format!("\"{}\"", effect.version))
        .json(said);
    bench.call(call).await
}

async fn state_of(bench: &Bench, bed: &Bed, task: &Task) -> TaskState {
    let found = bench.store.task(bed.world.tenant, task.id).await.unwrap();
    found.state
}

#[tokio::test]
async fn a_person_says_that_it_went_out_and_it_is_a_publication() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (user, token) = bench.person(&bed.world, "inga", ALL_ROLES).await;
    let (effect, task) = unclear(&bench, &bed, &token).await;
    let said = json!({ "sent": true, "post_id": "p-9", "url": "https://network.example/p-9", "note": "It is there." });
    let path = format!("/api/v1/campaigns/{}/effects", bed.campaign.id);
    let listed = bench.get(&token, path).await;
    assert_eq!(
        listed["items"][0]["rehearsal"], true,
        "it says that no AI wrote it"
    );
    let done = say(&bench, &token, &effect, &said).await.ok();
    assert_eq!(done.body["rehearsal"], true);
    assert_eq!(
        (
            &done.body["state"],
            &done.body["receipt"]["post_id"],
            &done.body["receipt"]["received_at"],
            &done.body["fault"],
        ),
        (
            &json!("sent"),
            &json!("p-9"),
            &json!(effect.updated_at.to_string()),
            &Value::Null,
        )
    );
    assert_eq!(state_of(&bench, &bed, &task).await, TaskState::Completed);
    let path = format!("/api/v1/campaigns/{}/publications", bed.campaign.id);
    let published = bench.get(&token, path).await;
    assert_eq!(
        (
            &published["items"][0]["url"],
            &published["items"][0]["description"]
        ),
        (
            &json!("https://network.example/p-9"),
            &json!("Grind slower. It cures nothing."),
        )
    );
    let audit = bench
        .get(&token, "/api/v1/audit?action=effect.reconcile")
        .await;
    assert_eq!(
        (
            &audit["items"][0]["actor"]["id"],
            &audit["items"][0]["output"]["note"],
        ),
        (&json!(user.id), &json!("It is there."))
    );
    let seen = Effect {
        version: done.body["version"].as_str().unwrap().parse().unwrap(),
        ..effect
    };
    let again = say(&bench, &token, &seen, &said).await;
    assert_eq!(again.code(), "WRONG_STATE", "{}", again.text);
}

#[tokio::test]
async fn a_person_says_that_it_did_not_go_out_and_nothing_was_sent() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "inga", ALL_ROLES).await;
    let (effect, task) = unclear(&bench, &bed, &token).await;
    let done = say(&bench, &token, &effect, &json!({ "sent": false })).await;
    let done = done.ok();
    assert_eq!(
        (
            &done.body["state"],
            &done.body["fault"]["code"],
            &done.body["receipt"]
        ),
        (&json!("failed"), &json!("NOT_SENT"), &Value::Null)
    );
    assert_eq!(state_of(&bench, &bed, &task).await, TaskState::Failed);
    let published = bench.get(&token, "/api/v1/publications").await;
    assert_eq!(published["items"], json!([]));
}

#[tokio::test]
async fn what_is_said_about_an_outcome_must_make_sense_and_be_of_now() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "inga", ALL_ROLES).await;
    let (_, finance) = bench.person(&bed.world, "jo", &[Role::Finance]).await;
    let (effect, _) = unclear(&bench, &bed, &token).await;
    for said in [
        json!({}),
        json!({ "sent": false, "url": "https://network.example/p-9" }),
        json!({ "sent": true, "url": "javascript:alert(1)" }),
        json!({ "sent": true, "post_id": " " }),
        json!({ "sent": true, "note": "x".repeat(2_001) }),
    ] {
        let refused = say(&bench, &token, &effect, &said).await;
        assert_eq!(refused.code(), "VALIDATION_ERROR", "{said}");
    }
    let said = json!({ "sent": true });
    let stale = Effect {
        version: bed.world.version(),
        ..effect.clone()
    };
    let stale = say(&bench, &token, &stale, &said).await;
    assert_eq!(
        (stale.code().as_str(), stale.status),
        ("VERSION_MISMATCH", StatusCode::PRECONDITION_FAILED)
    );
    assert_eq!(
        say(&bench, &finance, &effect, &said).await.code(),
        "FORBIDDEN"
    );
    let found = bench.store.board(bed.world.tenant, effect.task).await;
    assert_eq!(found.unwrap().effect, Some(effect));
}

#[tokio::test]
async fn a_stop_that_cannot_be_read_counts_as_stopped_and_can_be_stored_anew() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let pause = Call::post(format!("/api/v1/campaigns/{}/pause", bed.campaign.id)).token(&token);
    bench.call(pause).await.ok();
    let resume =
        || Call::post(format!("/api/v1/campaigns/{}/resume", bed.campaign.id)).token(&token);
    let stop = Call::post("/api/v1/swarm/stop")
        .token(&token)
        .json(&json!({ "reason": "It smells." }));
    let release = Call::post("/api/v1/swarm/release").token(&token);
    for (press, stopped_after) in [(release, false), (stop, true)] {
        let broken = json!({ "stopped": "perhaps" });
        bench
            .store
            .put_setting(bed.world.tenant, "stop", broken, Vec::new())
            .await
            .unwrap();
        let gauge = bench.get(&token, "/api/v1/swarm/gauge").await;
        assert_eq!(gauge["stopped"], json!(true));
        let why = gauge["stop_reason"].as_str().unwrap();
        assert!(why.contains("cannot be read"), "{why}");
        assert_eq!(bench.call(resume()).await.code(), "STOP_UNREADABLE");
        bench.call(press).await.ok();
        let gauge = bench.get(&token, "/api/v1/swarm/gauge").await;
        assert_eq!(gauge["stopped"], json!(stopped_after));
    }
    assert_eq!(bench.call(resume()).await.code(), "STOPPED");
}

#[tokio::test]
async fn one_tenants_stop_is_not_the_others() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let other = bench.bed(bench.world.other_tenant()).await;
    let (_, theirs) = bench.person(&other.world, "bo", ALL_ROLES).await;
    let stop = Call::post("/api/v1/swarm/stop").token(&token);
    bench
        .call(stop.json(&json!({ "reason": "It smells." })))
        .await
        .ok();
    let path = format!("/api/v1/campaigns/{}", other.campaign.id);
    for act in ["pause", "resume"] {
        let call = Call::post(format!("{path}/{act}")).token(&theirs);
        bench.call(call).await.ok();
    }
    bench.release(&theirs).await;
    let gauge = bench.get(&token, "/api/v1/swarm/gauge").await;
    assert_eq!(gauge["stopped"], json!(true), "their release is not ours");
    let resume = Call::post(format!("/api/v1/campaigns/{}/resume", bed.campaign.id)).token(&token);
    assert_eq!(bench.call(resume).await.code(), "STOPPED");
}

/// A crash in the middle of a stop must not lose what a release resumes.
#[tokio::test]
async fn a_stop_notes_what_it_pauses_before_it_pauses_it() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let before = bench.store.last_event(bed.world.tenant).await.unwrap();
    let stop = Call::post("/api/v1/swarm/stop").token(&token);
    let stop = stop.json(&json!({ "reason": "It smells." }));
    bench.call(stop).await.ok();
    let told = bench
        .store
        .events_after(bed.world.tenant, before, 100)
        .await
        .unwrap();
    let facts: Vec<Value> = told.iter().map(|event| json!(event.fact)).collect();
    let pausing = facts
        .iter()
        .position(|fact| fact["status"] == "PAUSED")
        .unwrap();
    let noted = facts
        .iter()
        .rposition(|fact| fact["area"] == "stop")
        .unwrap();
    assert!(noted < pausing, "{facts:#?}");
    let stored = bench.store.setting(bed.world.tenant, "stop").await.unwrap();
    assert_eq!(
        stored,
        Some(json!({ "stopped": true, "reason": "It smells.", "paused": [bed.campaign.id] }))
    );
}
