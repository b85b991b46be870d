//! Whatever fails, and wherever, the answer is S4's envelope.

use axum::http::{StatusCode, header};
use serde_json::json;

use super::bench::{ALL_ROLES, Bench, Call};

#[tokio::test]
async fn what_is_not_there_or_not_so_is_said_in_the_envelope() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let new = json!({ "agent": bed.agent.id, "goal": "Win friends for slow coffee", "feeds": ["a"],
        "daily_budget": "1", "max_posts_per_day": 1 });
    let campaigns = "/api/v1/campaigns";
    let cases = [
        (Call::get("/api/v1/nothing"), "NOT_FOUND"),
        (Call::get("/nothing"), "NOT_FOUND"),
        (Call::get("/api/v1/campaigns/nonsense"), "NOT_FOUND"),
        (Call::new("PATCH", campaigns), "METHOD_NOT_ALLOWED"),
        (Call::new("DELETE", "/healthz"), "METHOD_NOT_ALLOWED"),
        (
            Call::post(campaigns).raw("application/json", "{"),
            "BAD_REQUEST",
        ),
        (
            Call::post(campaigns).raw("text/plain", new.to_string()),
            "UNSUPPORTED_MEDIA_TYPE",
        ),
        (
            Call::post(campaigns).raw("application/json", " ".repeat(2 << 20)),
            "BODY_TOO_LARGE",
        ),
        (
            Call::post(campaigns).json(&json!({ "goal": 1 })),
            "VALIDATION_ERROR",
        ),
        (Call::get("/api/v1/campaigns?stauts=DRAFT"), "BAD_REQUEST"),
        (Call::get("/api/v1/campaigns?limit=many"), "BAD_REQUEST"),
        (
            Call::get("/api/v1/campaigns?after=nonsense"),
            "CURSOR_INVALID",
        ),
        (Call::get("/api/v1/reviews?below=7"), "VALIDATION_ERROR"),
    ];
    for (call, code) in cases {
        let reply = bench.call(call.token(&token)).await;
        assert_eq!(reply.code(), code, "{}", reply.text);
    }
    let extra = json!({ "agent": bed.agent.id, "goal": "Win friends for slow coffee", "feeds": ["a"],
        "daily_budget": "1", "max_posts_per_day": 1, "surprise": true });
    let reply = bench
        .call(Call::post(campaigns).token(&token).json(&extra))
        .await;
    assert_eq!(reply.code(), "VALIDATION_ERROR");
    assert!(
        reply.text.contains("surprise"),
        "the message names the field: {}",
        reply.text
    );
}

#[tokio::test]
async fn money_text_and_counts_are_checked_where_they_enter() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let good = json!({ "agent": bed.agent.id, "goal": "Win friends for slow coffee",
        "feeds": ["https://example.org/feed.xml"], "daily_budget": "12.50", "max_posts_per_day": 2 });
    for (field, value, said) in [
        ("goal", json!("  "), "The goal is empty"),
        ("goal", json!("x".repeat(1_001)), "1001 characters"),
        ("daily_budget", json!("12,50"), "'12,50' is not an amount"),
        ("daily_budget", json!(12.5), "invalid type"),
        ("daily_budget", json!("-1"), "below zero"),
        ("max_posts_per_day", json!(0), "1 to 100"),
        ("agent", json!("mara"), "'mara' is not a agent id"),
        ("feeds", json!([]), "at least one feed"),
        ("platforms", json!(["myspace"]), "unknown variant"),
    ] {
        let mut body = good.clone();
        body[field] = value;
        let reply = bench
            .call(Call::post("/api/v1/campaigns").token(&token).json(&body))
            .await;
        assert_eq!(reply.code(), "VALIDATION_ERROR", "{field}");
        assert!(reply.text.contains(said), "{field}: {}", reply.text);
    }
    let made = bench
        .call(Call::post("/api/v1/campaigns").token(&token).json(&good))
        .await
        .ok();
    assert_eq!(made.status, StatusCode::CREATED);
    assert_eq!(
        (&made.body["daily_budget"], &made.body["platforms"]),
        (&json!("12.50"), &json!(["sandbox"]))
    );
}

#[tokio::test]
async fn a_known_address_says_which_methods_it_knows() {
    let bench = Bench::new().await;
    let reply = bench.call(Call::new("PATCH", "/api/v1/session")).await;
    assert_eq!(reply.code(), "METHOD_NOT_ALLOWED");
    assert_eq!(reply.headers[header::ALLOW], "POST,GET,HEAD,DELETE");
}

#[tokio::test]
async fn every_answer_has_an_id_and_keeps_browsers_strict() {
    let bench = Bench::new().await;
    for path in ["/healthz", "/api/v1/setup", "/api/v1/nothing", "/api/docs"] {
        let reply = bench.call(Call::get(path)).await;
        let header = |name: &str| reply.headers[name].to_str().unwrap().to_owned();
        assert_eq!(header("x-request-id").len(), 36);
        assert_eq!(header("x-content-type-options"), "nosniff");
        let policy = header("content-security-policy");
        assert!(
            policy.contains("default-src 'none'") && !policy.contains("unsafe"),
            "{policy}"
        );
    }
}

#[tokio::test]
async fn a_failing_part_is_named_with_whether_trying_again_helps() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let body = json!({ "agent": bed.agent.id, "goal": "Win friends for slow coffee",
        "feeds": ["https://example.org/feed.xml"], "daily_budget": "1", "max_posts_per_day": 1 });
    let made = bench
        .call(Call::post("/api/v1/campaigns").token(&token).json(&body))
        .await
        .ok();
    let path = format!(
        "/api/v1/campaigns/{}/plan",
        made.body["id"].as_str().unwrap()
    );
    let reply = bench.call(Call::post(path).token(&token)).await;
    assert_eq!(reply.code(), "PLANNING_FAILED");
    assert_eq!(reply.body["error"]["retryable"], true);
    assert_eq!(reply.body["error"]["details"]["cause"], "TEST_NO_MODEL");
    assert!(reply.body["error"]["details"]["request_id"].is_string());
}
