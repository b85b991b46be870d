//! The model of W1: in this process, of two turns, and as slow as it is told to be.

use std::{hint::black_box, time::Duration};

use async_trait::async_trait;
use chimera_domain::{fault::FaultClass, money::Usd, spend::Rate};
use chimera_ports::model::{
    ChatModel, ChatReply, ChatRequest, DeltaSink, FinishReason, ModelError, ModelInfo, ModelRole,
    TokenUsage, ToolCall, Turn,
};
use serde_json::json;

/// A model of two turns that answers after so long.
pub(super) struct Script(pub(super) Duration);

#[async_trait]
impl ChatModel for Script {
    async fn chat(
        &self,
        request: &ChatRequest,
        _: Option<DeltaSink<'_>>,
    ) -> Result<ChatReply, ModelError> {
        if self.0.is_zero() {
            tokio::task::yield_now().await;
        } else {
            tokio::time::sleep(self.0).await;
        }
        // What a provider call must at least do: write what goes out. No provider is sent the facts.
        let sent = (
            &request.system,
            &request.turns,
            &request.tools,
            &request.answer_schema,
        );
        let body = serde_json::to_string(&sent).map_err(|error| {
            ModelError::new(FaultClass::Unknown, "UNWRITABLE", error.to_string())
        })?;
        black_box(body);
        let (text, tool_calls, finish) = match request.turns.last() {
            Some(Turn::ToolResult { content, .. }) => {
                let value = content.lines().nth(1).unwrap_or_default();
                let answer = json!({
                    "summary": format!("final: {value}"), "picks": [], "dropped": [], "confidence": 0.9,
                });
                (answer.to_string(), Vec::new(), FinishReason::Stop)
            }
            Some(Turn::User { text }) => {
                let call = ToolCall {
                    id: "call-1".to_owned(),
                    name: "lookup".to_owned(),
                    arguments: json!({ "key": text.rsplit(' ').next() }),
                    mark: None,
                };
                (String::new(), vec![call], FinishReason::ToolCalls)
            }
            _ => (String::new(), Vec::new(), FinishReason::Stop),
        };
        Ok(ChatReply {
            text,
            tool_calls,
            finish,
            usage: TokenUsage {
                input: 40,
                cached: 0,
                output: 10,
                estimated: false,
            },
            model: "scripted/two-turns".to_owned(),
            rehearsal: false,
        })
    }

    fn info(&self, _: ModelRole) -> ModelInfo {
        ModelInfo {
            provider: "scripted".to_owned(),
            model: "two-turns".to_owned(),
            rehearsal: false,
            rate: Some(Rate {
                input_per_million: Usd::from_cents(100),
                output_per_million: Usd::from_cents(200),
                cached_input_per_million: None,
            }),
        }
    }
}
