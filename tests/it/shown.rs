//! A decision counts for what was looked at: what changed since is refused, by every door.
//!
//! Never here: stale row versions (`If-Match`), which the API's own tests have.

use serde_json::{Value, json};

use crate::support::World;

const EDIT: &str = "Cold brew on tap cut serving time from 90 to 20 seconds, three chains say.";

#[tokio::test]
async fn an_approval_of_what_was_shown_before_does_not_let_the_edit_go() {
    let world = World::careful().await;
    // Long enough to take the first decision back in.
    world
        .policy(|policy| policy["hold_seconds"] = json!(60))
        .await;
    let campaign = world.one_post().await;
    let first = world.review(&campaign).await;
    let task = first["task"].as_str().unwrap();
    let approve = format!("/api/approve/{task}");
    let edited = json!({ "text": EDIT, "shown": first["shown"] });
    let outcome = world.api().post(&approve, edited).await.ok();
    let effect = outcome["effect"]["id"].as_str().unwrap();
    let undo = format!("/api/v1/effects/{effect}/undo");
    world.api().post(&undo, json!({})).await.ok();

    // The same task waits again, with other words: whoever still looks at the first ones must not let these go.
    let second = world.review(&campaign).await;
    assert_eq!(second["task"], first["task"]);
    assert_ne!(second["preview"]["text"], first["preview"]["text"]);
    assert_ne!(second["shown"], first["shown"]);
    let stale = json!({ "shown": first["shown"] });
    for path in [&approve, &format!("/api/reject/{task}")] {
        let error = world
            .api()
            .post(path, stale.clone())
            .await
            .refused(409, "SHOWN_CHANGED");
        assert!(
            error["message"]
                .as_str()
                .unwrap()
                .contains("Nothing was sent"),
            "{error:#}"
        );
    }
    assert_eq!(
        world.open_reviews(&campaign).await,
        std::slice::from_ref(&second)
    );
    assert_eq!(world.home().posts(), [] as [Value; 0]);

    let fresh = json!({ "shown": second["shown"] });
    let outcome = world.api().post(&approve, fresh).await.ok();
    let effect = &outcome["effect"];
    assert_eq!(effect["state"], "held");
    assert!(effect.to_string().contains(EDIT), "{effect:#}");
}
