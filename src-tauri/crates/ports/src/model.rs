//! A language model, whoever makes it.
//!
//! Never here: prompts, prices or a provider's wire format.

mod counted;
mod tokens;

use std::sync::Arc;

use async_trait::async_trait;
use chimera_domain::{
    breaker::Interruption,
    fault::{Fault, FaultClass},
    money::Usd,
    spend::{Rate, ToldTokens},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::facts::Ask;

pub use counted::Counted;
pub use tokens::{beginning, most_tokens};

/// Which kind of thinking is asked for; routes to a strong or a fast model (COG-12).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelRole {
    /// Makes plans: strong.
    Planner,
    /// Does one task: fast.
    Worker,
    /// Judges: strong.
    Judge,
}

/// One turn of a conversation.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum Turn {
    /// What is asked.
    User {
        /// The words.
        text: String,
    },
    /// What the model answered before.
    Model {
        /// Its words.
        text: String,
        /// The tools it asked for.
        tool_calls: Vec<ToolCall>,
    },
    /// What a tool returned.
    ToolResult {
        /// The call that it answers.
        call_id: String,
        /// The tool.
        name: String,
        /// What it returned, as text for the model.
        content: String,
        /// Whether it is an error.
        is_error: bool,
    },
}

/// A tool that the model asks for.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ToolCall {
    /// The model's own id of the call.
    pub id: String,
    /// The offered name.
    pub name: String,
    /// Arguments, not yet validated.
    pub arguments: Value,
    /// What the provider wants back with the call, unread: Gemini's mark of the thoughts behind it. No words, so no bound
    /// on words counts it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<String>,
}

/// A tool that the model may ask for.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OfferedTool {
    /// Name to call it by.
    pub name: String,
    /// What it does.
    pub description: String,
    /// JSON Schema of the arguments.
    pub input_schema: Value,
}

/// What the model is asked.
#[derive(Clone, PartialEq, Debug)]
pub struct ChatRequest {
    /// Which kind of thinking.
    pub role: ModelRole,
    /// Who it is and what the rules are.
    pub system: String,
    /// The conversation so far.
    pub turns: Vec<Turn>,
    /// Tools it may ask for.
    pub tools: Counted<Vec<OfferedTool>>,
    /// JSON Schema that the final text must be valid against, when one is wanted.
    pub answer_schema: Option<Counted<Value>>,
    /// The facts that `system` and `turns` were rendered from, as data, lent by whoever asks; `None` where nothing is
    /// asked but a sign of life. Providers ignore it; the rehearsal model reads it instead of prose.
    pub facts: Option<Arc<Ask>>,
    /// Most tokens of the answer.
    pub max_output_tokens: u32,
}

/// Tokens that a call took.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct TokenUsage {
    /// Read.
    pub input: u64,
    /// Of those, read again from the provider's cache.
    pub cached: u64,
    /// Written.
    pub output: u64,
    /// True when the provider did not tell and the figures are our own estimate.
    pub estimated: bool,
}

impl TokenUsage {
    /// The figures, when the provider told them.
    #[must_use]
    pub fn told(&self) -> Option<ToldTokens> {
        (!self.estimated).then_some(ToldTokens {
            input: self.input,
            cached: self.cached,
            output: self.output,
        })
    }
}

/// Why the model stopped.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FinishReason {
    /// It had said all.
    Stop,
    /// It wants tools.
    ToolCalls,
    /// The token bound cut it off.
    Length,
    /// The provider's filter cut it off.
    ContentFilter,
}

/// What the model answered.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ChatReply {
    /// Its words.
    pub text: String,
    /// The tools it asks for.
    pub tool_calls: Vec<ToolCall>,
    /// Why it stopped.
    pub finish: FinishReason,
    /// Tokens taken.
    pub usage: TokenUsage,
    /// The model that answered, for example `openai/gpt-5.5-mini`.
    pub model: String,
    /// True for the built-in rehearsal model, which is not an AI.
    pub rehearsal: bool,
}

/// What is known of the model behind a role.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ModelInfo {
    /// Provider's name, for example `openai`.
    pub provider: String,
    /// Model's name.
    pub model: String,
    /// True for the built-in rehearsal model, which is not an AI.
    pub rehearsal: bool,
    /// Its price, when known.
    pub rate: Option<Rate>,
}

impl ModelInfo {
    /// What a call cost; `None` when its price or its tokens are not known. What is free costs nothing either way.
    #[must_use]
    pub fn cost(&self, tokens: Option<ToldTokens>) -> Option<Usd> {
        let rate = self.rate?;
        match tokens {
            Some(told) => Some(rate.cost(told.input, told.cached, told.output)),
            None => (rate.bound(u64::MAX, u64::MAX) == Usd::ZERO).then_some(Usd::ZERO),
        }
    }
}

/// What is known of the cost of a call that brought no answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Charge {
    /// Nothing was sent, or it was turned away before anything was written.
    Nothing,
    /// Tokens may have been charged.
    Unknown,
    /// The provider told the tokens.
    Tokens(ToldTokens),
}

/// Why there is no answer. Nothing else happened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{fault}")]
pub struct ModelError {
    /// Code, class and words.
    pub fault: Fault,
    /// What is known of its cost.
    pub charge: Charge,
}

impl ModelError {
    /// A failure of `class` under `code`; tokens may have been charged.
    #[must_use]
    pub fn new(class: FaultClass, code: &str, message: impl Into<String>) -> Self {
        Self {
            fault: Fault::new(class, code, message),
            charge: Charge::Unknown,
        }
    }

    /// A failure before anything was sent: nothing was charged.
    #[must_use]
    pub const fn unsent(fault: Fault) -> Self {
        Self {
            fault,
            charge: Charge::Nothing,
        }
    }

    /// The same with what is known of its cost.
    #[must_use]
    pub fn charged(mut self, charge: Charge) -> Self {
        self.charge = charge;
        self
    }
}

/// What is known to be wrong with a model at this moment; nothing, while it answers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ModelHealth {
    /// It is left alone for a while after failures, and calls are refused at once.
    pub interruption: Option<Interruption>,
    /// It refused the last call for good: a wrong key, no credit, an unknown model.
    pub refusal: Option<Refused>,
}

/// A call that was refused for good, with no answer since.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refused {
    /// Why.
    pub fault: Fault,
    /// Since when, where it is known.
    pub since: Option<Timestamp>,
}

impl ModelHealth {
    /// Why a call at `now` would be refused without asking; `None` when it would be made.
    #[must_use]
    pub fn refusal_at(&self, now: Timestamp) -> Option<Fault> {
        let interruption = self.interruption.as_ref()?;
        interruption
            .refuses(now)
            .then(|| circuit_open(interruption, now))
    }
}

/// The refusal of a call to a provider that is left alone. Nothing was asked.
#[must_use]
pub fn circuit_open(interruption: &Interruption, now: Timestamp) -> Fault {
    let message = format!(
        "The AI provider has failed since {}, so it is left alone until {}. Nothing was asked; it is asked again by itself. Last: {}",
        interruption.since, interruption.probe_at, interruption.cause
    );
    Fault {
        retry_after_ms: Some(interruption.rest_ms(now)),
        ..Fault::of("MODEL_CIRCUIT_OPEN", message)
    }
}

/// Takes pieces of text as they arrive. Called from the model's own task: it must not block.
pub type DeltaSink<'a> = &'a (dyn Fn(&str) + Send + Sync);

/// A language model.
#[async_trait]
pub trait ChatModel: Send + Sync {
    /// Asks the model; pieces of text go to `deltas` as they arrive.
    ///
    /// # Errors
    /// See [`ModelError`]; `fault.class` says whether another try can help.
    async fn chat(
        &self,
        request: &ChatRequest,
        deltas: Option<DeltaSink<'_>>,
    ) -> Result<ChatReply, ModelError>;

    /// What answers to `role`.
    fn info(&self, role: ModelRole) -> ModelInfo;

    /// The model that answers to `role` right now, whatever is chosen later; `None` when it is this one. Whoever
    /// asks and pays takes it once: then what is asked is what the ledger names.
    fn behind(&self, _role: ModelRole) -> Option<Arc<dyn ChatModel>> {
        None
    }

    /// What answers to `role` when the chosen one is left alone or fails for a moment (COG-18); `None` where nobody chose
    /// one. Whoever asks it sets aside, pays and labels by its own name.
    fn fallback(&self, _role: ModelRole) -> Option<Arc<dyn ChatModel>> {
        None
    }

    /// What is known to be wrong with what answers to `role`; asks nobody.
    fn health(&self, _role: ModelRole) -> ModelHealth {
        ModelHealth::default()
    }
}
