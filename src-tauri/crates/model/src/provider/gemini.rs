//! Google's Gemini API: `streamGenerateContent`.
//!
//! Never here: sending, or the words of a prompt beyond what the answer's shape needs.

use chimera_ports::model::{ChatRequest, ModelError, ToolCall, Turn};
use serde_json::{Value, json};

use super::{
    assemble::{Assembly, Counts, End, OWN_ID, Part},
    names::ToolNames,
    schema::{in_words, plain},
    settings::{AnswerFormat, ProviderSettings},
    turns::{joined, worded},
};

/// The mark that the API takes for a call of which it never gave one: one that another model asked for.
const NO_MARK: &str = "skip_thought_signature_validator";

/// Where a model's questions go, under the base address.
pub(super) fn path(model: &str) -> String {
    let bare = model.strip_prefix("models/").unwrap_or(model);
    let mut path = "models/".to_owned();
    for byte in bare.bytes() {
        // A name leads nowhere else in the address.
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            path.push(char::from(byte));
        } else {
            path.push_str(&format!("%{byte:02X}"));
        }
    }
    path.push_str(":streamGenerateContent?alt=sse");
    path
}

/// The body of a request.
pub(super) fn body(settings: &ProviderSettings, request: &ChatRequest, names: &ToolNames) -> Value {
    // Most models take a shape only where no tools are offered.
    let native = settings.answer_format == AnswerFormat::JsonSchema && request.tools.is_empty();
    let schema = request.answer_schema.as_deref();
    let mut body = json!({
        "contents": contents(&request.turns, names),
        "generationConfig": {"maxOutputTokens": request.max_output_tokens},
    });
    let system = in_words(&request.system, schema.filter(|_| !native));
    if !system.trim().is_empty() {
        body["systemInstruction"] = json!({"parts": [{"text": system}]});
    }
    if !request.tools.is_empty() {
        let declared: Value = request
            .tools
            .iter()
            .map(|tool| {
                json!({
                    "name": names.wire(&tool.name),
                    "description": tool.description,
                    "parametersJsonSchema": plain(&tool.input_schema),
                })
            })
            .collect();
        body["tools"] = json!([{ "functionDeclarations": declared }]);
    }
    if let Some(schema) = schema.filter(|_| native) {
        body["generationConfig"]["responseMimeType"] = json!("application/json");
        body["generationConfig"]["responseJsonSchema"] = plain(schema);
    }
    body
}

/// The conversation; what tools returned belongs into one turn of the user.
fn contents(turns: &[Turn], names: &ToolNames) -> Vec<Value> {
    joined(turns.iter().map(|turn| said_in(turn, names)))
        .into_iter()
        .map(|(role, parts)| json!({"role": role, "parts": parts}))
        .collect()
}

fn said_in(turn: &Turn, names: &ToolNames) -> (&'static str, Vec<Value>) {
    match turn {
        Turn::User { text } => ("user", words(text)),
        Turn::Model { text, tool_calls } => {
            let calls = tool_calls
                .iter()
                .enumerate()
                .map(|(at, call)| called(call, at == 0, names));
            ("model", words(text).into_iter().chain(calls).collect())
        }
        Turn::ToolResult {
            call_id,
            name,
            content,
            is_error,
        } => {
            let field = if *is_error { "error" } else { "result" };
            let mut response = json!({"name": names.wire(name), "response": {field: content}});
            if let Some(id) = their_id(call_id) {
                response["id"] = json!(id);
            }
            ("user", vec![json!({ "functionResponse": response })])
        }
    }
}

fn words(text: &str) -> Vec<Value> {
    worded(text, json!({ "text": text }))
}

fn called(call: &ToolCall, first: bool, names: &ToolNames) -> Value {
    let mut function = json!({"name": names.wire(&call.name), "args": call.arguments});
    if let Some(id) = their_id(&call.id) {
        function["id"] = json!(id);
    }
    let mut part = json!({ "functionCall": function });
    // The first call of a turn carries the mark of its thoughts.
    let mark = call.mark.as_deref().or(first.then_some(NO_MARK));
    if let Some(mark) = mark {
        part["thoughtSignature"] = json!(mark);
    }
    part
}

/// The far side's own id; it does not know those that we gave.
fn their_id(id: &str) -> Option<&str> {
    (!id.starts_with(OWN_ID)).then_some(id)
}

/// Takes one chunk, or a whole answer; returns the text that it adds.
pub(super) fn take(
    assembly: &mut Assembly,
    chunk: &Value,
    provider: &str,
) -> Result<String, ModelError> {
    if let Some(usage) = chunk.get("usageMetadata").filter(|usage| usage.is_object()) {
        assembly.counted_anew(counts(usage));
    }
    if chunk.pointer("/promptFeedback/blockReason").is_some() {
        assembly.ended(End::Filter);
    }
    let Some(candidate) = chunk.pointer("/candidates/0") else {
        return Ok(String::new());
    };
    let parts = candidate
        .pointer("/content/parts")
        .and_then(Value::as_array);
    let mut added = String::new();
    for part in parts.into_iter().flatten() {
        if let Some(function) = part.get("functionCall") {
            let text = |name: &str| function[name].as_str().unwrap_or_default().to_owned();
            let arguments = function.get("args").filter(|args| !args.is_null());
            let call = Part {
                id: text("id"),
                name: text("name"),
                arguments: arguments.map(Value::to_string).unwrap_or_default(),
                mark: part["thoughtSignature"].as_str().map(str::to_owned),
            };
            assembly.call(call, provider)?;
        } else if part["thought"] != json!(true) {
            // Thoughts are not part of the answer.
            added.push_str(part["text"].as_str().unwrap_or_default());
        }
    }
    assembly.say(&added);
    match candidate["finishReason"].as_str() {
        None | Some("FINISH_REASON_UNSPECIFIED") => {}
        Some("STOP") => assembly.ended(End::Stop),
        Some("MAX_TOKENS") => assembly.ended(End::Length),
        Some("MALFORMED_FUNCTION_CALL" | "UNEXPECTED_TOOL_CALL" | "TOO_MANY_TOOL_CALLS") => {
            assembly.ended(End::Unreadable);
        }
        // Safety, recitation, language, blocklist, prohibited content, personal data and what will be added to them.
        Some(_) => assembly.ended(End::Filter),
    }
    Ok(added)
}

/// Thoughts are paid like words; the cache is among what is read.
fn counts(usage: &Value) -> Counts {
    let count = |name: &str| usage[name].as_u64();
    let with = |first: Option<u64>, more: &str| {
        first.map(|first| first.saturating_add(count(more).unwrap_or_default()))
    };
    // A refusal of the question writes nothing, and leaves the count out.
    let written = count("candidatesTokenCount")
        .or_else(|| usage.get("candidatesTokenCount").is_none().then_some(0));
    Counts {
        input: with(count("promptTokenCount"), "toolUsePromptTokenCount"),
        cached: count("cachedContentTokenCount"),
        output: with(written, "thoughtsTokenCount"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_models_name_leads_nowhere_else() {
        for (model, path_of) in [
            ("gemini-3-pro", "models/gemini-3-pro"),
            ("models/gemini-3-pro", "models/gemini-3-pro"),
            ("../x?y#z:w", "models/..%2Fx%3Fy%23z%3Aw"),
        ] {
            assert_eq!(
                path(model),
                format!("{path_of}:streamGenerateContent?alt=sse")
            );
        }
    }
}
