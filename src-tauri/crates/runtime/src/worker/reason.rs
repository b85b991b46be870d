//! The Think–Act–Observe loop (COG-10), contained (COG-11).
//!
//! Never here: what is asked, or what becomes of the answer.

use std::{mem, sync::Arc};

use async_trait::async_trait;
use chimera_domain::{
    fault::{Fault, FaultClass},
    id::TenantId,
    money::Usd,
    trace::{SpanKind, SpanStatus, TraceContext},
};
use chimera_ports::{
    facts::Ask,
    model::{ChatReply, ChatRequest, Counted, ModelRole, OfferedTool, ToolCall, Turn},
};
use chimera_spending::{Account, Patience, mending, read_answer};
use chimera_tracer::Conversation;
use serde::de::DeserializeOwned;

use super::{asking::chat, fit::ROOM_TO_MEND, prepared::Spent};
use crate::{recalling::LATER_MEMORY_TOKENS, runtime::Runtime};

/// A question with its bounds.
pub struct Question {
    /// For whom.
    pub tenant: TenantId,
    /// Where its spans hang.
    pub trace: TraceContext,
    /// Which kind of thinking.
    pub role: ModelRole,
    /// Who the model is, and what the rules are.
    pub system: String,
    /// What is asked.
    pub user: String,
    /// The same as data.
    pub ask: Arc<Ask>,
    /// Who pays, and how much at most.
    pub account: Account,
}

/// Runs the tools that the model may ask for while it thinks. Read-only by construction: an implementation
/// is handed to the loop only by a worker, and a worker has no grant.
#[async_trait]
pub trait Hands: Send {
    /// What may be asked for.
    fn offered(&self) -> Counted<Vec<OfferedTool>>;
    /// Runs a call; the text goes back to the model. May bring the facts up to date. Of what is longer than `room`
    /// tokens an implementation gives the beginning, in whole parts, and says so; otherwise the turn is refused.
    ///
    /// # Errors
    /// A validation fault goes back to the model, which may mend it; any other ends the loop.
    async fn run(
        &mut self,
        call: &ToolCall,
        trace: TraceContext,
        ask: &mut Ask,
        room: u64,
    ) -> Result<String, Fault>;
    /// What the answers of tools bring to mind before the next turn, as a part of the conversation of at most `room` tokens;
    /// nothing where nothing new does. May bring the facts up to date.
    async fn reminded(
        &mut self,
        _answered: &[&str],
        _trace: TraceContext,
        _ask: &mut Ask,
        _room: u64,
    ) -> Option<String> {
        None
    }
}

/// No tools.
struct Empty;

#[async_trait]
impl Hands for Empty {
    fn offered(&self) -> Counted<Vec<OfferedTool>> {
        Counted::default()
    }
    async fn run(
        &mut self,
        call: &ToolCall,
        _: TraceContext,
        _: &mut Ask,
        _: u64,
    ) -> Result<String, Fault> {
        Err(not_offered(&call.name))
    }
}

pub(crate) fn not_offered(name: &str) -> Fault {
    Fault::new(
        FaultClass::Validation,
        "TOOL_UNKNOWN",
        format!("The tool '{name}' was not offered. Nothing was called."),
    )
}

/// Asks once, with no tools.
pub(crate) async fn ask_once<T: DeserializeOwned>(
    runtime: &Runtime,
    question: Question,
) -> Result<(T, Spent), Fault> {
    think(runtime, question, &mut Empty).await
}

/// A conversation with a model. It only ever grows.
pub(super) struct Talk {
    pub(super) request: ChatRequest,
    /// Most tokens that the next call reads.
    pub(super) read: u64,
    /// What its spans keep of it.
    pub(super) kept: Conversation,
}

impl Talk {
    /// Takes the words out of the question: from here on they stand in the request.
    fn begin(
        question: &mut Question,
        tools: Counted<Vec<OfferedTool>>,
        max_output_tokens: u32,
    ) -> Self {
        let request = ChatRequest {
            role: question.role,
            system: mem::take(&mut question.system),
            turns: vec![Turn::User {
                text: mem::take(&mut question.user),
            }],
            tools,
            answer_schema: Some(question.ask.answer_schema()),
            facts: Some(Arc::clone(&question.ask)),
            max_output_tokens,
        };
        Self {
            read: request.most_tokens(),
            request,
            kept: Conversation::default(),
        }
    }

    fn add(&mut self, turn: Turn) {
        self.read += turn.most_tokens();
        self.request.turns.push(turn);
    }
}

/// Asks, runs what tools the model wants, and asks again, until there is an answer that fits its schema.
///
/// # Errors
/// When a call does not fit the budget or the bounds (then it is not made), when model or tool fail, or when there is
/// no usable answer within `Bounds::max_turns` and `Bounds::max_tool_calls`.
pub async fn think<T: DeserializeOwned>(
    runtime: &Runtime,
    mut question: Question,
    hands: &mut dyn Hands,
) -> Result<(T, Spent), Fault> {
    let bounds = *runtime.bounds();
    let mut talk = Talk::begin(&mut question, hands.offered(), bounds.max_output_tokens);
    let most = bounds.max_input_tokens;
    let mut calls = 0;
    let mut spent = Spent::default();
    let mut patience = Patience::of(bounds.reasoning);
    for _ in 0..bounds.max_turns {
        fits_turn(talk.read, most)?;
        runtime.tracer().room().await;
        let (reply, call) = chat(runtime, &question, &mut talk, &mut patience).await?;
        let answer = reply.tool_calls.is_empty().then(|| read_answer(&reply));
        count(&mut spent, &reply, call.cost(&reply));
        let usable = !matches!(answer, Some(Err(_)));
        call.answered(&reply, usable).await;
        if let Some(answer) = answer {
            match answer {
                Ok(answer) => return Ok((answer, spent)),
                Err(reason) => {
                    // Told what is wrong, a model often mends it; the turns are bounded all the same.
                    let Some(turns) = mending(&reply.text, &reason, most.saturating_sub(talk.read))
                    else {
                        break;
                    };
                    turns.into_iter().for_each(|turn| talk.add(turn));
                    continue;
                }
            }
        }
        calls += reply.tool_calls.len();
        if calls > bounds.max_tool_calls {
            return Err(too_many_calls(bounds.max_tool_calls));
        }
        talk.add(Turn::Model {
            text: reply.text,
            tool_calls: reply.tool_calls.clone(),
        });
        // The tools may bring them up to date, where nobody else reads them.
        talk.request.facts = None;
        let since = talk.request.turns.len();
        let mut waiting = u64::try_from(reply.tool_calls.len()).unwrap_or(u64::MAX);
        for call in &reply.tool_calls {
            // Calls of one answer share what is left of the turn.
            let kept = ROOM_TO_MEND + LATER_MEMORY_TOKENS;
            let room = most.saturating_sub(talk.read + kept) / waiting.max(1);
            waiting -= 1;
            talk.add(run_tool(runtime, &mut question, hands, call, room).await?);
        }
        let room = most.saturating_sub(talk.read + ROOM_TO_MEND);
        remind(&mut question, hands, (&mut talk, since), room).await;
        talk.request.facts = Some(Arc::clone(&question.ask));
    }
    let message = format!(
        "The model gave no usable answer within {} turns of {most} tokens. Nothing was made.",
        bounds.max_turns
    );
    Err(Fault::new(
        FaultClass::Transient,
        "MODEL_BAD_ANSWER",
        message,
    ))
}

async fn run_tool(
    runtime: &Runtime,
    question: &mut Question,
    hands: &mut dyn Hands,
    call: &ToolCall,
    room: u64,
) -> Result<Turn, Fault> {
    let name = format!("execute_tool {}", call.name);
    runtime.tracer().room().await;
    let mut span = runtime
        .tracer()
        .open(question.tenant, question.trace, SpanKind::Tool, &name);
    span.set("gen_ai.operation.name", "execute_tool");
    span.set("gen_ai.tool.name", call.name.clone());
    span.set("gen_ai.tool.call.id", call.id.clone());
    span.given(&call.arguments);
    let ask = Arc::make_mut(&mut question.ask);
    let ran = hands.run(call, span.context(), ask, room);
    let (content, is_error) = match ran.await {
        Ok(content) => {
            span.returned(&content);
            span.end(SpanStatus::Ok);
            (content, false)
        }
        // What the model can mend goes back to it; the rest ends the attempt.
        Err(fault) if fault.class == FaultClass::Validation => {
            span.fail(&fault.code, &fault.message);
            (fault.to_string(), true)
        }
        Err(fault) => {
            span.fail(&fault.code, &fault.message);
            return Err(fault);
        }
    };
    Ok(Turn::ToolResult {
        call_id: call.id.clone(),
        name: call.name.clone(),
        content,
        is_error,
    })
}

/// Says what comes to mind by what the tools answered in the turns from `since` on, before the model is asked again
/// (COG-06). An answer that only told what failed brings nothing.
async fn remind(
    question: &mut Question,
    hands: &mut dyn Hands,
    (talk, since): (&mut Talk, usize),
    room: u64,
) {
    let turns = talk.request.turns.iter().skip(since);
    let answered: Vec<&str> = turns
        .filter_map(|turn| match turn {
            Turn::ToolResult {
                content,
                is_error: false,
                ..
            } => Some(content.as_str()),
            _ => None,
        })
        .collect();
    if answered.is_empty() {
        return;
    }
    let ask = Arc::make_mut(&mut question.ask);
    if let Some(text) = hands.reminded(&answered, question.trace, ask, room).await {
        talk.add(Turn::User { text });
    }
}

/// Refuses a turn that reads more than one may, before it is asked.
fn fits_turn(read: u64, most: u64) -> Result<(), Fault> {
    if read <= most {
        return Ok(());
    }
    let message = format!(
        "One turn would read up to {read} tokens, with its tools and the shape of its answer; {most} is the most. Nothing was asked; use fewer or shorter sources, or a shorter persona."
    );
    Err(Fault::new(
        FaultClass::Validation,
        "CONTEXT_TOO_LONG",
        message,
    ))
}

/// The calls of one loop are a budget like money and tokens: a model that never stops asking ends its step.
fn too_many_calls(most: usize) -> Fault {
    let message = format!(
        "The model asked for more than {most} tool calls in one step; those beyond were not made. Nothing was sent."
    );
    Fault::new(FaultClass::BudgetExhausted, "TOOL_CALLS_EXHAUSTED", message)
}

fn count(spent: &mut Spent, reply: &ChatReply, cost: Option<Usd>) {
    spent.model.clone_from(&reply.model);
    spent.rehearsal |= reply.rehearsal;
    spent.input_tokens += reply.usage.input;
    spent.output_tokens += reply.usage.output;
    spent.cost = spent.cost.saturating_add(cost.unwrap_or_default());
    spent.unpriced |= cost.is_none();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_reads_no_more_than_its_bound() {
        assert_eq!(fits_turn(8_000, 8_000), Ok(()));
        let refused = fits_turn(8_001, 8_000).unwrap_err();
        assert_eq!(
            (refused.class, refused.code.as_str()),
            (FaultClass::Validation, "CONTEXT_TOO_LONG")
        );
    }
}
