//! A provider that slips once, in each role and in each way: what passes is tried or asked again, and one post comes of it.
//!
//! Never here: a slip that stays (`refusals`), or the other families of providers (`families`).

use chimera_scripted::{Reply, When};
use serde_json::json;

use super::Run;
use crate::support::script;

/// Each slip in each role is a story of its own.
macro_rules! in_each_role {
    ($($story:ident: $slip:expr;)+) => {
        in_each_role!(@ planner "plan" $($story: $slip;)+);
        in_each_role!(@ researcher "research" $($story: $slip;)+);
        in_each_role!(@ writer "draft" $($story: $slip;)+);
        in_each_role!(@ judge "judge" $($story: $slip;)+);
        in_each_role!(@ replanner "replan" $($story: $slip;)+);
    };
    (@ $role:ident $word:literal $($story:ident: $slip:expr;)+) => {
        mod $role {
            use super::*;
            $(
                #[tokio::test]
                async fn $story() {
                    survived($word, $slip).await;
                }
            )+
        }
    };
}

in_each_role! {
    goes_on_after_a_rate_limit: tried(Reply::status(429, "Slow down."), "MODEL_RATE_LIMITED");
    goes_on_after_an_overload: tried(Reply::status(529, "Overloaded."), "MODEL_UNAVAILABLE");
    goes_on_after_a_server_error: tried(Reply::status(500, "Oops."), "MODEL_UNAVAILABLE");
    goes_on_after_a_timeout_at_the_gateway: tried(Reply::status(408, "Too slow."), "MODEL_UNAVAILABLE");
    goes_on_after_a_page_of_a_proxy: tried(Reply::raw(200, "<html>Sign in</html>"), "MODEL_BAD_ANSWER");
    goes_on_after_a_garbled_stream: tried(Reply::garbage(), "MODEL_BAD_ANSWER");
    goes_on_after_a_connection_that_broke: tried(Reply::text("One moment please").cut_after(1), "MODEL_UNREACHABLE");
    goes_on_after_a_stream_that_broke: tried(
        Reply::text("One moment please").in_pieces_of(4).cut_after(3),
        "MODEL_STREAM_CUT"
    );
    goes_on_after_an_error_in_the_stream: tried(
        Reply::text("One moment please").error_after(1, json!({ "message": "Lost it.", "type": "server_error" })),
        "MODEL_UNAVAILABLE"
    );
    goes_on_after_an_empty_answer: tried(Reply::text(""), "MODEL_BAD_ANSWER");
    goes_on_after_words_in_the_place_of_data: tried(Reply::text("Sure, here you are."), "MODEL_BAD_ANSWER");
    mends_an_answer_of_another_shape: mended(Reply::json(&json!({ "weather": "mild" })));
    mends_an_answer_that_was_cut_at_its_bound: mended(Reply::text("{\"a\":").finish("length"));
    mends_an_answer_that_a_filter_cut: mended(Reply::text("{\"a\":").finish("content_filter"));
}

/// What the first answer is instead of the usual one.
struct Slip {
    reply: Reply,
    /// The fault of the try that it costs; without one it is mended within the try.
    costs: Option<&'static str>,
}

fn tried(reply: Reply, code: &'static str) -> Slip {
    Slip {
        reply,
        costs: Some(code),
    }
}

fn mended(reply: Reply) -> Slip {
    Slip { reply, costs: None }
}

/// How often each role is asked where nothing slips.
fn usually(word: &str) -> usize {
    match word {
        // Its tool is called between; the report is judged, and the draft.
        "research" | "judge" => 2,
        _ => 1,
    }
}

async fn survived(word: &str, slip: Slip) {
    if word == "replan" {
        return declines(slip.reply).await;
    }
    let script = script();
    let run = Run::of(script.on(When::ask(word).times(1), slip.reply)).await;
    run.publishes_once().await;
    assert_eq!(run.asked(word), usually(word) + 1, "{word}");
    // Whoever plans has no attempt, and whoever judges shares the maker's.
    let step = match word {
        "research" => "research",
        "draft" => "draft-1",
        _ => return,
    };
    let step = run.step(step).await;
    let attempts = step["attempts"].as_array().unwrap();
    let codes: Vec<_> = attempts
        .iter()
        .filter_map(|attempt| attempt["fault"]["code"].as_str())
        .collect();
    let expected: Vec<&str> = slip.costs.into_iter().collect();
    assert_eq!(codes, expected, "{attempts:#?}");
}

/// A step fails for good; whoever seeks another way slips once, is asked again, and has none to offer.
async fn declines(slip: Reply) {
    let script = script()
        .on(When::ask("draft"), Reply::status(401, "No such key."))
        .on(When::ask("replan").times(1), slip);
    let run = Run::of(script).await;
    run.fails().await;
    assert_eq!(run.asked("replan"), 2);
    let tasks = run.world.tasks(&run.campaign).await;
    let declined = tasks
        .iter()
        .any(|task| task["fault"]["code"] == "REPLAN_DECLINED");
    assert!(declined, "{tasks:#?}");
}
