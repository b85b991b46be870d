//! The queue: what a person sees, claims, decides and takes back.

use axum::http::StatusCode;
use chimera_domain::{artifact::ArtifactType, role::Role};
use chimera_ports::store::Reviews;
use serde_json::{Value, json};

use super::bench::{ALL_ROLES, Bench, Call};

#[tokio::test]
async fn the_card_carries_all_that_a_decision_needs() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "inga", &[Role::Moderator]).await;
    let (review, task) = bench.waiting_post(&bed).await;
    let list = bench
        .call(Call::get("/api/v1/reviews").token(&token))
        .await
        .ok();
    let row = &list.body["items"][0];
    assert_eq!(row["id"], json!(review.review_id));
    assert_eq!(
        (&row["agent"]["initials"], &row["campaign_name"]),
        (&json!("M"), &json!("Slow coffee"))
    );
    assert_eq!(
        (&row["high_attention"], &row["sensitive"], &row["tainted"]),
        (&json!(true), &json!(true), &json!(true))
    );
    assert_eq!(
        row["risk"],
        json!({ "level": "medium", "subject": "brand_safety", "category": "brand_safety_medium" })
    );
    let path = format!("/api/v1/reviews/{}", review.review_id);
    let card = bench.call(Call::get(path).token(&token)).await.ok();
    assert_eq!(card.etag(), format!("\"{}\"", review.version));
    let body = &card.body;
    assert_eq!(body["review"], *row);
    assert_eq!(
        body["preview"],
        json!({ "platform": "sandbox", "account": "mara", "author": "mara", "text": "Grind slower. It cures nothing.",
            "chars": 31, "max_chars": 280, "ai_label": true })
    );
    assert_eq!(
        body["artifact"]["sources"][0]["origin"],
        json!({ "kind": "untrusted", "source": "https://example.org/feed.xml" })
    );
    assert_eq!(
        (
            &body["verdict"]["judge_confidence"],
            &body["verdict"]["worker_confidence"]
        ),
        (&json!(0.7001), &json!(0.8333))
    );
    assert_eq!(body["findings"][0]["span"], json!({ "start": 0, "end": 5 }));
    assert_eq!(body["persona"]["voice_traits"], json!(["dry"]));
    assert_eq!(
        (&body["trace"], &body["effect"]),
        (&json!(task.trace.trace.to_string()), &Value::Null)
    );
    assert_eq!(body["options"]["hold_seconds"], 8);
    assert_eq!(
        body["options"]["reject_reasons"][1],
        json!({ "reason": "factual_error", "label": "factual error", "key": 2 })
    );
    assert_eq!(body["history"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_card_tells_the_bands_that_the_verdict_was_routed_by() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "inga", ALL_ROLES).await;
    let (review, _) = bench.waiting_post(&bed).await;
    let path = format!("/api/v1/reviews/{}", review.review_id);
    let card = bench.get(&token, &path).await;
    let number = card["verdict"]["policy_version"].as_u64().unwrap();
    assert_eq!(
        (number, &card["bands"]),
        (1, &Value::Null),
        "that policy was never stored"
    );
    let save = async |auto_above: f64| {
        let before = bench
            .call(Call::get("/api/v1/policy").token(&token))
            .await
            .ok();
        let mut document = before.body["document"].clone();
        document["bands"]["auto_above"] = json!(auto_above);
        let put = Call::put("/api/v1/policy")
            .token(&token)
            .with("if-match", &before.etag())
            .json(&document);
        bench.call(put).await.ok();
    };
    save(0.95).await;
    save(1.0).await;
    let card = bench.get(&token, &path).await;
    let bands = json!({ "auto_above": 0.95, "review_from": 0.7, "must_approve_from": 0.5 });
    assert_eq!(card["bands"], bands, "not those of the policy in force");
}

#[tokio::test]
async fn filters_narrow_the_queue() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "inga", &[Role::Moderator]).await;
    bench.waiting_post(&bed).await;
    bench.waiting_post(&bed).await;
    let count = async |query: &str| {
        let list = bench
            .call(Call::get(format!("/api/v1/reviews{query}")).token(&token))
            .await
            .ok();
        list.body["items"].as_array().unwrap().len()
    };
    assert_eq!(count("").await, 2);
    assert_eq!(count("?sensitive=true").await, 2);
    assert_eq!(count("?below=0.7").await, 0);
    assert_eq!(count("?below=0.71").await, 2);
    assert_eq!(count("?state=approved").await, 0);
    assert_eq!(count(&format!("?campaign={}", bed.campaign.id)).await, 2);
    assert_eq!(count(&format!("?campaign={}", bed.world.uuid())).await, 0);
    let first = bench
        .call(Call::get("/api/v1/reviews?limit=1").token(&token))
        .await
        .ok();
    let next = first.body["next"].as_str().unwrap();
    let second = bench
        .call(Call::get(format!("/api/v1/reviews?limit=1&after={next}")).token(&token))
        .await
        .ok();
    assert_ne!(first.body["items"][0]["id"], second.body["items"][0]["id"]);
    assert_eq!(second.body["next"], Value::Null);
}

#[tokio::test]
async fn two_people_on_one_item() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (inga, hers) = bench.person(&bed.world, "inga", &[Role::Moderator]).await;
    let (_, his) = bench.person(&bed.world, "jonas", &[Role::Moderator]).await;
    let (review, _) = bench.waiting_post(&bed).await;
    let path = format!("/api/v1/reviews/{}", review.review_id);
    let claim = |token: &str| Call::post(format!("{path}/claim")).token(token);
    let mine = bench.call(claim(&hers)).await.ok();
    assert_eq!(mine.body["claim"]["mine"], true);
    let seen = bench.call(Call::get(&path).token(&his)).await.ok();
    assert_eq!(
        seen.body["review"]["claim"]["by"],
        json!({ "id": inga.id, "name": "inga" })
    );
    assert_eq!(seen.body["review"]["claim"]["mine"], false);
    assert_eq!(bench.call(claim(&his)).await.code(), "REVIEW_CLAIMED");
    let decide = |token: &str, etag: &str| {
        Call::post(format!("{path}/decision"))
            .token(token)
            .with("if-match", etag)
            .json(&json!({ "decision": "approve" }))
    };
    let stolen = bench.call(decide(&his, &seen.etag())).await;
    assert_eq!(
        stolen.status,
        StatusCode::PRECONDITION_FAILED,
        "{}",
        stolen.text
    );
    let stale = format!("\"{}\"", review.version);
    assert_eq!(
        bench.call(decide(&hers, &stale)).await.code(),
        "VERSION_MISMATCH",
        "the claim made a new version"
    );
    bench.world.pass(5 * 60 + 1);
    let free = bench.call(Call::get(&path).token(&his)).await.ok();
    assert_eq!(
        free.body["review"]["claim"],
        Value::Null,
        "a claim that ran out is none"
    );
    bench.call(claim(&his)).await.ok();
    let given = bench
        .call(Call::new("DELETE", format!("{path}/claim")).token(&his))
        .await
        .ok();
    assert_eq!(given.body["claim"], Value::Null);
}

/// What the return brief counts: what was taken back is no decision.
async fn approved_and_undone(bench: &Bench, token: &str) -> Value {
    let brief = Call::get("/api/v1/home?since=2026-01-01T00:00:00Z").token(token);
    let happened = &bench.call(brief).await.ok().body["happened"];
    json!([happened["approved"], happened["undone"]])
}

#[tokio::test]
async fn an_approval_is_held_and_can_be_taken_back_until_the_time_is_over() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (inga, token) = bench.person(&bed.world, "inga", ALL_ROLES).await;
    let (review, _) = bench.waiting_post(&bed).await;
    let path = format!("/api/v1/reviews/{}", review.review_id);
    let decide = |body: &Value, etag: &str| {
        Call::post(format!("{path}/decision"))
            .token(&token)
            .with("if-match", etag)
            .json(body)
    };
    let etag = format!("\"{}\"", review.version);
    let unguarded = Call::post(format!("{path}/decision"))
        .token(&token)
        .json(&json!({ "decision": "approve" }));
    assert_eq!(bench.call(unguarded).await.code(), "PRECONDITION_REQUIRED");
    let done = bench
        .call(decide(&json!({ "decision": "approve" }), &etag))
        .await
        .ok();
    let effect = &done.body["effect"];
    assert_eq!(
        (&done.body["review"]["state"], &effect["state"]),
        (&json!("approved"), &json!("held"))
    );
    assert_eq!(
        effect["approval"]["actor"],
        json!({ "kind": "person", "id": inga.id, "name": "inga" })
    );
    assert_eq!(
        (&effect["can_undo"], &effect["action"]["tool"]),
        (&json!(true), &json!("sandbox.post_content"))
    );
    let again = bench
        .call(decide(&json!({ "decision": "reject" }), &done.etag()))
        .await;
    assert_eq!(again.code(), "REVIEW_SETTLED");
    let undo = format!("/api/v1/effects/{}/undo", effect["id"].as_str().unwrap());
    let back = bench.call(Call::post(&undo).token(&token)).await.ok();
    assert_eq!(back.body["state"], "open");
    let effects = bench
        .call(Call::get("/api/v1/effects").token(&token))
        .await
        .ok();
    assert_eq!(
        (
            &effects.body["items"][0]["state"],
            &effects.body["items"][0]["can_undo"]
        ),
        (&json!("undone"), &json!(false))
    );
    assert_eq!(approved_and_undone(&bench, &token).await, json!([0, 1]));
    let path = format!("/api/v1/reviews/{}", back.body["id"].as_str().unwrap());
    let decide = Call::post(format!("{path}/decision"))
        .token(&token)
        .with("if-match", &back.etag());
    let done = bench
        .call(decide.json(&json!({ "decision": "approve" })))
        .await
        .ok();
    bench.world.pass(9);
    let undo = format!(
        "/api/v1/effects/{}/undo",
        done.body["effect"]["id"].as_str().unwrap()
    );
    // Nobody performs it here: it is held beyond its time, as a stop holds it, and can be taken back.
    let back = bench.call(Call::post(undo).token(&token)).await.ok();
    assert_eq!(back.body["state"], "open");
}

#[tokio::test]
async fn the_forms_of_the_other_contracts_decide_the_same_queue() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (user, token) = bench.person(&bed.world, "inga", ALL_ROLES).await;
    let slug = bed.world.tenant().slug.to_string();
    let (_, task) = bench.waiting_post(&bed).await;
    let approve = Call::post(format!("/api/approve/{}", task.id)).token(&token);
    assert_eq!(
        bench.call(approve).await.ok().body["effect"]["state"],
        "held"
    );
    let again = Call::post(format!("/api/approve/{}", task.id)).token(&token);
    assert_eq!(bench.call(again).await.code(), "WRONG_STATE");
    let (review, task) = bench.waiting_post(&bed).await;
    let reject = Call::post(format!("/api/reject/{}", task.id))
        .token(&token)
        .json(&json!({ "reason": "copyright", "note": "Not ours." }));
    let done = bench.call(reject).await.ok();
    assert_eq!(
        (
            &done.body["review"]["state"],
            &done.body["review"]["reject_reason"]
        ),
        (&json!("rejected"), &json!("copyright"))
    );
    assert_eq!(done.body["review"]["decided_by"]["name"], "inga");
    let settled =
        Call::post(format!("/api/v1/reviews/{}/decision", review.review_id)).token(&token);
    let settled = settled
        .with("if-match", &done.etag())
        .json(&json!({ "decision": "approve" }));
    assert_eq!(bench.call(settled).await.code(), "REVIEW_SETTLED");
    let (review, _) = bench.waiting_post(&bed).await;
    let list = bench
        .call(Call::get(format!("/api/v1/swarm/tenants/{slug}/reviews")).token(&token))
        .await
        .ok();
    assert_eq!(list.body["items"].as_array().unwrap().len(), 1);
    let path = format!(
        "/api/v1/swarm/tenants/{slug}/reviews/{}/decision",
        review.review_id
    );
    let posed = json!({ "status": "APPROVED", "operator_id": bed.user.id });
    assert_eq!(
        bench
            .call(Call::post(&path).token(&token).json(&posed))
            .await
            .code(),
        "VALIDATION_ERROR"
    );
    let own = json!({ "status": "REJECTED", "operator_id": user.id });
    let done = bench
        .call(Call::post(&path).token(&token).json(&own))
        .await
        .ok();
    assert_eq!(
        (
            &done.body["review"]["state"],
            &done.body["review"]["reject_reason"]
        ),
        (&json!("rejected"), &json!("other"))
    );
}

#[tokio::test]
async fn a_decision_that_names_what_was_shown_is_bound_to_it() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "inga", ALL_ROLES).await;
    let slug = bed.world.tenant().slug.to_string();
    let (review, task) = bench.waiting_post(&bed).await;
    let read = async || {
        let path = format!("/api/v1/reviews/{}", review.review_id);
        bench.call(Call::get(path).token(&token)).await.ok()
    };
    let before = read().await;
    let shown = before.body["review"]["shown"].clone();
    assert_eq!(shown, before.body["shown"]);
    let other = format!("sha256:{}", "0".repeat(64));
    let doors = [
        (format!("/api/approve/{}", task.id), json!({})),
        (
            format!("/api/approve/{}", task.id),
            json!({ "text": "Grind finer." }),
        ),
        (format!("/api/reject/{}", task.id), json!({})),
        (
            format!("/api/v1/reviews/{}/decision", review.review_id),
            json!({ "decision": "approve" }),
        ),
        (
            format!(
                "/api/v1/swarm/tenants/{slug}/reviews/{}/decision",
                review.review_id
            ),
            json!({ "status": "APPROVED" }),
        ),
    ];
    for (path, mut body) in doors {
        body["shown"] = json!(other);
        let call = Call::post(&path)
            .token(&token)
            .with("if-match", &before.etag());
        let refused = bench.call(call.json(&body)).await;
        assert_eq!(refused.code(), "SHOWN_CHANGED", "{path} with {body}");
        assert_eq!(refused.status, StatusCode::CONFLICT, "{path}");
    }
    assert_eq!(
        read().await.body,
        before.body,
        "a refusal changed something"
    );
    let blurred = Call::post(format!("/api/approve/{}", task.id))
        .token(&token)
        .json(&json!({ "shown": "what I saw" }));
    assert_eq!(bench.call(blurred).await.code(), "VALIDATION_ERROR");
    let approve = Call::post(format!("/api/approve/{}", task.id))
        .token(&token)
        .json(&json!({ "shown": shown }));
    let done = bench.call(approve).await.ok();
    assert_eq!(done.body["review"]["state"], "approved");
    assert_eq!(done.body["effect"]["state"], "held");
}

#[tokio::test]
async fn expiry_denies() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (user, _) = bench.person(&bed.world, "inga", ALL_ROLES).await;
    let (review, task) = bench.waiting_post(&bed).await;
    bench.world.pass(3_601);
    let token = bench.token(&bed.world, &user).await;
    let approve = Call::post(format!("/api/approve/{}", task.id)).token(&token);
    assert_eq!(
        bench.call(approve).await.code(),
        "REVIEW_EXPIRED",
        "{}",
        review.review_id
    );
}

#[tokio::test]
async fn what_a_person_writes_is_masked_in_the_log_and_kept_on_the_decision() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "inga", ALL_ROLES).await;
    let (review, task) = bench.waiting_post(&bed).await;
    let key = format!("sk-{}", "abcdef1234567890");
    let note = format!("Ask jane@example.org, +49 30 901820; card 4111 1111 1111 1111; key {key}");
    let reject = Call::post(format!("/api/reject/{}", task.id))
        .token(&token)
        .json(&json!({ "reason": "other", "note": note }));
    bench.call(reject).await.ok();
    let path = format!("/api/v1/audit?task={}", task.id);
    let records = bench.get(&token, &path).await;
    let rejected = records["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|record| record["action"] == "review.reject")
        .unwrap();
    assert_eq!(
        rejected["output"]["note"],
        "Ask [email], [phone]; card [card]; key sk-****"
    );
    assert_eq!(rejected["output"]["review"], json!(review.review_id));
    assert_eq!(
        rejected["subject"],
        json!({ "kind": "task", "id": task.id, "label": task.title })
    );
    let decided = bench.store.review(bed.world.tenant, review.review_id);
    assert_eq!(decided.await.unwrap().note, Some(note));
}

#[tokio::test]
async fn only_words_can_be_edited() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "inga", ALL_ROLES).await;
    let (review, _) = bench.waiting(&bed, ArtifactType::TrendReport).await;
    let check = format!("/api/v1/reviews/{}/check-edit", review.review_id);
    let body = json!({ "text": "Coffee is up." });
    let reply = bench
        .call(Call::post(check).token(&token).json(&body))
        .await;
    assert_eq!(
        (reply.status.as_u16(), reply.code().as_str()),
        (422, "EDIT_NOT_TEXT")
    );
    let left = bench.store.review(bed.world.tenant, review.review_id);
    assert!(left.await.unwrap().state.is_open());
}
