//! Puts an answer together from the chunks of a stream, or from one whole completion.
//!
//! Never here: reading the wire, or prices.

use chimera_ports::model::{Charge, FinishReason, ModelError, TokenUsage, ToolCall};
use serde_json::{Value, json};

use super::{
    fault::{self, CODE_BAD_ANSWER, CODE_STREAM_CUT},
    request::ToolNames,
};

/// Most tool calls of one answer; an index beyond it is refused instead of made room for.
const MAX_TOOL_CALLS: usize = 32;
/// Largest believable count of tokens in one exchange.
const MAX_BELIEVABLE_TOKENS: u64 = 10_000_000;

/// One tool call in the making.
#[derive(Clone, Debug, Default)]
struct Part {
    id: String,
    name: String,
    arguments: String,
}

/// What has arrived so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Assembly {
    text: String,
    calls: Vec<Part>,
    finish: Option<String>,
    usage: Option<TokenUsage>,
    /// Whether the end mark came.
    pub done: bool,
}

/// A complete answer.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Assembled {
    pub text: String,
    pub tool_calls: Vec<ToolCall>,
    pub finish: FinishReason,
    /// Tokens read and written, when the provider told something believable.
    pub usage: Option<TokenUsage>,
}

impl Assembly {
    /// Whether anything of the answer is there.
    pub(super) fn has_begun(&self) -> bool {
        !self.text.is_empty() || !self.calls.is_empty()
    }

    /// Takes one chunk, or a whole completion; returns the text that it adds.
    pub(super) fn take(&mut self, chunk: &Value, provider: &str) -> Result<String, ModelError> {
        if let Some(usage) = chunk.get("usage").filter(|usage| !usage.is_null()) {
            let count = |name: &str| usage.get(name).and_then(Value::as_u64);
            if let (Some(input), Some(output)) =
                (count("prompt_tokens"), count("completion_tokens"))
            {
                let cached = usage
                    .pointer("/prompt_tokens_details/cached_tokens")
                    .and_then(Value::as_u64);
                self.usage = Some(TokenUsage {
                    input,
                    // More than was read cannot have come from the cache.
                    cached: cached.unwrap_or_default().min(input),
                    output,
                    estimated: false,
                });
            }
        }
        let Some(choice) = chunk.pointer("/choices/0") else {
            return Ok(String::new());
        };
        let piece = choice
            .get("delta")
            .or_else(|| choice.get("message"))
            .unwrap_or(&Value::Null);
        let added = text_of(piece.get("content"));
        self.text.push_str(&added);
        for (at, call) in piece
            .get("tool_calls")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .enumerate()
        {
            self.take_call(at, call, provider)?;
        }
        if let Some(finish) = choice.get("finish_reason").and_then(Value::as_str) {
            self.finish = Some(finish.to_owned());
        }
        Ok(added)
    }

    /// A piece of a tool call; pieces belong together by their index.
    fn take_call(&mut self, at: usize, call: &Value, provider: &str) -> Result<(), ModelError> {
        let index = match call.get("index") {
            None => at,
            Some(index) => index
                .as_u64()
                .and_then(|index| usize::try_from(index).ok())
                .unwrap_or(usize::MAX),
        };
        if index >= MAX_TOOL_CALLS {
            return Err(fault::bad(
                provider,
                CODE_BAD_ANSWER,
                "the answer asks for more tools than can be believed",
            ));
        }
        if self.calls.len() <= index {
            self.calls.resize(index + 1, Part::default());
        }
        let part = &mut self.calls[index];
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

    /// What the provider told of the tokens, when it can be believed.
    fn told(&self) -> Option<TokenUsage> {
        let written = !self.text.is_empty() || self.calls.iter().any(|part| !part.name.is_empty());
        self.usage
            .filter(|usage| is_believable((usage.input, usage.output), written))
    }

    /// What is known of the cost of an answer that cannot be used.
    fn charge(&self) -> Charge {
        let told = self.told().and_then(|usage| usage.told());
        told.map_or(Charge::Unknown, Charge::Tokens)
    }

    /// The whole answer, once nothing more comes. What the provider told of its tokens goes with a refusal too.
    pub(super) fn finish(self, provider: &str, names: &ToolNames) -> Result<Assembled, ModelError> {
        let (usage, charge) = (self.told(), self.charge());
        let unusable = |code, what| fault::bad(provider, code, what).charged(charge);
        if self.finish.is_none() && !self.done {
            return Err(unusable(
                CODE_STREAM_CUT,
                "the answer broke off before its end",
            ));
        }
        let mut tool_calls = Vec::new();
        for (at, part) in self.calls.into_iter().enumerate() {
            if part.name.is_empty() {
                continue;
            }
            let arguments = if part.arguments.trim().is_empty() {
                json!({})
            } else {
                serde_json::from_str(&part.arguments).map_err(|_| {
                    unusable(CODE_BAD_ANSWER, "the arguments of a tool call are not JSON")
                })?
            };
            tool_calls.push(ToolCall {
                id: if part.id.is_empty() {
                    format!("call-{}", at + 1)
                } else {
                    part.id
                },
                name: names.offered(&part.name),
                arguments,
            });
        }
        let finish = match self.finish.as_deref() {
            Some("length" | "max_tokens") => FinishReason::Length,
            Some("content_filter") => FinishReason::ContentFilter,
            _ if tool_calls.is_empty() => FinishReason::Stop,
            _ => FinishReason::ToolCalls,
        };
        if self.text.trim().is_empty() && tool_calls.is_empty() && finish == FinishReason::Stop {
            return Err(unusable(CODE_BAD_ANSWER, "the answer is empty"));
        }
        Ok(Assembled {
            usage,
            text: self.text,
            tool_calls,
            finish,
        })
    }
}

/// Zero tokens for words that are there, or more than any exchange has, cannot be.
fn is_believable((input, output): (u64, u64), written: bool) -> bool {
    input > 0
        && input <= MAX_BELIEVABLE_TOKENS
        && output <= MAX_BELIEVABLE_TOKENS
        && (output > 0 || !written)
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

/// The JSON value in an answer that should be nothing else: models put it in a code fence, or think aloud
/// before it.
pub(super) fn json_in(text: &str) -> Option<String> {
    let bare = text.trim();
    if serde_json::from_str::<Value>(bare).is_ok() {
        return Some(bare.to_owned());
    }
    let after_thought = bare.rsplit_once("</think>").map_or(bare, |(_, rest)| rest);
    let start = after_thought.find('{')?;
    let from = &after_thought[start..];
    let mut values = serde_json::Deserializer::from_str(from).into_iter::<Value>();
    values.next()?.ok()?;
    Some(from[..values.byte_offset()].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_from_nowhere_is_refused_and_makes_no_room() {
        for index in [json!(32), json!(4_294_967_295_u64), json!(-1), json!("x")] {
            let chunk = json!({"choices": [{"delta": {"tool_calls": [{"index": index, "function": {"name": "a"}}]}}]});
            let error = Assembly::default().take(&chunk, "test").unwrap_err();
            assert_eq!(error.fault.code, CODE_BAD_ANSWER);
        }
    }

    #[test]
    fn json_is_found_in_fences_and_after_thoughts() {
        for (text, found) in [
            ("{\"a\":1}", Some("{\"a\":1}")),
            ("```json\n{\"a\": 1}\n```", Some("{\"a\": 1}")),
            (
                "<think>{maybe}</think>\n{\"a\":1} There.",
                Some("{\"a\":1}"),
            ),
            ("I cannot do that.", None),
            ("{\"a\": ", None),
        ] {
            assert_eq!(json_in(text).as_deref(), found, "{text}");
        }
    }
}
