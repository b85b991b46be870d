//! Steps that were given up, and having one done again.

use axum::Json;
use chimera_contract::{
    dead_letter::{DeadLetter, Replay, TookEffect},
    page::{Page, PageQuery},
    scalar::{Id, Time},
};
use chimera_domain::{
    action::EffectState,
    agent::Agent,
    change::Board,
    id::{TaskId, TenantId},
};
use chimera_door::{
    extract::{Path, Query, id},
    problem::Answer,
    respond::page,
    signed::Desk,
    state::Api,
};
use chimera_runtime::ReplayLimits;
use chimera_wire::ToWire;

/// Steps that were given up by a failure, and those of whose action nobody knows whether it went out.
#[utoipa::path(get, path = "/api/v1/dead-letters", tag = "watch",
    params(PageQuery), responses((status = 200, body = Page<DeadLetter>)))]
pub(crate) async fn list_dead_letters(
    Desk { api, signed }: Desk,
    Query(asked): Query<PageQuery>,
) -> Answer<Json<Page<DeadLetter>>> {
    let tenant = signed.caller.tenant;
    let found = api
        .store()
        .dead_letters(tenant, page(asked.after, asked.limit))
        .await?;
    let mut items = Vec::with_capacity(found.items.len());
    for task in &found.items {
        items.push(letter(&api, tenant, task.id).await?);
    }
    Ok(Json(Page {
        items,
        next: found.next,
    }))
}

/// Has a step done again that was given up. What acts on the outside waits for a new decision.
#[utoipa::path(post, path = "/api/v1/dead-letters/{task}/replay", tag = "watch",
    responses((status = 200, body = DeadLetter)))]
pub(crate) async fn replay_dead_letter(
    Desk { api, signed }: Desk,
    Path(task): Path<String>,
) -> Answer<Json<DeadLetter>> {
    let task: TaskId = id("task", &task)?;
    api.runtime.replay(&signed.caller, task).await?;
    Ok(Json(letter(&api, signed.caller.tenant, task).await?))
}

async fn letter(api: &Api, tenant: TenantId, task: TaskId) -> Answer<DeadLetter> {
    let (board, refused, limits) = api.runtime.dead_letter(tenant, task).await?;
    let agent = api.store().agent(tenant, board.task.agent).await?;
    Ok(shown(&board, &agent, refused, &limits))
}

fn shown(
    board: &Board,
    agent: &Agent,
    refused: Option<String>,
    limits: &ReplayLimits,
) -> DeadLetter {
    let effect = board.effect.as_ref();
    let is_unknown = effect.is_some_and(|effect| {
        matches!(
            effect.state,
            EffectState::PendingReconciliation | EffectState::Dispatching { .. }
        )
    });
    DeadLetter {
        task: Id::of(board.task.id),
        title: board.task.title.clone(),
        kind: board.task.kind.wire(),
        campaign: Id::of(board.campaign.id),
        campaign_name: board.campaign.name.clone(),
        agent: agent.wire(),
        fault: board.task.fault.wire(),
        tries: match effect {
            Some(effect) => effect.attempts + 1,
            None => board.task.attempts + 1,
        },
        took_effect: if is_unknown {
            TookEffect::Unknown
        } else {
            TookEffect::Nothing
        },
        effect: effect.map(|effect| Id::of(effect.id)),
        replay: Replay {
            allowed: refused.is_none() && limits.not_before.is_none(),
            refused,
            not_before: limits.not_before.map(Time::of),
            today: limits.today,
        },
        at: Time::of(board.task.updated_at),
    }
}
