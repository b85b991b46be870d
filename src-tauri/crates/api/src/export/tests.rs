//! The committed files are what the code says, and what we emit is what the seed wants.

use std::{collections::BTreeSet, fs, path::Path};

use chimera_contract::event::FACTS;
use chimera_domain::{
    confidence::Confidence,
    event::Event,
    id::{
        AgentId, ArtifactId, AttemptId, CampaignId, EffectId, ReviewId, TaskId, TenantId, VersionId,
    },
    money::Usd,
    task::{Priority, Task, TaskKind, TaskState},
    time::Timestamp,
    trace::{SpanId, TraceContext, TraceId},
};
use schemars::schema_for;
use serde_json::{Value, json};

use super::*;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../.."))
}

#[test]
fn the_committed_files_are_what_the_code_says() {
    let mut wrong: Vec<String> = files()
        .into_iter()
        .filter(|(path, text)| fs::read_to_string(root().join(path)).ok().as_ref() != Some(text))
        .map(|(path, _)| path)
        .collect();
    let known: BTreeSet<String> = files().into_keys().collect();
    for entry in fs::read_dir(root().join("specs/errors")).unwrap() {
        let path = format!(
            "specs/errors/{}",
            entry.unwrap().file_name().to_string_lossy()
        );
        if !known.contains(&path) {
            wrong.push(path);
        }
    }
    assert!(
        wrong.is_empty(),
        "run `cargo xtask bindings` and commit: {wrong:?}"
    );
}

#[test]
fn the_document_is_openapi_3_1_and_holds_the_paths_that_the_seeds_name() {
    let files = files();
    let document: Value = serde_json::from_str(&files["specs/openapi.json"]).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    for path in [
        "/api/v1/swarm/agents",
        "/api/v1/swarm/tenants/{tenant}/sessions",
        "/api/approve/{task}",
        "/api/reject/{task}",
        "/api/v1/campaigns",
        "/api/v1/reviews",
        "/api/v1/personas",
        "/api/v1/traces",
        "/api/v1/audit",
        "/api/v1/events",
    ] {
        assert!(document["paths"].get(path).is_some(), "{path} is missing");
    }
    let commerce = &files["specs/001-agentic-commerce/contracts/openapi.yaml"];
    assert!(
        commerce.contains("paths: {}"),
        "commerce has no paths before anything of it works"
    );
}

#[test]
fn no_operation_names_a_parameter_twice() {
    let document: Value = serde_json::from_str(&files()["specs/openapi.json"]).unwrap();
    let operations = document["paths"].as_object().unwrap().values();
    let mut looked_at = 0;
    for operation in operations.flat_map(|path| path.as_object().unwrap().values()) {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let mut named = BTreeSet::new();
        for parameter in parameters {
            looked_at += 1;
            let name = (parameter["name"].to_string(), parameter["in"].to_string());
            assert!(named.insert(name), "{operation:#}");
        }
    }
    assert!(looked_at > 50, "{looked_at}");
}

#[test]
fn every_fact_of_the_domain_says_what_it_makes_stale() {
    let schema: Value = schema_for!(Event).into();
    let facts = &schema["$defs"]["Fact"]["oneOf"];
    let named: BTreeSet<&str> = facts
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|fact| fact["properties"]["type"]["const"].as_str())
        .collect();
    let tagged: BTreeSet<&str> = FACTS.iter().map(|(fact, _)| *fact).collect();
    assert_eq!(named, tagged);
    for fact in facts.as_array().unwrap() {
        let name = fact["properties"]["type"]["const"].as_str().unwrap();
        let (_, tags) = FACTS.iter().find(|(tagged, _)| *tagged == name).unwrap();
        for key in tags.iter().filter_map(|tag| tag.key) {
            assert!(
                fact["properties"].get(key).is_some(),
                "{name} has no field {key}"
            );
        }
    }
}

fn task(kind: TaskKind, state: TaskState, score: Option<Confidence>) -> Task {
    let uuid = |number| uuid::Uuid::from_u128(number);
    Task {
        id: TaskId::from_uuid(uuid(1)),
        tenant: TenantId::from_uuid(uuid(2)),
        campaign: CampaignId::from_uuid(uuid(3)),
        agent: AgentId::from_uuid(uuid(4)),
        step: "write-1".into(),
        kind,
        skill: "write_post".into(),
        title: "Write a post".into(),
        instructions: "About cold brew.".into(),
        plan_private: None,
        input: json!({ "tone": "dry" }).as_object().cloned().unwrap(),
        platform: None,
        priority: Priority::NORMAL,
        max_cost: Some(Usd::from_cents(123)),
        deadline: None,
        publish_at: None,
        state,
        waiting_on: 0,
        attempts: 0,
        rejections: 0,
        guidance: Vec::new(),
        score,
        artifact: None,
        fault: None,
        trace: TraceContext {
            trace: TraceId::from_bits(1),
            span: SpanId::from_bits(1),
        },
        version: VersionId::from_uuid(uuid(5)),
        created_at: Timestamp::from_seconds(0),
        updated_at: Timestamp::from_seconds(0),
    }
}

const KINDS: [TaskKind; 9] = [
    TaskKind::AnalyzeTrends,
    TaskKind::GenerateCaption,
    TaskKind::RenderImage,
    TaskKind::RenderVideo,
    TaskKind::PublishPost,
    TaskKind::ReplyComment,
    TaskKind::ExecuteTransaction,
    TaskKind::PeerReview,
    TaskKind::Replan,
];

/// Every state that a task can be in, with the seed's word for it.
fn states() -> [(TaskState, &'static str); 10] {
    let uuid = uuid::Uuid::from_u128;
    let artifact = ArtifactId::from_uuid(uuid(7));
    let at = Timestamp::from_seconds(9);
    let working = TaskState::Working {
        attempt: AttemptId::from_uuid(uuid(6)),
        worker: "worker-1".into(),
        state_version: 1,
        lease_until: at,
    };
    let judging = TaskState::Judging {
        artifact,
        state_version: 1,
        lease_until: None,
    };
    let reviewing = TaskState::Reviewing {
        review: ReviewId::from_uuid(uuid(8)),
        artifact,
    };
    let releasing = TaskState::Releasing {
        effect: EffectId::from_uuid(uuid(9)),
        artifact,
    };
    [
        (TaskState::Blocked, "PENDING"),
        (TaskState::Ready { not_before: at }, "PENDING"),
        (working, "IN_PROGRESS"),
        (judging, "IN_PROGRESS"),
        (reviewing, "REVIEW"),
        (releasing, "IN_PROGRESS"),
        (TaskState::Completed, "COMPLETED"),
        (TaskState::Failed, "FAILED"),
        (TaskState::Cancelled, "FAILED"),
        (TaskState::TimedOut, "FAILED"),
    ]
}

#[test]
fn every_task_that_we_emit_is_one_of_the_seeds_tasks() {
    let seed: Value = serde_json::from_str(schemas::SEED_AGENT_TASK).unwrap();
    let seed = jsonschema::options()
        .should_validate_formats(true)
        .build(&seed)
        .unwrap();
    for (state, status) in states() {
        let scored = [None, Some(Confidence::from_percent(78))];
        for (kind, score) in KINDS
            .into_iter()
            .flat_map(|kind| scored.map(|score| (kind, score)))
        {
            let task = task(kind, state.clone(), score);
            let wire = serde_json::to_value(chimera_wire::swarm::agent_task(&task)).unwrap();
            let faults: Vec<String> = seed
                .iter_errors(&wire)
                .map(|fault| fault.to_string())
                .collect();
            assert!(faults.is_empty(), "{kind:?}, {state:?}: {faults:?}");
            assert_eq!(wire["status"], status);
            assert_eq!(wire["constraints"]["max_cost_usd"], json!(1.23));
            assert_eq!(
                wire.get("confidence_score"),
                score.map(|_| json!(0.78)).as_ref()
            );
        }
    }
    let broken =
        json!({ "task_id": "1", "type": "CONTENT_GEN", "payload": {}, "status": "CANCELLED" });
    assert!(
        !seed.is_valid(&broken),
        "the seed's schema would accept anything"
    );
}

/// Places of a schema that take fields which nobody named.
fn open_objects(schema: &Value, at: &str, open: &mut Vec<String>) {
    match schema {
        Value::Object(fields) => {
            if fields.contains_key("properties")
                && fields.get("additionalProperties") != Some(&json!(false))
            {
                open.push(at.to_owned());
            }
            for (name, inner) in fields {
                open_objects(inner, &format!("{at}/{name}"), open);
            }
        }
        Value::Array(items) => {
            for (number, inner) in items.iter().enumerate() {
                open_objects(inner, &format!("{at}/{number}"), open);
            }
        }
        _ => {}
    }
}

#[test]
fn our_own_types_take_no_field_that_nobody_named() {
    let mut open = Vec::new();
    let mut looked_at = 0;
    for (path, text) in files() {
        // The seed's schema is not ours to close.
        if path.starts_with("specs/schemas/") && !path.starts_with("specs/schemas/seed/") {
            looked_at += 1;
            let schema: Value = serde_json::from_str(&text).unwrap();
            open_objects(&schema, &path, &mut open);
        }
    }
    assert!(looked_at > 15, "{looked_at}");
    // A skill's results stand beside `success` (C47): its own contract says which they are.
    assert_eq!(open, ["specs/schemas/skill_output.json"]);
    let at = "2026-11-21T08:00:00Z";
    let id = "01983f2a-77de-7c11-8a2b-90abcdef1234";
    let event = json!({ "seq": 1, "tenant": id, "actor": { "kind": "system", "id": "x" }, "at": at,
        "fact": { "type": "settings_changed", "area": "stop" } });
    serde_json::from_value::<Event>(event.clone()).unwrap();
    for place in ["", "/actor", "/fact"] {
        let mut more = event.clone();
        more.pointer_mut(place).unwrap()["more"] = json!(1);
        assert!(serde_json::from_value::<Event>(more).is_err(), "{place}");
    }
}
