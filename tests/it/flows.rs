//! What holds with every detector silent: the feeds below carry nothing that any rule of the gateway finds, the judge is
//! sure and the policy lets everything go. Labels alone decide who must see what.
//!
//! Never here: a text that a detector finds (`hostile_feeds`), or the engine by itself (`engine`: `transitions/tests/labels`).

use std::process::Stdio;

use chimera_guard::inbound::{ThreatLevel, scan};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

use crate::support::{Home, ONE_POST, SOON, World, brew};

/// What the agent was told in confidence; no detector finds anything in it.
const FACT: &str =
    "Cold brew on tap: the roastery buys the valley lot at nine a kilo, and nobody else knows.";

/// A world that lets everything go.
async fn generous() -> World {
    let world = World::new().await;
    world
        .policy(|policy| {
            policy["bands"] =
                json!({ "auto_above": 0.0, "review_from": 0.0, "must_approve_from": 0.0 });
            policy["sensitive"]
                .as_array_mut()
                .unwrap()
                .iter_mut()
                .for_each(|rule| rule["terms"] = json!(["zzzz"]));
        })
        .await;
    for item in brew() {
        let words = format!("{}\n{}", item.title, item.text);
        assert_eq!(scan(&words).threat, ThreatLevel::None, "{words}");
    }
    world
}

/// Tells the agent's memory a fact about cold brew, by the server's own program.
pub(crate) async fn remember(home: &Home, agent: &str, fact: &str) {
    remember_about(home, agent, fact, "cold brew").await;
}

/// The same about something else.
pub(crate) async fn remember_about(home: &Home, agent: &str, fact: &str, about: &str) {
    let mut child = home
        .chimerad()
        .args(["mcp", "memory", "--agent", agent])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (mut input, out) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let hello = json!({
        "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": { "name": "raw", "version": "1" },
    });
    let call =
        json!({ "name": "remember_fact", "arguments": { "content": fact, "tags": [about] } });
    for message in [
        json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello }),
        json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }),
        json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call }),
    ] {
        input
            .write_all(format!("{message}\n").as_bytes())
            .await
            .unwrap();
    }
    input.flush().await.unwrap();
    let mut lines = BufReader::new(out).lines();
    loop {
        let line = lines.next_line().await.unwrap().expect("it left");
        let answer: Value = serde_json::from_str(&line).unwrap();
        if answer["id"] == 2 {
            assert_ne!(answer["result"]["isError"], true, "{answer:#}");
            break;
        }
    }
    drop(input);
    assert!(child.wait().await.unwrap().success());
}

async fn card(world: &World, review: &Value) -> Value {
    let path = format!("/api/v1/reviews/{}", review["id"].as_str().unwrap());
    world.api().get(&path).await
}

#[tokio::test]
async fn what_was_learned_in_confidence_and_strangers_words_leave_only_by_a_person() {
    let mut world = generous().await;
    let agent = world.agent().to_owned();
    world
        .while_closed(async |home| remember(home, &agent, FACT).await)
        .await;
    let campaign = world.one_post().await;
    let review = world.review(&campaign).await;
    assert_eq!(world.home().posts(), [] as [Value; 0]);
    let shown = card(&world, &review).await;
    let found = shown["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|found| found["rule"] == "flow.trifecta")
        .unwrap_or_else(|| panic!("{shown:#}"));
    assert_eq!(found["weight"], "needs_person");
    let why = found["message"].as_str().unwrap();
    for named in ["something learned", "brew.example", "sandbox.post_content"] {
        assert!(why.contains(named), "{named} is missing in: {why}");
    }
    let provenance = &shown["artifact"]["provenance"];
    let labels = provenance["labels"].as_array().unwrap();
    let kept = labels.iter().filter(|label| !label["private"].is_null());
    assert!(kept.count() > 0, "{labels:#?}");
    let tainted = |at: &str| -> bool {
        let arguments = provenance["arguments"].as_array().unwrap();
        let argument = arguments.iter().find(|argument| argument["at"] == at);
        argument.unwrap_or_else(|| panic!("{at}: {arguments:#?}"))["untrusted"] == true
    };
    assert!(tainted("/content/text"));
    for aimed in ["tool", "account", "/platform", "/tracking/task_id"] {
        assert!(!tainted(aimed), "{aimed}");
    }
    let sentences = provenance["sentences"].as_array().unwrap();
    assert!(!sentences.is_empty());

    // A person may let it go; then it leaves as anything else, and the trace tells what flowed into it.
    world.approve(&review).await;
    world.campaign_is(&campaign, "COMPLETED", SOON).await;
    assert_eq!(world.home().posts().len(), 1);
    let run = shown["trace"].as_str().unwrap();
    let trace = world.api().get(&format!("/api/v1/traces/{run}")).await;
    let told = trace.to_string();
    assert!(told.contains("chimera.taint.sources") && told.contains("chimera.private.sources"));
}

#[tokio::test]
async fn what_a_tools_answer_brought_to_mind_in_a_later_turn_leaves_only_by_a_person() {
    let mut world = generous().await;
    let agent = world.agent().to_owned();
    // It shares a word with the news, and none with goal or plan.
    let fact = "Burrs from the valley are bought unseen, and nobody else knows.";
    world
        .while_closed(async |home| remember_about(home, &agent, fact, "valley").await)
        .await;
    let campaign = world.one_post().await;
    let review = world.review(&campaign).await;
    assert_eq!(world.home().posts(), [] as [Value; 0]);
    let shown = card(&world, &review).await;
    let findings = shown["findings"].as_array().unwrap();
    let found = findings
        .iter()
        .find(|found| found["rule"] == "flow.trifecta");
    let why = found.unwrap_or_else(|| panic!("{shown:#}"))["message"].as_str();
    assert!(why.unwrap().contains("something learned"), "{findings:#?}");
    // It came by what research read: whoever planned did not think of it.
    let labels = shown["artifact"]["provenance"]["labels"]
        .as_array()
        .unwrap();
    let plan = labels.iter().find(|label| label["via"] == "plan").unwrap();
    assert!(plan["private"].is_null(), "{labels:#?}");
}

#[tokio::test]
async fn what_a_planner_had_in_mind_stays_with_the_words_of_its_plan() {
    let mut world = generous().await;
    let agent = world.agent().to_owned();
    world
        .while_closed(async |home| remember(home, &agent, FACT).await)
        .await;
    let feed = world.feed_file(&brew());
    let campaign = world.planned(&agent, ONE_POST, &feed).await;
    // Nobody who works on the plan recalls the fact: it is forgotten before the first step begins.
    let memories = format!("/api/v1/personas/{agent}/memories");
    let known = world.api().all(&memories).await;
    let fact = known.iter().find(|one| one["text"] == FACT).unwrap();
    let forget = format!("{memories}/{}/forget", fact["id"].as_str().unwrap());
    let reason = json!({ "reason": "It was not for anybody's ears." });
    world.api().post(&forget, reason).await.ok();
    let start = format!("/api/v1/campaigns/{campaign}/start");
    world.api().post(&start, json!({})).await.ok();
    let review = world.review(&campaign).await;
    assert_eq!(world.home().posts(), [] as [Value; 0]);
    let shown = card(&world, &review).await;
    let labels = shown["artifact"]["provenance"]["labels"]
        .as_array()
        .unwrap();
    let plan = labels.iter().find(|label| label["via"] == "plan").unwrap();
    assert_eq!(plan["private"], "memory", "{labels:#?}");
    // It came by the plan alone, and by what happened in its steps.
    let recalled = |label: &Value| label["name"] == "something learned";
    assert!(!labels.iter().any(recalled), "{labels:#?}");
    let findings = shown["findings"].as_array().unwrap();
    assert!(
        findings
            .iter()
            .any(|found| found["rule"] == "flow.trifecta"),
        "{findings:#?}"
    );
}

#[tokio::test]
async fn strangers_words_alone_leave_by_rule_and_carry_their_labels() {
    let world = generous().await;
    let campaign = world.one_post().await;
    world.campaign_is(&campaign, "COMPLETED", SOON).await;
    assert_eq!(world.home().posts().len(), 1);
    let tasks = world.tasks(&campaign).await;
    for task in &tasks {
        let path = format!("/api/v1/tasks/{}", task["id"].as_str().unwrap());
        let detail = world.api().get(&path).await;
        let labels = &detail["artifacts"][0]["provenance"]["labels"];
        let outside = labels.as_array().unwrap().iter();
        let outside = outside.filter(|label| label["untrusted"] == true);
        assert!(outside.count() > 0, "{}: {labels:#}", task["step"]);
    }
}

#[tokio::test]
async fn an_edit_keeps_every_label_and_adds_the_persons() {
    let world = World::careful().await;
    let campaign = world.one_post().await;
    let review = world.review(&campaign).await;
    let before = card(&world, &review).await;
    let path = format!(
        "/api/v1/reviews/{}/decision",
        review["id"].as_str().unwrap()
    );
    let text = "Tap systems are fast. We timed one.";
    let decision = json!({ "decision": "edit", "text": text });
    let etag = world
        .api()
        .look(&format!(
            "/api/v1/reviews/{}",
            review["id"].as_str().unwrap()
        ))
        .await
        .etag
        .unwrap();
    world.api().post_if(&path, &etag, decision).await.ok();
    let after = card(&world, &review).await;
    let labels = |card: &Value| -> Vec<Value> {
        let history = card["history"].as_array().unwrap();
        let newest = history.last().unwrap();
        newest["provenance"]["labels"].as_array().unwrap().clone()
    };
    let (was, is) = (labels(&before), labels(&after));
    assert!(was.iter().all(|label| is.contains(label)), "{is:#?}");
    let edits = is.iter().filter(|label| label["via"] == "edit");
    assert_eq!(edits.count(), 1, "{is:#?}");
}
