//! Personas over the wire: made, linted, saved from a version, compared.

use axum::http::StatusCode;
use chimera_domain::role::Role;
use serde_json::json;

use super::bench::{Bench, Call, Reply};

const SOUL: &str = "---\nname: Ines Ardo\nid: ines-ardo\nrole: barista\nvoice_traits: [quick, kind]\ndirectives:\n  - State only what a source supports.\n---\nInes pours.\n";

fn newer() -> String {
    let soul = SOUL.replace("quick, kind", "kind, slow");
    soul.replace("pours", "pours\nand waits")
}

/// Makes the persona of [`SOUL`].
async fn made(bench: &Bench, token: &str) -> Reply {
    let call = Call::post("/api/v1/personas").token(token);
    bench.call(call.json(&json!({ "soul": SOUL }))).await
}

#[tokio::test]
async fn a_persona_is_made_once_and_saved_from_its_version() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (user, token) = bench.person(&bed.world, "priya", &[Role::BrandOwner]).await;
    let first = made(&bench, &token).await;
    assert_eq!(first.status, StatusCode::CREATED);
    assert_eq!(
        (&first.body["number"], &first.body["initials"]),
        (&json!(1), &json!("IA"))
    );
    assert_eq!(
        (&first.body["source"], &first.body["author"]),
        (&json!(SOUL), &json!(user.name))
    );
    assert_eq!(made(&bench, &token).await.code(), "AGENT_EXISTS");
    let path = format!("/api/v1/personas/{}", first.body["agent"].as_str().unwrap());
    let put = |soul: &str| {
        Call::put(&path)
            .token(&token)
            .json(&json!({ "soul": soul }))
    };
    assert_eq!(bench.call(put(SOUL)).await.code(), "PRECONDITION_REQUIRED");
    let saved = bench
        .call(put(&newer()).with("if-match", &first.etag()))
        .await
        .ok();
    assert_eq!(
        (&saved.body["number"], &saved.body["current"]),
        (&json!(2), &json!(2))
    );
    let stale = put(SOUL).with("if-match", &first.etag());
    assert_eq!(bench.call(stale).await.code(), "VERSION_MISMATCH");
}

#[tokio::test]
async fn versions_are_kept_and_compared_by_meaning_and_by_line() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "priya", &[Role::BrandOwner]).await;
    let first = made(&bench, &token).await.ok();
    let path = format!("/api/v1/personas/{}", first.body["agent"].as_str().unwrap());
    let save = Call::put(&path)
        .token(&token)
        .with("if-match", &first.etag());
    bench
        .call(save.json(&json!({ "soul": newer() })))
        .await
        .ok();
    let versions = bench.get(&token, format!("{path}/versions")).await;
    let row = |place: usize| {
        (
            versions["items"][place]["number"].clone(),
            versions["items"][place]["current"].clone(),
        )
    };
    assert_eq!(
        [row(0), row(1)],
        [(json!(2), json!(true)), (json!(1), json!(false))]
    );
    let old = bench.get(&token, format!("{path}/versions/1")).await;
    assert_eq!((&old["source"], &old["current"]), (&json!(SOUL), &json!(2)));
    let diff = bench.get(&token, format!("{path}/diff?from=1&to=2")).await;
    assert_eq!(
        diff["fields"][0],
        json!({ "field": "voice_traits", "before": null, "after": null, "added": ["slow"], "removed": ["quick"], "reordered": false })
    );
    let lines = diff["lines"].as_array().unwrap().iter();
    let added: Vec<_> = lines
        .filter(|line| line["kind"] == "added")
        .map(|line| &line["text"])
        .collect();
    assert_eq!(
        added,
        ["voice_traits: [kind, slow]", "Ines pours", "and waits."]
    );
    let unknown = Call::get(format!("{path}/diff?from=1&to=9")).token(&token);
    assert_eq!(bench.call(unknown).await.code(), "NOT_FOUND");
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
    let report = bench.call(fine).await.ok();
    assert_eq!(
        (&report.body["valid"], &report.body["fields"]["role"]),
        (&json!(true), &json!("barista"))
    );
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

#[tokio::test]
async fn a_field_is_changed_and_every_other_byte_stays() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "priya", &[Role::BrandOwner]).await;
    let edit = async |field: &str, value: &[&str]| {
        let call = Call::post("/api/v1/personas/edit-field").token(&token);
        let asked = json!({ "soul": SOUL, "field": field, "value": value });
        bench.call(call.json(&asked)).await
    };
    for (field, value, from, to) in [
        ("role", vec!["roaster"], "role: barista", "role: roaster"),
        (
            "voice_traits",
            vec!["calm"],
            "voice_traits: [quick, kind]",
            "voice_traits:\n  - calm",
        ),
        ("role", vec![], "role: barista\n", ""),
        (
            "backstory",
            vec!["Ines waits."],
            "Ines pours.\n",
            "Ines waits.\n",
        ),
    ] {
        let edited = edit(field, &value).await.ok();
        assert_eq!(
            edited.body["soul"],
            json!(SOUL.replace(from, to)),
            "{field}"
        );
    }
    assert_eq!(
        edit("name", &["one", "two"]).await.code(),
        "VALIDATION_ERROR"
    );
    // Without its rules it would be no persona.
    assert_eq!(edit("directives", &[]).await.code(), "SOUL_INVALID");
}
