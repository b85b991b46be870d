//! The tools of the memory server, one file each, and the one place that knows them all.
//!
//! Never here: what a tool does.

mod recall_context;
mod remember_fact;
mod search_knowledge_base;
mod search_memory;
mod upsert_memory;

use chimera_domain::{action::EffectClass, fault::Fault};
use rmcp::{
    ErrorData, RoleServer,
    model::{CallToolRequestParams, CallToolResponse, JsonObject, Tool},
    service::RequestContext,
};
use serde::{Serialize, de::DeserializeOwned};

use super::{Asking, MemoryServer};
use crate::tool::{answer, arguments};

/// Most memories of one answer.
const MAX_LIMIT: u32 = 50;
/// Longest question, in characters; the same stands in the schemas.
const MAX_QUERY_CHARS: usize = 4_000;
/// Code of a question or a memory that is out of bounds.
const INVALID: &str = "MEMORY_INVALID";

pub(super) fn definitions() -> Vec<Tool> {
    vec![
        recall_context::definition(),
        remember_fact::definition(),
        search_knowledge_base::definition(),
        search_memory::definition(),
        upsert_memory::definition(),
    ]
}

pub(super) fn suggested_classes() -> Vec<(&'static str, EffectClass)> {
    vec![
        (recall_context::NAME, EffectClass::Read),
        (remember_fact::NAME, EffectClass::InternalWrite),
        (search_knowledge_base::NAME, EffectClass::Read),
        (search_memory::NAME, EffectClass::Read),
        (upsert_memory::NAME, EffectClass::InternalWrite),
    ]
}

pub(super) async fn call(
    server: &MemoryServer,
    request: CallToolRequestParams,
    context: &RequestContext<RoleServer>,
) -> Result<CallToolResponse, ErrorData> {
    let asking = server.asking(&context.meta);
    let given = request.arguments;
    match request.name.as_ref() {
        recall_context::NAME => Ok(ran(asking, given, |asking, wanted| {
            recall_context::call(server, asking, wanted)
        })
        .await),
        remember_fact::NAME => Ok(ran(asking, given, |asking, wanted| {
            remember_fact::call(server, asking, wanted)
        })
        .await),
        search_knowledge_base::NAME => Ok(ran(asking, given, |asking, wanted| {
            search_knowledge_base::call(server, asking, wanted)
        })
        .await),
        search_memory::NAME => Ok(ran(asking, given, |asking, wanted| {
            search_memory::call(server, asking, wanted)
        })
        .await),
        upsert_memory::NAME => Ok(ran(asking, given, |asking, wanted| {
            upsert_memory::call(server, asking, wanted)
        })
        .await),
        other => {
            let message = format!("the memory server has no tool '{other}'");
            Err(ErrorData::invalid_params(message, None))
        }
    }
}

/// Runs a tool for whoever asks, with its arguments as its type.
async fn ran<In, Out>(
    asking: Result<Asking, Fault>,
    given: Option<JsonObject>,
    run: impl AsyncFnOnce(Asking, In) -> Result<Out, Fault>,
) -> CallToolResponse
where
    In: DeserializeOwned,
    Out: Serialize,
{
    let ready = asking.and_then(|asking| Ok((asking, arguments(given)?)));
    answer(match ready {
        Ok((asking, wanted)) => run(asking, wanted).await,
        Err(fault) => Err(fault),
    })
}

/// A question within its bounds.
fn asked(query: &str) -> Result<String, Fault> {
    let chars = query.trim().chars().count();
    if (1..=MAX_QUERY_CHARS).contains(&chars) {
        return Ok(query.trim().to_owned());
    }
    let message = format!(
        "A question to memory has 1 to {MAX_QUERY_CHARS} characters; this one has {chars}. Nothing was searched; ask it shorter."
    );
    Err(Fault::of(INVALID, message))
}

/// How many answers, within the bounds.
fn within(limit: Option<u32>, usual: u32) -> u32 {
    limit.unwrap_or(usual).clamp(1, MAX_LIMIT)
}
