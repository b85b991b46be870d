//! The fleet: agents, its figures, the stop.

use std::collections::HashMap;

use axum::Json;
use chimera_contract::{
    page::Page,
    scalar::{Id, Time, Usd, Version},
    swarm::{Activity, Agent as WireAgent, AgentQuery, Gauge, Stop, StopState},
};
use chimera_domain::{
    agent::Agent,
    id::{AgentId, TenantId},
    task::{Task, TaskState},
    text::bounded,
};
use chimera_ports::{
    page::{MAX_PAGE_ROWS, PageRequest},
    store::TaskFilter,
};
use chimera_wire::{ToWire, initials};

use crate::{
    door::{
        extract::{Body, Path, Query, id},
        signed::Desk,
    },
    problem::{Answer, Problem},
    respond::{Versioned, page},
    state::Api,
};

/// Pages of a walk over open tasks: what lies beyond is not looked at.
const MAX_PAGES: usize = 50;
/// Tasks in hand that are shown of one agent.
const MAX_IN_HAND: usize = 5;
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
    let work = open_work(&api, tenant).await?;
    let mut items = Vec::with_capacity(found.items.len());
    for agent in &found.items {
        items.push(shown(&api, agent, work.get(&agent.id)).await?);
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
    let work = open_work(&api, tenant).await?;
    let body = shown(&api, &found, work.get(&found.id)).await?;
    Ok(Versioned::of(found.version, body))
}

/// The fleet's figures, counted now.
#[utoipa::path(get, path = "/api/v1/swarm/gauge", tag = "swarm",
    responses((status = 200, body = Gauge)))]
pub(crate) async fn get_gauge(Desk { api, signed }: Desk) -> Answer<Json<Gauge>> {
    let tenant = signed.caller.tenant;
    let counts = api.runtime.gauge(tenant).await?;
    let reason = api.runtime.stop_reason(tenant).await?;
    let alerts = api
        .store()
        .alerts(tenant, PageRequest::first(MAX_PAGE_ROWS))
        .await?;
    let open = alerts
        .items
        .iter()
        .filter(|alert| alert.acknowledged_at.is_none())
        .count();
    let planning = api.planning_now(tenant);
    Ok(Json(Gauge {
        agents: counts.agents,
        planning,
        working: counts.working,
        judging: counts.judging,
        sleeping: counts.sleeping.saturating_sub(planning),
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
        alerts_open: u32::try_from(open).unwrap_or(u32::MAX),
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
    let reason = bounded("The reason", &asked.reason, 1, MAX_REASON_CHARS)
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

async fn shown(api: &Api, agent: &Agent, work: Option<&Vec<Task>>) -> Answer<WireAgent> {
    let version = api
        .store()
        .persona(agent.tenant, agent.persona_version)
        .await?;
    let tasks = work.map(Vec::as_slice).unwrap_or_default();
    let mut in_hand: Vec<&Task> = tasks
        .iter()
        .filter(|task| activity_of(task).is_some())
        .collect();
    in_hand.sort_by_key(|task| std::cmp::Reverse(task.updated_at));
    let activity = if api.is_planning(agent.tenant, agent.id) {
        Activity::Planning
    } else if in_hand
        .iter()
        .any(|task| activity_of(task) == Some(Activity::Working))
    {
        Activity::Working
    } else if in_hand.is_empty() {
        Activity::Sleeping
    } else {
        Activity::Judging
    };
    Ok(WireAgent {
        id: Id::of(agent.id),
        name: agent.name.clone(),
        initials: initials(&agent.name),
        role: version.persona.role,
        activity,
        control: agent.control.wire(),
        persona_version: version.number,
        wallet_address: agent.wallet_address.clone(),
        current: in_hand
            .into_iter()
            .take(MAX_IN_HAND)
            .map(chimera_wire::swarm::task_ref)
            .collect(),
        open_tasks: u32::try_from(tasks.len()).unwrap_or(u32::MAX),
        version: Version::of(agent.version),
        created_at: Time::of(agent.created_at),
    })
}

const fn activity_of(task: &Task) -> Option<Activity> {
    match task.state {
        TaskState::Working { .. } => Some(Activity::Working),
        TaskState::Judging { .. } => Some(Activity::Judging),
        _ => None,
    }
}

/// Open tasks by agent.
async fn open_work(api: &Api, tenant: TenantId) -> Answer<HashMap<AgentId, Vec<Task>>> {
    let mut work: HashMap<AgentId, Vec<Task>> = HashMap::new();
    let filter = TaskFilter {
        campaign: None,
        open_only: true,
    };
    let mut next = Some(PageRequest::first(MAX_PAGE_ROWS));
    for _ in 0..MAX_PAGES {
        let Some(wanted) = next.take() else { break };
        let found = api.store().tasks(tenant, filter, wanted).await?;
        for task in found.items {
            work.entry(task.agent).or_default().push(task);
        }
        next = found.next.map(|after| PageRequest {
            after: Some(after),
            limit: MAX_PAGE_ROWS,
        });
    }
    Ok(work)
}
