//! Workflows over the built-in skills.

use std::sync::Arc;

use chimera_domain::action::EffectClass;
use serde_json::json;

use super::*;
use crate::testing::{FakeHost, NOW, Scripted, context};

fn steps(steps: &[(&str, Value)]) -> Vec<Step> {
    steps
        .iter()
        .map(|(name, input)| Step {
            skill_name: (*name).into(),
            input: input.as_object().cloned().unwrap_or_default(),
        })
        .collect()
}

async fn ran(host: FakeHost, list: &[(&str, Value)]) -> (WorkflowRun, Arc<FakeHost>) {
    let host = Arc::new(host);
    let (registry, _) = SkillRegistry::built_in();
    let run = run(&registry, &registry, &context(&host), &steps(list)).await;
    (run, host)
}

fn statuses(run: &WorkflowRun) -> Vec<(&str, Option<&str>)> {
    run.records
        .iter()
        .map(|record| {
            let code = record.error.as_ref().map(|fault| fault.code.as_str());
            assert_eq!(record.completed_at, NOW);
            assert_eq!(code.is_none(), record.status == StepStatus::Succeeded);
            (record.skill_name.as_str(), code)
        })
        .collect()
}

#[tokio::test]
async fn what_a_step_gives_feeds_the_next() {
    let items = json!({"items": [
        {"id": "a:1", "title": "Linen returns", "published_at": "2026-02-05T10:00:00Z"},
        {"id": "a:2", "title": "Linen again", "published_at": "2026-02-05T09:00:00Z"},
    ]});
    let host = FakeHost::default()
        .with_tool("feeds.fetch_feed", EffectClass::Read)
        .answering("feeds.fetch_feed", Scripted::Content(items));
    let (run, _) = ran(
        host,
        &[
            ("fetch_trends", json!({"platforms": ["web"]})),
            (
                "trend_detection_alerting",
                json!({"min_cluster_score": 0.2}),
            ),
        ],
    )
    .await;
    assert_eq!(
        statuses(&run),
        [("fetch_trends", None), ("trend_detection_alerting", None)]
    );
    assert_eq!(run.status, StepStatus::Succeeded);
    assert_eq!(run.records[1].output["alert"]["topics"], json!(["linen"]));
}

#[tokio::test]
async fn a_step_that_does_not_fit_halts_the_rest() {
    let (run, host) = ran(
        FakeHost::default(),
        &[
            ("echo", json!({"message": "hello there"})),
            ("normalize_handle", json!({})),
            ("echo", json!({"message": "never"})),
        ],
    )
    .await;
    assert_eq!(
        statuses(&run),
        [
            ("echo", None),
            ("normalize_handle", Some("VALIDATION_ERROR"))
        ]
    );
    assert_eq!((run.status, host.calls()), (StepStatus::Failed, 0));
}

#[tokio::test]
async fn what_cannot_work_is_seen_before_anything_runs() {
    let echo = ("echo", json!({"message": "x"}));
    let post = (
        "publish_content",
        json!({"platform": "sandbox", "text": "x"}),
    );
    for (list, name, code) in [
        (vec![], "", "VALIDATION_ERROR"),
        (vec![echo.clone(); MAX_STEPS + 1], "", "VALIDATION_ERROR"),
        (
            vec![echo.clone(), ("nope", json!({}))],
            "nope",
            "SKILL_UNKNOWN",
        ),
        (vec![post, echo], "publish_content", "VALIDATION_ERROR"),
    ] {
        let (run, host) = ran(FakeHost::default(), &list).await;
        assert_eq!(statuses(&run), [(name, Some(code))]);
        assert_eq!(host.calls(), 0);
    }
}

#[tokio::test]
async fn a_prepared_post_at_the_end_stays_prepared() {
    let host = FakeHost::default().with_tool("sandbox.post_content", EffectClass::Outward);
    let (run, host) = ran(
        host,
        &[(
            "publish_content",
            json!({"platform": "sandbox", "text": "x"}),
        )],
    )
    .await;
    assert_eq!(run.status, StepStatus::Succeeded);
    assert_eq!(
        run.records[0].output["action"]["tool"]["tool"],
        "post_content"
    );
    assert_eq!(host.calls(), 0);
}
