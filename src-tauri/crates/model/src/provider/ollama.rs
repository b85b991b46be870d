//! Ollama's own chat API: lines of JSON, tools whose arguments are objects, mostly without a key.
//!
//! Never here: sending, or the words of a prompt beyond what the answer's shape needs.

use chimera_ports::model::{ChatRequest, ModelError, Turn};
use serde_json::{Value, json};

use super::{
    assemble::{Assembly, Counts, End, Part},
    names::ToolNames,
    schema::{in_words, plain},
    settings::{AnswerFormat, ProviderSettings},
    turns::{functions, told},
};

/// Where questions go, under the base address.
pub(super) const PATH: &str = "api/chat";

/// The body of a request.
pub(super) fn body(settings: &ProviderSettings, request: &ChatRequest, names: &ToolNames) -> Value {
    // Held to a shape, a model cannot ask for tools.
    let native = settings.answer_format == AnswerFormat::JsonSchema && request.tools.is_empty();
    let schema = request.answer_schema.as_deref();
    let system = in_words(&request.system, schema.filter(|_| !native));
    let mut messages = vec![json!({"role": "system", "content": system})];
    messages.extend(request.turns.iter().map(|turn| message(turn, names)));
    let mut body = json!({
        "model": settings.model(request.role),
        "messages": messages,
        "stream": true,
        "options": {
            "num_predict": request.max_output_tokens,
            // Unless told, it reads a few thousand tokens and silently forgets what came before them.
            "num_ctx": settings.max_input_tokens.saturating_add(u64::from(settings.max_output_tokens)),
        },
    });
    if !request.tools.is_empty() {
        body["tools"] = functions(&request.tools, names);
    }
    if let Some(schema) = schema.filter(|_| native) {
        body["format"] = plain(schema);
    }
    body
}

fn message(turn: &Turn, names: &ToolNames) -> Value {
    match turn {
        Turn::User { text } => json!({"role": "user", "content": text}),
        Turn::Model { text, tool_calls } => {
            let mut message = json!({"role": "assistant", "content": text});
            if !tool_calls.is_empty() {
                message["tool_calls"] = tool_calls
                    .iter()
                    .map(|call| {
                        json!({"function": {"name": names.wire(&call.name), "arguments": call.arguments}})
                    })
                    .collect();
            }
            message
        }
        Turn::ToolResult {
            name,
            content,
            is_error,
            ..
        } => {
            json!({"role": "tool", "tool_name": names.wire(name), "content": told(content, *is_error)})
        }
    }
}

/// Takes one line, or a whole answer; returns the text that it adds.
pub(super) fn take(
    assembly: &mut Assembly,
    line: &Value,
    provider: &str,
) -> Result<String, ModelError> {
    let message = &line["message"];
    let text = message["content"].as_str().unwrap_or_default();
    assembly.say(text);
    for call in message["tool_calls"].as_array().into_iter().flatten() {
        let function = &call["function"];
        let arguments = match &function["arguments"] {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            object => object.to_string(),
        };
        let part = Part {
            id: call["id"].as_str().unwrap_or_default().to_owned(),
            name: function["name"].as_str().unwrap_or_default().to_owned(),
            arguments,
            mark: None,
        };
        assembly.call(part, provider)?;
    }
    if line["done"] == json!(true) {
        assembly.counted(Counts {
            input: line["prompt_eval_count"].as_u64(),
            cached: None,
            output: line["eval_count"].as_u64(),
        });
        let length = line["done_reason"] == "length";
        assembly.ended(if length { End::Length } else { End::Stop });
        assembly.done = true;
    }
    Ok(text.to_owned())
}
