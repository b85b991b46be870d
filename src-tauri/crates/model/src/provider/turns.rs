//! What several families say in the same way: tools as functions, a tool's failure in words, one message
//! for all that one side said in a row.
//!
//! Never here: anything that only one family says.

use chimera_ports::model::OfferedTool;
use serde_json::{Value, json};

use super::names::ToolNames;

/// The tools of a request as functions with their JSON Schemas.
pub(super) fn functions(tools: &[OfferedTool], names: &ToolNames) -> Value {
    tools
        .iter()
        .map(|tool| {
            json!({"type": "function", "function": {
                "name": names.wire(&tool.name),
                "description": tool.description,
                "parameters": tool.input_schema,
            }})
        })
        .collect()
}

/// A tool's result where a failure can only be told in words.
pub(super) fn told(content: &str, is_error: bool) -> String {
    if is_error {
        format!("Error: {content}")
    } else {
        content.to_owned()
    }
}

/// A text as the parts of a message; a blank one is none, for providers refuse it.
pub(super) fn worded(text: &str, part: Value) -> Vec<Value> {
    if text.trim().is_empty() {
        Vec::new()
    } else {
        vec![part]
    }
}

/// Joins what one role said in a row, and leaves out whoever said nothing: a turn without words is refused.
pub(super) fn joined(
    said: impl Iterator<Item = (&'static str, Vec<Value>)>,
) -> Vec<(&'static str, Vec<Value>)> {
    let mut joined: Vec<(&str, Vec<Value>)> = Vec::new();
    for (role, parts) in said {
        match joined.last_mut() {
            Some((before, all)) if *before == role => all.extend(parts),
            _ if parts.is_empty() => {}
            _ => joined.push((role, parts)),
        }
    }
    joined
}
