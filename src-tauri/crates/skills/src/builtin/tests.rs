//! The built-in skills against their own papers, and against a scripted host.

use std::sync::Arc;

use chimera_domain::{
    action::EffectClass,
    fault::FaultClass,
    skill::{SideEffects, SkillOutput, SkillRun},
    task::TaskKind,
};
use serde_json::{Value, json};

use crate::{
    PreparedPost, SkillRegistry, TrendsFound,
    testing::{FakeHost, Scripted, context, tool},
};

fn registry() -> SkillRegistry {
    let (registry, list) = SkillRegistry::built_in();
    assert_eq!(list, []);
    registry
}

async fn run(host: FakeHost, skill: &str, input: Value) -> (SkillOutput, Arc<FakeHost>) {
    let host = Arc::new(host);
    let output = registry().run_native(skill, &context(&host), input).await;
    (output, host)
}

fn code(output: &SkillOutput) -> &str {
    assert!(!output.success, "{output:?}");
    let fault = output.error_detail.as_ref().unwrap();
    assert_eq!(output.error.as_ref(), Some(&fault.message));
    &fault.code
}

mod feeds;
mod papers;
mod posts;

#[tokio::test]
async fn echo_and_normalize_handle_do_what_they_say() {
    let (output, _) = run(FakeHost::default(), "echo", json!({"message": "hi"})).await;
    assert_eq!(output, SkillOutput::done(json!({"message": "hi"})));
    let (output, _) = run(
        FakeHost::default(),
        "normalize_handle",
        json!({"handle": " mara"}),
    )
    .await;
    assert_eq!(output, SkillOutput::done(json!({"handle": "@mara"})));
    for (skill, input) in [
        ("echo", json!({})),
        ("echo", json!({"message": 1})),
        ("echo", json!({"message": "x", "more": 1})),
        ("echo", json!([])),
        ("normalize_handle", json!({"handle": "two words"})),
    ] {
        let (output, host) = run(FakeHost::default(), skill, input).await;
        assert_eq!((code(&output), host.calls()), ("VALIDATION_ERROR", 0));
    }
}

#[tokio::test]
async fn mcp_tool_reads_and_names_each_way_to_fail() {
    let host = || {
        FakeHost::default()
            .with_tool("time.now", EffectClass::Read)
            .with_tool("time.broken", EffectClass::Read)
            .with_tool("time.lost", EffectClass::Read)
            .with_tool("sandbox.post_content", EffectClass::Outward)
            .with_tool("memory.remember_fact", EffectClass::InternalWrite)
            .answering("time.now", Scripted::Content(json!({"text": "noon"})))
            .answering("time.broken", Scripted::Failed(json!({"text": "no clock"})))
            .answering(
                "time.lost",
                Scripted::Broken(FaultClass::Transient, "MCP_TIMEOUT"),
            )
            .answering("sandbox.post_content", Scripted::Content(json!({})))
    };
    let input = |name: &str| json!({"tool_name": name, "arguments": {"a": 1}});
    let (output, host_after) = run(host(), "mcp_tool", input("time.now")).await;
    assert_eq!(
        output,
        SkillOutput::done(json!({"response": {"content": {"text": "noon"}, "is_error": false}}))
    );
    assert_eq!(
        host_after.reads.lock().unwrap()[0].arguments,
        json!({"a": 1})
    );
    for (name, expected, calls) in [
        ("time", "VALIDATION_ERROR", 0),
        ("time.unknown", "MCP_CLIENT_MISSING", 0),
        ("time.broken", "MCP_TOOL_ERROR", 1),
        ("time.lost", "MCP_TRANSPORT_ERROR", 1),
        ("sandbox.post_content", "TOOL_NEEDS_DECISION", 0),
        ("memory.remember_fact", "TOOL_NEEDS_DECISION", 0),
    ] {
        let (output, host) = run(host(), "mcp_tool", input(name)).await;
        assert_eq!((code(&output), host.calls()), (expected, calls), "{name}");
    }
    let down = FakeHost {
        is_down: true,
        ..host()
    };
    let (output, _) = run(down, "mcp_tool", input("time.now")).await;
    assert_eq!(code(&output), "MCP_TRANSPORT_ERROR");
}
