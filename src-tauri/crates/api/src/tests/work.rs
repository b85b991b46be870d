//! Connections, the stop, the sandbox, the logs, the return brief: what is stored is what is shown.

use axum::http::StatusCode;
use chimera_domain::{change::Change, role::Role, task::TaskState};
use chimera_ports::store::{Boards, Log};
use serde_json::{Value, json};

use super::bench::{ALL_ROLES, Bench, Call};

#[tokio::test]
async fn stopping_everything_pauses_and_says_so_until_it_is_released() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", &[Role::Operator]).await;
    let gauge = async || {
        bench
            .call(Call::get("/api/v1/swarm/gauge").token(&token))
            .await
            .ok()
            .body
    };
    let before = gauge().await;
    assert_eq!(
        (
            &before["stopped"],
            &before["daily_budgets"],
            &before["agents"]
        ),
        (&json!(false), &json!("12.50"), &json!(1))
    );
    let empty = Call::post("/api/v1/swarm/stop")
        .token(&token)
        .json(&json!({ "reason": " " }));
    assert_eq!(bench.call(empty).await.code(), "VALIDATION_ERROR");
    let stop = Call::post("/api/v1/swarm/stop")
        .token(&token)
        .json(&json!({ "reason": "Wrong numbers in a post" }));
    assert_eq!(
        bench.call(stop).await.ok().body,
        json!({ "stopped": true, "campaigns": 1 })
    );
    let stopped = gauge().await;
    assert_eq!(
        (&stopped["stopped"], &stopped["stop_reason"]),
        (&json!(true), &json!("Wrong numbers in a post"))
    );
    let resume = Call::post(format!("/api/v1/campaigns/{}/resume", bed.campaign.id)).token(&token);
    assert_eq!(bench.call(resume).await.code(), "STOPPED");
    let release = Call::post("/api/v1/swarm/release").token(&token);
    assert_eq!(
        bench.call(release).await.ok().body,
        json!({ "stopped": false, "campaigns": 1 })
    );
    assert_eq!(gauge().await["stopped"], false);
}

#[tokio::test]
async fn feeds_are_read_before_they_are_connected() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (user, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let feeds = "/api/v1/connections/feeds";
    let good = json!({ "url": "https://example.org/feed.xml" });
    let test = bench
        .call(
            Call::post(format!("{feeds}/test"))
                .token(&token)
                .json(&good),
        )
        .await
        .ok();
    assert_eq!(
        (&test.body["ok"], &test.body["title"], &test.body["items"]),
        (&json!(true), &json!("Coffee"), &json!(["Slow"]))
    );
    let dead = json!({ "url": "https://example.org/nothing" });
    let test = bench
        .call(
            Call::post(format!("{feeds}/test"))
                .token(&token)
                .json(&dead),
        )
        .await
        .ok();
    assert_eq!(
        (&test.body["ok"], &test.body["problem"]),
        (&json!(false), &json!("There is no feed at that address."))
    );
    assert_eq!(
        bench
            .call(Call::post(feeds).token(&token).json(&dead))
            .await
            .code(),
        "FEED_UNREADABLE"
    );
    let added = bench
        .call(Call::post(feeds).token(&token).json(&good))
        .await
        .ok();
    assert_eq!(
        (&added.body["title"], &added.body["added_by"]),
        (&json!("Coffee"), &json!(user.id))
    );
    assert_eq!(
        bench
            .call(Call::post(feeds).token(&token).json(&good))
            .await
            .code(),
        "FEED_EXISTS"
    );
    let list = bench.call(Call::get(feeds).token(&token)).await.ok();
    assert_eq!(list.body, json!({ "items": [added.body] }));
    let one = format!("{feeds}/{}", added.body["id"].as_str().unwrap());
    assert_eq!(
        bench
            .call(Call::new("DELETE", &one).token(&token))
            .await
            .status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        bench
            .call(Call::new("DELETE", &one).token(&token))
            .await
            .code(),
        "NOT_FOUND"
    );
}

#[tokio::test]
async fn connections_say_what_answers_and_what_cannot_be_changed_here() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let get = async |path: &str| bench.call(Call::get(path).token(&token)).await.ok().body;
    let model = get("/api/v1/connections/model").await;
    assert_eq!(
        (&model["settings"], &model["roles"][0]["provider"]),
        (&Value::Null, &json!("test"))
    );
    assert_eq!(
        get("/api/v1/connections/servers").await["items"][0]["connected"],
        true
    );
    assert_eq!(
        get("/api/v1/connections/tools").await["items"][0]["effect"],
        "read"
    );
    let test = |server: &str| {
        Call::post(format!("/api/v1/connections/servers/{server}/test")).token(&token)
    };
    let sandbox = bench.call(test("sandbox")).await.ok();
    assert_eq!(
        (
            &sandbox.body["ok"],
            &sandbox.body["message"],
            &sandbox.body["problem"]
        ),
        (
            &json!(true),
            &json!("sandbox answered and lists 2 tools. None was called."),
            &Value::Null
        )
    );
    let feeds = bench.call(test("feeds")).await.ok();
    assert_eq!(
        (&feeds.body["ok"], &feeds.body["problem"]),
        (&json!(false), &json!("of a test")),
        "a server that does not answer is an answer"
    );
    assert_eq!(bench.call(test("nobody")).await.code(), "NOT_FOUND");
    let wanted = json!({ "kind": "rehearsal" });
    let put = Call::put("/api/v1/connections/model")
        .token(&token)
        .json(&wanted);
    assert_eq!(
        bench.call(put).await.code(),
        "UNAVAILABLE",
        "without a switch nothing pretends to have changed"
    );
    let skills = get("/api/v1/skills").await;
    assert!(
        skills["items"]
            .as_array()
            .is_some_and(|list| list.iter().any(|skill| skill["kind"] == "publish_post"))
    );
}

#[tokio::test]
async fn the_sandbox_is_shown_as_its_server_tells_it() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "priya", &[Role::BrandOwner]).await;
    let feed = bench
        .call(Call::get("/api/v1/sandbox/feed?limit=10").token(&token))
        .await
        .ok();
    let post = &feed.body["items"][0];
    assert_eq!(
        (&post["handle"], &post["ai_label"], &feed.body["next"]),
        (&json!("@mara"), &json!("AI-generated"), &json!("p-1"))
    );
    let metrics = json!({ "views": 12, "likes": null, "comments": null, "shares": null, "engagement_rate": null });
    assert_eq!(
        (
            &post["engagement"]["simulated"],
            &post["engagement"]["metrics"]
        ),
        (&json!(true), &metrics),
        "unknown is not zero"
    );
    let thread = bench
        .call(Call::get("/api/v1/sandbox/posts/p-1").token(&token))
        .await
        .ok();
    assert_eq!(thread.body["post"], *post);
    assert_eq!(post["rehearsal"], false, "no publication of ours says so");
    let task = bed.ready_task(bench.store.as_ref()).await;
    let (content, publication) = bed.world.publication(&task);
    let changes = vec![Change::Content(content), Change::Publication(publication)];
    bench.store.commit(bed.set(changes)).await.unwrap();
    for path in ["/api/v1/sandbox/feed?limit=10", "/api/v1/sandbox/posts/p-1"] {
        let shown = bench.get(&token, path).await;
        let post = shown.pointer("/items/0").unwrap_or(&shown["post"]);
        assert_eq!(
            (&post["post_id"], &post["rehearsal"]),
            (&json!("p-1"), &json!(true)),
            "{shown:#}"
        );
    }
    assert_eq!(
        bench
            .call(Call::get("/api/v1/sandbox/posts/p-2").token(&token))
            .await
            .code(),
        "NOT_FOUND"
    );
}

#[tokio::test]
async fn the_logs_show_who_did_what_and_alerts_are_acknowledged_once_and_for_all() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (user, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let task = bed.ready_task(bench.store.as_ref()).await;
    let alert = bed.world.alert("WORKER_CRASHED");
    let incident = bed.world.incident();
    bench
        .store
        .append(
            bed.world.tenant,
            vec![Change::Alert(alert.clone()), Change::Incident(incident)],
        )
        .await
        .unwrap();
    let get = async |path: &str| bench.call(Call::get(path).token(&token)).await.ok().body;
    assert_eq!(get("/api/v1/swarm/gauge").await["alerts_open"], 1);
    let path = format!("/api/v1/alerts/{}/acknowledge", alert.id);
    assert_eq!(
        bench.call(Call::post(path).token(&token)).await.status,
        StatusCode::NO_CONTENT
    );
    assert!(get("/api/v1/alerts").await["items"][0]["acknowledged_at"].is_string());
    assert_eq!(get("/api/v1/swarm/gauge").await["alerts_open"], 0);
    assert_eq!(
        get("/api/v1/incidents").await["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let audit = get("/api/v1/audit?action=alert.").await;
    assert_eq!(audit["items"].as_array().unwrap().len(), 1);
    assert_eq!(
        audit["items"][0]["actor"],
        json!({ "kind": "person", "id": user.id, "name": "tomas" })
    );
    assert_eq!(
        bench
            .store
            .board(bed.world.tenant, task.id)
            .await
            .unwrap()
            .task
            .state,
        TaskState::Ready {
            not_before: bed.world.now()
        }
    );
}

#[tokio::test]
async fn the_return_brief_counts_what_waits_and_what_happened_since() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let (_, moderator) = bench.person(&bed.world, "inga", &[Role::Moderator]).await;
    let (_, early) = bench.waiting_post(&bed).await;
    bench
        .call(Call::post(format!("/api/approve/{}", early.id)).token(&token))
        .await
        .ok();
    bench.world.pass(10);
    let since = bench.world.now();
    let (_, late) = bench.waiting_post(&bed).await;
    bench.waiting_post(&bed).await;
    bench
        .call(Call::post(format!("/api/reject/{}", late.id)).token(&token))
        .await
        .ok();
    let brief = async |token: &str, since: String| {
        bench
            .call(Call::get(format!("/api/v1/home?since={since}")).token(token))
            .await
    };
    let all = brief(&token, since.to_string()).await.ok().body;
    assert_eq!(
        all["waits"],
        json!({ "reviews": 1, "reviews_due": 1, "alerts": 0, "drafts": 0 })
    );
    assert_eq!(
        (
            &all["happened"]["rejected"],
            &all["happened"]["approved"],
            &all["complete"]
        ),
        (&json!(1), &json!(0), &json!(true))
    );
    let hers = brief(&moderator, "2026-01-01T00:00:00Z".into())
        .await
        .ok()
        .body;
    assert_eq!(
        hers["waits"],
        json!({ "reviews": 1, "reviews_due": 1, "alerts": null, "drafts": null })
    );
    assert_eq!(
        (&hers["happened"]["rejected"], &hers["happened"]["approved"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(
        brief(&token, "yesterday".into()).await.code(),
        "VALIDATION_ERROR"
    );
}
