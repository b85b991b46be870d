//! What people decide, and what comes of it: reject, edit, take back, let expire, change one's persona.
//!
//! Never here: two people at once (`people`), or stops (`stops`).

use serde_json::{Value, json};

use crate::support::{SOON, World, until};

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[tokio::test]
async fn a_rejected_draft_is_rewritten_until_a_person_takes_over() {
    let world = World::careful().await;
    let campaign = world.one_post().await;
    let mut drafts: Vec<String> = Vec::new();
    for round in 1..=3 {
        let review = world.review(&campaign).await;
        let card = world
            .api()
            .get(&format!("/api/v1/reviews/{}", text(&review["id"])))
            .await;
        let guidance = card["guidance"].to_string();
        for before in 1..round {
            assert!(
                guidance.contains(&format!("Reason number {before}")),
                "{guidance}"
            );
        }
        let draft = text(&review["preview"]["text"]).to_owned();
        assert!(
            !drafts.contains(&draft),
            "written again word for word: {draft}"
        );
        drafts.push(draft);
        let note = json!({ "reason": "off_brand", "note": format!("Reason number {round}.") });
        let rejected = world
            .api()
            .post(&format!("/api/reject/{}", text(&review["task"])), note)
            .await
            .ok();
        assert_eq!(rejected["review"]["state"], "rejected");
        assert_eq!(rejected["effect"], Value::Null);
    }
    world.campaign_is(&campaign, "FAILED", SOON).await;
    assert_eq!(world.open_reviews(&campaign).await, [] as [Value; 0]);
    let tasks = world.tasks(&campaign).await;
    let envelopes = tasks.iter().filter(|task| task["kind"] == "publish_post");
    let ends: Vec<_> = envelopes
        .map(|task| (&task["state"], &task["fault"]["code"]))
        .collect();
    assert_eq!(ends, [(&json!("failed"), &json!("REJECTED_BY_REVIEW")); 3]);
    let alerts = world.api().all("/api/v1/alerts").await;
    let codes: Vec<_> = alerts.iter().map(|alert| text(&alert["code"])).collect();
    assert_eq!(codes, ["REJECTED_REPEATEDLY"], "{alerts:#?}");
    assert_eq!(world.home().posts(), [] as [Value; 0]);
}

const EDIT: &str = "Cold brew on tap: serving time fell from 90 to 20 seconds in three chains, brew.example reports.";

#[tokio::test]
async fn an_edit_is_what_goes_out() {
    let world = World::careful().await;
    let campaign = world.one_post().await;
    let review = world.review(&campaign).await;
    let path = format!("/api/v1/reviews/{}", text(&review["id"]));
    let etag = world.api().look(&path).await.etag.unwrap();
    let edit = json!({ "decision": "edit", "text": EDIT });
    let outcome = world
        .api()
        .post_if(&format!("{path}/decision"), &etag, edit)
        .await
        .ok();
    assert_eq!(outcome["review"]["state"], "edited");
    assert_eq!(outcome["effect"]["approval"]["kind"], "by_person_edited");
    assert!(
        outcome["verdict"]["confidence"].is_number(),
        "judged again: {outcome:#}"
    );
    world.campaign_is(&campaign, "COMPLETED", SOON).await;

    let posts = world.home().posts();
    assert_eq!(posts.len(), 1);
    assert_eq!(posts[0]["text"], EDIT);
    assert_eq!(posts[0]["disclosure"]["disclosure_level"], "assisted");
    assert_eq!(posts[0]["disclosure"]["ai_generated"], json!(true));
    let card = world.api().get(&path).await;
    let history = card["history"].as_array().unwrap();
    let (last, before) = history.split_last().unwrap();
    assert_eq!(
        (&last["text"], &last["edited_from"]),
        (&json!(EDIT), &review["artifact"])
    );
    assert!(text(&last["generation"]["generated_by"]).contains("edited by a person"));
    assert!(
        before
            .iter()
            .any(|one| one["text"] == review["preview"]["text"]),
        "the first words are lost: {history:#?}"
    );
}

#[tokio::test]
async fn an_edit_is_not_held_against_the_draft_that_it_replaces() {
    let world = World::careful().await;
    let campaign = world.one_post().await;
    let review = world.review(&campaign).await;
    let path = format!("/api/v1/reviews/{}/check-edit", text(&review["id"]));
    let edit = format!("{} Read on.", text(&review["preview"]["text"]));
    let tried = world.api().post(&path, json!({ "text": edit })).await.ok();
    let criteria = tried["verdict"]["criteria"].as_array().unwrap();
    let originality = criteria.iter().find(|one| one["name"] == "originality");
    // Nothing was published before: there is no earlier post that it could repeat.
    assert_eq!(originality.unwrap()["score"], json!(1.0), "{tried:#}");
}

#[tokio::test]
async fn a_blocked_edit_changes_nothing() {
    let world = World::careful().await;
    let campaign = world.one_post().await;
    let review = world.review(&campaign).await;
    let path = format!("/api/v1/reviews/{}", text(&review["id"]));
    let before = world.api().look(&path).await;
    let bad = "Cold brew on tap is a game-changer: 20 seconds instead of 90, brew.example reports.";
    let tried = world
        .api()
        .post(&format!("{path}/check-edit"), json!({ "text": bad }))
        .await
        .ok();
    assert_eq!(tried["blocked"], json!(true));
    let edit = json!({ "decision": "edit", "text": bad });
    let etag = before.etag.clone().unwrap();
    let refused = world
        .api()
        .post_if(&format!("{path}/decision"), &etag, edit)
        .await;
    let error = refused.refused(422, "EDIT_BLOCKED");
    assert_eq!(
        error["details"]["findings"][0]["rule"], "persona.forbidden_word",
        "{error:#}"
    );
    let after = world.api().look(&path).await;
    assert_eq!((after.etag, after.body), (before.etag, before.body));

    // It can still be decided, and goes out as it was.
    let effect = world.approve(&review).await;
    world.effect_is(text(&effect["id"]), "sent").await;
    assert_eq!(world.home().posts()[0]["text"], review["preview"]["text"]);
}

#[tokio::test]
async fn a_decision_taken_back_is_before_a_person_again() {
    let world = World::careful().await;
    world
        .policy(|policy| policy["hold_seconds"] = json!(600))
        .await;
    let campaign = world.one_post().await;
    let review = world.review(&campaign).await;
    let effect = world.approve(&review).await;
    assert_eq!(
        (&effect["state"], &effect["can_undo"]),
        (&json!("held"), &json!(true))
    );
    let undo = format!("/api/v1/effects/{}/undo", text(&effect["id"]));
    let again = world.api().post(&undo, json!({})).await.ok();
    assert_eq!(
        (&again["state"], &again["task"]),
        (&json!("open"), &review["task"])
    );
    world.effect_is(text(&effect["id"]), "undone").await;
    world
        .api()
        .post(&undo, json!({}))
        .await
        .refused(409, "WRONG_STATE");

    world
        .policy(|policy| policy["hold_seconds"] = json!(1))
        .await;
    let second = world.approve(&again).await;
    assert_ne!(second["id"], effect["id"]);
    world.effect_is(text(&second["id"]), "sent").await;
    world.effect_is(text(&effect["id"]), "undone").await;
    assert_eq!(
        world.home().posts().len(),
        1,
        "what was taken back went out"
    );
    let late = format!("/api/v1/effects/{}/undo", text(&second["id"]));
    assert_eq!(world.api().post(&late, json!({})).await.status, 409);
}

#[tokio::test]
async fn what_nobody_decides_is_denied() {
    let world = World::careful().await;
    world
        .policy(|policy| policy["review_ttl_seconds"] = json!(1))
        .await;
    let campaign = world.one_post().await;
    let ended = world.campaign_is(&campaign, "FAILED", SOON).await;
    assert!(
        text(&ended["fault"]["message"]).starts_with("Its one post did not go out."),
        "{ended:#}"
    );
    let reviews = world
        .api()
        .all(&format!(
            "/api/v1/reviews?campaign={campaign}&state=expired"
        ))
        .await;
    assert_eq!(reviews.len(), 1);
    let task = world
        .api()
        .get(&format!("/api/v1/tasks/{}", text(&reviews[0]["task"])))
        .await;
    assert_eq!(
        (&task["task"]["state"], &task["task"]["fault"]["code"]),
        (&json!("failed"), &json!("REVIEW_EXPIRED"))
    );
    let late = world
        .api()
        .post(
            &format!("/api/approve/{}", text(&reviews[0]["task"])),
            json!({}),
        )
        .await;
    late.refused(409, "REVIEW_SETTLED");
    let alerts = world.api().all("/api/v1/alerts").await;
    assert_eq!(text(&alerts[0]["code"]), "REVIEW_EXPIRED");
    assert_eq!(world.home().posts(), [] as [Value; 0]);
}

/// Decides while the campaign stands still, changes something, lets it go on.
async fn decided_then_changed(
    world: &World,
    change: impl AsyncFnOnce(&World),
) -> (String, Value, Value) {
    let campaign = world.one_post().await;
    let review = world.review(&campaign).await;
    let move_it = async |verb: &str| {
        let path = format!("/api/v1/campaigns/{campaign}/{verb}");
        world.api().post(&path, json!({})).await.ok()
    };
    move_it("pause").await;
    let effect = world.approve(&review).await;
    change(world).await;
    move_it("resume").await;
    world.effect_is(text(&effect["id"]), "voided").await;
    assert_eq!(world.home().posts(), [] as [Value; 0]);
    let again = world.review(&campaign).await;
    assert_ne!(again["id"], review["id"]);
    (campaign, review, again)
}

#[tokio::test]
async fn a_new_persona_voids_what_was_decided_under_the_old_one() {
    let world = World::careful().await;
    let (campaign, _, again) = decided_then_changed(&world, async |world| {
        let path = format!("/api/v1/personas/{}", world.agent());
        let now = world.api().look(&path).await;
        let soul =
            text(&now.body["source"]).replace("\n  - synergy\n", "\n  - synergy\n  - seconds\n");
        assert_ne!(
            soul,
            text(&now.body["source"]),
            "the starter persona has changed"
        );
        world
            .api()
            .put_if(&path, &now.etag.clone().unwrap(), json!({ "soul": soul }))
            .await
            .ok();
    })
    .await;
    assert!(
        again["reasons"].to_string().contains("persona changed"),
        "{again:#}"
    );
    let effect = world.approve(&again).await;
    world.effect_is(text(&effect["id"]), "sent").await;
    world.campaign_is(&campaign, "COMPLETED", SOON).await;
    assert_eq!(world.home().posts().len(), 1);
}

#[tokio::test]
async fn a_new_policy_voids_what_was_decided_under_the_old_one() {
    let world = World::careful().await;
    let (_, _, again) = decided_then_changed(&world, async |world| {
        world
            .policy(|policy| policy["claim_seconds"] = json!(77))
            .await;
    })
    .await;
    assert!(
        again["reasons"].to_string().contains("policy changed"),
        "{again:#}"
    );
    let effect = world.approve(&again).await;
    world.effect_is(text(&effect["id"]), "sent").await;
    until("one post", SOON, || async {
        (world.home().posts().len() == 1).then_some(())
    })
    .await;
}
