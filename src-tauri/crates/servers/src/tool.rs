//! What every tool of every server shares: its definition from types, its arguments as a type,
//! its answer or its fault as a result.
//!
//! Never here: a tool.

use chimera_domain::fault::{Fault, FaultClass};
use rmcp::model::{CallToolResponse, CallToolResult, JsonObject, Tool, ToolAnnotations};
use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// Code of arguments that do not fit.
pub(crate) const ARGUMENTS_INVALID: &str = "TOOL_ARGUMENTS_INVALID";

/// Code of an answer that cannot be written as JSON.
pub(crate) const ANSWER_UNWRITABLE: &str = "MCP_ANSWER_UNWRITABLE";

/// What a tool tells of itself. Hints only: the registry's class is what counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hint {
    /// Reads what is local.
    ReadsLocal,
    /// Reads what others wrote.
    ReadsWorld,
    /// Writes; the same call twice leaves the same.
    WritesOnce,
    /// Takes something away.
    TakesAway,
}

/// A tool from the types of its arguments and its answer.
pub(crate) fn define<In, Out>(name: &'static str, description: &'static str, hint: Hint) -> Tool
where
    In: JsonSchema + 'static,
    Out: JsonSchema + 'static,
{
    let hints = ToolAnnotations::new()
        .read_only(matches!(hint, Hint::ReadsLocal | Hint::ReadsWorld))
        .destructive(hint == Hint::TakesAway)
        .idempotent(true)
        .open_world(hint == Hint::ReadsWorld);
    Tool::new(name, description, JsonObject::new())
        .with_input_schema::<In>()
        .with_output_schema::<Out>()
        .with_annotations(hints)
}

/// The arguments as a type.
///
/// # Errors
/// When they do not fit; nothing happened.
pub(crate) fn arguments<In: DeserializeOwned>(arguments: Option<JsonObject>) -> Result<In, Fault> {
    serde_json::from_value(Value::Object(arguments.unwrap_or_default())).map_err(|error| {
        Fault::new(
            FaultClass::Validation,
            ARGUMENTS_INVALID,
            format!("the arguments do not fit: {error}; nothing happened"),
        )
    })
}

/// An answer as structured content; a fault as a tool's own error, with its code and class.
pub(crate) fn answer<Out: Serialize>(outcome: Result<Out, Fault>) -> CallToolResponse {
    let result = match outcome.and_then(|answer| {
        serde_json::to_value(answer).map_err(|error| {
            Fault::new(
                FaultClass::Unknown,
                ANSWER_UNWRITABLE,
                format!("the answer cannot be written: {error}; the call itself took effect"),
            )
        })
    }) {
        Ok(answer) => CallToolResult::structured(answer),
        Err(fault) => CallToolResult::structured_error(fault_value(&fault)),
    };
    result.into()
}

fn fault_value(fault: &Fault) -> Value {
    // A fault is plain words and numbers; should that ever change, its code still goes out.
    serde_json::to_value(fault).unwrap_or_else(|_| serde_json::json!({"code": fault.code}))
}
