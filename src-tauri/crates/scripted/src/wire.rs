//! The same answer in each family's form: whole, or in the pieces of its stream.
//!
//! Never here: what is answered, or how it fails.

use serde_json::{Value, json};

/// Whose API a request came by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Speaks {
    /// OpenAI's chat API.
    OpenAi,
    /// Anthropic's Messages API.
    Anthropic,
    /// Gemini's `streamGenerateContent`.
    Gemini,
    /// Ollama's own chat API.
    Ollama,
}

impl Speaks {
    /// By the path that was asked.
    pub(super) fn of(path: &str) -> Self {
        if path.contains("/messages") {
            Self::Anthropic
        } else if path.contains("GenerateContent") {
            Self::Gemini
        } else if path.ends_with("/api/chat") {
            Self::Ollama
        } else {
            Self::OpenAi
        }
    }

    /// The content type of a stream.
    pub(super) const fn stream_type(self) -> &'static str {
        match self {
            Self::Ollama => "application/x-ndjson",
            _ => "text/event-stream",
        }
    }

    /// One piece of a stream.
    pub(super) fn framed(self, piece: &Value) -> String {
        match self {
            Self::OpenAi | Self::Gemini => format!("data: {piece}\n\n"),
            Self::Anthropic => format!(
                "event: {}\ndata: {piece}\n\n",
                piece["type"].as_str().unwrap_or("error")
            ),
            Self::Ollama => format!("{piece}\n"),
        }
    }

    /// The body of an error, given as OpenAI has it: `message`, and `type` or `code`.
    pub(super) fn error(self, status: u16, error: &Value) -> Value {
        let message = &error["message"];
        match self {
            Self::OpenAi => json!({ "error": error }),
            Self::Anthropic => json!({"type": "error", "error": {
                "type": error["type"].as_str().unwrap_or("api_error"), "message": message,
            }}),
            Self::Gemini => json!({"error": {
                "code": status, "message": message, "status": error["type"], "details": error["details"],
            }}),
            Self::Ollama => json!({ "error": message }),
        }
    }
}

/// An answer, whatever the form.
pub(super) struct Answer<'a> {
    pub model: &'a str,
    pub text: &'a str,
    /// Name and arguments.
    pub calls: &'a [(String, Value)],
    /// OpenAI's word, or none for what follows from the rest.
    pub finish: Option<&'a str>,
    /// As OpenAI tells it; each number goes over as it is.
    pub usage: Option<&'a Value>,
    pub piece_chars: usize,
    /// Whether OpenAI's end mark comes.
    pub end_mark: bool,
}

impl Answer<'_> {
    fn reason(&self, plain: &'static str, calls: &'static str, length: &'static str) -> String {
        match (self.finish, self.calls.is_empty()) {
            (Some("length"), _) => length.to_owned(),
            (Some(reason), _) => reason.to_owned(),
            (None, true) => plain.to_owned(),
            (None, false) => calls.to_owned(),
        }
    }

    fn told(&self, name: &str) -> Value {
        let usage = self.usage.cloned().unwrap_or_default();
        usage.pointer(name).cloned().unwrap_or_default()
    }

    /// The whole answer.
    pub(super) fn whole(&self, speaks: Speaks) -> Value {
        match speaks {
            Speaks::OpenAi => self.openai_whole(),
            Speaks::Anthropic => {
                let mut content = vec![json!({"type": "text", "text": self.text})];
                for (at, (name, input)) in self.calls.iter().enumerate() {
                    content.push(json!({"type": "tool_use", "id": format!("call_{at}"), "name": name, "input": input}));
                }
                json!({"type": "message", "role": "assistant", "model": self.model, "content": content,
                    "stop_reason": self.anthropic_reason(), "usage": self.anthropic_usage()})
            }
            Speaks::Gemini => {
                let mut parts = vec![json!({"text": self.text})];
                parts.extend(self.calls.iter().map(gemini_call));
                self.gemini_chunk(parts, true)
            }
            Speaks::Ollama => self.ollama_line(self.text, self.calls, true),
        }
    }

    /// The pieces of the stream, framed.
    pub(super) fn pieces(&self, speaks: Speaks, asked_usage: bool) -> Vec<String> {
        let pieces = match speaks {
            Speaks::OpenAi => self.openai_pieces(asked_usage),
            Speaks::Anthropic => self.anthropic_pieces(),
            Speaks::Gemini => {
                let mut all: Vec<Value> = pieces(self.text, self.piece_chars)
                    .iter()
                    .map(|piece| self.gemini_chunk(vec![json!({"text": piece})], false))
                    .collect();
                all.push(self.gemini_chunk(self.calls.iter().map(gemini_call).collect(), true));
                all
            }
            Speaks::Ollama => {
                let mut all: Vec<Value> = pieces(self.text, self.piece_chars)
                    .iter()
                    .map(|piece| self.ollama_line(piece, &[], false))
                    .collect();
                for call in self.calls {
                    all.push(self.ollama_line("", std::slice::from_ref(call), false));
                }
                all.push(self.ollama_line("", &[], true));
                all
            }
        };
        let mut framed: Vec<String> = pieces.iter().map(|piece| speaks.framed(piece)).collect();
        if speaks == Speaks::OpenAi && self.end_mark {
            framed.push("data: [DONE]\n\n".to_owned());
        }
        framed
    }

    fn openai_whole(&self) -> Value {
        let calls: Vec<_> = self
            .calls
            .iter()
            .enumerate()
            .map(|(at, (name, arguments))| openai_call(at, name, &arguments.to_string()))
            .collect();
        let mut message = json!({"role": "assistant", "content": self.text});
        if !calls.is_empty() {
            message["tool_calls"] = json!(calls);
        }
        let reason = self.reason("stop", "tool_calls", "length");
        let mut completion = json!({
            "id": "chatcmpl-1", "object": "chat.completion", "created": 0, "model": self.model,
            "choices": [{"index": 0, "message": message, "finish_reason": reason}]
        });
        if let Some(usage) = self.usage {
            completion["usage"] = usage.clone();
        }
        completion
    }

    fn openai_pieces(&self, asked_usage: bool) -> Vec<Value> {
        let chunk = |choices: Value| {
            json!({
                "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 0, "model": self.model,
                "choices": choices
            })
        };
        let delta =
            |delta: Value| chunk(json!([{"index": 0, "delta": delta, "finish_reason": null}]));
        let mut chunks = vec![delta(json!({"role": "assistant", "content": ""}))];
        for piece in pieces(self.text, self.piece_chars) {
            chunks.push(delta(json!({"content": piece})));
        }
        for (at, (name, arguments)) in self.calls.iter().enumerate() {
            chunks.push(delta(json!({"tool_calls": [openai_call(at, name, "")]})));
            for piece in pieces(&arguments.to_string(), self.piece_chars) {
                chunks.push(delta(
                    json!({"tool_calls": [{"index": at, "function": {"arguments": piece}}]}),
                ));
            }
        }
        let reason = self.reason("stop", "tool_calls", "length");
        chunks.push(chunk(
            json!([{"index": 0, "delta": {}, "finish_reason": reason}]),
        ));
        if let Some(usage) = self.usage.filter(|_| asked_usage) {
            let mut last = chunk(json!([]));
            last["usage"] = usage.clone();
            chunks.push(last);
        }
        chunks
    }

    fn anthropic_reason(&self) -> String {
        self.reason("end_turn", "tool_use", "max_tokens")
    }

    fn anthropic_usage(&self) -> Value {
        if self.usage.is_none() {
            return Value::Null;
        }
        let (read, cached) = (
            self.told("/prompt_tokens"),
            self.told("/prompt_tokens_details/cached_tokens"),
        );
        // What came from the cache is not among them.
        let fresh = match (read.as_i64(), cached.as_i64()) {
            (Some(read), Some(cached)) => json!(read - cached),
            _ => read,
        };
        json!({"input_tokens": fresh, "cache_read_input_tokens": cached, "output_tokens": self.told("/completion_tokens")})
    }

    fn anthropic_pieces(&self) -> Vec<Value> {
        let mut begun = self.anthropic_usage();
        if begun.is_object() {
            begun["output_tokens"] = json!(1);
        }
        let mut all = vec![
            json!({"type": "message_start", "message": {"type": "message", "role": "assistant", "model": self.model,
                "content": [], "usage": begun}}),
            json!({"type": "ping"}),
        ];
        let mut index = 0;
        if !self.text.is_empty() {
            all.push(json!({"type": "content_block_start", "index": index, "content_block": {"type": "text", "text": ""}}));
            for piece in pieces(self.text, self.piece_chars) {
                all.push(json!({"type": "content_block_delta", "index": index, "delta": {"type": "text_delta", "text": piece}}));
            }
            all.push(json!({"type": "content_block_stop", "index": index}));
            index += 1;
        }
        for (at, (name, input)) in self.calls.iter().enumerate() {
            all.push(
                json!({"type": "content_block_start", "index": index, "content_block":
                {"type": "tool_use", "id": format!("call_{at}"), "name": name, "input": {}}}),
            );
            for piece in pieces(&input.to_string(), self.piece_chars) {
                all.push(
                    json!({"type": "content_block_delta", "index": index, "delta":
                    {"type": "input_json_delta", "partial_json": piece}}),
                );
            }
            all.push(json!({"type": "content_block_stop", "index": index}));
            index += 1;
        }
        all.push(
            json!({"type": "message_delta", "delta": {"stop_reason": self.anthropic_reason()},
            "usage": {"output_tokens": self.told("/completion_tokens")}}),
        );
        all.push(json!({"type": "message_stop"}));
        all
    }

    fn gemini_chunk(&self, parts: Vec<Value>, last: bool) -> Value {
        let mut candidate = json!({"index": 0, "content": {"role": "model", "parts": parts}});
        let mut written = json!(1);
        if last {
            candidate["finishReason"] = json!(self.reason("STOP", "STOP", "MAX_TOKENS"));
            written = self.told("/completion_tokens");
        }
        let mut chunk = json!({"candidates": [candidate], "modelVersion": self.model});
        if self.usage.is_some() {
            chunk["usageMetadata"] = json!({
                "promptTokenCount": self.told("/prompt_tokens"), "candidatesTokenCount": written,
                "cachedContentTokenCount": self.told("/prompt_tokens_details/cached_tokens"),
            });
        }
        chunk
    }

    fn ollama_line(&self, text: &str, calls: &[(String, Value)], last: bool) -> Value {
        let mut message = json!({"role": "assistant", "content": text});
        if !calls.is_empty() {
            message["tool_calls"] = calls
                .iter()
                .map(
                    |(name, arguments)| json!({"function": {"name": name, "arguments": arguments}}),
                )
                .collect();
        }
        let mut line = json!({"model": self.model, "message": message, "done": last});
        if last {
            line["done_reason"] = json!(self.reason("stop", "stop", "length"));
            line["prompt_eval_count"] = self.told("/prompt_tokens");
            line["eval_count"] = self.told("/completion_tokens");
        }
        line
    }
}

fn gemini_call((name, arguments): &(String, Value)) -> Value {
    json!({"functionCall": {"name": name, "args": arguments}, "thoughtSignature": format!("mark-of-{name}")})
}

fn openai_call(at: usize, name: &str, arguments: &str) -> Value {
    json!({"index": at, "id": format!("call_{at}"), "type": "function", "function": {"name": name, "arguments": arguments}})
}

fn pieces(text: &str, size: usize) -> Vec<String> {
    text.chars()
        .collect::<Vec<_>>()
        .chunks(size)
        .map(|piece| piece.iter().collect())
        .collect()
}
