//! What a skill says of itself (SKL-01, SKL-03), and what it always returns (C47).
//!
//! Never here: finding, validating or running skills.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{fault::Fault, task::TaskKind};

/// How a skill runs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SkillRun {
    /// Built-in code.
    Native,
    /// A Think–Act–Observe loop under the skill's instructions.
    Loop,
}

/// What a run of the skill can touch.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SideEffects {
    /// Reads only.
    None,
    /// Prepares an outward action; the outbox performs it after a decision.
    Intent,
}

/// A skill's manifest: SKILL.md front matter with the schemas beside it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SkillManifest {
    /// 1 to 64 of a–z, 0–9, `_`, `-`; equal to the folder's name.
    pub name: String,
    /// What it does and when to use it, at most 1,024 characters.
    pub description: String,
    /// Version of the skill, for example `1.0.0`.
    pub version: String,
    /// The fine-grained task it fulfils.
    pub task_kind: TaskKind,
    /// How it runs.
    pub run: SkillRun,
    /// What a run can touch.
    pub side_effects: SideEffects,
    /// Tools it may call, as `server.tool`; read-only ones.
    #[serde(default)]
    pub tools: Vec<String>,
    /// JSON Schema (2020-12) of the input.
    pub input_schema: Value,
    /// JSON Schema (2020-12) of the output.
    pub output_schema: Value,
    /// Worked examples, each valid against both schemas.
    #[serde(default)]
    pub examples: Vec<SkillExample>,
}

/// One worked example.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SkillExample {
    /// A valid input.
    pub input: Value,
    /// The output that such an input may give.
    pub output: Value,
}

/// What every skill returns; a skill never raises.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SkillOutput {
    /// Whether `data` holds a valid output.
    pub success: bool,
    /// The output, valid against the manifest's schema, when successful.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub data: Value,
    /// What went wrong, in one line (S4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The same with code and class (C47).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_detail: Option<Fault>,
}

impl SkillOutput {
    /// A success.
    #[must_use]
    pub fn done(data: Value) -> Self {
        Self {
            success: true,
            data,
            error: None,
            error_detail: None,
        }
    }
    /// A failure.
    #[must_use]
    pub fn failed(fault: Fault) -> Self {
        Self {
            success: false,
            data: Value::Null,
            error: Some(fault.message.clone()),
            error_detail: Some(fault),
        }
    }
    /// As a `Result`, for callers that go on.
    ///
    /// # Errors
    /// The fault, when the run failed.
    pub fn into_result(self) -> Result<Value, Fault> {
        if self.success {
            return Ok(self.data);
        }
        Err(self.error_detail.unwrap_or_else(|| {
            Fault::new(
                crate::fault::FaultClass::Unknown,
                "SKILL_FAILED",
                self.error.unwrap_or_default(),
            )
        }))
    }
}
