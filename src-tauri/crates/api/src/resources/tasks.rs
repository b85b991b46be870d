//! Tasks: lists, the graph, one with all that came of it, calling one off.

use axum::Json;
use chimera_contract::{
    campaign::CancelNote,
    page::Page,
    scalar::Id,
    task::{Graph, Task as WireTask, TaskDetail, TaskEdge, TaskQuery},
};
use chimera_domain::{
    id::{CampaignId, TaskId, TenantId},
    task::Task,
};
use chimera_door::{
    extract::{Body, Path, Query, id},
    problem::Answer,
    respond::{Versioned, page},
    signed::Desk,
    state::Api,
};
use chimera_ports::{
    page::{MAX_PAGE_ROWS, PageRequest},
    store::TaskFilter,
};
use chimera_wire::{ToDomain, ToWire};

use crate::{
    names::Names,
    resources::campaigns::{known, note},
};

/// Most nodes of one drawing.
const MAX_GRAPH_NODES: usize = 2_000;

/// A campaign's tasks, oldest first.
#[utoipa::path(get, path = "/api/v1/campaigns/{campaign}/tasks", tag = "campaigns",
    params(TaskQuery), responses((status = 200, body = Page<WireTask>)))]
pub(crate) async fn list_tasks(
    Desk { api, signed }: Desk,
    Path(campaign): Path<String>,
    Query(asked): Query<TaskQuery>,
) -> Answer<Json<Page<WireTask>>> {
    let tenant = signed.caller.tenant;
    let campaign = known(&api, tenant, &campaign).await?;
    let filter = TaskFilter {
        campaign: Some(campaign),
        open_only: asked.open_only,
        status: asked.status.map(|status| status.domain()),
        task_type: asked.task_type.map(|of| of.domain()),
    };
    let found = api
        .store()
        .tasks(tenant, filter, page(asked.after, asked.limit))
        .await?;
    let items = shown(&mut Names::of(&api, tenant), &found.items).await?;
    Ok(Json(Page {
        items,
        next: found.next,
    }))
}

/// A campaign's tasks with their edges, for drawing.
#[utoipa::path(get, path = "/api/v1/campaigns/{campaign}/graph", tag = "campaigns",
    responses((status = 200, body = Graph)))]
pub(crate) async fn get_graph(
    Desk { api, signed }: Desk,
    Path(campaign): Path<String>,
) -> Answer<Json<Graph>> {
    let tenant = signed.caller.tenant;
    let campaign = known(&api, tenant, &campaign).await?;
    let (tasks, complete) = all_tasks(&api, tenant, campaign).await?;
    let drawn: std::collections::HashSet<TaskId> = tasks.iter().map(|task| task.id).collect();
    let edges = api.store().edges(tenant, campaign).await?;
    let edges = edges
        .into_iter()
        .filter(|edge| drawn.contains(&edge.task) && drawn.contains(&edge.needs))
        .map(|edge| TaskEdge {
            task: Id::of(edge.task),
            needs: Id::of(edge.needs),
        })
        .collect();
    let nodes = shown(&mut Names::of(&api, tenant), &tasks).await?;
    Ok(Json(Graph {
        nodes,
        edges,
        complete,
    }))
}

/// A task with all that came of it.
#[utoipa::path(get, path = "/api/v1/tasks/{task}", tag = "campaigns",
    responses((status = 200, body = TaskDetail)))]
pub(crate) async fn get_task(
    Desk { api, signed }: Desk,
    Path(task): Path<String>,
) -> Answer<Versioned<TaskDetail>> {
    let (tenant, store) = (signed.caller.tenant, api.store());
    let task = store.task(tenant, id("task", &task)?).await?;
    let edges = store.edges(tenant, task.campaign).await?;
    let artifacts = store.artifacts(tenant, task.id).await?;
    let verdict = match artifacts.last() {
        Some(newest) => store
            .verdict(tenant, newest.artifact_id)
            .await?
            .map(|found| {
                let text = chimera_wire::work::text_of(newest).unwrap_or_default();
                chimera_wire::work::verdict(&found, &text)
            }),
        None => None,
    };
    let agent = Names::of(&api, tenant).agent(task.agent).await?;
    let detail = TaskDetail {
        task: chimera_wire::task::task(&task, agent),
        needs: edges
            .iter()
            .filter(|edge| edge.task == task.id)
            .map(|edge| Id::of(edge.needs))
            .collect(),
        feeds: edges
            .iter()
            .filter(|edge| edge.needs == task.id)
            .map(|edge| Id::of(edge.task))
            .collect(),
        attempts: store.attempts(tenant, task.id).await?.wire(),
        artifacts: artifacts.wire(),
        verdict,
    };
    Ok(Versioned::of(task.version, detail))
}

/// Calls a task off, with all that depends on it.
#[utoipa::path(post, path = "/api/v1/tasks/{task}/cancel", tag = "campaigns",
    request_body = CancelNote, responses((status = 200, body = WireTask)))]
pub(crate) async fn cancel_task(
    Desk { api, signed }: Desk,
    Path(task): Path<String>,
    Body(asked): Body<CancelNote>,
) -> Answer<Versioned<WireTask>> {
    let done = api
        .runtime
        .cancel_task(&signed.caller, id("task", &task)?, &note(&asked.note)?)
        .await?;
    let agent = Names::of(&api, signed.caller.tenant)
        .agent(done.agent)
        .await?;
    Ok(Versioned::of(
        done.version,
        chimera_wire::task::task(&done, agent),
    ))
}

async fn shown(names: &mut Names<'_>, tasks: &[Task]) -> Answer<Vec<WireTask>> {
    let mut items = Vec::with_capacity(tasks.len());
    for task in tasks {
        items.push(chimera_wire::task::task(
            task,
            names.agent(task.agent).await?,
        ));
    }
    Ok(items)
}

/// A campaign's tasks up to the bound of one drawing, and whether those are all.
async fn all_tasks(api: &Api, tenant: TenantId, campaign: CampaignId) -> Answer<(Vec<Task>, bool)> {
    let filter = TaskFilter {
        campaign: Some(campaign),
        open_only: false,
        ..TaskFilter::default()
    };
    let mut tasks = Vec::new();
    let mut next = PageRequest::first(MAX_PAGE_ROWS);
    loop {
        let found = api.store().tasks(tenant, filter, next).await?;
        tasks.extend(found.items);
        match found.next {
            None => return Ok((tasks, true)),
            Some(_) if tasks.len() >= MAX_GRAPH_NODES => return Ok((tasks, false)),
            Some(after) => {
                next = PageRequest {
                    after: Some(after),
                    limit: MAX_PAGE_ROWS,
                }
            }
        }
    }
}
