//! The rehearsal model: deterministic, built in, not an AI.
//!
//! It reads a request's facts instead of its prose and answers as a provider would: tool calls first
//! where the question wants them, then text that is valid against the answer's schema. No randomness, no
//! clock, no memory of its own: the same request gives the same reply. Never here: anything that presents
//! its work as a model's.

pub mod checklist;
mod claims;
mod clean;
mod goal;
mod judge;
mod planner;
mod relevance;
mod replanner;
mod report;
mod researcher;
mod rules;
mod similar;
mod topics;
mod voice;
mod words;
mod writer;

use async_trait::async_trait;
use chimera_domain::{fault::FaultClass, spend::Rate};
use chimera_ports::{
    facts::{Ask, ResearchAnswer},
    model::{
        ChatModel, ChatReply, ChatRequest, DeltaSink, FinishReason, ModelError, ModelInfo,
        ModelRole, TokenUsage, ToolCall,
    },
};
use serde::Serialize;

pub use self::topics::FindTopics;
use self::{researcher::Next, topics::Topics};
use crate::tokens::{self, CHARS_PER_TOKEN};

/// Provider's name in replies and settings.
pub const PROVIDER: &str = "rehearsal";
/// Model's name in replies and settings.
pub const MODEL: &str = "rehearsal-1";
/// Code of the error for a request without facts.
pub const CODE_FACTS: &str = "MODEL_REHEARSAL_FACTS";

/// Characters of one streamed piece.
const DELTA_CHARS: usize = 48;

/// The built-in model.
#[derive(Clone, Copy, Debug)]
pub struct RehearsalModel {
    topics: Topics,
}

impl RehearsalModel {
    /// The model, which asks `topics` what a text touches; it has no settings.
    #[must_use]
    pub const fn new(topics: FindTopics) -> Self {
        Self {
            topics: Topics::new(topics),
        }
    }
}

#[async_trait]
impl ChatModel for RehearsalModel {
    async fn chat(
        &self,
        request: &ChatRequest,
        deltas: Option<DeltaSink<'_>>,
    ) -> Result<ChatReply, ModelError> {
        let ask = request.facts.as_deref().ok_or_else(without_facts)?;
        let (text, calls) = answer(ask, request, self.topics)?;
        let most = usize::try_from(u64::from(request.max_output_tokens) * CHARS_PER_TOKEN)
            .unwrap_or(usize::MAX);
        let cut: String = text.chars().take(most).collect();
        let finish = match (calls.is_empty(), cut.len() < text.len()) {
            (false, _) => FinishReason::ToolCalls,
            (true, true) => FinishReason::Length,
            (true, false) => FinishReason::Stop,
        };
        if let Some(sink) = deltas {
            stream(&cut, sink);
        }
        let written: u64 = calls
            .iter()
            .map(|call| {
                tokens::estimate(&call.name) + tokens::estimate(&call.arguments.to_string())
            })
            .sum();
        Ok(ChatReply {
            usage: TokenUsage {
                input: tokens::estimate_request(request),
                cached: 0,
                output: tokens::estimate(&cut) + written,
                estimated: true,
            },
            text: cut,
            tool_calls: calls,
            finish,
            model: format!("{PROVIDER}/{MODEL}"),
            rehearsal: true,
        })
    }

    fn info(&self, _role: ModelRole) -> ModelInfo {
        ModelInfo {
            provider: PROVIDER.to_owned(),
            model: MODEL.to_owned(),
            rehearsal: true,
            // It costs nothing, which is a price.
            rate: Some(Rate::FREE),
        }
    }
}

fn answer(
    ask: &Ask,
    request: &ChatRequest,
    topics: Topics,
) -> Result<(String, Vec<ToolCall>), ModelError> {
    let text = match ask {
        Ask::Plan(facts) => json(&planner::plan(facts))?,
        Ask::Replan(facts) => json(&replanner::replan(facts))?,
        Ask::Draft(facts) => json(&writer::draft(facts, topics))?,
        Ask::Judge(facts) => json(&judge::judge(facts, topics))?,
        Ask::Research(facts) => match researcher::research(facts, &request.tools, &request.turns) {
            Next::Call(calls) => return Ok((String::new(), calls)),
            Next::Answer(answer) => fitted(answer, request.max_output_tokens)?,
        },
    };
    Ok((text, vec![]))
}

/// Leaves out reasons for dropped items, then picks, until the answer fits its bound.
fn fitted(mut answer: ResearchAnswer, max_output_tokens: u32) -> Result<String, ModelError> {
    loop {
        let text = json(&answer)?;
        let fits = tokens::estimate(&text) <= u64::from(max_output_tokens);
        if fits || (answer.dropped.pop().is_none() && answer.picks.pop().is_none()) {
            return Ok(text);
        }
    }
}

fn json(answer: &impl Serialize) -> Result<String, ModelError> {
    serde_json::to_string(answer).map_err(|error| {
        ModelError::new(
            FaultClass::Validation,
            CODE_FACTS,
            format!("The rehearsal model's answer could not be written as JSON ({error}). Nothing took effect."),
        )
    })
}

fn without_facts() -> ModelError {
    ModelError::new(
        FaultClass::Validation,
        CODE_FACTS,
        "The rehearsal model reads a request's facts, and there are none. Nothing took effect. Fill `facts` with one of \
         the questions of ports::facts, or choose a provider.",
    )
}

fn stream(text: &str, sink: DeltaSink<'_>) {
    let letters: Vec<char> = text.chars().collect();
    for piece in letters.chunks(DELTA_CHARS) {
        sink(&piece.iter().collect::<String>());
    }
}

#[cfg(test)]
pub(crate) mod testdata;
#[cfg(test)]
mod tests;
