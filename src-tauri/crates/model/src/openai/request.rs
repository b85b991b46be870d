//! A question as OpenAI's chat API takes it.
//!
//! Never here: sending it, or the words of a prompt beyond what the answer's shape needs.

use std::collections::BTreeMap;

use chimera_ports::model::{ChatRequest, OfferedTool, ToolCall, Turn};
use serde_json::{Value, json};

use super::{
    schema::strict,
    settings::{AnswerFormat, ProviderSettings, TokenField},
};

/// Longest tool name that the API takes.
const MAX_TOOL_NAME_CHARS: usize = 64;

/// Tool names as they go over the wire, both ways: the API refuses the point in `feeds.read`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct ToolNames {
    wire_of: BTreeMap<String, String>,
}

impl ToolNames {
    pub(super) fn of(tools: &[OfferedTool], turns: &[Turn]) -> Self {
        let mut names = Self::default();
        let called = turns.iter().flat_map(|turn| match turn {
            Turn::Model { tool_calls, .. } => {
                tool_calls.iter().map(|call| call.name.as_str()).collect()
            }
            _ => Vec::new(),
        });
        for name in tools.iter().map(|tool| tool.name.as_str()).chain(called) {
            names.add(name);
        }
        names
    }

    fn add(&mut self, name: &str) {
        if self.wire_of.contains_key(name) {
            return;
        }
        let plain: String = name
            .chars()
            .map(|letter| match letter {
                letter if letter.is_ascii_alphanumeric() || letter == '-' => letter,
                _ => '_',
            })
            .take(MAX_TOOL_NAME_CHARS)
            .collect();
        let mut wire = if plain.is_empty() {
            "tool".to_owned()
        } else {
            plain
        };
        let mut number = 2;
        while self.wire_of.values().any(|taken| *taken == wire) {
            let ending = format!("_{number}");
            wire.truncate(MAX_TOOL_NAME_CHARS - ending.len());
            wire.push_str(&ending);
            number += 1;
        }
        self.wire_of.insert(name.to_owned(), wire);
    }

    fn wire<'a>(&'a self, name: &'a str) -> &'a str {
        self.wire_of.get(name).map_or(name, String::as_str)
    }

    /// The offered name behind a wire name; a name that was never offered stays as it came.
    pub(super) fn offered(&self, wire: &str) -> String {
        self.wire_of
            .iter()
            .find(|(_, known)| *known == wire)
            .map_or(wire, |(name, _)| name)
            .to_owned()
    }
}

/// The body of a `chat/completions` request.
pub(super) fn body(settings: &ProviderSettings, request: &ChatRequest, names: &ToolNames) -> Value {
    let mut body = json!({
        "model": settings.model(request.role),
        "messages": messages(settings, request, names),
        "stream": true,
    });
    if settings.ask_usage {
        body["stream_options"] = json!({"include_usage": true});
    }
    let bound = match settings.token_field {
        TokenField::MaxTokens => "max_tokens",
        TokenField::MaxCompletionTokens => "max_completion_tokens",
    };
    body[bound] = json!(request.max_output_tokens);
    if !request.tools.is_empty() {
        body["tools"] = request
            .tools
            .iter()
            .map(|tool| {
                json!({"type": "function", "function": {
                    "name": names.wire(&tool.name),
                    "description": tool.description,
                    "parameters": tool.input_schema,
                }})
            })
            .collect();
    }
    if let Some(schema) = &request.answer_schema {
        match settings.answer_format {
            AnswerFormat::JsonSchema => {
                body["response_format"] = json!({"type": "json_schema", "json_schema": {
                    "name": "answer", "strict": true, "schema": strict(schema),
                }});
            }
            AnswerFormat::JsonObject => body["response_format"] = json!({"type": "json_object"}),
            AnswerFormat::Prompt => {}
        }
    }
    body
}

fn messages(settings: &ProviderSettings, request: &ChatRequest, names: &ToolNames) -> Vec<Value> {
    let mut system = request.system.clone();
    if let Some(schema) = &request.answer_schema
        && settings.answer_format != AnswerFormat::JsonSchema
    {
        system.push_str("\n\nYour final answer is one JSON object, valid against this JSON Schema, and nothing else:\n");
        system.push_str(&schema.to_string());
    }
    let mut messages = vec![json!({"role": "system", "content": system})];
    messages.extend(request.turns.iter().map(|turn| message(turn, names)));
    messages
}

fn message(turn: &Turn, names: &ToolNames) -> Value {
    match turn {
        Turn::User { text } => json!({"role": "user", "content": text}),
        Turn::Model { text, tool_calls } if tool_calls.is_empty() => {
            json!({"role": "assistant", "content": text})
        }
        Turn::Model { text, tool_calls } => json!({
            "role": "assistant",
            "content": if text.is_empty() { Value::Null } else { json!(text) },
            "tool_calls": tool_calls.iter().map(|call| called(call, names)).collect::<Value>(),
        }),
        Turn::ToolResult {
            call_id,
            content,
            is_error,
            ..
        } => {
            let content = if *is_error {
                format!("Error: {content}")
            } else {
                content.clone()
            };
            json!({"role": "tool", "tool_call_id": call_id, "content": content})
        }
    }
}

fn called(call: &ToolCall, names: &ToolNames) -> Value {
    json!({"id": call.id, "type": "function", "function": {
        "name": names.wire(&call.name),
        "arguments": call.arguments.to_string(),
    }})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tool(name: &str) -> OfferedTool {
        OfferedTool {
            name: name.to_owned(),
            description: String::new(),
            input_schema: json!({}),
        }
    }

    #[test]
    fn tool_names_are_legal_on_the_wire_and_come_back_as_offered() {
        let long = "x".repeat(99);
        let offered = ["feeds.read", "feeds_read", "feeds/read", "läsen", &long];
        let tools: Vec<_> = offered.iter().map(|name| tool(name)).collect();
        let names = ToolNames::of(&tools, &[]);
        let mut seen = std::collections::BTreeSet::new();
        for name in offered {
            let wire = names.wire(name).to_owned();
            assert!(
                wire.len() <= MAX_TOOL_NAME_CHARS
                    && wire
                        .chars()
                        .all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter)),
                "{wire}"
            );
            assert_eq!(names.offered(&wire), name);
            assert!(seen.insert(wire));
        }
        assert_eq!(names.offered("never_offered"), "never_offered");
    }
}
