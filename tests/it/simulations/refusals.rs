//! A provider that refuses for good, in each role and in each way: nobody asks twice, the step says why, nothing is sent.
//!
//! Never here: what passes (`slips`).

use chimera_scripted::{Reply, When};
use serde_json::{Value, json};

use super::{Run, ground, unplanned};
use crate::support::script;

/// Each refusal in each role is a story of its own.
macro_rules! in_each_role {
    ($($story:ident: $status:literal $code:literal;)+) => {
        mod planner {
            $(
                #[tokio::test]
                async fn $story() {
                    super::never_planned($status, $code).await;
                }
            )+
        }
        in_each_role!(@ researcher "research" "research" $($story: $status $code;)+);
        in_each_role!(@ writer "draft" "draft-1" $($story: $status $code;)+);
        in_each_role!(@ judge "judge" "research" $($story: $status $code;)+);
    };
    (@ $role:ident $word:literal $step:literal $($story:ident: $status:literal $code:literal;)+) => {
        mod $role {
            $(
                #[tokio::test]
                async fn $story() {
                    super::failed(($word, $step), $status, $code).await;
                }
            )+
        }
    };
}

in_each_role! {
    stops_at_a_wrong_key: 401 "MODEL_AUTH";
    stops_where_nothing_is_paid_for: 402 "MODEL_NO_CREDIT";
    stops_at_a_model_that_is_not_there: 404 "MODEL_NOT_FOUND";
    stops_at_a_context_that_is_too_long: 413 "MODEL_CONTEXT_TOO_LONG";
    stops_at_a_request_that_is_refused: 422 "MODEL_REQUEST_REFUSED";
}

/// What the provider says.
const WORDS: &str = "No such luck zq-17.";

/// No plan comes of it, and whoever asked for one hears why.
async fn never_planned(status: u16, code: &str) {
    let (server, world) =
        ground(script().on(When::ask("plan"), Reply::status(status, WORDS))).await;
    let campaign = unplanned(&world).await;
    let path = format!("/api/v1/campaigns/{campaign}");
    let answer = world.api().post(&format!("{path}/plan"), json!({})).await;
    assert!(answer.status >= 400, "{answer:?}");
    let said = format!("{answer:?}");
    for part in [code, "zq-17"] {
        assert!(said.contains(part), "{part} is missing in: {said}");
    }
    let found = world.api().get(&path).await;
    assert_eq!(found["status"], "DRAFT");
    let plan = world.api().look(&format!("{path}/plan")).await;
    plan.refused(404, "NOT_FOUND");
    assert_eq!(server.requests().len(), 1, "it was asked again");
    assert_eq!(world.home().posts(), [] as [Value; 0]);
}

/// The step fails for good, with the provider's word for it.
async fn failed((word, step): (&str, &str), status: u16, code: &str) {
    let run = Run::of(script().on(When::ask(word), Reply::status(status, WORDS))).await;
    run.fails().await;
    let failed = run.step(step).await;
    let failed = &failed["task"];
    assert_eq!(failed["state"], "failed", "{failed:#}");
    assert_eq!(failed["fault"]["code"], code, "{failed:#}");
    let why = failed["fault"]["message"].as_str().unwrap();
    assert!(why.contains("zq-17"), "{why}");
    assert_eq!(run.asked(word), 1, "it was asked again");
    // Another way was looked for, and there was none.
    assert_eq!(run.asked("replan"), 1);
    // A person is told in the same words.
    let alerts = run.world.api().all("/api/v1/alerts").await;
    let told = alerts
        .iter()
        .any(|alert| alert.to_string().contains("zq-17"));
    assert!(told, "{alerts:#?}");
}
