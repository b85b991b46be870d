//! One exchange with a provider: ask, read the stream, put the answer together, price it.
//!
//! Never here: a second try.

use async_trait::async_trait;
use chimera_domain::fault::{Fault, FaultClass};
use chimera_net::{EventReader, StreamResponse};
use chimera_ports::model::{
    Charge, ChatModel, ChatReply, ChatRequest, DeltaSink, FinishReason, ModelError, ModelInfo,
    ModelRole, TokenUsage, ToolCall,
};
use serde_json::Value;
use tokio::time::timeout;

use super::{
    Provider,
    assemble::{Assembled, Assembly, json_in},
    fault::{self, CODE_BAD_ANSWER, CODE_TOO_LONG},
    names::ToolNames,
};
use crate::tokens;

#[async_trait]
impl ChatModel for Provider {
    async fn chat(
        &self,
        request: &ChatRequest,
        deltas: Option<DeltaSink<'_>>,
    ) -> Result<ChatReply, ModelError> {
        self.check_length(request)?;
        let total = self.settings.total_timeout;
        let answer = timeout(total, self.exchange(request, deltas))
            .await
            .map_err(|_| fault::late(&self.settings.name, total))??;
        self.reply(request, answer)
    }

    fn info(&self, role: ModelRole) -> ModelInfo {
        let model = self.settings.model(role);
        let rate = self.prices.price(&self.host, model);
        ModelInfo {
            provider: self.settings.name.clone(),
            model: model.to_owned(),
            rehearsal: false,
            rate,
        }
    }
}

impl Provider {
    /// Refuses before anything is sent what is longer than a turn may be.
    fn check_length(&self, request: &ChatRequest) -> Result<(), ModelError> {
        let (most_in, most_out) = (
            self.settings.max_input_tokens,
            self.settings.max_output_tokens,
        );
        let input = request.most_tokens();
        if input <= most_in && request.max_output_tokens <= most_out {
            return Ok(());
        }
        Err(ModelError::unsent(Fault::new(
            FaultClass::Validation,
            CODE_TOO_LONG,
            format!(
                "The request has up to {input} tokens and asks for up to {}; a turn may read {most_in} and write \
                 {most_out}. Nothing was sent. Give the step less to read.",
                request.max_output_tokens
            ),
        )))
    }

    async fn exchange(
        &self,
        request: &ChatRequest,
        deltas: Option<DeltaSink<'_>>,
    ) -> Result<Assembled, ModelError> {
        let names = ToolNames::of(&request.tools, &request.turns);
        let http = self
            .settings
            .family
            .question(&self.settings, request, &names);
        let response = self.opened(self.authorised(http)?).await?;
        let whole = response
            .headers
            .get("content-type")
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| kind.starts_with("application/json"));
        let assembly = if whole {
            self.read_whole(response, deltas).await?
        } else {
            self.read_stream(response, deltas).await?
        };
        assembly.finish(&self.settings.name, &names)
    }

    /// An answer in one piece, from servers that do not stream although asked to.
    async fn read_whole(
        &self,
        response: StreamResponse,
        deltas: Option<DeltaSink<'_>>,
    ) -> Result<Assembly, ModelError> {
        let body = self
            .body(response, self.settings.max_response_bytes)
            .await?;
        let mut assembly = Assembly::default();
        self.take(&mut assembly, &String::from_utf8_lossy(&body), deltas)?;
        Ok(assembly)
    }

    async fn read_stream(
        &self,
        mut response: StreamResponse,
        deltas: Option<DeltaSink<'_>>,
    ) -> Result<Assembly, ModelError> {
        let mut reader = EventReader::new(self.settings.family.framing());
        let mut assembly = Assembly::default();
        while let Some(piece) = self.next_piece(&mut response, assembly.has_begun()).await? {
            for data in reader
                .take(&piece)
                .into_iter()
                .filter_map(|event| event.data)
            {
                self.take(&mut assembly, &data, deltas)?;
                if assembly.done {
                    return Ok(assembly);
                }
            }
        }
        // A server that leaves out the last empty line has said its last word all the same.
        if let Some(data) = reader.finish().and_then(|event| event.data) {
            self.take(&mut assembly, &data, deltas)?;
        }
        Ok(assembly)
    }

    fn take(
        &self,
        assembly: &mut Assembly,
        event: &str,
        deltas: Option<DeltaSink<'_>>,
    ) -> Result<(), ModelError> {
        if event.trim() == "[DONE]" {
            assembly.done = true;
            return Ok(());
        }
        let chunk: Value = serde_json::from_str(event)
            .map_err(|_| self.bad(CODE_BAD_ANSWER, "a piece of the answer is not JSON"))?;
        if chunk.get("error").is_some_and(|error| !error.is_null()) {
            return Err(self.refusal(None, &chunk, None));
        }
        let added = self
            .settings
            .family
            .take(assembly, &chunk, &self.settings.name)?;
        if let Some(sink) = deltas.filter(|_| !added.is_empty()) {
            sink(&added);
        }
        Ok(())
    }

    fn reply(&self, request: &ChatRequest, answer: Assembled) -> Result<ChatReply, ModelError> {
        let model = self.settings.model(request.role);
        let usage = answer.usage.unwrap_or_else(|| TokenUsage {
            input: tokens::estimate_request(request),
            cached: 0,
            output: tokens::estimate(&answer.text) + estimate_calls(&answer.tool_calls),
            estimated: true,
        });
        // The end of the loop wants JSON; a turn that asks for tools may say what it likes.
        let text = if request.answer_schema.is_some() && answer.finish == FinishReason::Stop {
            json_in(&answer.text).ok_or_else(|| {
                self.bad(
                    CODE_BAD_ANSWER,
                    "the answer is not the JSON that was asked for",
                )
                .charged(usage.told().map_or(Charge::Unknown, Charge::Tokens))
            })?
        } else {
            answer.text
        };
        Ok(ChatReply {
            text,
            tool_calls: answer.tool_calls,
            finish: answer.finish,
            usage,
            model: format!("{}/{model}", self.settings.name),
            rehearsal: false,
        })
    }
}

fn estimate_calls(calls: &[ToolCall]) -> u64 {
    calls
        .iter()
        .map(|call| tokens::estimate(&call.name) + tokens::estimate(&call.arguments.to_string()))
        .sum()
}
