//! A repeated write does nothing again.

use std::{sync::Arc, time::Duration};

use axum::{
    Extension, Router, extract::State, http::StatusCode, middleware::from_fn_with_state,
    routing::post,
};
use chimera_domain::change::IdempotencyRecord;
use chimera_door::{
    options::Options,
    problem::Problem,
    replay::answered_before,
    signed::Signed,
    state::{Api, Inner},
};
use chimera_ports::{
    page::PageRequest,
    store::{Campaigns, Log},
};
use chimera_runtime::Caller;
use chimera_store::SqliteStore;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::bench::{ALL_ROLES, Bench, Call};

fn new(agent: &impl ToString, name: &str) -> Value {
    json!({ "agent": agent.to_string(), "name": name, "goal": "Win friends for slow coffee",
        "feeds": ["https://example.org/feed.xml"], "daily_budget": "1", "max_posts_per_day": 1 })
}

#[tokio::test]
async fn the_same_key_gets_the_first_answer_and_nothing_is_made_twice() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let (_, other) = bench.person(&bed.world, "inga", ALL_ROLES).await;
    let post = |token: &str, body: &Value| {
        Call::post("/api/v1/campaigns")
            .token(token)
            .with("idempotency-key", "key-1")
            .json(body)
    };
    let body = new(&bed.agent.id, "One");
    let first = bench.call(post(&token, &body)).await.ok();
    assert!(!first.headers.contains_key("idempotency-replayed"));
    let again = bench.call(post(&token, &body)).await.ok();
    assert_eq!(
        (again.status, &again.body, again.etag()),
        (StatusCode::CREATED, &first.body, first.etag())
    );
    assert_eq!(again.headers["idempotency-replayed"], "true");
    let changed = bench.call(post(&token, &new(&bed.agent.id, "Two"))).await;
    assert_eq!(changed.code(), "IDEMPOTENCY_KEY_REUSED");
    let hers = bench.call(post(&other, &body)).await.ok();
    assert_ne!(
        hers.body["id"], first.body["id"],
        "another person's key is another key"
    );
    let campaigns = bench
        .store
        .campaigns(bed.world.tenant, None, PageRequest::first(0))
        .await
        .unwrap();
    assert_eq!(campaigns.items.len(), 3, "the bed's, and one each");
}

#[tokio::test]
async fn a_refusal_is_not_remembered_and_a_key_must_be_readable() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let post = |key: &str, body: &Value| {
        Call::post("/api/v1/campaigns")
            .token(&token)
            .with("idempotency-key", key)
            .json(body)
    };
    let bad = json!({ "goal": "no" });
    assert_eq!(bench.call(post("k", &bad)).await.code(), "VALIDATION_ERROR");
    bench
        .call(post("k", &new(&bed.agent.id, "Now good")))
        .await
        .ok();
    for key in ["", "with space", &"x".repeat(129)] {
        assert_eq!(
            bench.call(post(key, &bad)).await.code(),
            "IDEMPOTENCY_KEY_INVALID",
            "{key:?}"
        );
    }
}

#[tokio::test]
async fn the_same_key_at_the_same_moment_works_once() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let body = new(&bed.agent.id, "One");
    let post = || {
        Call::post("/api/v1/campaigns")
            .token(&token)
            .with("idempotency-key", "k")
            .json(&body)
    };
    let calls = (0..8).map(|_| bench.call(post()));
    let replies = futures::future::join_all(calls).await;
    for reply in &replies {
        let fine = reply.status == StatusCode::CREATED || reply.code() == "IDEMPOTENCY_IN_FLIGHT";
        assert!(fine, "{}", reply.text);
    }
    let campaigns = bench
        .store
        .campaigns(bed.world.tenant, None, PageRequest::first(0))
        .await
        .unwrap();
    assert_eq!(campaigns.items.len(), 2, "the bed's, and one");
}

/// What a process leaves that dies after it began a write: the key, and perhaps the write.
#[tokio::test]
async fn a_write_that_broke_off_is_not_done_again() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (user, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let body = new(&bed.agent.id, "One");
    let post = |body: &Value| {
        Call::post("/api/v1/campaigns")
            .token(&token)
            .with("idempotency-key", "k")
            .json(body)
    };
    bench.call(post(&body)).await.ok();
    let key = format!("{}:k", user.id);
    let kept = bench.store.answered(bed.world.tenant, &key).await.unwrap();
    let kept = kept.unwrap();
    assert_eq!(kept.status, 201);
    let begun = IdempotencyRecord {
        key: format!("{}:broken", user.id),
        ..kept
    };
    assert_eq!(bench.store.begin_answer(&begun).await.unwrap(), None);
    let again = || post(&body).with("idempotency-key", "broken");
    for _ in 0..2 {
        let reply = bench.call(again()).await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (StatusCode::CONFLICT, "IDEMPOTENCY_IN_DOUBT")
        );
        assert_eq!(reply.body["error"]["retryable"], false);
    }
    let other = post(&new(&bed.agent.id, "Two")).with("idempotency-key", "broken");
    assert_eq!(bench.call(other).await.code(), "IDEMPOTENCY_KEY_REUSED");
    let campaigns = bench
        .store
        .campaigns(bed.world.tenant, None, PageRequest::first(0))
        .await
        .unwrap();
    assert_eq!(campaigns.items.len(), 2, "the bed's, and one");
}

#[tokio::test]
async fn a_client_that_goes_away_finds_the_answer_when_it_asks_again() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    // Left after each of the first moments: before the key was taken, in the middle, and after the answer.
    for moments in 0..24 {
        let name = format!("Left after {moments}");
        let body = new(&bed.agent.id, &name);
        let post = || {
            Call::post("/api/v1/campaigns")
                .token(&token)
                .with("idempotency-key", &format!("k-{moments}"))
                .json(&body)
        };
        let mut left = Box::pin(bench.call(post()));
        for _ in 0..moments {
            if futures::poll!(&mut left).is_ready() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        drop(left);
        let reply = loop {
            let reply = bench.call(post()).await;
            if reply.status.is_success() || reply.code() != "IDEMPOTENCY_IN_FLIGHT" {
                break reply;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        };
        // Left while the key was being taken, nobody can tell; everywhere else the answer is found, or made now.
        let told = reply.status.is_success() || reply.code() == "IDEMPOTENCY_IN_DOUBT";
        assert!(told, "{}", reply.text);
        let campaigns = bench
            .store
            .campaigns(bed.world.tenant, None, PageRequest::first(0))
            .await
            .unwrap();
        let made = campaigns
            .items
            .iter()
            .filter(|one| one.name == name)
            .count();
        assert_eq!(made, usize::from(reply.status.is_success()), "{name}");
    }
}

#[tokio::test]
async fn answers_that_carry_a_secret_are_never_kept() {
    for one in chimera_contract::endpoint::all().filter(|one| one.replayable) {
        let secret = [
            "set_up",
            "sign_in",
            "change_password",
            "create_user",
            "change_user",
        ];
        assert!(!secret.contains(&one.id), "{}", one.id);
    }
}

/// Refuses, while the store goes away beneath it.
async fn refuse(State(store): State<Arc<SqliteStore>>) -> Problem {
    store.close().await.unwrap();
    Problem::invalid("The goal is empty. Nothing was made.")
}

#[tokio::test]
async fn a_key_that_cannot_be_given_back_makes_no_failure_of_a_refusal() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (user, _) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let api: Api = Arc::new(Inner::new(bench.runtime.clone(), Options::default()));
    let endpoint = *chimera_contract::endpoint::all()
        .find(|one| one.id == "create_campaign")
        .unwrap();
    let signed = Signed {
        caller: Caller {
            tenant: user.tenant,
            user: user.id,
            roles: user.roles.clone(),
        },
        session: bed.world.session(&user),
        here_first: true,
        user,
    };
    let router = Router::new()
        .route("/api/v1/campaigns", post(refuse))
        .with_state(bench.store.clone())
        .layer(from_fn_with_state(api, answered_before))
        .layer(Extension(endpoint))
        .layer(Extension(signed));
    let call = Call::post("/api/v1/campaigns")
        .with("idempotency-key", "k")
        .json(&json!({ "goal": "" }));
    let response = router.oneshot(call.request()).await.unwrap();
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let problem = response.extensions().get::<Problem>().unwrap();
    assert_eq!(problem.code.code, "VALIDATION_ERROR");
}
