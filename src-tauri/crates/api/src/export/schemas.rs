//! The JSON Schemas (2020-12) of what crosses borders inside: tasks, artifacts, plans, posts, skills.
//!
//! Never here: types of the HTTP API (the document has those).

use chimera_domain::{
    action::{OutwardAction, Receipt},
    artifact::Artifact,
    event::Event,
    fault::Fault,
    persona::Persona,
    plan::Plan,
    post::{PostContent, PostTweet, SrsPostContent},
    review::Review,
    server_file::McpFile,
    skill::{SkillManifest, SkillOutput},
    task::AgentTask,
    trend::{Trend, TrendReport},
    verdict::Verdict,
};
use chimera_policy::Policy;
use schemars::{JsonSchema, schema_for};
use serde_json::Value;

/// S1's own schema of a task, kept as it was written: what we emit must be valid against it (C46).
pub(super) const SEED_AGENT_TASK: &str =
    include_str!("../../../../../specs/schemas/seed/agent_task.draft07.json");

/// Every schema by its file's name.
pub(super) fn all() -> Vec<(&'static str, Value)> {
    vec![
        ("agent_task", of::<AgentTask>()),
        ("artifact", of::<Artifact>()),
        ("event", of::<Event>()),
        ("fault", of::<Fault>()),
        ("mcp", of::<McpFile>()),
        ("outward_action", of::<OutwardAction>()),
        ("persona", of::<Persona>()),
        ("plan", of::<Plan>()),
        ("policy", of::<Policy>()),
        ("post_content", of::<PostContent>()),
        ("post_content_srs", of::<SrsPostContent>()),
        ("post_tweet", of::<PostTweet>()),
        ("receipt", of::<Receipt>()),
        ("review_item", of::<Review>()),
        ("skill_manifest", of::<SkillManifest>()),
        ("skill_output", of::<SkillOutput>()),
        ("trend", of::<Trend>()),
        ("trend_report", of::<TrendReport>()),
        ("verdict", of::<Verdict>()),
    ]
}

fn of<T: JsonSchema>() -> Value {
    schema_for!(T).into()
}
