//! The outbox: what was decided and is held, leaving or gone; and taking a decision back.

use axum::Json;
use chimera_contract::{
    outbox::{Effect as WireEffect, EffectQuery, ReconcileRequest},
    page::Page,
    review::Review as WireReview,
};
use chimera_domain::{
    action::Effect,
    id::{ArtifactId, CampaignId, TenantId},
};
use chimera_door::{
    extract::{Body, IfMatch, Path, Query, id, id_in_body},
    problem::Answer,
    respond::{Versioned, page},
    signed::Desk,
    state::Api,
};
use chimera_ports::page::PageRequest;
use chimera_runtime::Reconciliation;
use chimera_wire::outbox::EffectNames;

use crate::{
    names::Names,
    resources::{campaigns::known, reviews},
};

/// Actions, newest first.
#[utoipa::path(get, path = "/api/v1/effects", tag = "reviews",
    params(EffectQuery), responses((status = 200, body = Page<WireEffect>)))]
pub(crate) async fn list_effects(
    Desk { api, signed }: Desk,
    Query(asked): Query<EffectQuery>,
) -> Answer<Json<Page<WireEffect>>> {
    let campaign = asked
        .campaign
        .as_ref()
        .map(|campaign| id_in_body(&campaign.0))
        .transpose()?;
    list(
        &api,
        signed.caller.tenant,
        campaign,
        page(asked.after, asked.limit),
    )
    .await
}

/// A campaign's actions, newest first.
#[utoipa::path(get, path = "/api/v1/campaigns/{campaign}/effects", tag = "campaigns",
    params(chimera_contract::page::PageQuery), responses((status = 200, body = Page<WireEffect>)))]
pub(crate) async fn list_campaign_effects(
    Desk { api, signed }: Desk,
    Path(campaign): Path<String>,
    Query(asked): Query<chimera_contract::page::PageQuery>,
) -> Answer<Json<Page<WireEffect>>> {
    let tenant = signed.caller.tenant;
    let campaign = known(&api, tenant, &campaign).await?;
    list(&api, tenant, Some(campaign), page(asked.after, asked.limit)).await
}

/// One action.
#[utoipa::path(get, path = "/api/v1/effects/{effect}", tag = "reviews",
    responses((status = 200, body = WireEffect)))]
pub(crate) async fn get_effect(
    Desk { api, signed }: Desk,
    Path(effect): Path<String>,
) -> Answer<Versioned<WireEffect>> {
    let tenant = signed.caller.tenant;
    let found = api.store().effect(tenant, id("action", &effect)?).await?;
    let body = shown(&api, &mut Names::of(&api, tenant), &found).await?;
    Ok(Versioned::of(found.version, body))
}

/// Takes a decision back within the undo time: the item is put before a person again.
#[utoipa::path(post, path = "/api/v1/effects/{effect}/undo", tag = "reviews",
    responses((status = 200, body = WireReview)))]
pub(crate) async fn undo_effect(
    Desk { api, signed }: Desk,
    Path(effect): Path<String>,
) -> Answer<Versioned<WireReview>> {
    let review = api
        .runtime
        .undo(&signed.caller, id("action", &effect)?)
        .await?;
    let body = reviews::shown(
        &api,
        &mut Names::of(&api, signed.caller.tenant),
        &signed,
        &review,
    )
    .await?;
    Ok(Versioned::of(review.version, body))
}

/// Says whether an action with an unknown outcome went out, after a look at the account. Sends nothing.
#[utoipa::path(post, path = "/api/v1/effects/{effect}/reconcile", tag = "reviews",
    request_body = ReconcileRequest, responses((status = 200, body = WireEffect)))]
pub(crate) async fn reconcile_effect(
    Desk { api, signed }: Desk,
    Path(effect): Path<String>,
    seen: IfMatch,
    Body(said): Body<ReconcileRequest>,
) -> Answer<Versioned<WireEffect>> {
    let said = Reconciliation {
        sent: said.sent,
        post_id: said.post_id,
        url: said.url,
        note: said.note,
    };
    let done = api
        .runtime
        .reconcile(
            &signed.caller,
            id("action", &effect)?,
            seen.required()?,
            said,
        )
        .await;
    let settled = seen.guard(done)?;
    let mut names = Names::of(&api, signed.caller.tenant);
    let body = shown(&api, &mut names, &settled).await?;
    Ok(Versioned::of(settled.version, body))
}

async fn list(
    api: &Api,
    tenant: TenantId,
    campaign: Option<CampaignId>,
    page: PageRequest,
) -> Answer<Json<Page<WireEffect>>> {
    let found = api.store().effects(tenant, campaign, page).await?;
    let artifacts: Vec<ArtifactId> = found.items.iter().map(|effect| effect.artifact).collect();
    let rehearsed = api.store().rehearsed(tenant, &artifacts).await?;
    let mut names = Names::of(api, tenant);
    let mut items = Vec::with_capacity(found.items.len());
    for effect in &found.items {
        let rehearsal = rehearsed.contains(&effect.artifact);
        items.push(named(&mut names, effect, rehearsal).await?);
    }
    Ok(Json(Page {
        items,
        next: found.next,
    }))
}

/// An action with its names.
pub(crate) async fn shown(api: &Api, names: &mut Names<'_>, effect: &Effect) -> Answer<WireEffect> {
    let artifacts = [effect.artifact];
    let rehearsed = api.store().rehearsed(effect.tenant, &artifacts).await?;
    named(names, effect, !rehearsed.is_empty()).await
}

async fn named(names: &mut Names<'_>, effect: &Effect, rehearsal: bool) -> Answer<WireEffect> {
    let with = EffectNames {
        agent: names.agent(effect.agent).await?,
        actor: names.actor(&effect.approval.actor).await?,
        rehearsal,
    };
    Ok(chimera_wire::outbox::effect(effect, with))
}
