//! What a change of the plan does to the plan in force, and what it is refused for.

use chimera_domain::{
    fault::{Fault, FaultClass},
    money::Usd,
    task::{Priority, TaskKind},
    time::Timestamp,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::transitions::tests::{campaign, task};

/// A plan with its tasks: each step as `(key, kind, needs, state)`; the first failed one is what is asked about.
struct Story {
    steps: Vec<PlanStep>,
    tasks: Vec<Task>,
}

fn step(key: &str, kind: TaskKind, needs: &[&str]) -> PlanStep {
    PlanStep {
        key: key.to_owned(),
        title: key.to_owned(),
        kind,
        skill: "skill".to_owned(),
        instructions: String::new(),
        input: serde_json::Map::new(),
        platform: None,
        priority: Priority::NORMAL,
        max_cost: None,
        estimated_cost: Usd::ZERO,
        deadline: None,
        publish_at: None,
        needs: needs.iter().map(|key| (*key).to_owned()).collect(),
        edited: false,
    }
}

fn story(parts: &[(&str, TaskKind, &[&str], TaskState)]) -> Story {
    let now = Timestamp::from_seconds(1_000_000);
    let campaign = campaign(now);
    let mut story = Story {
        steps: Vec::new(),
        tasks: Vec::new(),
    };
    for (number, (key, kind, needs, state)) in (100..).zip(parts) {
        story.steps.push(step(key, *kind, needs));
        story.tasks.push(Task {
            id: TaskId::from_uuid(Uuid::from_u128(number)),
            step: (*key).to_owned(),
            kind: *kind,
            state: state.clone(),
            ..task(&campaign, now)
        });
    }
    story
}

impl Story {
    fn merge(&self, change: Value) -> Result<Merged, String> {
        let standing = self
            .tasks
            .iter()
            .map(|task| (task.step.clone(), task))
            .collect();
        let failed: Vec<FailedStep> = self
            .tasks
            .iter()
            .filter(|task| task.state == TaskState::Failed)
            .map(|task| FailedStep::of(task, Fault::new(FaultClass::Permanent, "X", "x"), false))
            .collect();
        let plot = Plot {
            steps: &self.steps,
            standing: &standing,
            failed: &failed,
            platforms: &[Platform::Sandbox],
            feeds: &["a.xml".to_owned(), "b.xml".to_owned()],
            budget: Usd::from_cents(100),
        };
        merge(&plot, &told(&change))
    }

    fn id(&self, key: &str) -> TaskId {
        self.tasks.iter().find(|task| task.step == key).unwrap().id
    }
}

/// A change as a planner tells it.
fn told(change: &Value) -> Change {
    let read = |value: &Value| serde_json::from_value(value.clone()).unwrap();
    let rewire = change["rewire"].as_array().unwrap();
    Change {
        prune: read(&change["prune"]),
        insert: change["insert"]
            .as_array()
            .unwrap()
            .iter()
            .map(inserted)
            .collect(),
        rewire: rewire
            .iter()
            .map(|rewired| {
                let needs: Vec<String> = read(&rewired["needs"]);
                (rewired["step"].as_str().unwrap().to_owned(), needs)
            })
            .collect(),
    }
}

fn inserted(new: &Value) -> PlanStep {
    let needs: Vec<&str> = new["needs"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let kind = serde_json::from_value(new["kind"].clone()).unwrap();
    let mut step = step(new["key"].as_str().unwrap(), kind, &needs);
    step.platform = new["platform"].as_str().map(|name| name.parse().unwrap());
    step.max_cost = new["cents"].as_i64().map(Usd::from_cents);
    if let Some(feeds) = new.get("feeds") {
        step.input.insert(Task::FEEDS.to_owned(), feeds.clone());
    }
    step
}

const DONE: TaskState = TaskState::Completed;
const WAITS: TaskState = TaskState::Blocked;

fn usual() -> Story {
    use TaskKind::{AnalyzeTrends, GenerateCaption, PublishPost};
    story(&[
        ("r-1", AnalyzeTrends, &[], TaskState::Failed),
        ("r-2", AnalyzeTrends, &[], DONE),
        ("d-1", GenerateCaption, &["r-1"], WAITS),
        ("p-1", PublishPost, &["d-1"], WAITS),
        ("d-2", GenerateCaption, &["r-2"], DONE),
        ("p-2", PublishPost, &["d-2"], WAITS),
    ])
}

fn planned(key: &str, kind: &str, needs: &[&str]) -> Value {
    json!({ "key": key, "kind": kind, "needs": needs })
}

#[test]
fn new_steps_share_what_the_open_ones_leave_of_the_day() {
    let capped = |key: &str, kind: &str, needs: &[&str], cents: u32| {
        let mut step = planned(key, kind, needs);
        step["cents"] = json!(cents);
        step
    };
    let answer = |cents: u32| {
        json!({
            "prune": ["r-1"],
            "insert": [capped("r-3", "analyze_trends", &[], cents), capped("r-4", "analyze_trends", &[], cents)],
            "rewire": [{ "step": "d-1", "needs": ["r-3", "r-4"] }],
        })
    };
    let mut story = usual();
    for step in &mut story.steps {
        // What is done leaves its cap; what is open keeps it: d-1, p-1 and p-2.
        step.max_cost = Some(Usd::from_cents(20));
    }
    let caps = |merged: &Merged| {
        let new = merged
            .steps
            .iter()
            .filter(|step| merged.inserted.contains(&step.key));
        new.map(|step| step.max_cost).collect::<Vec<_>>()
    };
    for (asked, given) in [(10, 10), (20, 20), (70, 20)] {
        let merged = story.merge(answer(asked)).unwrap();
        assert_eq!(caps(&merged), [Some(Usd::from_cents(given)); 2], "{asked}");
    }
}

#[test]
fn a_rewired_step_stays_and_what_hangs_on_a_failed_one_leaves() {
    let story = usual();
    let keys = |merged: &Merged| {
        merged
            .steps
            .iter()
            .map(|step| step.key.clone())
            .collect::<Vec<_>>()
    };
    let rewired = story
        .merge(json!({
            "prune": ["r-1"], "insert": [planned("r-3", "analyze_trends", &[])],
            "rewire": [{ "step": "d-1", "needs": ["r-3", "r-2"] }],
        }))
        .unwrap();
    assert_eq!(keys(&rewired), ["r-2", "d-1", "p-1", "d-2", "p-2", "r-3"]);
    assert_eq!(rewired.inserted, ["r-3"]);
    assert_eq!(
        rewired.rewired,
        [(story.id("d-1"), vec!["r-3".to_owned(), "r-2".to_owned()])]
    );
    assert!(rewired.prune.is_empty(), "what failed is gone already");
    let fewer = story
        .merge(json!({ "prune": ["p-2"], "insert": [], "rewire": [] }))
        .unwrap();
    assert_eq!(keys(&fewer), ["r-2", "d-2"]);
    assert_eq!(fewer.prune, [story.id("p-2")]);
}

/// Asserts that each change of the usual plan is refused with these words.
fn refused(story: &Story, changes: Vec<(&str, Value, &str)>) {
    for (part, change, why) in changes {
        let mut answer = json!({ "prune": [], "insert": [], "rewire": [] });
        answer[part] = change;
        let said = story.merge(answer.clone()).map(|_| ()).unwrap_err();
        assert!(said.contains(why), "{answer}: {said}");
    }
}

#[test]
fn what_cannot_be_taken_out_or_moved_is_refused_in_words_for_the_planner() {
    let mut story = usual();
    story.steps[5].edited = true;
    let needs = |step: &str, needs: &str| json!([{ "step": step, "needs": [needs] }]);
    refused(
        &story,
        vec![
            ("prune", json!(["d-2"]), "has begun and stays"),
            ("prune", json!(["p-2"]), "written by a person"),
            ("prune", json!(["no"]), "not in the plan"),
            ("rewire", needs("d-1", "r-1"), "none that failed"),
            ("rewire", needs("d-2", "r-2"), "has begun"),
            ("rewire", needs("r-1", "r-2"), "has ended"),
        ],
    );
}

#[test]
fn a_persons_step_does_not_leave_with_what_it_needs() {
    let mut story = usual();
    let edited = story.steps.iter_mut().find(|step| step.key == "p-1");
    edited.unwrap().edited = true;
    refused(
        &story,
        vec![("prune", json!(["d-1"]), "'p-1' was written by a person")],
    );
    let moved = json!({
        "prune": ["d-1"], "insert": [],
        "rewire": [{ "step": "p-1", "needs": ["d-2"] }],
    });
    assert!(story.merge(moved).is_ok());
}

#[test]
fn what_cannot_be_put_in_is_refused_in_words_for_the_planner() {
    let caption = |key: &str, needs: &[&str]| planned(key, "generate_caption", needs);
    let mut nowhere = planned("p-3", "publish_post", &["d-2"]);
    nowhere["platform"] = json!("mastodon");
    let mut elsewhere = planned("r-3", "analyze_trends", &[]);
    elsewhere["feeds"] = json!(["http://169.254.169.254/"]);
    refused(
        &usual(),
        vec![
            ("insert", json!([caption("d-2", &[])]), "is taken"),
            (
                "insert",
                json!([caption("d-3", &["r-1"])]),
                "of which something failed",
            ),
            (
                "insert",
                json!([caption("a", &["b"]), caption("b", &["a"])]),
                "circle",
            ),
            ("insert", json!([nowhere]), "not connected"),
            (
                "insert",
                json!([elsewhere]),
                "not among the campaign's feeds",
            ),
        ],
    );
}

#[test]
fn a_new_step_leads_to_something_that_goes_out() {
    let read = |key: &str| planned(key, "analyze_trends", &[]);
    refused(
        &usual(),
        vec![
            ("insert", json!([read("r-3")]), "'r-3' leads nowhere"),
            (
                "insert",
                json!([read("r-3"), planned("d-3", "generate_caption", &["r-3"])]),
                "'d-3' leads nowhere",
            ),
        ],
    );
    let mut publish = planned("p-3", "publish_post", &["d-3"]);
    publish["platform"] = json!("sandbox");
    let whole = json!({
        "prune": [], "rewire": [],
        "insert": [read("r-3"), planned("d-3", "generate_caption", &["r-3"]), publish],
    });
    assert!(usual().merge(whole).is_ok());
    // The last post leaves, and what would come in leads to none.
    let instead = json!({
        "prune": ["p-2"], "insert": [read("r-3")], "rewire": [],
    });
    let said = usual().merge(instead).unwrap_err();
    assert!(said.contains("'r-3' leads nowhere"), "{said}");
    let research = story(&[("r-1", TaskKind::AnalyzeTrends, &[], TaskState::Failed)]);
    let again = json!({ "prune": [], "insert": [read("r-2")], "rewire": [] });
    assert!(research.merge(again).is_ok(), "research for its own sake");
}
