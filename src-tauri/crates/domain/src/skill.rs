//! What a skill says of itself (SKL-01, SKL-03), and what it always returns (C47).
//!
//! Never here: finding, validating or running skills.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    fault::{Fault, FaultClass, Origin},
    task::TaskKind,
    time::Timestamp,
};

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

/// Fields of a [`SkillOutput`] that are its own: no result may go by one of these names.
pub const ENVELOPE_FIELDS: [&str; 3] = ["success", "error", "error_detail"];

/// What every skill returns; a skill never raises. The results stand beside `success` (C47).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SkillOutput {
    /// Whether it worked: the other fields are then results, valid against the manifest's schema.
    pub success: bool,
    /// The results by name; none when it failed.
    #[serde(flatten)]
    pub data: Map<String, Value>,
    /// What went wrong, in one line (S4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The same as the error object of S4 (C47).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_detail: Option<SkillError>,
}

/// S4's error object.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SkillError {
    /// Stable code, SCREAMING_SNAKE, 1 to 64 characters.
    pub code: String,
    /// What happened, whether anything took effect, what to do. At most 4,096 characters.
    pub message: String,
    /// What else is known.
    pub details: SkillErrorDetails,
    /// When it went wrong.
    pub timestamp: Timestamp,
    /// Whether trying the same again can help.
    pub retryable: bool,
}

/// What is known of a failure besides code and words.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SkillErrorDetails {
    /// What kind it was.
    pub class: FaultClass,
    /// Earliest useful time for another try, when the far side said so, in milliseconds from then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

impl SkillError {
    fn of(fault: Fault, at: Timestamp) -> Self {
        Self {
            retryable: fault.class.is_retryable(),
            details: SkillErrorDetails {
                class: fault.class,
                retry_after_ms: fault.retry_after_ms,
            },
            code: fault.code,
            message: fault.message,
            timestamp: at,
        }
    }
}

impl From<SkillError> for Fault {
    fn from(error: SkillError) -> Self {
        Self {
            code: error.code,
            class: error.details.class,
            message: error.message,
            retry_after_ms: error.details.retry_after_ms,
            origin: Origin::default(),
        }
    }
}

impl SkillOutput {
    /// A success. What is no object stands under `result`.
    #[must_use]
    pub fn done(data: Value) -> Self {
        let data = match data {
            Value::Object(data) => data,
            other => Map::from_iter([("result".to_owned(), other)]),
        };
        Self {
            success: true,
            data,
            error: None,
            error_detail: None,
        }
    }

    /// A failure.
    #[must_use]
    pub fn failed(fault: Fault, at: Timestamp) -> Self {
        Self {
            success: false,
            data: Map::new(),
            error: Some(fault.message.clone()),
            error_detail: Some(SkillError::of(fault, at)),
        }
    }

    /// As a `Result`, for callers that go on.
    ///
    /// # Errors
    /// The fault, when the run failed.
    pub fn into_result(self) -> Result<Value, Fault> {
        if self.success {
            return Ok(Value::Object(self.data));
        }
        Err(self.error_detail.map_or_else(
            || {
                let message = self.error.unwrap_or_default();
                Fault::new(FaultClass::Unknown, "SKILL_FAILED", message)
            },
            Fault::from,
        ))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn results_stand_beside_success_and_a_failure_is_the_error_object() {
        let done = SkillOutput::done(json!({"trends": [], "n": 1}));
        let mut fault = Fault::new(FaultClass::Transient, "X", "why");
        fault.retry_after_ms = Some(5);
        let failed = SkillOutput::failed(fault.clone(), Timestamp::from_seconds(0));
        for (output, wire) in [
            (&done, json!({"success": true, "trends": [], "n": 1})),
            (
                &failed,
                json!({"success": false, "error": "why", "error_detail": {
                    "code": "X", "message": "why", "details": {"class": "transient", "retry_after_ms": 5},
                    "timestamp": Timestamp::from_seconds(0), "retryable": true,
                }}),
            ),
        ] {
            assert_eq!(serde_json::to_value(output).unwrap(), wire);
            let back: SkillOutput = serde_json::from_value(wire).unwrap();
            assert_eq!(&back, output);
        }
        assert_eq!(done.into_result(), Ok(json!({"trends": [], "n": 1})));
        assert_eq!(failed.into_result(), Err(fault));
        let told = SkillOutput::done(json!([1]));
        assert_eq!(told.into_result(), Ok(json!({"result": [1]})));
    }
}
