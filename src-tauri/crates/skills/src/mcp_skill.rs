//! Any reading tool of a connected MCP server as a skill (SKL-01).
//!
//! Never here: tools that act. Those run from the outbox, after a decision.

use async_trait::async_trait;
use chimera_domain::{
    action::{EffectClass, ToolRef},
    skill::{SideEffects, SkillManifest, SkillOutput, SkillRun},
    task::TaskKind,
};
use chimera_ports::tools::ToolInfo;
use serde_json::{Value, json};

use crate::{
    context::SkillContext,
    fault::{tool_failed, transport},
    native::NativeSkill,
    schema::compile,
};
use chimera_schema::Schema;

/// Most characters of a tool's description that are kept.
const MAX_DESCRIPTION_CHARS: usize = chimera_frontmatter::skill::MAX_DESCRIPTION_CHARS;

/// A reading tool as a skill.
#[derive(Clone, Debug)]
pub struct McpSkill {
    manifest: SkillManifest,
    tool: ToolRef,
}

/// Why a tool is no skill. Nothing was done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotReadable {
    /// It is not classed as reading.
    #[error("the tool {0} is not classed as reading; only the outbox may call it")]
    Acts(ToolRef),
    /// Its schemas cannot be used.
    #[error("the tool {tool} has a schema that cannot be used: {reason}")]
    Schema {
        /// Which.
        tool: ToolRef,
        /// Why.
        reason: String,
    },
}

impl McpSkill {
    /// Makes a skill of a tool.
    ///
    /// # Errors
    /// When the tool is not classed as reading, or its schemas cannot be compiled.
    pub fn wrap(info: ToolInfo) -> Result<Self, NotReadable> {
        if info.effect != EffectClass::Read {
            return Err(NotReadable::Acts(info.tool));
        }
        let output_schema = info
            .output_schema
            .unwrap_or_else(|| json!({ "type": "object" }));
        for schema in [&info.input_schema, &output_schema] {
            if let Err(reason) = compile(schema) {
                return Err(NotReadable::Schema {
                    tool: info.tool,
                    reason,
                });
            }
        }
        let description: String = info
            .description
            .chars()
            .take(MAX_DESCRIPTION_CHARS)
            .collect();
        Ok(Self {
            manifest: SkillManifest {
                name: name(&info.tool),
                description,
                version: "1.0.0".to_owned(),
                task_kind: TaskKind::AnalyzeTrends,
                run: SkillRun::Native,
                side_effects: SideEffects::None,
                tools: vec![info.tool.to_string()],
                input_schema: info.input_schema,
                output_schema,
                examples: Vec::new(),
            },
            tool: info.tool,
        })
    }

    /// The tool.
    #[must_use]
    pub const fn tool(&self) -> &ToolRef {
        &self.tool
    }

    pub(crate) fn schemas(&self) -> Option<(Schema, Schema)> {
        let input = compile(&self.manifest.input_schema).ok()?;
        let output = compile(&self.manifest.output_schema).ok()?;
        Some((input, output))
    }
}

/// `server__tool` in the characters of a skill's name.
fn name(tool: &ToolRef) -> String {
    const MAX_CHARS: usize = 64;
    format!("{}__{}", tool.server, tool.tool)
        .to_lowercase()
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '_' {
                c
            } else {
                '-'
            }
        })
        .take(MAX_CHARS)
        .collect()
}

#[async_trait]
impl NativeSkill for McpSkill {
    fn manifest(&self) -> &SkillManifest {
        &self.manifest
    }

    async fn execute(&self, ctx: &SkillContext, input: Value) -> SkillOutput {
        match ctx.tools.read(ctx.request(self.tool.clone(), input)).await {
            Ok(reply) if reply.is_error => {
                let fault = tool_failed(&self.tool.to_string(), &reply.content);
                SkillOutput::failed(fault, ctx.clock.now())
            }
            Ok(reply) => SkillOutput::done(reply.content),
            Err(error) => SkillOutput::failed(transport(error), ctx.clock.now()),
        }
    }
}
