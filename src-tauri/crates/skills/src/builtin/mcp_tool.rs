//! `mcp_tool`: calls one reading tool by name (SKL-03).
//!
//! Never here: tools that act; they are refused before anything is sent.

use std::sync::Arc;

use async_trait::async_trait;
use chimera_domain::{
    action::{EffectClass, ToolRef},
    fault::Fault,
    skill::{SkillManifest, SkillOutput},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{
    context::SkillContext,
    fault::{invalid, needs_decision, no_tool, tool_failed, transport},
    native::NativeSkill,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    tool_name: String,
    #[serde(default)]
    arguments: Map<String, Value>,
}

struct McpTool(SkillManifest);

pub(crate) fn make(manifest: SkillManifest) -> Arc<dyn NativeSkill> {
    Arc::new(McpTool(manifest))
}

#[async_trait]
impl NativeSkill for McpTool {
    fn manifest(&self) -> &SkillManifest {
        &self.0
    }
    async fn execute(&self, ctx: &SkillContext, input: Value) -> SkillOutput {
        match call(ctx, input).await {
            Ok(data) => SkillOutput::done(data),
            Err(fault) => SkillOutput::failed(fault, ctx.clock.now()),
        }
    }
}

async fn call(ctx: &SkillContext, input: Value) -> Result<Value, Fault> {
    let input: Input = super::read(input)?;
    let Some((server, tool)) = input.tool_name.split_once('.') else {
        return Err(invalid(
            "tool_name must name a server and its tool, such as feeds.fetch_feed; nothing was done",
        ));
    };
    let tool = ToolRef {
        server: server.to_owned(),
        tool: tool.to_owned(),
    };
    let catalogue = ctx.tools.tools(ctx.tenant).await.map_err(transport)?;
    let Some(info) = catalogue.into_iter().find(|info| info.tool == tool) else {
        return Err(no_tool(&tool.to_string(), "was asked for"));
    };
    if info.effect != EffectClass::Read {
        return Err(needs_decision(&tool.to_string()));
    }
    let request = ctx.request(tool.clone(), Value::Object(input.arguments));
    let reply = ctx.tools.read(request).await.map_err(transport)?;
    if reply.is_error {
        return Err(tool_failed(&tool.to_string(), &reply.content));
    }
    Ok(json!({ "response": { "content": reply.content, "is_error": false } }))
}
