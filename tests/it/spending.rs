//! Money: every call has its cost counted whatever came of it, and no limit is passed. Prices are those that a person
//! entered; the scripted server says how many tokens were used, and how often it was asked.
//!
//! Never here: the sums themselves (the store's contract), or the prices' form (the API's own tests).

use chimera_scripted::{ModelRequest, ModelServer, Reply, When};
use serde_json::{Value, json};

use crate::support::{ONE_POST, SOON, WHILE, World, brew, fresh_on, script, until};

const PRICES: &str = "/api/v1/prices";

/// A server at work on a scripted provider.
pub(crate) struct Scene {
    pub(crate) world: World,
    server: ModelServer,
}

impl Scene {
    /// A server with these answers in front of the usual ones, and prices by model: read, written.
    pub(crate) async fn with(rules: Vec<(When, Reply)>, prices: &[(&str, &str, &str)]) -> Self {
        let script = rules
            .into_iter()
            .fold(script(), |script, (when, reply)| script.on(when, reply));
        let server = ModelServer::start(script).await;
        let world = World::at(fresh_on(&server)).await;
        let scene = Self { world, server };
        let before = scene.world.api().look(PRICES).await;
        assert_eq!(before.body["items"], json!([]), "none is entered");
        scene.enter(prices).await;
        scene
    }

    /// Enters prices by model: read, written.
    pub(crate) async fn enter(&self, prices: &[(&str, &str, &str)]) {
        let etag = self.world.api().look(PRICES).await.etag.unwrap();
        let items: Vec<Value> = prices
            .iter()
            .map(|(model, input, output)| {
                json!({ "model": model, "input_per_million": input, "output_per_million": output })
            })
            .collect();
        let stored = json!({ "items": items });
        self.world.api().put_if(PRICES, &etag, stored).await.ok();
    }

    /// A planned campaign of one post with this budget a day.
    pub(crate) async fn planned(&self, budget: &str) -> String {
        let feed = self.world.feed_file(&brew());
        let new = json!({
            "agent": self.world.agent(), "goal": ONE_POST, "feeds": [feed], "platforms": ["sandbox"],
            "daily_budget": budget, "max_posts_per_day": 10,
        });
        let made = self.world.api().post("/api/v1/campaigns", new).await.ok();
        let id = made["id"].as_str().unwrap().to_owned();
        self.post(&id, "plan").await;
        id
    }

    pub(crate) async fn post(&self, campaign: &str, verb: &str) {
        let path = format!("/api/v1/campaigns/{campaign}/{verb}");
        self.world.api().post(&path, json!({})).await.ok();
    }

    /// Lets each step of the plan cost so much; without a cap only the day binds.
    pub(crate) async fn allow_each_step(&self, most: Option<&str>, campaign: &str) {
        self.replan(campaign, |steps| {
            for step in steps {
                step["max_cost"] = json!(most);
            }
        })
        .await;
    }

    /// Edits the plan's steps.
    pub(crate) async fn replan(&self, campaign: &str, change: impl FnOnce(&mut Vec<Value>)) {
        let path = format!("/api/v1/campaigns/{campaign}/plan");
        let plan = self.world.api().look(&path).await;
        let etag = plan.etag.clone().unwrap();
        let mut steps = plan.ok()["steps"].take();
        change(steps.as_array_mut().unwrap());
        let edited = json!({ "steps": steps });
        self.world.api().put_if(&path, &etag, edited).await.ok();
    }

    /// Gives the campaign another budget a day.
    pub(crate) async fn budget(&self, campaign: &str, budget: &str) {
        let path = format!("/api/v1/campaigns/{campaign}");
        let etag = self.world.api().look(&path).await.etag.unwrap();
        let change = json!({ "daily_budget": budget });
        self.world.api().patch_if(&path, &etag, change).await.ok();
    }

    pub(crate) async fn task(&self, campaign: &str, step: &str) -> Value {
        let tasks = self.world.tasks(campaign).await;
        let found = tasks.into_iter().find(|task| task["step"] == step);
        found.unwrap_or_else(|| panic!("{step} is no step"))
    }

    pub(crate) async fn campaign(&self, campaign: &str) -> Value {
        let path = format!("/api/v1/campaigns/{campaign}");
        self.world.api().get(&path).await
    }

    pub(crate) fn asked(&self, word: &str) -> Vec<ModelRequest> {
        let requests = self.server.requests().into_iter();
        requests
            .filter(|request| request.ask().as_deref() == Some(word))
            .collect()
    }
}

/// Dollars with four decimals, as a whole number of their smallest part.
pub(crate) fn parts(amount: &Value) -> u64 {
    let text = amount.as_str().unwrap();
    let (whole, fraction) = text.split_once('.').unwrap();
    format!("{whole}{fraction:0<4}").parse().unwrap()
}

#[tokio::test]
async fn every_call_is_counted_whatever_came_of_it() {
    let rules = vec![
        (When::ask("draft").times(1), Reply::text("Once upon a time")),
        (When::ask("judge").times(1), Reply::status(503, "busy")),
    ];
    let scene = Scene::with(
        rules,
        &[("strong-model", "10", "20"), ("fast-model", "1", "2")],
    )
    .await;
    let campaign = scene.planned("5.00").await;
    let plan = scene
        .world
        .api()
        .get(&format!("/api/v1/campaigns/{campaign}/plan"))
        .await;
    assert!(parts(&plan["estimated_cost"]) > 0, "{plan:#}");
    // The plan itself was the first cost: 100 tokens read, 20 written.
    let spending = scene.campaign(&campaign).await["spending"].clone();
    assert_eq!(
        spending,
        json!({ "spent": "0.0014", "unpriced_calls": 0, "reserved": "0.00", "used_up_until": null })
    );
    scene.post(&campaign, "start").await;
    scene.world.campaign_is(&campaign, "COMPLETED", WHILE).await;
    let count = |model: &str| {
        let requests = scene.server.requests();
        requests
            .iter()
            .filter(|request| request.model() == model)
            .count() as u64
    };
    assert_eq!(
        (scene.asked("draft").len(), scene.asked("judge").len()),
        (2, 3),
        "a failed one each"
    );
    let spending = scene.campaign(&campaign).await["spending"].clone();
    // The 503 told no tokens: its cost is not known, and it is not taken for nothing.
    assert_eq!(spending["unpriced_calls"], json!(1));
    // For 100 tokens read and 20 written: 1,400 and 140 millionths of a dollar.
    let (strong, fast) = (count("strong-model") - 1, count("fast-model"));
    let exact = format!("0.{:06}", strong * 1_400 + fast * 140);
    assert_eq!(
        spending["spent"].as_str().unwrap(),
        exact.trim_end_matches('0')
    );
    let gauge = scene.world.api().get("/api/v1/swarm/gauge").await;
    assert_eq!(
        (&gauge["spend_today"], &gauge["unpriced_calls"]),
        (&spending["spent"], &json!(1))
    );
    assert_eq!(
        (&gauge["spend_of_budgets"], &gauge["daily_budgets"]),
        (&json!("0.00"), &json!("0.00")),
        "a campaign that is over has no budget in force, and what it spent is spent of none"
    );
    every_call_has_its_line(&scene, &campaign).await;
}

async fn every_call_has_its_line(scene: &Scene, campaign: &str) {
    let lines = scene
        .world
        .api()
        .all(&format!("/api/v1/campaigns/{campaign}/calls"))
        .await;
    assert_eq!(lines.len(), scene.server.requests().len(), "{lines:#?}");
    let unknown: Vec<_> = lines
        .iter()
        .filter(|line| line["cost"].is_null())
        .map(|line| (&line["role"], &line["outcome"], &line["fault"]))
        .collect();
    let failed = (
        &json!("judge"),
        &json!("failed"),
        &json!("MODEL_UNAVAILABLE"),
    );
    assert_eq!(unknown, [failed]);
    let drafts = lines.iter().filter(|line| line["role"] == "drafter");
    let ends: Vec<_> = drafts.map(|line| &line["outcome"]).collect();
    assert_eq!(ends, ["answered", "unusable"], "newest first");
}

#[tokio::test]
async fn a_steps_cap_counts_all_its_tries() {
    // Each try writes a thousand tokens for a dollar, and may cost two.
    let garbage = Reply::text("Once upon a time")
        .usage(json!({ "prompt_tokens": 100, "completion_tokens": 1_000 }));
    let scene = Scene::with(
        vec![(When::ask("draft"), garbage)],
        &[("fast-model", "0", "1000")],
    )
    .await;
    let campaign = scene.planned("100.00").await;
    scene.allow_each_step(Some("4.50"), &campaign).await;
    scene.post(&campaign, "start").await;
    let failed = scene.world.campaign_is(&campaign, "FAILED", WHILE).await;
    assert_eq!(
        scene.asked("draft").len(),
        3,
        "3 of 4.50 USD are spent, a fourth call may cost 2"
    );
    let tasks = scene.world.tasks(&campaign).await;
    let drafted = tasks.iter().find(|task| task["step"] == "draft-1").unwrap();
    assert_eq!(drafted["fault"]["code"], "BUDGET_EXHAUSTED", "{drafted:#}");
    // Two turns of research wrote twenty tokens each; the model that planned, and judged what research found, has no
    // price.
    assert_eq!(
        (
            &failed["spending"]["spent"],
            &failed["spending"]["unpriced_calls"]
        ),
        (&json!("3.04"), &json!(2))
    );
}

#[tokio::test]
async fn a_used_up_day_holds_the_campaign_until_its_budget_is_raised() {
    // A call may cost two dollars and costs two cents: after the first, 2.01 do not reach for a second.
    let scene = Scene::with(Vec::new(), &[("fast-model", "0", "1000")]).await;
    let campaign = scene.planned("2.01").await;
    scene.allow_each_step(None, &campaign).await;
    scene.post(&campaign, "start").await;
    let held = until("the budget of the day is used up", SOON, || async {
        let found = scene.campaign(&campaign).await;
        (!found["spending"]["used_up_until"].is_null()).then_some(found)
    })
    .await;
    assert_eq!(
        (&held["status"], &held["spending"]["spent"]),
        (&json!("ACTIVE"), &json!("0.02"))
    );
    assert_eq!(scene.asked("research").len(), 1);
    let gauge = scene.world.api().get("/api/v1/swarm/gauge").await;
    assert_eq!(
        (&gauge["spend_of_budgets"], &gauge["daily_budgets"]),
        (&json!("0.02"), &json!("2.01"))
    );
    // Whatever the loops do meanwhile, nothing more is asked and no try is counted.
    let restarted = {
        let mut scene = scene;
        scene.world.restart().await;
        scene
    };
    let tasks = restarted.world.tasks(&campaign).await;
    let research = tasks
        .iter()
        .find(|task| task["step"] == "research")
        .unwrap();
    assert_eq!(
        (&research["state"], &research["attempts"]),
        (&json!("ready"), &json!(0)),
        "{research:#}"
    );
    assert_eq!(restarted.asked("research").len(), 1);
    let alerts = restarted.world.api().all("/api/v1/alerts").await;
    let told = alerts
        .iter()
        .filter(|alert| alert["code"] == "DAILY_BUDGET_EXHAUSTED");
    assert_eq!(told.count(), 1, "{alerts:#?}");

    restarted.budget(&campaign, "50.00").await;
    let done = restarted
        .world
        .campaign_is(&campaign, "COMPLETED", WHILE)
        .await;
    assert_eq!(done["spending"]["used_up_until"], Value::Null);
    assert!(restarted.asked("research").len() >= 3);
}

#[tokio::test]
async fn a_call_that_a_crash_cut_off_is_not_forgotten() {
    let mut scene = Scene::with(
        vec![(When::ask("draft").times(1), Reply::silence())],
        &[("fast-model", "1", "2"), ("strong-model", "1", "2")],
    )
    .await;
    let campaign = scene.planned("5.00").await;
    scene.post(&campaign, "start").await;
    until("the draft is asked for", SOON, || async {
        (!scene.asked("draft").is_empty()).then_some(())
    })
    .await;
    let under_way = scene.campaign(&campaign).await["spending"].clone();
    assert!(parts(&under_way["reserved"]) > 0, "{under_way}");
    scene.world.crash().await;
    scene.world.campaign_is(&campaign, "COMPLETED", WHILE).await;
    let spending = scene.campaign(&campaign).await["spending"].clone();
    assert_eq!(
        (&spending["unpriced_calls"], &spending["reserved"]),
        (&json!(1), &json!("0.00"))
    );
}

#[tokio::test]
async fn prices_are_one_persons_at_a_time_and_within_bounds() {
    let scene = Scene::with(Vec::new(), &[("fast-model", "0.15", "0.60")]).await;
    let api = scene.world.api();
    let now = api.look(PRICES).await;
    let etag = now.etag.clone().unwrap();
    assert_eq!(now.ok()["version"], json!(1));
    api.put_if(PRICES, "\"0\"", json!({ "items": [] }))
        .await
        .refused(412, "VERSION_MISMATCH");
    let wrong = json!({ "items": [{ "model": "m", "input_per_million": "-1", "output_per_million": "1" }] });
    api.put_if(PRICES, &etag, wrong)
        .await
        .refused(422, "VALIDATION_ERROR");
    let model = api.get("/api/v1/connections/model").await;
    let worker = model["roles"]
        .as_array()
        .unwrap()
        .iter()
        .find(|role| role["role"] == "worker")
        .unwrap();
    assert_eq!(worker["input_per_million"], "0.15", "used at once");
    let audit = api.all("/api/v1/audit").await;
    assert!(
        audit.iter().any(|record| record["action"] == "prices.save"),
        "{audit:#?}"
    );
}
