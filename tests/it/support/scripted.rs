//! A stand-in for a whole model behind OpenAI's wire: it answers what the prompts ask, by their `ASK:` word.
//!
//! Never here: faults; a test puts those in front of it.

use chimera_scripted::{ModelRequest, ModelServer, Reply, Script};
use serde_json::{Value, json};

use super::{home::Home, world::World};

/// What the stand-in writes as its post.
pub(crate) const WORDS: &str = "Tap systems cut serving time from 90 to 20 seconds in three cafe chains. Waste halved too, says the trade body via the Brew desk.";

/// The key that the stand-in's home has for it.
pub(crate) const PROVIDER_KEY: &str = "sk-it-5f0c2d9b7a1e4c66";

/// The words of its post.
pub(crate) const fn words() -> &'static str {
    WORDS
}

/// A fresh home whose provider is this server.
pub(crate) fn fresh_on(server: &ModelServer) -> Home {
    Home::new()
        .with_loopback()
        .with("CHIMERA_MODEL__PROVIDER", "openai")
        .with("CHIMERA_MODEL__STRONG", "strong-model")
        .with("CHIMERA_MODEL__FAST", "fast-model")
        .with("OPENAI_BASE_URL", server.base_url())
        .with("OPENAI_API_KEY", PROVIDER_KEY)
}

/// The same with a persona in it, and the policy that ships but an undo time of one second.
pub(crate) async fn home_on(server: &ModelServer) -> Home {
    World::at(fresh_on(server)).await.closed().await
}

/// Answers every question of a campaign of one post.
pub(crate) fn script() -> Script {
    Script::answering(script_of)
}

/// What the script answers to one question: for a script that knows better about some of them.
pub(crate) fn script_of(request: &ModelRequest) -> Reply {
    match request.ask().as_deref() {
        Some("plan") => Reply::json(&plan()),
        Some("replan") => Reply::json(&no_other_way()),
        Some("research") if request.tool_results().is_empty() => {
            Reply::calls(&[("fetch_trends", json!({ "platforms": ["web"] }))])
        }
        Some("research") => Reply::json(&research(&request.tool_results().join("\n"))),
        Some("draft") => Reply::json(&draft(&request.user())),
        Some("judge") => Reply::json(&judgement(0.96)),
        other => Reply::status(400, &format!("nobody asks {other:?}")),
    }
}

fn plan() -> Value {
    let step = |key: &str, kind: &str, skill: &str, platform: Value, needs: Value| {
        json!({
            "key": key, "title": format!("Step {key}"), "kind": kind, "skill": skill,
            "instructions": format!("Do {key} with care."), "platform": platform, "needs": needs,
            "estimated_output_tokens": 200,
        })
    };
    json!({
        "rationale": "Read, write, publish.",
        "steps": [
            step("research", "analyze_trends", "fetch_trends", Value::Null, json!([])),
            step("draft-1", "generate_caption", "write_post", json!("sandbox"), json!(["research"])),
            step("publish-1", "publish_post", "publish_content", json!("sandbox"), json!(["draft-1"])),
        ],
    })
}

/// What the stand-in answers when steps failed for good, unless a test knows better.
fn no_other_way() -> Value {
    json!({ "rationale": "There is nothing better to do.", "prune": [], "insert": [], "rewire": [] })
}

/// Ids as the prompts show them: `id: …` at the beginning of a line.
fn ids(text: &str) -> Vec<String> {
    let lines = text.lines().filter_map(|line| line.strip_prefix("id: "));
    lines.map(|id| id.trim().to_owned()).collect()
}

fn research(read: &str) -> Value {
    let picks: Vec<_> = ids(read)
        .into_iter()
        .take(2)
        .map(|id| json!({ "trend_id": id, "relevance": 0.9, "why": "It is about cold brew." }))
        .collect();
    json!({ "summary": "Two items serve the goal.", "picks": picks, "dropped": [], "confidence": 0.95 })
}

fn draft(shown: &str) -> Value {
    draft_saying(shown, WORDS)
}

/// A draft with these words, about the first thing that is shown.
pub(crate) fn draft_saying(shown: &str, words: &str) -> Value {
    let first = ids(shown).into_iter().next().unwrap_or_default();
    json!({
        "text": words, "hashtags": [], "based_on": [first],
        "claims": [{ "claim": "Serving time fell from 90 to 20 seconds.", "source_id": first }],
        "confidence": 0.97,
    })
}

/// A judge's answer with this score all over.
pub(crate) fn judgement(score: f64) -> Value {
    let names = [
        "voice",
        "facts",
        "policy",
        "safety",
        "goal",
        "length",
        "originality",
    ];
    let criteria: Vec<_> = names
        .iter()
        .map(|name| json!({ "name": name, "score": score, "note": "Holds." }))
        .collect();
    json!({ "criteria": criteria, "confidence": score, "risk": "low", "rationale": "It says what the source says." })
}
