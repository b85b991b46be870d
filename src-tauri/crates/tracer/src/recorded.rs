//! What of a conversation its spans keep, in the form of OpenTelemetry's GenAI conventions: redacted, and each text cut
//! at a bound. It stays in the store of this installation; nothing exports it.
//!
//! Never here: when a span is opened or ended.

use std::sync::Arc;

use chimera_guard::{redact, redact_json};
use chimera_ports::model::{ChatReply, ChatRequest, FinishReason, ToolCall, Turn};
use serde::Serialize;
use serde_json::Value;

/// How much of a text is kept.
#[derive(Clone, Copy, Debug)]
pub struct Recorded {
    /// Most characters of one text; 0 keeps none at all.
    most_chars: usize,
}

/// A conversation as its spans keep it. Each message is read once for what must be masked, however many turns repeat
/// it; so it belongs to one system prompt and to turns that are only ever added to. A copy of it costs nothing: every
/// agent that waits for a model holds one here and one in its open span.
#[derive(Clone, Debug, Default)]
pub struct Conversation(Arc<Kept>);

#[derive(Clone, Debug, Default)]
struct Kept {
    system: Option<String>,
    turns: Vec<Turn>,
}

impl Conversation {
    /// `gen_ai.system_instructions`.
    pub(crate) fn system(&self) -> impl Serialize + '_ {
        [Part::text(self.0.system.as_deref().unwrap_or_default())]
    }

    /// `gen_ai.input.messages`: every turn that the model was given.
    pub(crate) fn input(&self) -> impl Serialize + '_ {
        let messages: Vec<Message<'_>> = self.0.turns.iter().map(shown).collect();
        messages
    }
}

/// A model's answer as its span keeps it.
pub(crate) struct Answer {
    text: String,
    calls: Vec<ToolCall>,
    finish: &'static str,
}

impl Answer {
    /// `gen_ai.output.messages`.
    pub(crate) fn output(&self) -> impl Serialize + '_ {
        [Message {
            role: "assistant",
            parts: said(&self.text, &self.calls),
            finish_reason: Some(self.finish),
        }]
    }
}

/// A message in the form of the conventions.
#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    parts: Vec<Part<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    finish_reason: Option<&'static str>,
}

/// A part of a message.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Part<'a> {
    Text {
        content: &'a str,
    },
    ToolCall {
        id: &'a str,
        name: &'a str,
        arguments: &'a Value,
    },
    ToolCallResponse {
        id: &'a str,
        response: &'a str,
    },
}

impl<'a> Part<'a> {
    const fn text(content: &'a str) -> Self {
        Self::Text { content }
    }
}

/// A turn in the form of the conventions.
fn shown(turn: &Turn) -> Message<'_> {
    let (role, parts) = match turn {
        Turn::User { text } => ("user", vec![Part::text(text)]),
        Turn::Model { text, tool_calls } => ("assistant", said(text, tool_calls)),
        Turn::ToolResult {
            call_id, content, ..
        } => {
            let answer = Part::ToolCallResponse {
                id: call_id,
                response: content,
            };
            ("tool", vec![answer])
        }
    };
    Message {
        role,
        parts,
        finish_reason: None,
    }
}

/// What a model said, in the form of the conventions.
fn said<'a>(text: &'a str, tool_calls: &'a [ToolCall]) -> Vec<Part<'a>> {
    let words = (!text.is_empty()).then(|| Part::text(text));
    let calls = tool_calls.iter().map(|call| Part::ToolCall {
        id: &call.id,
        name: &call.name,
        arguments: &call.arguments,
    });
    words.into_iter().chain(calls).collect()
}

impl Recorded {
    /// At most so many characters of each text; 0 keeps none at all.
    #[must_use]
    pub const fn of(most_chars: usize) -> Self {
        Self { most_chars }
    }

    /// Whether the operator wants messages kept at all.
    #[must_use]
    pub const fn is_on(self) -> bool {
        self.most_chars > 0
    }

    /// A text without its secrets and personal data, cut where it grows too long; it says so then.
    pub(crate) fn text(self, text: &str) -> String {
        let clean = redact(text);
        let Some((end, _)) = clean.char_indices().nth(self.most_chars) else {
            return clean;
        };
        let left = clean[end..].chars().count();
        format!("{} [{left} more characters not kept]", &clean[..end])
    }

    /// A value in which every text is treated like that; one that is too long as a whole is kept as cut text.
    pub(crate) fn value(self, value: &Value) -> Value {
        let whole = value.to_string();
        if whole.chars().count() > self.most_chars {
            let words = value.as_str().unwrap_or(&whole);
            return Value::String(self.text(words));
        }
        redact_json(value.clone())
    }

    /// Takes into `kept` what of the request it has not read yet.
    pub(crate) fn follow(self, request: &ChatRequest, kept: &mut Conversation) {
        // The span of the turn before has ended, so nobody else holds it, and nothing is copied.
        let kept = Arc::make_mut(&mut kept.0);
        if kept.system.is_none() {
            kept.system = Some(self.text(&request.system));
        }
        let new = request.turns.get(kept.turns.len()..).unwrap_or_default();
        kept.turns.reserve_exact(new.len());
        kept.turns.extend(new.iter().map(|turn| self.turn(turn)));
    }

    /// `gen_ai.output.messages`.
    pub(crate) fn output(self, reply: &ChatReply) -> Answer {
        let finish = match reply.finish {
            FinishReason::Stop => "stop",
            FinishReason::ToolCalls => "tool_call",
            FinishReason::Length => "length",
            FinishReason::ContentFilter => "content_filter",
        };
        Answer {
            text: self.text(&reply.text),
            calls: self.calls(&reply.tool_calls),
            finish,
        }
    }

    /// A turn of which only what may be kept is left.
    fn turn(self, turn: &Turn) -> Turn {
        match turn {
            Turn::User { text } => Turn::User {
                text: self.text(text),
            },
            Turn::Model { text, tool_calls } => Turn::Model {
                text: self.text(text),
                tool_calls: self.calls(tool_calls),
            },
            Turn::ToolResult {
                call_id,
                name,
                content,
                is_error,
            } => Turn::ToolResult {
                call_id: call_id.clone(),
                name: name.clone(),
                content: self.text(content),
                is_error: *is_error,
            },
        }
    }

    fn calls(self, calls: &[ToolCall]) -> Vec<ToolCall> {
        let kept = calls.iter().map(|call| ToolCall {
            id: call.id.clone(),
            name: call.name.clone(),
            arguments: self.value(&call.arguments),
            mark: None,
        });
        kept.collect()
    }
}

#[cfg(test)]
mod tests {
    use chimera_ports::model::{Counted, ModelRole};
    use serde_json::json;

    use super::*;

    const KEPT: Recorded = Recorded::of(40);

    fn written(told: &impl Serialize) -> Value {
        serde_json::to_value(told).unwrap()
    }

    #[test]
    fn a_text_is_redacted_before_it_is_cut() {
        let key = format!("sk-{}", "abcdef1234567890");
        assert_eq!(KEPT.text("珈琲"), "珈琲");
        // Cut first, the key would be too short to be known as one.
        let text = format!("{} {key} {}", "a".repeat(30), "b".repeat(30));
        assert_eq!(
            KEPT.text(&text),
            format!("{} sk-**** b [29 more characters not kept]", "a".repeat(30))
        );
    }

    #[test]
    fn arguments_are_redacted_wherever_they_stand() {
        let given = json!({ "to": ["jane@example.org"], "n": 1 });
        assert_eq!(KEPT.value(&given), json!({ "to": ["[email]"], "n": 1 }));
        let long = json!({ "text": format!("jane@example.org {}", "x".repeat(99)) });
        let kept = KEPT.value(&long);
        let kept = kept.as_str().unwrap();
        assert!(kept.starts_with("{\"text\":\"[email] xxx"), "{kept}");
        assert!(kept.ends_with("more characters not kept]"), "{kept}");
    }

    #[test]
    fn every_turn_is_kept_in_its_role() {
        let call = ToolCall {
            id: "c1".into(),
            name: "fetch".into(),
            arguments: json!({ "n": 1 }),
            mark: None,
        };
        let mut request = ChatRequest {
            role: ModelRole::Worker,
            system: "Be kind.".into(),
            turns: vec![
                Turn::User {
                    text: "Read.".into(),
                },
                Turn::Model {
                    text: String::new(),
                    tool_calls: vec![call],
                },
                Turn::ToolResult {
                    call_id: "c1".into(),
                    name: "fetch".into(),
                    content: "Mail jane@example.org".into(),
                    is_error: false,
                },
            ],
            tools: Counted::default(),
            answer_schema: None,
            facts: None,
            max_output_tokens: 1,
        };
        // Told turn by turn as the loop does it, it is the same conversation.
        let later = request.turns.split_off(1);
        let mut kept = Conversation::default();
        KEPT.follow(&request, &mut kept);
        assert_eq!(
            written(&kept.input()),
            json!([{ "role": "user", "parts": [{ "type": "text", "content": "Read." }] }])
        );
        request.turns.extend(later);
        KEPT.follow(&request, &mut kept);
        assert_eq!(
            written(&kept.system()),
            json!([{ "type": "text", "content": "Be kind." }])
        );
        assert_eq!(
            written(&kept.input()),
            json!([
                { "role": "user", "parts": [{ "type": "text", "content": "Read." }] },
                { "role": "assistant", "parts": [
                    { "type": "tool_call", "id": "c1", "name": "fetch", "arguments": { "n": 1 } }] },
                { "role": "tool", "parts": [
                    { "type": "tool_call_response", "id": "c1", "response": "Mail [email]" }] },
            ])
        );
    }
}
