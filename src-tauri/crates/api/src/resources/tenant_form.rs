//! The tenant form of requirements §11.7: sessions, tasks and reviews under a tenant's slug. The same
//! things as elsewhere under other names, so that clients of that contract find what they expect.

use axum::Json;
use chimera_contract::{
    campaign::NewCampaign,
    page::{Page, PageQuery},
    review::{DecisionOutcome, Review as WireReview},
    scalar::{Id, Time},
    swarm::{AgentTask, SwarmDecision, SwarmDecisionStatus, SwarmSession, TaskResult},
};
use chimera_domain::campaign::Campaign;
use chimera_door::{
    extract::{Body, IfMatch, Path, Query, id},
    problem::{Answer, Problem},
    respond::{Versioned, page},
    signed::{Desk, Signed},
    state::Api,
};
use chimera_ports::store::ReviewFilter;
use chimera_runtime::DecisionInput;
use chimera_wire::ToWire;
use serde_json::json;

use crate::{
    names::Names,
    new_campaign,
    resources::{campaigns, reviews, session},
};

/// Opens a session: a campaign in draft.
#[utoipa::path(post, path = "/api/v1/swarm/tenants/{tenant}/sessions", tag = "swarm",
    request_body = NewCampaign, responses((status = 201, body = SwarmSession)))]
pub(crate) async fn open_swarm_session(
    Desk { api, signed }: Desk,
    Path(tenant): Path<String>,
    Body(asked): Body<NewCampaign>,
) -> Answer<Versioned<SwarmSession>> {
    own(&api, &signed, &tenant).await?;
    let new = new_campaign::admitted(&api, &signed.caller, asked).await?;
    let campaign = api.runtime.create_campaign(&signed.caller, new).await?;
    Ok(Versioned::of(campaign.version, shown(&campaign, tenant)).created())
}

/// A session.
#[utoipa::path(get, path = "/api/v1/swarm/tenants/{tenant}/sessions/{session}", tag = "swarm",
    responses((status = 200, body = SwarmSession)))]
pub(crate) async fn get_swarm_session(
    Desk { api, signed }: Desk,
    Path((tenant, session)): Path<(String, String)>,
) -> Answer<Versioned<SwarmSession>> {
    own(&api, &signed, &tenant).await?;
    let campaign = api
        .store()
        .campaign(signed.caller.tenant, campaigns::key(&session)?)
        .await?;
    Ok(Versioned::of(campaign.version, shown(&campaign, tenant)))
}

/// A task in S1's form.
#[utoipa::path(get, path = "/api/v1/swarm/tenants/{tenant}/tasks/{task}", tag = "swarm",
    responses((status = 200, body = AgentTask)))]
pub(crate) async fn get_swarm_task(
    Desk { api, signed }: Desk,
    Path((tenant, task)): Path<(String, String)>,
) -> Answer<Versioned<AgentTask>> {
    own(&api, &signed, &tenant).await?;
    let task = api
        .store()
        .task(signed.caller.tenant, id("task", &task)?)
        .await?;
    Ok(Versioned::of(
        task.version,
        chimera_wire::swarm::agent_task(&task),
    ))
}

/// A task's result, as far as there is one.
#[utoipa::path(get, path = "/api/v1/swarm/tenants/{tenant}/tasks/{task}/result", tag = "swarm",
    responses((status = 200, body = TaskResult)))]
pub(crate) async fn get_swarm_task_result(
    Desk { api, signed }: Desk,
    Path((tenant, task)): Path<(String, String)>,
) -> Answer<Versioned<TaskResult>> {
    own(&api, &signed, &tenant).await?;
    let task = api
        .store()
        .task(signed.caller.tenant, id("task", &task)?)
        .await?;
    let newest = api
        .store()
        .artifacts(signed.caller.tenant, task.id)
        .await?
        .pop();
    let result = TaskResult {
        tenant_id: tenant,
        trace_id: task.trace.trace.to_string(),
        task_id: Id::of(task.id),
        status: task.state.status().wire(),
        output: newest.as_ref().map(|artifact| artifact.payload.clone()),
        error: task
            .state
            .is_terminal()
            .then(|| task.fault.wire())
            .flatten(),
        produced_by: newest.map(|artifact| artifact.generation_metadata.model),
        created_at: Time::of(task.created_at),
        updated_at: Time::of(task.updated_at),
    };
    Ok(Versioned::of(task.version, result))
}

/// The open reviews of a tenant.
#[utoipa::path(get, path = "/api/v1/swarm/tenants/{tenant}/reviews", tag = "swarm",
    params(PageQuery), responses((status = 200, body = Page<WireReview>)))]
pub(crate) async fn list_swarm_reviews(
    Desk { api, signed }: Desk,
    Path(tenant): Path<String>,
    Query(asked): Query<PageQuery>,
) -> Answer<Json<Page<WireReview>>> {
    own(&api, &signed, &tenant).await?;
    let owner = signed.caller.tenant;
    let found = api
        .store()
        .reviews(
            owner,
            ReviewFilter::default(),
            page(asked.after, asked.limit),
        )
        .await?;
    let mut names = Names::of(&api, owner);
    let mut items = Vec::with_capacity(found.items.len());
    for review in &found.items {
        items.push(reviews::shown(&api, &mut names, &signed, review).await?);
    }
    Ok(Json(Page {
        items,
        next: found.next,
    }))
}

/// Decides a review in two ways.
#[utoipa::path(post, path = "/api/v1/swarm/tenants/{tenant}/reviews/{review}/decision", tag = "swarm",
    request_body = SwarmDecision, responses((status = 200, body = DecisionOutcome)))]
pub(crate) async fn decide_swarm_review(
    Desk { api, signed }: Desk,
    Path((tenant, review)): Path<(String, String)>,
    guard: IfMatch,
    Body(asked): Body<SwarmDecision>,
) -> Answer<Versioned<DecisionOutcome>> {
    own(&api, &signed, &tenant).await?;
    if asked
        .operator_id
        .is_some_and(|operator| operator.0 != signed.caller.user.to_string())
    {
        return Err(Problem::invalid(
            "operator_id names somebody else; people decide in their own name. Nothing was decided.",
        ));
    }
    let input = match asked.status {
        SwarmDecisionStatus::Approved => DecisionInput::Approve,
        SwarmDecisionStatus::Rejected => DecisionInput::Reject {
            reason: None,
            note: String::new(),
        },
    };
    let seen = reviews::seen(&guard, asked.shown.as_ref())?;
    reviews::decide(&api, &signed, reviews::key(&review)?, (&guard, seen), input).await
}

/// Another tenant's slug names nothing here.
async fn own(api: &Api, signed: &Signed, slug: &str) -> Answer<()> {
    let tenant = session::tenant(api, signed.caller.tenant).await?;
    if tenant.slug.to_string() == slug {
        Ok(())
    } else {
        Err(Problem::not_found("tenant", slug))
    }
}

fn shown(campaign: &Campaign, tenant: String) -> SwarmSession {
    let context = json!({
        "goal": &*campaign.goal,
        "agent_id": campaign.agent,
        "feeds": campaign.feeds,
        "platforms": campaign.platforms,
        "daily_budget_usd": campaign.daily_budget,
        "max_posts_per_day": campaign.max_posts_per_day,
    });
    SwarmSession {
        session_id: Id::of(campaign.id),
        tenant_id: tenant,
        status: chimera_wire::swarm::session_status(campaign.status),
        context: context.as_object().cloned().unwrap_or_default(),
        created_at: Time::of(campaign.created_at),
        updated_at: Time::of(campaign.updated_at),
    }
}
