//! OpenAI's chat API, as OpenAI and everybody compatible with it speaks it.
//!
//! Never here: sending, or the words of a prompt beyond what the answer's shape needs.

use chimera_ports::model::{ChatRequest, ModelError, ToolCall, Turn};
use serde_json::{Value, json};

use super::{
    assemble::{Assembly, Counts, End},
    names::ToolNames,
    schema::{in_words, strict},
    settings::{AnswerFormat, ProviderSettings, TokenField},
    turns::{functions, told},
};

/// Where questions go, under the base address.
pub(super) const PATH: &str = "chat/completions";

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
        body["tools"] = functions(&request.tools, names);
    }
    if let Some(schema) = request.answer_schema.as_deref() {
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
    let native = settings.answer_format == AnswerFormat::JsonSchema;
    let shape = request.answer_schema.as_deref().filter(|_| !native);
    let system = in_words(&request.system, shape);
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
            json!({"role": "tool", "tool_call_id": call_id, "content": told(content, *is_error)})
        }
    }
}

fn called(call: &ToolCall, names: &ToolNames) -> Value {
    json!({"id": call.id, "type": "function", "function": {
        "name": names.wire(&call.name),
        "arguments": call.arguments.to_string(),
    }})
}

/// Takes one chunk, or a whole completion; returns the text that it adds.
pub(super) fn take(
    assembly: &mut Assembly,
    chunk: &Value,
    provider: &str,
) -> Result<String, ModelError> {
    if let Some(usage) = chunk.get("usage").filter(|usage| !usage.is_null()) {
        let count = |path: &str| usage.pointer(path).and_then(Value::as_u64);
        assembly.counted(Counts {
            input: count("/prompt_tokens"),
            cached: count("/prompt_tokens_details/cached_tokens"),
            output: count("/completion_tokens"),
        });
    }
    let Some(choice) = chunk.pointer("/choices/0") else {
        return Ok(String::new());
    };
    let piece = choice
        .get("delta")
        .or_else(|| choice.get("message"))
        .unwrap_or(&Value::Null);
    let added = text_of(piece.get("content"));
    assembly.say(&added);
    // With a wanted shape a model that will not answer says so beside the content.
    if piece.get("refusal").is_some_and(Value::is_string) {
        assembly.refused();
    }
    for (at, call) in piece
        .get("tool_calls")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .enumerate()
    {
        take_call(assembly, at, call, provider)?;
    }
    match choice.get("finish_reason").and_then(Value::as_str) {
        None => {}
        Some("length" | "max_tokens") => assembly.ended(End::Length),
        Some("content_filter") => assembly.ended(End::Filter),
        Some(_) => assembly.ended(End::Stop),
    }
    Ok(added)
}

/// A piece of a tool call; pieces belong together by their index.
fn take_call(
    assembly: &mut Assembly,
    at: usize,
    call: &Value,
    provider: &str,
) -> Result<(), ModelError> {
    let index = call
        .get("index")
        .map_or(Some(u64::try_from(at).unwrap_or(u64::MAX)), Value::as_u64);
    let part = assembly.part(index, provider)?;
    let words = |path: &str| {
        call.pointer(path)
            .and_then(Value::as_str)
            .filter(|words| !words.is_empty())
    };
    if let Some(id) = words("/id") {
        part.id = id.to_owned();
    }
    if let Some(name) = words("/function/name") {
        part.name = name.to_owned();
    }
    match call.pointer("/function/arguments") {
        Some(Value::String(piece)) => part.arguments.push_str(piece),
        // Some servers send the arguments as an object.
        Some(object @ Value::Object(_)) => part.arguments = object.to_string(),
        _ => {}
    }
    Ok(())
}

/// Content as text: a string, or parts of which only text counts.
fn text_of(content: Option<&Value>) -> String {
    match content {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => parts
            .iter()
            .filter(|part| part["type"] == "text")
            .filter_map(|part| part["text"].as_str())
            .collect(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_from_nowhere_is_refused_and_makes_no_room() {
        for index in [json!(32), json!(4_294_967_295_u64), json!(-1), json!("x")] {
            let chunk = json!({"choices": [{"delta": {"tool_calls": [{"index": index, "function": {"name": "a"}}]}}]});
            let error = take(&mut Assembly::default(), &chunk, "test").unwrap_err();
            assert_eq!(error.fault.code, super::super::CODE_BAD_ANSWER);
        }
    }
}
