//! What is left of a post's way: the audit log, the trace, the numbered events.
//!
//! Never here: what the steps do (`decisions` and `nothing_early` look at that).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{SOON, World, until};

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[tokio::test]
async fn every_step_of_a_post_is_in_the_log_with_its_actor_and_trace() {
    let world = World::careful().await;
    let campaign = world.one_post().await;
    let review = world.review(&campaign).await;
    world.approve(&review).await;
    let ended = world.campaign_is(&campaign, "COMPLETED", SOON).await;
    let records = world.audited(&campaign).await;
    let way = [
        "campaign.create",
        "plan.save",
        "campaign.start",
        "task.record",
        "task.judge",
        "review.approve",
        "effect.approve",
        "effect.dispatch",
        "effect.settle",
        "campaign.finish",
    ];
    let mut from = 0;
    for action in way {
        let found = records[from..]
            .iter()
            .position(|record| record["action"] == action);
        let at = found.unwrap_or_else(|| {
            let said: Vec<_> = records
                .iter()
                .map(|record| text(&record["action"]))
                .collect();
            panic!("{action} is missing after {from} in {said:?}")
        });
        from += at;
        let record = &records[from];
        assert_eq!(record["trace"], ended["trace"], "{record:#}");
        let person = [
            "campaign.create",
            "plan.save",
            "campaign.start",
            "review.approve",
            "effect.approve",
        ];
        let kind = if person.contains(&action) {
            "person"
        } else {
            "system"
        };
        assert_eq!(record["actor"]["kind"], kind, "{record:#}");
        assert!(!text(&record["actor"]["id"]).is_empty(), "{record:#}");
    }
    // What concerns the post itself names its task.
    let of_task = world
        .api()
        .all(&format!("/api/v1/audit?task={}", text(&review["task"])))
        .await;
    let actions: BTreeSet<_> = of_task
        .iter()
        .map(|record| text(&record["action"]))
        .collect();
    for action in &way[3..9] {
        assert!(
            actions.contains(action),
            "{action} is missing in {actions:?}"
        );
    }
}

#[tokio::test]
async fn the_run_is_a_trace_of_every_kind_and_all_of_it_ends() {
    let world = World::careful().await;
    let campaign = world.one_post().await;
    let review = world.review(&campaign).await;
    let trace = text(
        &world
            .api()
            .get(&format!("/api/v1/campaigns/{campaign}"))
            .await["trace"],
    )
    .to_owned();
    let path = format!("/api/v1/traces/{trace}");
    // Live: the wait for a person and the run itself are seen while they last.
    let open = until("the wait for a person is in the trace", SOON, || async {
        let spans = world.api().get(&path).await["spans"].take();
        let open: BTreeSet<_> = spans
            .as_array()
            .unwrap()
            .iter()
            .filter(|span| span["ended_at"].is_null())
            .map(|span| text(&span["kind"]).to_owned())
            .collect();
        open.contains("approval").then_some(open)
    })
    .await;
    assert!(open.contains("workflow"), "{open:?}");

    world.approve(&review).await;
    world.campaign_is(&campaign, "COMPLETED", SOON).await;
    let spans = until("every span has ended", SOON, || async {
        let spans = world.api().get(&path).await["spans"]
            .as_array()
            .unwrap()
            .clone();
        let all = spans.iter().all(|span| !span["ended_at"].is_null());
        all.then_some(spans)
    })
    .await;
    let kinds: BTreeSet<_> = spans.iter().map(|span| text(&span["kind"])).collect();
    let wanted = BTreeSet::from([
        "agent", "approval", "effect", "judge", "model", "plan", "tool", "workflow",
    ]);
    assert_eq!(kinds, wanted);
    let ids: BTreeSet<_> = spans.iter().map(|span| text(&span["span"])).collect();
    assert_eq!(ids.len(), spans.len(), "a span is there twice");
    each_span_is_whole(&spans, &ids);
    what_went_in_and_out_is_kept(&spans);
    let listed = world.api().all("/api/v1/traces").await;
    let row = listed
        .iter()
        .find(|row| row["trace"] == json!(trace))
        .unwrap();
    assert_eq!(
        (&row["campaign"], &row["spans"]),
        (&json!(campaign), &json!(spans.len()))
    );
}

fn each_span_is_whole(spans: &[Value], ids: &BTreeSet<&str>) {
    for span in spans {
        assert_eq!(span["status"], "ok", "{span:#}");
        match &span["parent"] {
            Value::Null => assert_eq!(span["kind"], "workflow", "{span:#}"),
            parent => assert!(
                ids.contains(text(parent)),
                "its parent is missing: {span:#}"
            ),
        }
        assert!(
            text(&span["started_at"]) <= text(&span["ended_at"]),
            "{span:#}"
        );
    }
}

fn what_went_in_and_out_is_kept(spans: &[Value]) {
    let attributes = |kind: &str| {
        let of = spans.iter().find(|span| span["kind"] == kind).unwrap();
        of["attributes"].clone()
    };
    let chat = attributes("model");
    for (name, role) in [("input", "user"), ("output", "assistant")] {
        let message = &chat[format!("gen_ai.{name}.messages")][0];
        assert_eq!(message["role"], role, "{chat:#}");
        assert!(!text(&message["parts"][0]["type"]).is_empty(), "{chat:#}");
    }
    let instructions = &chat["gen_ai.system_instructions"][0]["content"];
    assert!(text(instructions).contains("ASK:"), "{chat:#}");
    // What was recalled is a span of this kind too; the feed is what a step itself read.
    let read: Vec<_> = spans
        .iter()
        .filter(|span| span["kind"] == "tool")
        .filter(|span| span["attributes"]["gen_ai.operation.name"] == "execute_tool")
        .map(|span| text(&span["attributes"]["gen_ai.tool.call.result"]))
        .collect();
    assert!(
        read.iter().any(|result| result.contains("brew.example")),
        "{read:#?}"
    );
}
