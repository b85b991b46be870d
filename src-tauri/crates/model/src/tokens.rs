//! The rule by which tokens are estimated where nobody tells: four characters are one token.
//!
//! Never here: prices.

use chimera_ports::model::{ChatRequest, Turn};

/// Characters that count as one token.
pub const CHARS_PER_TOKEN: u64 = 4;

/// Tokens of `text` by the rule, rounded up.
#[must_use]
pub fn estimate(text: &str) -> u64 {
    u64::try_from(text.chars().count())
        .unwrap_or(u64::MAX)
        .div_ceil(CHARS_PER_TOKEN)
}

/// Tokens that reading `request` takes by the rule: system, turns, tools and answer schema. The facts are
/// not counted; no provider is sent them.
#[must_use]
pub fn estimate_request(request: &ChatRequest) -> u64 {
    let turns: u64 = request
        .turns
        .iter()
        .map(|turn| match turn {
            Turn::User { text } => estimate(text),
            Turn::Model { text, tool_calls } => {
                estimate(text)
                    + tool_calls
                        .iter()
                        .map(|call| estimate(&call.name) + estimate(&call.arguments.to_string()))
                        .sum::<u64>()
            }
            Turn::ToolResult { name, content, .. } => estimate(name) + estimate(content),
        })
        .sum();
    let tools: u64 = request
        .tools
        .iter()
        .map(|tool| {
            estimate(&tool.name)
                + estimate(&tool.description)
                + estimate(&tool.input_schema.to_string())
        })
        .sum();
    let schema = request
        .answer_schema
        .as_ref()
        .map_or(0, |schema| estimate(&schema.to_string()));
    estimate(&request.system) + turns + tools + schema
}
