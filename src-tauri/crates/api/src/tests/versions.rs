//! Versions: what was read is what is written over, or nothing is.

use chimera_domain::campaign::CampaignStatus;
use chimera_ports::store::{Boards, Campaigns, PolicyRecord, Settings};
use serde_json::{Value, json};

use super::bench::{ALL_ROLES, Bench, Call};

/// A draft with a plan of one step: where its plan is, and what an edit of it could be.
async fn drafted(bench: &Bench) -> (String, String, Value) {
    let mut bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let store = &bench.store;
    let set = bed.change(
        |campaign| campaign.status = CampaignStatus::Draft,
        Vec::new(),
    );
    store.commit(set).await.unwrap();
    let plan = bed.world.plan(&bed.campaign);
    store.save_plan(&plan, None, Vec::new()).await.unwrap();
    let path = format!("/api/v1/campaigns/{}/plan", bed.campaign.id);
    let mut steps = bench.get(&token, &path).await["steps"].clone();
    steps[0]["title"] = json!("Write one good post");
    (path, token, json!({ "steps": steps }))
}

#[tokio::test]
async fn a_plan_is_edited_from_the_version_that_was_read() {
    let bench = Bench::new().await;
    let (path, token, edit) = drafted(&bench).await;
    let read = bench.call(Call::get(&path).token(&token)).await.ok();
    let version = read.body["version"].as_str().unwrap();
    assert_eq!(read.etag(), format!("\"{version}\""));
    let put = || Call::put(&path).token(&token).json(&edit);
    let code = async |etag: &str| bench.call(put().with("if-match", etag)).await.code();
    assert_eq!(bench.call(put()).await.code(), "PRECONDITION_REQUIRED");
    assert_eq!(code("unquoted").await, "BAD_REQUEST");
    assert_eq!(code("\"no-version\"").await, "VERSION_MISMATCH");
    let saved = bench.call(put().with("if-match", &read.etag())).await.ok();
    assert_eq!(saved.body["revision"], 2);
    assert_eq!(saved.body["steps"][0]["title"], "Write one good post");
    assert_ne!(saved.etag(), read.etag());
    assert_eq!(code(&read.etag()).await, "VERSION_MISMATCH");
}

#[tokio::test]
async fn a_plan_that_cannot_run_is_refused_with_its_place() {
    let bench = Bench::new().await;
    let (path, token, edit) = drafted(&bench).await;
    let read = bench.call(Call::get(&path).token(&token)).await.ok();
    let put = async |body: &Value| {
        let call = Call::put(&path)
            .token(&token)
            .with("if-match", &read.etag());
        bench.call(call.json(body)).await
    };
    let mut circle = edit.clone();
    circle["steps"][0]["needs"] = json!(["write-1"]);
    let refused = put(&circle).await;
    assert_eq!(refused.code(), "PLAN_CYCLE");
    let steps = refused.body["error"]["details"]["circle"]
        .as_array()
        .unwrap();
    assert!(steps.contains(&json!("write-1")));
    let mut costly = edit;
    costly["steps"][0]["max_cost"] = json!("a lot");
    let refused = put(&costly).await;
    assert_eq!(refused.code(), "VALIDATION_ERROR");
    assert!(refused.text.contains("Step 'write-1'"), "{}", refused.text);
}

#[tokio::test]
async fn a_policy_is_changed_from_its_number_and_cannot_switch_its_safety_off() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (user, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let read = bench
        .call(Call::get("/api/v1/policy").token(&token))
        .await
        .ok();
    assert_eq!(
        (read.etag().as_str(), &read.body["author"]),
        ("\"0\"", &Value::Null)
    );
    let put = |etag: &str, body: &Value| {
        Call::put("/api/v1/policy")
            .token(&token)
            .with("if-match", etag)
            .json(body)
    };
    let mut document = read.body["document"].clone();
    document["hold_seconds"] = json!(20);
    let saved = bench.call(put("\"0\"", &document)).await.ok();
    assert_eq!(
        (saved.etag().as_str(), &saved.body["author"]),
        ("\"1\"", &json!(user.name))
    );
    assert_eq!(saved.body["document"], document);
    assert_eq!(
        bench.call(put("\"0\"", &document)).await.code(),
        "VERSION_MISMATCH"
    );
    let mut silent = document.clone();
    silent["sensitive"] = json!([]);
    assert_eq!(
        bench.call(put("\"1\"", &silent)).await.code(),
        "POLICY_INVALID"
    );
    document["bands"]["auto_above"] = json!(1.5);
    assert_eq!(
        bench.call(put("\"1\"", &document)).await.code(),
        "VALIDATION_ERROR"
    );
    assert_eq!(
        bench
            .call(Call::get("/api/v1/policy").token(&token))
            .await
            .body,
        saved.body
    );
}

#[tokio::test]
async fn an_emergency_needs_no_version_but_honours_one() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    bench.release(&token).await;
    let path = |act: &str| format!("/api/v1/campaigns/{}/{act}", bed.campaign.id);
    let stale = Call::post(path("pause"))
        .token(&token)
        .with("if-match", &format!("\"{}\"", bed.world.version()));
    assert_eq!(bench.call(stale).await.code(), "VERSION_MISMATCH");
    let paused = bench
        .call(Call::post(path("pause")).token(&token))
        .await
        .ok();
    assert_eq!(paused.body["status"], "PAUSED");
    let again = bench.call(Call::post(path("pause")).token(&token)).await;
    assert_eq!(again.code(), "WRONG_STATE");
    let on = Call::post(path("resume"))
        .token(&token)
        .with("if-match", &paused.etag());
    assert_eq!(bench.call(on).await.ok().body["status"], "ACTIVE");
}

#[tokio::test]
async fn goal_and_limits_are_changed_from_the_version_that_was_read() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let path = format!("/api/v1/campaigns/{}", bed.campaign.id);
    let read = bench.call(Call::get(&path).token(&token)).await.ok();
    let patch = async |etag: Option<&str>, body: &Value| {
        let call = Call::new("PATCH", &path).token(&token).json(body);
        bench
            .call(match etag {
                Some(etag) => call.with("if-match", etag),
                None => call,
            })
            .await
    };
    let change = json!({ "goal": "Win friends for fast coffee", "daily_budget": "3.50", "max_posts_per_day": 4 });
    assert_eq!(patch(None, &change).await.code(), "PRECONDITION_REQUIRED");
    let etag = read.etag();
    for (wrong, what) in [
        (json!({ "goal": "Short" }), "10 to 1000"),
        (json!({ "max_posts_per_day": 0 }), "1 to 100"),
        (json!({ "relevance_threshold_percent": 101 }), "0 to 100"),
        (json!({ "daily_budget": "-1" }), "below zero"),
    ] {
        let refused = patch(Some(&etag), &wrong).await;
        assert_eq!(refused.code(), "VALIDATION_ERROR", "{wrong}");
        assert!(refused.text.contains(what), "{}", refused.text);
    }
    let done = patch(Some(&etag), &change).await.ok();
    let mut expected = read.body.clone();
    expected["goal"] = json!("Win friends for fast coffee");
    expected["daily_budget"] = done.body["daily_budget"].clone();
    expected["max_posts_per_day"] = json!(4);
    expected["state_version"] = json!(read.body["state_version"].as_i64().unwrap() + 1);
    for field in ["version", "updated_at"] {
        expected[field] = done.body[field].clone();
    }
    assert_eq!(done.body, expected);
    assert_ne!(done.etag(), etag);
    let late = patch(Some(&etag), &change).await;
    assert_eq!(late.code(), "VERSION_MISMATCH");
    assert_eq!(
        late.body["error"]["message"],
        "This campaign was changed in the meantime. Nothing was done; read it again, look at what changed, and decide again."
    );
    let records = bench
        .get(
            &token,
            format!("/api/v1/audit?campaign={}", bed.campaign.id),
        )
        .await;
    assert_eq!(
        records["items"][0]["output"]["max_posts_per_day"],
        json!({ "was": 12, "is": 4 })
    );
}

#[tokio::test]
async fn a_policy_that_cannot_be_read_is_mended_from_its_version() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let good = bench.get(&token, "/api/v1/policy").await["document"].clone();
    let broken = PolicyRecord {
        tenant: bed.world.tenant,
        version: 1,
        document: json!({ "bands": "all" }),
        author: "nobody".to_owned(),
        created_at: bed.world.now(),
    };
    bench.store.add_policy(&broken, Vec::new()).await.unwrap();
    let read = bench.call(Call::get("/api/v1/policy").token(&token)).await;
    assert_eq!(read.code(), "POLICY_UNREADABLE");
    assert_eq!(read.etag(), "\"1\"");
    assert_eq!(
        read.body["error"]["details"]["shipped"], good,
        "there is something to begin from"
    );
    let put = Call::put("/api/v1/policy")
        .token(&token)
        .with("if-match", &read.etag())
        .json(&good);
    assert_eq!(bench.call(put).await.ok().etag(), "\"2\"");
    assert_eq!(bench.get(&token, "/api/v1/policy").await["document"], good);
}
