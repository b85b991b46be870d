//! The Think–Act–Observe loop (COG-10), contained (COG-11).
//!
//! Never here: what is asked, or what becomes of the answer.

use async_trait::async_trait;
use chimera_domain::{
    fault::{Fault, FaultClass},
    id::TenantId,
    money::Usd,
    trace::{SpanKind, SpanStatus, TraceContext},
};
use chimera_ports::{
    facts::Ask,
    model::{
        ChatReply, ChatRequest, FinishReason, ModelRole, OfferedTool, ToolCall, Turn, beginning,
    },
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{fit::ROOM_TO_MEND, prepared::Spent};
use crate::{
    runtime::Runtime,
    spending::{Account, OpenCall, Patience},
};

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
    pub ask: Ask,
    /// Who pays, and how much at most.
    pub account: Account,
}

/// Runs the tools that the model may ask for while it thinks. Read-only by construction: an implementation
/// is handed to the loop only by a worker, and a worker has no grant.
#[async_trait]
pub trait Hands: Send {
    /// What may be asked for.
    fn offered(&self) -> Vec<OfferedTool>;
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
}

/// No tools.
struct Empty;

#[async_trait]
impl Hands for Empty {
    fn offered(&self) -> Vec<OfferedTool> {
        Vec::new()
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
    let mut request = ChatRequest {
        role: question.role,
        system: question.system.clone(),
        turns: vec![Turn::User {
            text: question.user.clone(),
        }],
        tools: hands.offered(),
        answer_schema: Some(question.ask.answer_schema()),
        facts: question.ask.to_value(),
        max_output_tokens: bounds.max_output_tokens,
    };
    let most = bounds.max_input_tokens;
    let mut read = request.most_tokens();
    let mut calls = 0;
    let mut spent = Spent::default();
    let mut patience = Patience::of(&bounds);
    for _ in 0..bounds.max_turns {
        fits_turn(read, most)?;
        let asked = (&request, read);
        let (reply, call) = chat(runtime, &question, asked, &mut patience).await?;
        let answer = reply.tool_calls.is_empty().then(|| read_answer(&reply));
        count(&mut spent, &reply, call.cost(&reply));
        let usable = !matches!(answer, Some(Err(_)));
        call.answered(&reply, usable).await;
        if let Some(answer) = answer {
            match answer {
                Ok(answer) => return Ok((answer, spent)),
                Err(reason) => {
                    // Told what is wrong, a model often mends it; the turns are bounded all the same.
                    let Some(turns) = mending(&reply.text, &reason, most.saturating_sub(read))
                    else {
                        break;
                    };
                    read += turns.iter().map(Turn::most_tokens).sum::<u64>();
                    request.turns.extend(turns);
                    continue;
                }
            }
        }
        calls += reply.tool_calls.len();
        if calls > bounds.max_tool_calls {
            return Err(too_many_calls(bounds.max_tool_calls));
        }
        let wanted = Turn::Model {
            text: reply.text,
            tool_calls: reply.tool_calls.clone(),
        };
        read += wanted.most_tokens();
        request.turns.push(wanted);
        let mut waiting = u64::try_from(reply.tool_calls.len()).unwrap_or(u64::MAX);
        for call in &reply.tool_calls {
            // Calls of one answer share what is left of the turn.
            let room = most.saturating_sub(read + ROOM_TO_MEND) / waiting.max(1);
            waiting -= 1;
            let result = run_tool(runtime, &mut question, hands, call, room).await?;
            read += result.most_tokens();
            request.turns.push(result);
        }
        // The tools may have brought them up to date.
        request.facts = question.ask.to_value();
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

/// The turns that ask for a better answer, within `room` tokens: of the bad one as much as there is room for. `None`
/// when there is no room to say what is wrong.
fn mending(answer: &str, reason: &str, room: u64) -> Option<Vec<Turn>> {
    let told = Turn::User {
        text: format!("That answer cannot be used: {reason}. Answer again with JSON only."),
    };
    let kept = beginning(answer, room.checked_sub(told.most_tokens())?);
    let answered = (!kept.is_empty()).then(|| Turn::Model {
        text: kept.to_owned(),
        tool_calls: Vec::new(),
    });
    Some(answered.into_iter().chain([told]).collect())
}

async fn chat(
    runtime: &Runtime,
    question: &Question,
    (request, read): (&ChatRequest, u64),
    patience: &mut Patience,
) -> Result<(ChatReply, OpenCall), Fault> {
    // Taken once: a provider that is chosen meanwhile neither answers nor gives its name and price to this call.
    let taken = runtime.parts().model.behind(question.role);
    let model = taken
        .as_deref()
        .unwrap_or_else(|| runtime.parts().model.as_ref());
    let mut call = OpenCall::reserve(
        runtime,
        model,
        question.tenant,
        &question.account,
        (request, read),
        patience,
    )
    .await?;
    let info = model.info(question.role);
    let name = format!("chat {}", info.model);
    let mut span = runtime
        .tracer()
        .open(question.tenant, question.trace, SpanKind::Model, &name);
    span.set("gen_ai.operation.name", "chat");
    span.set("gen_ai.provider.name", info.provider);
    span.set("gen_ai.request.model", info.model);
    span.set("chimera.ask", question.ask.word());
    span.set("chimera.rehearsal", info.rehearsal);
    span.asked(request);
    match call.ask(model, request).await {
        Ok(reply) => {
            span.set("gen_ai.response.model", reply.model.clone());
            span.set("gen_ai.usage.input_tokens", reply.usage.input);
            span.set("gen_ai.usage.output_tokens", reply.usage.output);
            span.set("chimera.usage.estimated", reply.usage.estimated);
            if let Some(cost) = call.cost(&reply) {
                span.set("chimera.cost_usd", cost.to_string());
            }
            span.answered(&reply);
            span.end(SpanStatus::Ok);
            Ok((reply, call))
        }
        Err(error) => {
            span.fail(&error.fault.code, &error.fault.message);
            call.failed(&error).await;
            Err(error.fault)
        }
    }
}

async fn run_tool(
    runtime: &Runtime,
    question: &mut Question,
    hands: &mut dyn Hands,
    call: &ToolCall,
    room: u64,
) -> Result<Turn, Fault> {
    let name = format!("execute_tool {}", call.name);
    let mut span = runtime
        .tracer()
        .open(question.tenant, question.trace, SpanKind::Tool, &name);
    span.set("gen_ai.operation.name", "execute_tool");
    span.set("gen_ai.tool.name", call.name.clone());
    span.set("gen_ai.tool.call.id", call.id.clone());
    span.given(&call.arguments);
    let ran = hands.run(call, span.context(), &mut question.ask, room);
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

fn read_answer<T: DeserializeOwned>(reply: &ChatReply) -> Result<T, String> {
    match reply.finish {
        FinishReason::Length => return Err("it was cut off by the token bound".to_owned()),
        FinishReason::ContentFilter => return Err("the provider's filter cut it off".to_owned()),
        FinishReason::Stop | FinishReason::ToolCalls => {}
    }
    let text = reply.text.trim();
    // Some models fence their JSON whatever they are told.
    let text = text
        .strip_prefix("```json")
        .or_else(|| text.strip_prefix("```"))
        .unwrap_or(text);
    let text = text.strip_suffix("```").unwrap_or(text).trim();
    let value: Value =
        serde_json::from_str(text).map_err(|error| format!("it is not JSON ({error})"))?;
    serde_json::from_value(value).map_err(|error| format!("it does not fit the schema ({error})"))
}

#[cfg(test)]
mod tests {
    use chimera_ports::model::TokenUsage;

    use super::*;

    fn reply(text: &str, finish: FinishReason) -> ChatReply {
        ChatReply {
            text: text.to_owned(),
            tool_calls: Vec::new(),
            finish,
            usage: TokenUsage::default(),
            model: "scripted".to_owned(),
            rehearsal: false,
        }
    }

    #[test]
    fn a_turn_reads_no_more_than_its_bound() {
        assert_eq!(fits_turn(8_000, 8_000), Ok(()));
        let refused = fits_turn(8_001, 8_000).unwrap_err();
        assert_eq!(
            (refused.class, refused.code.as_str()),
            (FaultClass::Validation, "CONTEXT_TOO_LONG")
        );
    }

    #[test]
    fn a_bad_answer_is_sent_back_as_far_as_there_is_room() {
        let bad = "Sure! ".repeat(1_000);
        for room in [0, 20, 40, 500, 5_000] {
            let Some(turns) = mending(&bad, "it is not JSON", room) else {
                assert!(room < 30, "{room} hold what is wrong");
                continue;
            };
            let taken: u64 = turns.iter().map(Turn::most_tokens).sum();
            assert!(taken <= room, "{taken} of {room}");
            assert!(matches!(turns.last(), Some(Turn::User { text }) if text.contains("not JSON")));
        }
        let whole = mending(&bad, "it is not JSON", 5_000).unwrap();
        assert_eq!(
            whole[0],
            Turn::Model {
                text: bad,
                tool_calls: Vec::new()
            }
        );
    }

    #[test]
    fn fenced_json_is_read_and_anything_else_is_refused_with_its_reason() {
        let read = |text, finish| read_answer::<Vec<u8>>(&reply(text, finish));
        assert_eq!(
            read("```json\n[1, 2]\n```", FinishReason::Stop),
            Ok(vec![1, 2])
        );
        assert!(
            read("Sure! Here it is", FinishReason::Stop)
                .unwrap_err()
                .contains("not JSON")
        );
        assert!(
            read("{\"a\":1}", FinishReason::Stop)
                .unwrap_err()
                .contains("schema")
        );
        assert!(
            read("[1,", FinishReason::Length)
                .unwrap_err()
                .contains("cut off")
        );
    }
}
