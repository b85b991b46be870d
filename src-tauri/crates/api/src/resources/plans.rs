//! Plans: look, ask the planner, edit. And the skills that steps can use.

use axum::Json;
use chimera_contract::{
    plan::{Plan as WirePlan, PlanEdit},
    work::Skills,
};
use chimera_domain::plan::{MAX_PLAN_STEPS, Plan};
use chimera_door::{
    extract::{Body, IfMatch, Path},
    problem::{Answer, Problem},
    respond::Versioned,
    signed::Desk,
    state::Api,
};
use chimera_ports::model::ModelRole;
use chimera_wire::{NotTaken, ToWire};

use crate::resources::campaigns::key;

/// A campaign's newest plan.
#[utoipa::path(get, path = "/api/v1/campaigns/{campaign}/plan", tag = "campaigns",
    responses((status = 200, body = WirePlan)))]
pub(crate) async fn get_plan(
    Desk { api, signed }: Desk,
    Path(campaign): Path<String>,
) -> Answer<Versioned<WirePlan>> {
    let plan = api
        .store()
        .plan(signed.caller.tenant, key(&campaign)?)
        .await?;
    Ok(versioned(&api, &plan))
}

/// Asks the planner for a plan; it becomes the newest revision. Nothing runs.
#[utoipa::path(post, path = "/api/v1/campaigns/{campaign}/plan", tag = "campaigns",
    responses((status = 201, body = WirePlan)))]
pub(crate) async fn make_plan(
    Desk { api, signed }: Desk,
    Path(campaign): Path<String>,
) -> Answer<Versioned<WirePlan>> {
    let who = &signed.caller;
    let found = api.store().campaign(who.tenant, key(&campaign)?).await?;
    let planning = api.begin_planning(who.tenant, found.agent);
    let plan = api.runtime.plan_campaign(who, found.id).await?;
    drop(planning);
    Ok(versioned(&api, &plan).created())
}

/// Replaces the plan's steps. A circle is refused, naming its steps.
#[utoipa::path(put, path = "/api/v1/campaigns/{campaign}/plan", tag = "campaigns",
    request_body = PlanEdit, responses((status = 200, body = WirePlan)))]
pub(crate) async fn edit_plan(
    Desk { api, signed }: Desk,
    Path(campaign): Path<String>,
    seen: IfMatch,
    Body(asked): Body<PlanEdit>,
) -> Answer<Versioned<WirePlan>> {
    if asked.steps.len() > MAX_PLAN_STEPS {
        let message = format!("A plan has at most {MAX_PLAN_STEPS} steps. Nothing was stored.");
        return Err(Problem::invalid(message));
    }
    let steps = asked
        .steps
        .into_iter()
        .map(chimera_wire::plan::step)
        .collect::<Result<Vec<_>, NotTaken>>()?;
    let done = api
        .runtime
        .edit_plan(&signed.caller, key(&campaign)?, seen.required()?, steps)
        .await;
    Ok(versioned(&api, &seen.guard(done)?))
}

/// Every skill that a step can use.
#[utoipa::path(get, path = "/api/v1/skills", tag = "campaigns",
    responses((status = 200, body = Skills)))]
pub(crate) async fn list_skills(Desk { api, .. }: Desk) -> Json<Skills> {
    let items = api.runtime.skills().iter().map(ToWire::wire).collect();
    Json(Skills { items })
}

fn versioned(api: &Api, plan: &Plan) -> Versioned<WirePlan> {
    let model = api.runtime.model();
    let rates = [ModelRole::Worker, ModelRole::Judge].map(|role| model.info(role).rate);
    Versioned::of(plan.version, chimera_wire::plan::plan(plan, &rates))
}
