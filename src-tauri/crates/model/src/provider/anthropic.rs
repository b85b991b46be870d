//! Anthropic's Messages API.
//!
//! Never here: sending, or the words of a prompt beyond what the answer's shape needs.

use chimera_ports::model::{ChatRequest, ModelError, ToolCall, Turn};
use serde_json::{Value, json};

use super::{
    assemble::{Assembly, Counts, End},
    names::ToolNames,
    schema::{closed, in_words},
    settings::{AnswerFormat, ProviderSettings},
    turns::{joined, worded},
};

/// Where questions go, under the base address.
pub(super) const PATH: &str = "messages";
/// The revision of the API that is spoken.
pub(super) const VERSION: &str = "2023-06-01";
/// Models whose name begins so cannot be held to a schema.
const WITHOUT_SCHEMA: [&str; 3] = ["claude-2", "claude-3", "claude-instant"];

/// The body of a request.
pub(super) fn body(settings: &ProviderSettings, request: &ChatRequest, names: &ToolNames) -> Value {
    let model = settings.model(request.role);
    let native = settings.answer_format == AnswerFormat::JsonSchema
        && !WITHOUT_SCHEMA.iter().any(|old| model.starts_with(old));
    let schema = request.answer_schema.as_deref();
    let mut body = json!({
        "model": model,
        "max_tokens": request.max_output_tokens,
        "messages": messages(&request.turns, names),
        "stream": true,
    });
    let system = in_words(&request.system, schema.filter(|_| !native));
    if !system.trim().is_empty() {
        body["system"] = json!(system);
    }
    if !request.tools.is_empty() {
        body["tools"] = request
            .tools
            .iter()
            .map(|tool| {
                json!({
                    "name": names.wire(&tool.name),
                    "description": tool.description,
                    "input_schema": tool.input_schema,
                })
            })
            .collect();
    }
    if let Some(schema) = schema.filter(|_| native) {
        body["output_config"] =
            json!({"format": {"type": "json_schema", "schema": closed(schema)}});
    }
    body
}

/// The conversation; what tools returned belongs into one turn of the user.
fn messages(turns: &[Turn], names: &ToolNames) -> Vec<Value> {
    joined(turns.iter().map(|turn| said_in(turn, names)))
        .into_iter()
        .map(|(role, content)| json!({"role": role, "content": content}))
        .collect()
}

fn said_in(turn: &Turn, names: &ToolNames) -> (&'static str, Vec<Value>) {
    match turn {
        Turn::User { text } => ("user", words(text)),
        Turn::Model { text, tool_calls } => {
            let calls = tool_calls.iter().map(|call| called(call, names));
            ("assistant", words(text).into_iter().chain(calls).collect())
        }
        Turn::ToolResult {
            call_id,
            content,
            is_error,
            ..
        } => {
            let result = json!({
                "type": "tool_result", "tool_use_id": plain_id(call_id),
                "content": content, "is_error": is_error,
            });
            ("user", vec![result])
        }
    }
}

fn words(text: &str) -> Vec<Value> {
    worded(text, json!({"type": "text", "text": text}))
}

fn called(call: &ToolCall, names: &ToolNames) -> Value {
    json!({
        "type": "tool_use", "id": plain_id(&call.id),
        "name": names.wire(&call.name), "input": call.arguments,
    })
}

/// An id that another provider gave may have signs that are refused here.
fn plain_id(id: &str) -> String {
    id.chars()
        .map(|sign| match sign {
            sign if sign.is_ascii_alphanumeric() || sign == '-' => sign,
            _ => '_',
        })
        .collect()
}

/// Takes one event of a stream, or a whole message; returns the text that it adds.
pub(super) fn take(
    assembly: &mut Assembly,
    event: &Value,
    provider: &str,
) -> Result<String, ModelError> {
    match event["type"].as_str() {
        // What it counts as written at the beginning is not what is written in the end.
        Some("message_start") => assembly.counted(Counts {
            output: None,
            ..counts(&event["message"]["usage"])
        }),
        Some("content_block_start") => return block(assembly, event, provider),
        Some("content_block_delta") => {
            let delta = &event["delta"];
            match delta["type"].as_str() {
                Some("text_delta") => return Ok(said(assembly, delta)),
                Some("input_json_delta") => {
                    let piece = delta["partial_json"].as_str().unwrap_or_default();
                    let part = assembly.part(event["index"].as_u64(), provider)?;
                    part.arguments.push_str(piece);
                }
                // Thoughts are not part of the answer.
                _ => {}
            }
        }
        Some("message_delta") => {
            assembly.counted(counts(&event["usage"]));
            stopped(assembly, &event["delta"]);
        }
        Some("message_stop") => assembly.done = true,
        Some("message") => {
            let mut text = String::new();
            for (at, content) in event["content"]
                .as_array()
                .into_iter()
                .flatten()
                .enumerate()
            {
                let whole = json!({"index": at, "content_block": content});
                text.push_str(&block(assembly, &whole, provider)?);
            }
            assembly.counted(counts(&event["usage"]));
            stopped(assembly, event);
            return Ok(text);
        }
        _ => {}
    }
    Ok(String::new())
}

/// A block of the answer: its beginning in a stream, all of it in a whole message.
fn block(assembly: &mut Assembly, event: &Value, provider: &str) -> Result<String, ModelError> {
    let content = &event["content_block"];
    match content["type"].as_str() {
        Some("text") => Ok(said(assembly, content)),
        Some("tool_use") => {
            let part = assembly.part(event["index"].as_u64(), provider)?;
            part.id = content["id"].as_str().unwrap_or_default().to_owned();
            part.name = content["name"].as_str().unwrap_or_default().to_owned();
            // Empty where the pieces come after it.
            let input = content["input"].as_object();
            if input.is_some_and(|input| !input.is_empty()) {
                part.arguments = content["input"].to_string();
            }
            Ok(String::new())
        }
        _ => Ok(String::new()),
    }
}

fn said(assembly: &mut Assembly, from: &Value) -> String {
    let text = from["text"].as_str().unwrap_or_default();
    assembly.say(text);
    text.to_owned()
}

fn stopped(assembly: &mut Assembly, from: &Value) {
    match from["stop_reason"].as_str() {
        None => {}
        Some("max_tokens" | "model_context_window_exceeded") => assembly.ended(End::Length),
        Some("refusal") => assembly.ended(End::Filter),
        Some(_) => assembly.ended(End::Stop),
    }
}

/// What was written into the cache or read from it is not among `input_tokens`.
fn counts(usage: &Value) -> Counts {
    let count = |name: &str| usage[name].as_u64();
    let cached = count("cache_read_input_tokens");
    let input = count("input_tokens").map(|fresh| {
        fresh
            .saturating_add(count("cache_creation_input_tokens").unwrap_or_default())
            .saturating_add(cached.unwrap_or_default())
    });
    Counts {
        input,
        cached,
        output: count("output_tokens"),
    }
}
