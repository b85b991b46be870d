//! What agents remember: looking, searching, forgetting one, and how memory itself fares.
//!
//! Never here: writing a memory, which is the agents' own; ranking; another tenant's agents.

use std::{collections::HashMap, sync::Arc};

use axum::{Json, http::StatusCode};
use chimera_contract::{
    connection::ConnectionTest,
    error::request,
    memory::{
        ForgetMemory, FoundMemories, Memory as WireMemory, MemoryConnection, MemoryPage,
        MemoryQuery, MemorySearch,
    },
};
use chimera_domain::{
    fault::Fault,
    id::{MemoryId, TaskId, TenantId},
    memory::{Memory, Owner},
    task::Task,
    text::written,
};
use chimera_door::{
    extract::{Body, Path, Query, id},
    problem::{Answer, Problem},
    respond::page,
    signed::Desk,
    state::Api,
};
use chimera_ports::{
    error::PortError,
    memory::{MemoryBackend, RecallQuery},
};
use chimera_wire::{ToDomain, ToWire, memory::shown};
use serde_json::json;

/// Most characters of a question.
const MAX_QUERY_CHARS: usize = 4_000;
/// Most characters of a reason.
const MAX_REASON_CHARS: usize = 500;
/// Memories of a search when nobody says how many, and the most.
const USUAL_FOUND: u32 = 20;
const MAX_FOUND: u32 = 50;

/// What an agent remembers, newest first.
#[utoipa::path(get, path = "/api/v1/personas/{agent}/memories", tag = "personas",
    params(MemoryQuery), responses((status = 200, body = MemoryPage)))]
pub(crate) async fn list_memories(
    Desk { api, signed }: Desk,
    Path(agent): Path<String>,
    Query(asked): Query<MemoryQuery>,
) -> Answer<Json<MemoryPage>> {
    let owner = owner(&api, signed.caller.tenant, &agent).await?;
    let memory = backend(&api)?;
    let kind = asked.kind.map(|kind| kind.domain());
    let found = memory
        .list(owner, kind, None, page(asked.after, asked.limit))
        .await
        .map_err(refused)?;
    let all: Vec<_> = found.items.into_iter().map(|one| (one, None)).collect();
    Ok(Json(MemoryPage {
        items: with_tasks(&api, owner.tenant, all).await?,
        next: found.next,
        finds_by: memory.standing(owner.tenant).await.finds_by().wire(),
    }))
}

/// The memories of an agent that fit a question best.
#[utoipa::path(get, path = "/api/v1/personas/{agent}/memories/search", tag = "personas",
    params(MemorySearch), responses((status = 200, body = FoundMemories)))]
pub(crate) async fn search_memories(
    Desk { api, signed }: Desk,
    Path(agent): Path<String>,
    Query(asked): Query<MemorySearch>,
) -> Answer<Json<FoundMemories>> {
    let owner = owner(&api, signed.caller.tenant, &agent).await?;
    let query = RecallQuery {
        text: written("A question to memory", &asked.query, 1, MAX_QUERY_CHARS)
            .map_err(|error| Problem::invalid(error.to_string()))?,
        kinds: asked.kind.iter().map(ToDomain::domain).collect(),
        limit: asked.limit.unwrap_or(USUAL_FOUND).clamp(1, MAX_FOUND),
    };
    let found = backend(&api)?.recall(owner, query).await.map_err(refused)?;
    let all = found.found.into_iter();
    let all = all.map(|one| (one.memory, Some(one.score))).collect();
    Ok(Json(FoundMemories {
        items: with_tasks(&api, owner.tenant, all).await?,
        found_by: found.by.wire(),
        problem: found.problem.wire(),
    }))
}

/// Forgets one memory, for a reason that stands in the audit log. What was made with it in mind keeps its own record.
#[utoipa::path(post, path = "/api/v1/personas/{agent}/memories/{memory}/forget", tag = "personas",
    request_body = ForgetMemory, responses((status = 204)))]
pub(crate) async fn forget_memory(
    Desk { api, signed }: Desk,
    Path((agent, memory)): Path<(String, String)>,
    Body(asked): Body<ForgetMemory>,
) -> Answer<StatusCode> {
    let who = &signed.caller;
    let owner = owner(&api, who.tenant, &agent).await?;
    let memory: MemoryId = id("memory", &memory)?;
    let reason = written("The reason", &asked.reason, 1, MAX_REASON_CHARS)
        .map_err(|error| Problem::invalid(error.to_string()))?;
    let output = json!({ "agent": owner.agent, "memory": memory, "reason": reason });
    let notes = api.notes(who, "memory.forget", output, "memory");
    backend(&api)?
        .forget(owner, memory, notes)
        .await
        .map_err(|fault| match fault.code.as_str() {
            "MEMORY_NOT_FOUND" => Problem::not_found("memory", &memory.to_string()),
            _ => refused(fault),
        })?;
    api.announce();
    Ok(StatusCode::NO_CONTENT)
}

/// Which backend keeps memories, what it searches with, and how it stands.
#[utoipa::path(get, path = "/api/v1/connections/memory", tag = "connections",
    responses((status = 200, body = MemoryConnection)))]
pub(crate) async fn get_memory_connection(
    Desk { api, signed }: Desk,
) -> Answer<Json<MemoryConnection>> {
    let standing = backend(&api)?.standing(signed.caller.tenant).await;
    Ok(Json(standing.wire()))
}

/// Asks the backend and the embedder now whether they answer. That they do not is an answer, not a failure.
#[utoipa::path(post, path = "/api/v1/connections/memory/test", tag = "connections",
    responses((status = 200, body = ConnectionTest)))]
pub(crate) async fn test_memory(Desk { api, signed }: Desk) -> Answer<Json<ConnectionTest>> {
    let began = api.now();
    let tried = backend(&api)?.try_out(signed.caller.tenant).await;
    let took_ms = u64::try_from(api.now().since(began).to_std().as_millis()).unwrap_or(u64::MAX);
    Ok(Json(match tried {
        Ok(message) => ConnectionTest {
            ok: true,
            message,
            took_ms,
            problem: None,
        },
        Err(fault) => ConnectionTest {
            ok: false,
            message: "Memory was asked for one word's vector.".to_owned(),
            took_ms,
            problem: Some(fault.message),
        },
    }))
}

fn backend(api: &Api) -> Answer<&Arc<dyn MemoryBackend>> {
    let memory = api.options.memory.as_ref();
    memory.ok_or_else(|| Problem::new(&request::UNAVAILABLE))
}

/// The owner of an agent's memories; another tenant's agent is as one that never existed.
async fn owner(api: &Api, tenant: TenantId, agent: &str) -> Answer<Owner> {
    let agent = api.store().agent(tenant, id("agent", agent)?).await?;
    Ok(Owner {
        tenant,
        agent: agent.id,
    })
}

/// Memories with the tasks that they came of, as far as the tenant has these.
async fn with_tasks(
    api: &Api,
    tenant: TenantId,
    memories: Vec<(Memory, Option<u16>)>,
) -> Answer<Vec<WireMemory>> {
    let mut tasks: HashMap<TaskId, Option<Task>> = HashMap::new();
    for task in memories.iter().filter_map(|(memory, _)| memory.task) {
        if tasks.contains_key(&task) {
            continue;
        }
        let found = match api.store().task(tenant, task).await {
            Ok(task) => Some(task),
            // Whoever wrote the memory may have named any.
            Err(PortError::NotFound { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        tasks.insert(task, found);
    }
    let task = |memory: &Memory| tasks.get(&memory.task?)?.as_ref();
    let all = memories.iter();
    Ok(all
        .map(|(memory, fit)| shown(memory, task(memory), *fit))
        .collect())
}

fn refused(fault: Fault) -> Problem {
    match fault.code.as_str() {
        "MEMORY_INVALID" if fault.message.contains("cursor") => {
            Problem::saying(&request::CURSOR_INVALID, fault.message)
        }
        "MEMORY_INVALID" => Problem::invalid(fault.message),
        _ => Problem::saying(&request::UNAVAILABLE, fault.message)
            .with(json!({ "cause": fault.code })),
    }
}
