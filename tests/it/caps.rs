//! What binds and what waits: caps that nobody typed, another budget, and money that calls under way have set aside.
//!
//! Never here: what a call costs (`spending`).

use chimera_scripted::{Reply, When};
use serde_json::{Value, json};

use crate::{
    spending::{Scene, parts},
    support::{SOON, WHILE, until},
};

/// A dollar for a thousand tokens that are written: a call may cost two, and costs two cents.
const DEAR: &[(&str, &str, &str)] = &[("fast-model", "0", "1000"), ("strong-model", "0", "1000")];

/// Ten cents for a thousand tokens that are written.
const PRICED: &[(&str, &str, &str)] = &[("fast-model", "0", "100"), ("strong-model", "0", "100")];

fn place(steps: &[Value], key: &str) -> usize {
    steps.iter().position(|step| step["key"] == key).unwrap()
}

#[tokio::test]
async fn a_price_that_comes_later_ends_no_step_that_nobody_capped() {
    let scene = Scene::with(Vec::new(), &[]).await;
    let (free, typed) = (scene.planned("50.00").await, scene.planned("50.00").await);
    let path = format!("/api/v1/campaigns/{free}/plan");
    let plan = scene.world.api().get(&path).await;
    let caps: Vec<_> = plan["steps"].as_array().unwrap().iter().collect();
    assert!(
        caps.iter().all(|step| step["max_cost"].is_null()) && plan["max_cost"].is_null(),
        "no price, no estimate, no cap: {plan:#}"
    );
    scene
        .replan(&typed, |steps| {
            let draft = place(steps, "draft-1");
            steps[draft]["max_cost"] = json!("0.05");
        })
        .await;
    scene.enter(DEAR).await;
    scene.post(&free, "start").await;
    scene.world.campaign_is(&free, "COMPLETED", WHILE).await;
    scene.post(&typed, "start").await;
    scene.world.campaign_is(&typed, "FAILED", WHILE).await;
    let drafted = scene.task(&typed, "draft-1").await;
    assert_eq!(
        (&drafted["max_cost"], &drafted["fault"]["code"]),
        (&json!("0.05"), &json!("BUDGET_EXHAUSTED")),
        "what a person typed binds: {drafted:#}"
    );
}

#[tokio::test]
async fn another_budget_voids_no_verdict() {
    let hangs = When::ask("research").containing("Look again").times(1);
    let scene = Scene::with(vec![(hangs, Reply::silence())], &[]).await;
    let campaign = scene.planned("5.00").await;
    // A second look comes between the draft and its post, so that there is a moment between them.
    scene
        .replan(&campaign, |steps| {
            let mut again = steps[place(steps, "research")].clone();
            again["key"] = json!("again");
            again["instructions"] = json!("Look again with care.");
            again["needs"] = json!(["draft-1"]);
            let publish = place(steps, "publish-1");
            steps[publish]["needs"] = json!(["draft-1", "again"]);
            steps.push(again);
        })
        .await;
    scene.post(&campaign, "start").await;
    let looked = || {
        let asked = scene.asked("research");
        let again = asked
            .iter()
            .filter(|asked| asked.user().contains("Look again"));
        again.count()
    };
    until("the second look begins", SOON, || async {
        (looked() > 0).then_some(())
    })
    .await;
    let before = scene.campaign(&campaign).await;
    scene.budget(&campaign, "6.00").await;
    let done = scene.world.campaign_is(&campaign, "COMPLETED", WHILE).await;
    assert!(looked() > 1, "work in flight began again");
    assert!(done["state_version"].as_i64() > before["state_version"].as_i64());
    assert_eq!(
        scene.asked("judge").len(),
        3,
        "both looks and the draft; the post keeps its draft's verdict"
    );
}

#[tokio::test]
async fn who_waits_for_calls_under_way_loses_no_try() {
    let hangs = When::ask("draft").times(1);
    // The planner's model has no price: what it counts is nothing.
    let scene = Scene::with(vec![(hangs, Reply::silence())], &DEAR[..1]).await;
    // Of three dollars two are set aside for the first draft, so that the second has to wait for it.
    let campaign = scene.planned("3.00").await;
    scene
        .replan(&campaign, |steps| {
            let mut other = steps[place(steps, "draft-1")].clone();
            other["key"] = json!("draft-2");
            let publish = place(steps, "publish-1");
            steps[publish]["needs"] = json!(["draft-1", "draft-2"]);
            steps.push(other);
            for step in steps {
                step["max_cost"] = Value::Null;
            }
        })
        .await;
    scene.post(&campaign, "start").await;
    let drafts = async || {
        let mut found = Vec::new();
        for step in ["draft-1", "draft-2"] {
            let id = scene.task(&campaign, step).await["id"].clone();
            let path = format!("/api/v1/tasks/{}", id.as_str().unwrap());
            found.push(scene.world.api().get(&path).await);
        }
        found
    };
    let handed_back = |detail: &Value| {
        let attempts = detail["attempts"].as_array().unwrap();
        attempts.iter().any(|run| run["outcome"] == "handed_back")
    };
    let waits = until("one of them is handed back", WHILE, || async {
        drafts()
            .await
            .into_iter()
            .find(|detail| handed_back(detail))
    })
    .await;
    assert_eq!(
        (&waits["task"]["attempts"], &waits["task"]["fault"]),
        (&json!(0), &Value::Null),
        "{waits:#}"
    );
    assert_eq!(scene.asked("draft").len(), 1, "nothing was asked for it");
    let stands = scene.campaign(&campaign).await;
    assert_eq!(
        stands["spending"]["used_up_until"],
        Value::Null,
        "the day is not used up"
    );
    scene.budget(&campaign, "50.00").await;
    scene.world.campaign_is(&campaign, "COMPLETED", WHILE).await;
    for detail in drafts().await {
        assert_eq!(detail["task"]["attempts"], json!(0), "{detail:#}");
    }
}

#[tokio::test]
async fn caps_divide_the_day_when_a_plan_is_made_changed_and_started() {
    let scene = Scene::with(Vec::new(), PRICED).await;
    // Made: four times what each step likely costs would be more than a dollar.
    let campaign = scene.planned("0.50").await;
    let path = format!("/api/v1/campaigns/{campaign}/plan");
    let plan = scene.world.api().look(&path).await;
    let made = parts(&plan.body["max_cost"]);
    assert!((4_900..=5_000).contains(&made), "{:#}", plan.body);
    assert!(
        parts(&plan.body["estimated_cost"]) <= made,
        "{:#}",
        plan.body
    );
    // Changed: refused with both sums, and nothing is stored.
    let etag = plan.etag.clone().unwrap();
    let mut steps = plan.clone().ok()["steps"].take();
    steps[0]["max_cost"] = json!("0.51");
    let edited = scene
        .world
        .api()
        .put_if(&path, &etag, json!({ "steps": steps }));
    let refused = edited.await.refused(422, "PLAN_BEYOND_BUDGET");
    assert_eq!(refused["details"]["budget"], "0.50", "{refused:#}");
    assert!(parts(&refused["details"]["caps"]) > 5_000, "{refused:#}");
    assert_eq!(scene.world.api().look(&path).await.etag, Some(etag));
    // Started: under a budget that was lowered meanwhile.
    scene.budget(&campaign, "0.40").await;
    let start = format!("/api/v1/campaigns/{campaign}/start");
    let started = scene.world.api().post(&start, json!({})).await;
    started.refused(422, "PLAN_BEYOND_BUDGET");
    assert_eq!(scene.campaign(&campaign).await["status"], "DRAFT");
    assert_eq!(scene.world.tasks(&campaign).await, [] as [Value; 0]);
    scene.budget(&campaign, "0.50").await;
    scene.post(&campaign, "start").await;
}

/// Without a price no money binds: tokens do, over all tries, before a call is made.
#[tokio::test]
async fn a_step_ends_before_the_call_that_its_tokens_do_not_hold() {
    let told = json!({ "prompt_tokens": 8_000, "completion_tokens": 1_500, "total_tokens": 9_500 });
    let bad = Reply::text("Once upon a time").usage(told);
    let scene = Scene::with(vec![(When::ask("draft"), bad)], &[]).await;
    scene
        .world
        .policy(|policy| policy["max_step_tokens"] = json!(20_000))
        .await;
    let campaign = scene.planned("50.00").await;
    scene.post(&campaign, "start").await;
    scene.world.campaign_is(&campaign, "FAILED", WHILE).await;
    let drafted = scene.task(&campaign, "draft-1").await;
    let fault = &drafted["fault"];
    assert_eq!(
        (&fault["code"], &fault["class"]),
        (&json!("BUDGET_EXHAUSTED"), &json!("budget_exhausted")),
        "{drafted:#}"
    );
    let said = fault["message"].as_str().unwrap();
    assert!(
        said.contains("19000 of 20000 are used over all tries. Nothing was asked."),
        "{said}"
    );
    assert_eq!(scene.asked("draft").len(), 2, "the third was never asked");
}
