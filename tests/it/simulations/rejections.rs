//! A person rejects the first draft, for each of the reasons there are: the next one is written with that reason in view, and
//! it alone goes out when a person lets it go.
//!
//! Never here: a person who rejects until nothing is left (`decisions`).

use chimera_scripted::{ModelRequest, Reply, Script};
use serde_json::{Value, json};

use super::Run;
use crate::support::{SOON, draft_saying, judgement, script_of, until};

macro_rules! stories {
    ($($reason:ident: $shown:literal;)+) => {
        $(
            #[tokio::test]
            async fn $reason() {
                written_anew(stringify!($reason), $shown).await;
            }
        )+
    };
}

stories! {
    off_brand: "off-brand tone";
    factual_error: "factual error";
    inappropriate: "inappropriate";
    cultural_insensitivity: "cultural insensitivity";
    copyright: "copyright";
    other: "other";
}

const FIRST: &str = "Cold brew on tap takes 20 seconds, says the Brew desk.";
const SECOND: &str = "Twenty seconds on tap, ninety before, says the Brew desk.";
/// What the person writes beside the reason.
const NOTE: &str = "Turn it round zq-41.";

/// A writer who heeds what was said, before a judge who is never quite sure.
fn heeding() -> Script {
    Script::answering(|request: &ModelRequest| match request.ask().as_deref() {
        Some("draft") => {
            let user = request.user();
            let words = if user.contains(NOTE) { SECOND } else { FIRST };
            Reply::json(&draft_saying(&user, words))
        }
        Some("judge") => Reply::json(&judgement(0.8)),
        _ => script_of(request),
    })
}

fn text(review: &Value) -> &str {
    review["preview"]["text"].as_str().unwrap()
}

async fn written_anew(reason: &str, shown: &str) {
    let run = Run::of(heeding()).await;
    let first = run.world.review(&run.campaign).await;
    assert!(text(&first).starts_with(FIRST), "{first:#}");
    let reject = format!("/api/reject/{}", first["task"].as_str().unwrap());
    let why = json!({ "reason": reason, "note": NOTE });
    run.world.api().post(&reject, why).await.ok();
    let second = until("the next draft", SOON, || async {
        let open = run.world.open_reviews(&run.campaign).await;
        open.into_iter().find(|review| review["id"] != first["id"])
    })
    .await;
    assert!(text(&second).starts_with(SECOND), "{second:#}");
    assert_eq!(run.asked("draft"), 2);
    let asked = run.server.requests();
    let last = asked
        .iter()
        .rfind(|request| request.ask().as_deref() == Some("draft"));
    let user = last.unwrap().user();
    let told = format!("A person rejected it: {shown}. {NOTE}");
    assert!(user.contains(&told), "{user}");
    assert_eq!(run.world.home().posts(), [] as [Value; 0]);
    run.world.approve(&second).await;
    run.world
        .campaign_is(&run.campaign, "COMPLETED", SOON)
        .await;
    let posts = run.world.home().posts();
    assert_eq!(posts.len(), 1, "{posts:#?}");
    let sent = posts[0]["text"].as_str().unwrap();
    assert!(sent.starts_with(SECOND), "{sent}");
}
