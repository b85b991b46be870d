//! Several people on one queue, and writes that are repeated.
//!
//! Never here: what a single decision leads to (`decisions`), or tenants (the API's own tests).

use serde_json::{Value, json};

use crate::support::{Api, World};

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// A moderator, signed in.
async fn moderator(world: &World, name: &str) -> Api {
    let email = format!("{}@halden.example", name.to_lowercase());
    let password = format!("{name} likes 17 quiet teapots");
    let account =
        json!({ "name": name, "email": email, "password": password, "roles": ["moderator"] });
    world.api().post("/api/v1/users", account).await.ok();
    let sign_in = json!({ "email": email, "password": password });
    let opened = world
        .api()
        .as_holder_of("")
        .post("/api/v1/session", sign_in)
        .await
        .ok();
    world.api().as_holder_of(text(&opened["token"]))
}

struct Queue {
    world: World,
    review: Value,
    path: String,
}

async fn queue() -> Queue {
    let world = World::careful().await;
    let campaign = world.one_post().await;
    let review = world.review(&campaign).await;
    let path = format!("/api/v1/reviews/{}", text(&review["id"]));
    Queue {
        world,
        review,
        path,
    }
}

#[tokio::test]
async fn what_one_holds_another_cannot_decide() {
    let Queue {
        world,
        review,
        path,
    } = queue().await;
    let (ada, ben) = (
        moderator(&world, "Ada").await,
        moderator(&world, "Ben").await,
    );
    let claimed = ada.post(&format!("{path}/claim"), json!({})).await.ok();
    assert_eq!(
        (&claimed["claim"]["by"]["name"], &claimed["claim"]["mine"]),
        (&json!("Ada"), &json!(true))
    );
    let seen = ben.look(&path).await;
    let (etag, card) = (seen.etag.clone().unwrap(), seen.ok());
    assert_eq!(
        (
            &card["review"]["claim"]["by"]["name"],
            &card["review"]["claim"]["mine"]
        ),
        (&json!("Ada"), &json!(false))
    );
    ben.post(&format!("{path}/claim"), json!({}))
        .await
        .refused(409, "REVIEW_CLAIMED");
    let approve = json!({ "decision": "approve" });
    let refused = ben
        .post_if(&format!("{path}/decision"), &etag, approve.clone())
        .await;
    assert!([409, 412].contains(&refused.status), "{refused:?}");
    let task = text(&review["task"]).to_owned();
    let refused = ben.post(&format!("/api/approve/{task}"), json!({})).await;
    assert_eq!(refused.status, 409, "{refused:?}");
    assert_eq!(ben.get(&path).await["review"]["state"], "open");

    let outcome = ada
        .post_if(&format!("{path}/decision"), &etag, approve.clone())
        .await
        .ok();
    assert_eq!(outcome["review"]["decided_by"]["name"], "Ada");
    // Ben's page is stale; and with a fresh one he learns that it is decided.
    let late = format!("{path}/decision");
    ben.post_if(&late, &etag, approve.clone())
        .await
        .refused(412, "VERSION_MISMATCH");
    let fresh = ben.look(&path).await.etag.unwrap();
    ben.post_if(&late, &fresh, approve)
        .await
        .refused(409, "REVIEW_SETTLED");
    world
        .effect_is(text(&outcome["effect"]["id"]), "sent")
        .await;
    assert_eq!(world.home().posts().len(), 1);
}

#[tokio::test]
async fn of_two_decisions_at_once_one_counts() {
    let Queue { world, review, .. } = queue().await;
    let (ada, ben) = (
        moderator(&world, "Ada").await,
        moderator(&world, "Ben").await,
    );
    let task = text(&review["task"]);
    let (approve, reject) = (
        format!("/api/approve/{task}"),
        format!("/api/reject/{task}"),
    );
    let (yes, no) = tokio::join!(
        ada.post(&approve, json!({})),
        ben.post(&reject, json!({ "note": "No." }))
    );
    let mut statuses = [yes.status, no.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "{yes:?} {no:?}");
    let state = &world
        .api()
        .get(&format!("/api/v1/reviews/{}", text(&review["id"])))
        .await["review"]["state"];
    assert_eq!(
        state,
        if yes.status == 200 {
            "approved"
        } else {
            "rejected"
        }
    );
}

#[tokio::test]
async fn a_repeated_decision_is_answered_alike_and_done_once() {
    let Queue { world, path, .. } = queue().await;
    let etag = world.api().look(&path).await.etag.unwrap();
    let decide = async |body: Value| {
        let request = world
            .api()
            .request(reqwest::Method::POST, &format!("{path}/decision"));
        let request = request
            .header("if-match", &etag)
            .header("idempotency-key", "once-and-for-all");
        world.api().send(request.json(&body)).await
    };
    let first = decide(json!({ "decision": "approve" })).await;
    let second = decide(json!({ "decision": "approve" })).await;
    assert_eq!(
        (first.status, first.replayed, second.replayed),
        (200, false, true)
    );
    assert_eq!(
        (&second.status, &second.body, &second.etag),
        (&first.status, &first.body, &first.etag)
    );
    decide(json!({ "decision": "reject" }))
        .await
        .refused(422, "IDEMPOTENCY_KEY_REUSED");
    world
        .effect_is(text(&first.body["effect"]["id"]), "sent")
        .await;
    assert_eq!(world.home().posts().len(), 1);
    assert_eq!(world.api().all("/api/v1/effects").await.len(), 1);
}

#[tokio::test]
async fn a_lapsed_claim_holds_nobody_up() {
    let Queue { world, path, .. } = queue().await;
    world
        .policy(|policy| policy["claim_seconds"] = json!(1))
        .await;
    let (ada, ben) = (
        moderator(&world, "Ada").await,
        moderator(&world, "Ben").await,
    );
    ada.post(&format!("{path}/claim"), json!({})).await.ok();
    let claimed = crate::support::until("the claim has lapsed", crate::support::SOON, || async {
        let claimed = ben.post(&format!("{path}/claim"), json!({})).await;
        (claimed.status == 200).then_some(claimed.body)
    })
    .await;
    assert_eq!(claimed["claim"]["by"]["name"], "Ben");
}
