//! Each family of providers through a whole run, and through its own form of each slip: what passes is tried again, and one
//! post comes of it.
//!
//! Never here: the family that all other stories use (`slips`), or families side by side (`it/families`).

use chimera_scripted::{ModelServer, Reply, When};

use super::{Run, at_once};
use crate::support::{Home, script};

/// Each slip of each family is a story of its own.
macro_rules! in_each_family {
    ($($story:ident: $slip:expr, $code:literal;)+) => {
        in_each_family!(@ anthropic $($story: $slip, $code;)+);
        in_each_family!(@ gemini $($story: $slip, $code;)+);
        in_each_family!(@ ollama $($story: $slip, $code;)+);
    };
    (@ $family:ident $($story:ident: $slip:expr, $code:literal;)+) => {
        mod $family {
            use super::*;

            #[tokio::test]
            async fn publishes_where_nothing_slips() {
                survived(stringify!($family), None).await;
            }

            $(
                #[tokio::test]
                async fn $story() {
                    survived(stringify!($family), Some(($slip, $code))).await;
                }
            )+
        }
    };
}

in_each_family! {
    goes_on_after_a_rate_limit: Reply::status(429, "Slow down."), "MODEL_RATE_LIMITED";
    goes_on_after_a_server_error: Reply::status(500, "Oops."), "MODEL_UNAVAILABLE";
    goes_on_after_a_page_of_a_proxy: Reply::raw(200, "<html>Sign in</html>"), "MODEL_BAD_ANSWER";
    goes_on_after_a_garbled_stream: Reply::garbage(), "MODEL_BAD_ANSWER";
    goes_on_after_an_empty_answer: Reply::text(""), "MODEL_BAD_ANSWER";
    goes_on_after_words_in_the_place_of_data: Reply::text("Sure, here you are."), "MODEL_BAD_ANSWER";
}

/// A fresh home whose provider is this server, by a family's wire.
fn home_of(family: &str, server: &ModelServer) -> Home {
    let address = match family {
        "ollama" => format!("http://{}", server.host()),
        _ => server.base_url(),
    };
    Home::new()
        .with_loopback()
        .with("CHIMERA_MODEL__PROVIDER", family)
        .with("CHIMERA_MODEL__BASE_URL", address)
        .with("CHIMERA_MODEL__STRONG", "strong-model")
        .with("CHIMERA_MODEL__FAST", "fast-model")
        .with("ANTHROPIC_API_KEY", "not-a-key-of-anthropic")
        .with("GEMINI_API_KEY", "not-a-key-of-gemini")
}

async fn survived(family: &str, slip: Option<(Reply, &str)>) {
    let mut script = script();
    let mut costs = Vec::new();
    if let Some((reply, code)) = slip {
        script = script.on(When::ask("draft").times(1), reply);
        costs.push(code);
    }
    let server = ModelServer::start(script).await;
    let world = at_once(home_of(family, &server)).await;
    let run = Run::on(server, world).await;
    run.publishes_once().await;
    assert_eq!(run.asked("draft"), 1 + costs.len());
    let step = run.step("draft-1").await;
    let attempts = step["attempts"].as_array().unwrap();
    let codes: Vec<_> = attempts
        .iter()
        .filter_map(|attempt| attempt["fault"]["code"].as_str())
        .collect();
    assert_eq!(codes, costs, "{attempts:#?}");
}
