//! Personas over the wire: made, linted, saved from a version, compared.

use axum::http::StatusCode;
use chimera_domain::role::Role;
use serde_json::json;

use super::bench::{Bench, Call};

const SOUL: &str = "---\nname: Ines Ardo\nid: ines-ardo\nrole: barista\nvoice_traits: [quick, kind]\ndirectives:\n  - State only what a source supports.\n---\nInes pours.\n";

#[tokio::test]
async fn a_persona_is_made_saved_from_its_version_and_compared() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (user, token) = bench.person(&bed.world, "priya", &[Role::BrandOwner]).await;
    let make = || {
        Call::post("/api/v1/personas")
            .token(&token)
            .json(&json!({ "soul": SOUL }))
    };
    let made = bench.call(make()).await.ok();
    assert_eq!(
        (made.status, &made.body["number"], &made.body["initials"]),
        (StatusCode::CREATED, &json!(1), &json!("IA"))
    );
    assert_eq!(
        (&made.body["source"], &made.body["author"]),
        (&json!(SOUL), &json!(user.name))
    );
    assert_eq!(bench.call(make()).await.code(), "AGENT_EXISTS");
    let path = format!("/api/v1/personas/{}", made.body["agent"].as_str().unwrap());
    let newer = SOUL
        .replace("quick, kind", "kind, slow")
        .replace("pours", "pours\nand waits");
    let save = |etag: &str, soul: &str| {
        Call::put(&path)
            .token(&token)
            .with("if-match", etag)
            .json(&json!({ "soul": soul }))
    };
    let unguarded = Call::put(&path)
        .token(&token)
        .json(&json!({ "soul": newer }));
    assert_eq!(bench.call(unguarded).await.code(), "PRECONDITION_REQUIRED");
    let saved = bench.call(save(&made.etag(), &newer)).await.ok();
    assert_eq!(
        (&saved.body["number"], &saved.body["current"]),
        (&json!(2), &json!(2))
    );
    assert_eq!(
        bench.call(save(&made.etag(), SOUL)).await.code(),
        "VERSION_MISMATCH"
    );
    let versions = bench
        .call(Call::get(format!("{path}/versions")).token(&token))
        .await
        .ok();
    let numbers: Vec<_> = versions.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["number"].clone(), row["current"].clone()))
        .collect();
    assert_eq!(numbers, [(json!(2), json!(true)), (json!(1), json!(false))]);
    let old = bench
        .call(Call::get(format!("{path}/versions/1")).token(&token))
        .await
        .ok();
    assert_eq!(
        (&old.body["source"], &old.body["current"]),
        (&json!(SOUL), &json!(2))
    );
    let diff = bench
        .call(Call::get(format!("{path}/diff?from=1&to=2")).token(&token))
        .await
        .ok();
    assert_eq!(
        diff.body["fields"][0],
        json!({ "field": "voice_traits", "before": null, "after": null, "added": ["slow"], "removed": ["quick"], "reordered": false })
    );
    let added: Vec<_> = diff.body["lines"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|line| line["kind"] == "added")
        .map(|line| line["text"].clone())
        .collect();
    assert_eq!(
        added,
        [
            json!("voice_traits: [kind, slow]"),
            json!("Ines pours"),
            json!("and waits.")
        ]
    );
    assert_eq!(
        bench
            .call(Call::get(format!("{path}/diff?from=1&to=9")).token(&token))
            .await
            .code(),
        "NOT_FOUND"
    );
}

#[tokio::test]
async fn a_broken_soul_is_refused_with_every_place_and_stored_nowhere() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "priya", &[Role::BrandOwner]).await;
    let broken = "---\nname: Ines\nvoice_traits: quick\n---\nBody\n";
    let lint = Call::post("/api/v1/personas/lint")
        .token(&token)
        .json(&json!({ "soul": broken }));
    let report = bench.call(lint).await.ok();
    assert_eq!(report.body["valid"], false);
    let refused = bench
        .call(
            Call::post("/api/v1/personas")
                .token(&token)
                .json(&json!({ "soul": broken })),
        )
        .await;
    assert_eq!(refused.code(), "SOUL_INVALID");
    assert_eq!(
        refused.body["error"]["details"]["diagnostics"],
        report.body["diagnostics"]
    );
    let fine = Call::post("/api/v1/personas/lint")
        .token(&token)
        .json(&json!({ "soul": SOUL }));
    assert_eq!(bench.call(fine).await.ok().body["valid"], true);
    let list = bench
        .call(Call::get("/api/v1/personas").token(&token))
        .await
        .ok();
    assert_eq!(
        list.body["items"].as_array().unwrap().len(),
        1,
        "only the bed's"
    );
}
