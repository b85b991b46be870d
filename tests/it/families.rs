//! A campaign on models of several families at once, by settings and by the console's API; and one whose provider is
//! down while another model stands in for it.
//!
//! Never here: details of a family's wire (the provider's own tests have them).

use chimera_scripted::{ModelRequest, ModelServer, Reply, Speaks, When};
use serde_json::{Value, json};

use crate::support::{
    Home, ONE_POST, SOON, World, brew, campaign_run, fresh_on, rss, script, until, words,
};

const MODEL: &str = "/api/v1/connections/model";

fn asked<'a>(requests: &'a [ModelRequest], word: &str) -> Vec<&'a ModelRequest> {
    let requests = requests.iter();
    requests
        .filter(|request| request.ask().as_deref() == Some(word))
        .collect()
}

/// Runs a campaign of one post in this home; it is published.
async fn publishes(home: Home) -> (Home, Vec<Value>) {
    let home = World::at(home).await.closed().await;
    let feed = home.write("brew.xml", rss(&brew()));
    let run = campaign_run(&home, ONE_POST, &[feed.to_str().unwrap()], &[]).await;
    assert_eq!(run.code, Some(0), "{run:#?}");
    let posts = home.posts();
    assert_eq!(posts.len(), 1, "{run:#?}");
    assert!(posts[0]["text"].as_str().unwrap().starts_with(words()));
    (home, posts)
}

#[tokio::test]
async fn one_family_plans_another_writes_and_a_third_judges() {
    let server = ModelServer::start(script()).await;
    let home = fresh_on(&server)
        .with("CHIMERA_MODEL__PLANNER__PROVIDER", "anthropic")
        .with("CHIMERA_MODEL__PLANNER__BASE_URL", server.base_url())
        .with("CHIMERA_MODEL__PLANNER__MODEL", "planning-model")
        .with("ANTHROPIC_API_KEY", "not-a-key-of-anthropic")
        .with("CHIMERA_MODEL__WORKER__PROVIDER", "gemini")
        .with("CHIMERA_MODEL__WORKER__BASE_URL", server.base_url())
        .with("CHIMERA_MODEL__WORKER__MODEL", "writing-model")
        .with("GEMINI_API_KEY", "not-a-key-of-gemini");
    let (_home, _) = publishes(home).await;
    let requests = server.requests();
    for (word, speaks, model, key) in [
        (
            "plan",
            Speaks::Anthropic,
            "planning-model",
            "not-a-key-of-anthropic",
        ),
        (
            "research",
            Speaks::Gemini,
            "writing-model",
            "not-a-key-of-gemini",
        ),
        (
            "draft",
            Speaks::Gemini,
            "writing-model",
            "not-a-key-of-gemini",
        ),
        (
            "judge",
            Speaks::OpenAi,
            "strong-model",
            crate::support::PROVIDER_KEY,
        ),
    ] {
        let found = asked(&requests, word);
        assert!(!found.is_empty(), "nobody asked {word}");
        for request in found {
            assert_eq!(
                (request.speaks, request.model(), request.key.as_deref()),
                (speaks, model, Some(key)),
                "{word}"
            );
        }
    }
    let research = asked(&requests, "research");
    assert_eq!(research[0].tools(), ["fetch_trends"]);
    assert!(research[1].tool_results()[0].contains("cold brew on tap"));
}

#[tokio::test]
async fn a_model_on_this_machine_needs_no_key_for_a_whole_campaign() {
    let server = ModelServer::start(script()).await;
    let home = Home::new()
        .with_loopback()
        .with("CHIMERA_MODEL__PROVIDER", "ollama")
        .with(
            "CHIMERA_MODEL__BASE_URL",
            format!("http://{}", server.host()),
        )
        .with("CHIMERA_MODEL__STRONG", "large")
        .with("CHIMERA_MODEL__FAST", "small");
    publishes(home).await;
    let requests = server.requests();
    assert!(
        requests
            .iter()
            .all(|request| request.line == "POST /api/chat" && request.key.is_none()),
        "{requests:#?}"
    );
    assert_eq!(asked(&requests, "draft")[0].model(), "small");
    assert_eq!(asked(&requests, "judge")[0].model(), "large");
}

#[tokio::test]
async fn another_model_stands_in_for_a_provider_that_is_down_and_its_work_carries_its_name() {
    let down = Reply::status(503, "We are down for maintenance.");
    let server = ModelServer::start(script().on(When::ask("draft"), down)).await;
    let local = ModelServer::start(script()).await;
    let world = World::at(fresh_on(&server)).await;
    world
        .policy(|policy| policy["bands"]["auto_above"] = json!(1.0))
        .await;
    let api = world.api();
    let settings = json!({
        "kind": "openai-compatible", "base_url": server.base_url(),
        "models": { "planner": "strong-model", "judge": "strong-model", "worker": "fast-model" },
        "key": { "place": "environment", "name": "OPENAI_API_KEY" },
        "fallback": { "kind": "ollama", "base_url": format!("http://{}", local.host()), "model": "small" },
    });
    let tried = api
        .post(&format!("{MODEL}/test"), settings.clone())
        .await
        .ok();
    // Each of the two is asked: no word of theirs fits, and that is an answer.
    assert_eq!(tried["ok"], json!(false), "{tried:#}");
    let put = api.request(reqwest::Method::PUT, MODEL).json(&settings);
    let chosen = api.send(put).await.ok();
    assert_eq!(
        (
            &chosen["fallback"]["provider"],
            &chosen["fallback"]["model"]
        ),
        (&json!("ollama"), &json!("small")),
        "{chosen:#}"
    );
    let campaign = world.one_post().await;
    let review = world.review(&campaign).await;
    let tasks = world.tasks(&campaign).await;
    let draft = tasks
        .iter()
        .find(|task| task["kind"] == "generate_caption")
        .unwrap();
    let id = draft["id"].as_str().unwrap();
    let seen = api.get(&format!("/api/v1/tasks/{id}")).await;
    assert_eq!(
        seen["artifacts"][0]["generation"]["model"],
        json!("ollama/small"),
        "{seen:#} {review:#}"
    );
    assert_eq!(seen["attempts"].as_array().unwrap().len(), 1, "{seen:#}");

    // The failed call has its line, and so has the one that was made instead.
    let lines = api
        .all(&format!("/api/v1/campaigns/{campaign}/calls"))
        .await;
    let drafts: Vec<_> = lines
        .iter()
        .filter(|line| line["role"] == "drafter")
        .map(|line| (&line["provider"], &line["model"], &line["outcome"]))
        .collect();
    assert_eq!(
        drafts,
        [
            (&json!("ollama"), &json!("small"), &json!("answered")),
            (&json!("openai"), &json!("fast-model"), &json!("failed")),
        ],
        "newest first"
    );
    why_is_in_the_trace(&world, &campaign).await;
}

async fn why_is_in_the_trace(world: &World, campaign: &str) {
    let run = world
        .api()
        .get(&format!("/api/v1/campaigns/{campaign}"))
        .await;
    let path = format!("/api/v1/traces/{}", run["trace"].as_str().unwrap());
    let span = until(
        "the call that was made instead is in the trace",
        SOON,
        || async {
            let spans = world.api().get(&path).await["spans"].take();
            let spans = spans.as_array().unwrap().iter();
            let mut instead =
                spans.filter(|span| !span["attributes"]["chimera.fallback.for"].is_null());
            instead.next().cloned()
        },
    )
    .await;
    let told = &span["attributes"];
    assert_eq!(told["chimera.fallback.for"], "openai/fast-model");
    assert_eq!(told["chimera.fallback.code"], "MODEL_UNAVAILABLE");
    let because = told["chimera.fallback.because"].as_str().unwrap();
    assert!(because.contains("down for maintenance"), "{because}");
    assert_eq!(told["gen_ai.response.model"], "ollama/small");
}
