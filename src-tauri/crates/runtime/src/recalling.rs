//! What an agent has in mind before it thinks (COG-06, COG-07): asked of the memory server before each reasoning step,
//! told in the trace, and put into the prompt as a part of its own.
//!
//! Never here: ranking, or writing memories (`services/remembering`).

use std::sync::Arc;

use chimera_domain::{
    campaign::Campaign,
    memory::{Owner, Recalled},
    trace::{SpanKind, SpanStatus, TraceContext},
};
use chimera_guard::{Nonce, memories};
use chimera_ports::model::most_tokens;
use chimera_skills::memory::{AgentMemory, InMind};
use serde_json::{Value, json};
use tracing::debug;

use crate::{
    runtime::Runtime,
    worker::blocked::{self, Blocked},
};

/// Most tokens that memories take of a prompt.
const MAX_MEMORY_TOKENS: u64 = 1_200;

/// Asks for what fits a question and for what happened within the last hour. Memory that cannot be asked ends no work:
/// the agent thinks without it, and the trace says so.
pub(crate) async fn in_mind(
    runtime: &Runtime,
    campaign: &Campaign,
    question: &str,
    trace: TraceContext,
) -> Vec<Recalled> {
    let owner = Owner {
        tenant: campaign.tenant,
        agent: campaign.agent,
    };
    let mut span = runtime
        .tracer()
        .open(owner.tenant, trace, SpanKind::Tool, "search_memory");
    span.set("gen_ai.operation.name", "search_memory");
    span.set("gen_ai.agent.id", owner.agent.to_string());
    let (host, patience) = (runtime.parts().tools.clone(), runtime.bounds().tool_call);
    let memory = AgentMemory::of(Arc::clone(&host), owner, patience);
    match memory.recall(question, span.context()).await {
        Ok(mind) => {
            let found: Vec<Value> = mind.all().map(line).collect();
            span.set("chimera.memory.relevant", mind.relevant.len());
            span.set("chimera.memory.recent", mind.recent.len());
            span.set("chimera.memory.found_by", mind.found_by.clone());
            if let Some(problem) = &mind.problem {
                span.set("chimera.memory.problem", problem.clone());
            }
            span.returned(&Value::from(found).to_string());
            let InMind {
                mut relevant,
                recent,
                ..
            } = mind;
            relevant.extend(recent);
            let (clean, blocked) = memories::screen(relevant);
            span.set("chimera.memory.blocked", blocked.len());
            span.end(SpanStatus::Ok);
            let blocked: Vec<Blocked> = blocked
                .into_iter()
                .map(|(one, why)| {
                    Blocked::named("A memory", &one.source, &one.memory.to_string(), why)
                })
                .collect();
            blocked::tell(runtime, campaign, "memory.block", &blocked).await;
            clean
        }
        Err(fault) => {
            debug!(agent = %owner.agent, %fault, "it thinks without its memory");
            span.fail(&fault.code, &fault.message);
            Vec::new()
        }
    }
}

/// What the trace tells of a memory that was recalled.
fn line(one: &Recalled) -> Value {
    json!({
        "memory": one.memory, "kind": one.kind, "score": one.score, "source": one.source, "origin": one.origin,
        "text": one.text,
    })
}

/// Memories as a prompt shows them, the most fitting first, as many as have room.
pub(crate) fn shown(recalled: &[Recalled], nonce: &Nonce) -> Vec<String> {
    let mut room = MAX_MEMORY_TOKENS;
    memories::shown(recalled, nonce)
        .into_iter()
        .map_while(|memory| {
            room = room.checked_sub(most_tokens(&memory))?;
            Some(memory)
        })
        .collect()
}
