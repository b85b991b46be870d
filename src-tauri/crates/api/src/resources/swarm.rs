//! The fleet: agents, its figures, the stop.

use axum::Json;
use chimera_contract::{
    page::Page,
    scalar::{Id, Time, Usd, Version},
    swarm::{Activity, Agent as WireAgent, AgentQuery, Gauge, Stop, StopState},
};
use chimera_domain::{
    agent::Agent,
    id::{AgentId, TenantId},
    task::{Task, TaskKind, TaskState},
    text::written,
};
use chimera_door::{
    extract::{Body, Path, Query, id},
    problem::{Answer, Problem},
    respond::{Versioned, page},
    signed::Desk,
    state::Api,
};
use chimera_ports::store::AgentWork;
use chimera_wire::{ToWire, initials};

/// Tasks in hand that are shown of one agent.
const MAX_IN_HAND: u32 = 5;
/// Most characters of a reason.
const MAX_REASON_CHARS: usize = 500;

/// Agents by name, each with what it is doing.
#[utoipa::path(get, path = "/api/v1/swarm/agents", tag = "swarm",
    params(AgentQuery), responses((status = 200, body = Page<WireAgent>)))]
pub(crate) async fn list_agents(
    Desk { api, signed }: Desk,
    Query(asked): Query<AgentQuery>,
) -> Answer<Json<Page<WireAgent>>> {
    let tenant = signed.caller.tenant;
    let found = api
        .store()
        .agents(tenant, page(asked.after, asked.limit))
        .await?;
    let agents: Vec<AgentId> = found.items.iter().map(|agent| agent.id).collect();
    let work = work_of(&api, tenant, &agents).await?;
    let mut items = Vec::with_capacity(found.items.len());
    for agent in &found.items {
        items.push(shown(&api, agent, &work).await?);
    }
    Ok(Json(Page {
        items,
        next: found.next,
    }))
}

/// One agent.
#[utoipa::path(get, path = "/api/v1/swarm/agents/{agent}", tag = "swarm",
    responses((status = 200, body = WireAgent)))]
pub(crate) async fn get_agent(
    Desk { api, signed }: Desk,
    Path(agent): Path<String>,
) -> Answer<Versioned<WireAgent>> {
    let tenant = signed.caller.tenant;
    let found = api.store().agent(tenant, id("agent", &agent)?).await?;
    one(&api, &found).await
}

/// An agent with its version and what it has in hand.
pub(crate) async fn one(api: &Api, found: &Agent) -> Answer<Versioned<WireAgent>> {
    let work = work_of(api, found.tenant, &[found.id]).await?;
    let body = shown(api, found, &work).await?;
    Ok(Versioned::of(found.version, body))
}

/// The fleet's figures, counted now.
#[utoipa::path(get, path = "/api/v1/swarm/gauge", tag = "swarm",
    responses((status = 200, body = Gauge)))]
pub(crate) async fn get_gauge(Desk { api, signed }: Desk) -> Answer<Json<Gauge>> {
    let tenant = signed.caller.tenant;
    let planning = api.planning_now(tenant);
    let counts = api.runtime.gauge(tenant, &planning).await?;
    let reason = api.runtime.stop_reason(tenant).await?;
    Ok(Json(Gauge {
        agents: counts.agents,
        planning: counts.planning,
        working: counts.working,
        judging: counts.judging,
        sleeping: counts.sleeping,
        tasks_ready: counts.tasks_ready,
        tasks_working: counts.tasks_working,
        tasks_judging: counts.tasks_judging,
        reviews_open: counts.reviews_open,
        effects_held: counts.effects_held,
        campaigns_active: counts.campaigns_active,
        spend_today: Usd::of(counts.spent_today),
        unpriced_calls: counts.unpriced_today,
        spend_of_budgets: Usd::of(counts.spent_of_budgets),
        daily_budgets: Usd::of(counts.active_budgets),
        alerts_open: counts.alerts_open,
        stopped: reason.is_some(),
        stop_reason: reason,
        last_event: api.store().last_event(tenant).await?,
        at: Time::of(api.now()),
    }))
}

/// Stops everything: nothing is assigned, nothing leaves, running campaigns are paused.
#[utoipa::path(post, path = "/api/v1/swarm/stop", tag = "swarm",
    request_body = Stop, responses((status = 200, body = StopState)))]
pub(crate) async fn stop_everything(
    Desk { api, signed }: Desk,
    Body(asked): Body<Stop>,
) -> Answer<Json<StopState>> {
    let reason = written("The reason", &asked.reason, 1, MAX_REASON_CHARS)
        .map_err(|error| Problem::invalid(error.to_string()))?;
    let campaigns = api.runtime.stop_everything(&signed.caller, &reason).await?;
    Ok(Json(StopState {
        stopped: true,
        campaigns,
    }))
}

/// Releases the stop and resumes what it paused.
#[utoipa::path(post, path = "/api/v1/swarm/release", tag = "swarm",
    responses((status = 200, body = StopState)))]
pub(crate) async fn release_stop(Desk { api, signed }: Desk) -> Answer<Json<StopState>> {
    let campaigns = api.runtime.release_stop(&signed.caller).await?;
    Ok(Json(StopState {
        stopped: false,
        campaigns,
    }))
}

async fn work_of(api: &Api, tenant: TenantId, agents: &[AgentId]) -> Answer<Vec<AgentWork>> {
    Ok(api.store().agent_work(tenant, agents, MAX_IN_HAND).await?)
}

async fn shown(api: &Api, agent: &Agent, work: &[AgentWork]) -> Answer<WireAgent> {
    let version = api
        .store()
        .persona(agent.tenant, agent.persona_version)
        .await?;
    let own = work.iter().find(|work| work.agent == agent.id);
    let in_hand = own.map(|work| work.in_hand.as_slice()).unwrap_or_default();
    let activity = if api.is_planning(agent.tenant, agent.id) {
        Activity::Planning
    } else {
        // The store puts first what says most about the agent.
        in_hand.first().map_or(Activity::Sleeping, activity_of)
    };
    Ok(WireAgent {
        id: Id::of(agent.id),
        name: agent.name.clone(),
        initials: initials(&agent.name),
        role: version.persona.role.clone(),
        activity,
        control: agent.control.wire(),
        persona_version: version.number,
        wallet_address: agent.wallet_address.clone(),
        current: in_hand.iter().map(chimera_wire::swarm::task_ref).collect(),
        open_tasks: own.map_or(0, |work| u32::try_from(work.open).unwrap_or(u32::MAX)),
        version: Version::of(agent.version),
        created_at: Time::of(agent.created_at),
    })
}

/// What a task in hand says of its agent.
const fn activity_of(task: &Task) -> Activity {
    match (&task.state, task.kind) {
        (TaskState::Judging { .. }, _) => Activity::Judging,
        (_, TaskKind::Replan) => Activity::Planning,
        _ => Activity::Working,
    }
}
