//! Campaigns: list, make, look, start, hold, go on, call off.

use axum::Json;
use chimera_contract::{
    campaign::{
        Campaign as WireCampaign, CampaignChange, CampaignQuery, CancelNote, NewCampaign, Progress,
    },
    page::Page,
};
use chimera_domain::{
    campaign::{Campaign, CampaignStatus},
    id::{CampaignId, TenantId},
    text::written,
};
use chimera_door::{
    extract::{Body, IfMatch, Path, Query, id},
    problem::{Answer, Problem},
    respond::{Versioned, page},
    signed::Desk,
    state::Api,
};
use chimera_wire::ToDomain;

use crate::{names::Names, new_campaign};

/// Most characters of a note.
const MAX_NOTE_CHARS: usize = 500;

/// Campaigns, newest first.
#[utoipa::path(get, path = "/api/v1/campaigns", tag = "campaigns",
    params(CampaignQuery), responses((status = 200, body = Page<WireCampaign>)))]
pub(crate) async fn list_campaigns(
    Desk { api, signed }: Desk,
    Query(asked): Query<CampaignQuery>,
) -> Answer<Json<Page<WireCampaign>>> {
    let tenant = signed.caller.tenant;
    let status = asked.status.map(|status| status.domain());
    let found = api
        .store()
        .campaigns(tenant, status, page(asked.after, asked.limit))
        .await?;
    let mut names = Names::of(&api, tenant);
    let mut items = Vec::with_capacity(found.items.len());
    for campaign in &found.items {
        items.push(shown(&api, &mut names, campaign).await?);
    }
    Ok(Json(Page {
        items,
        next: found.next,
    }))
}

/// Makes a campaign in draft. Nothing runs before it has a plan and is started.
#[utoipa::path(post, path = "/api/v1/campaigns", tag = "campaigns",
    request_body = NewCampaign, responses((status = 201, body = WireCampaign)))]
pub(crate) async fn create_campaign(
    Desk { api, signed }: Desk,
    Body(asked): Body<NewCampaign>,
) -> Answer<Versioned<WireCampaign>> {
    let new = new_campaign::admitted(&api, &signed.caller, asked).await?;
    let campaign = api.runtime.create_campaign(&signed.caller, new).await?;
    versioned(&api, &campaign).await.map(Versioned::created)
}

/// A campaign.
#[utoipa::path(get, path = "/api/v1/campaigns/{campaign}", tag = "campaigns",
    responses((status = 200, body = WireCampaign)))]
pub(crate) async fn get_campaign(
    Desk { api, signed }: Desk,
    Path(campaign): Path<String>,
) -> Answer<Versioned<WireCampaign>> {
    let found = api
        .store()
        .campaign(signed.caller.tenant, key(&campaign)?)
        .await?;
    versioned(&api, &found).await
}

/// Changes goal or limits of a campaign that is not over.
#[utoipa::path(patch, path = "/api/v1/campaigns/{campaign}", tag = "campaigns",
    request_body = CampaignChange, responses((status = 200, body = WireCampaign)))]
pub(crate) async fn amend_campaign(
    Desk { api, signed }: Desk,
    Path(campaign): Path<String>,
    seen: IfMatch,
    Body(asked): Body<CampaignChange>,
) -> Answer<Versioned<WireCampaign>> {
    let amendment = new_campaign::amendment(asked)?;
    let done = api
        .runtime
        .amend_campaign(&signed.caller, key(&campaign)?, seen.required()?, amendment)
        .await;
    versioned(&api, &seen.guard(done)?).await
}

/// How far a campaign is.
#[utoipa::path(get, path = "/api/v1/campaigns/{campaign}/progress", tag = "campaigns",
    responses((status = 200, body = Progress)))]
pub(crate) async fn get_progress(
    Desk { api, signed }: Desk,
    Path(campaign): Path<String>,
) -> Answer<Json<Progress>> {
    let progress = progress(&api, signed.caller.tenant, key(&campaign)?).await?;
    Ok(Json(progress))
}

async fn progress(api: &Api, tenant: TenantId, campaign: CampaignId) -> Answer<Progress> {
    let counted = api.store().progress(tenant, campaign).await?;
    // Most campaigns have nothing that failed, and then there is nothing to look for.
    let rejected = match counted.failed {
        0 => 0,
        _ => api.store().rejected_tasks(tenant, campaign).await?,
    };
    Ok(chimera_wire::campaign::progress(counted, rejected))
}

/// Starts a campaign: its plan becomes tasks.
#[utoipa::path(post, path = "/api/v1/campaigns/{campaign}/start", tag = "campaigns",
    responses((status = 200, body = WireCampaign)))]
pub(crate) async fn start_campaign(
    Desk { api, signed }: Desk,
    Path(campaign): Path<String>,
    seen: IfMatch,
) -> Answer<Versioned<WireCampaign>> {
    let done = api
        .runtime
        .start_campaign(&signed.caller, key(&campaign)?, seen.version()?)
        .await;
    versioned(&api, &seen.guard(done)?).await
}

/// Holds a campaign still: nothing is assigned, nothing leaves.
#[utoipa::path(post, path = "/api/v1/campaigns/{campaign}/pause", tag = "campaigns",
    responses((status = 200, body = WireCampaign)))]
pub(crate) async fn pause_campaign(
    Desk { api, signed }: Desk,
    Path(campaign): Path<String>,
    seen: IfMatch,
) -> Answer<Versioned<WireCampaign>> {
    let done = api
        .runtime
        .pause_campaign(&signed.caller, key(&campaign)?, seen.version()?)
        .await;
    versioned(&api, &seen.guard(done)?).await
}

/// Goes on with a paused campaign.
#[utoipa::path(post, path = "/api/v1/campaigns/{campaign}/resume", tag = "campaigns",
    responses((status = 200, body = WireCampaign)))]
pub(crate) async fn resume_campaign(
    Desk { api, signed }: Desk,
    Path(campaign): Path<String>,
    seen: IfMatch,
) -> Answer<Versioned<WireCampaign>> {
    let done = api
        .runtime
        .resume_campaign(&signed.caller, key(&campaign)?, seen.version()?)
        .await;
    versioned(&api, &seen.guard(done)?).await
}

/// Calls a campaign off: open tasks end, open reviews are withdrawn, held actions are voided.
#[utoipa::path(post, path = "/api/v1/campaigns/{campaign}/cancel", tag = "campaigns",
    request_body = CancelNote, responses((status = 200, body = WireCampaign)))]
pub(crate) async fn cancel_campaign(
    Desk { api, signed }: Desk,
    Path(campaign): Path<String>,
    seen: IfMatch,
    Body(asked): Body<CancelNote>,
) -> Answer<Versioned<WireCampaign>> {
    let note = note(&asked.note)?;
    let done = api
        .runtime
        .cancel_campaign(&signed.caller, key(&campaign)?, seen.version()?, &note)
        .await;
    versioned(&api, &seen.guard(done)?).await
}

/// A note within its bounds.
pub(crate) fn note(text: &str) -> Answer<String> {
    written("The note", text, 0, MAX_NOTE_CHARS)
        .map_err(|error| Problem::invalid(error.to_string()))
}

/// A campaign's key out of a path.
pub(crate) fn key(text: &str) -> Answer<CampaignId> {
    id("campaign", text)
}

/// Refuses a campaign that is not this tenant's, for lists under it.
pub(crate) async fn known(api: &Api, tenant: TenantId, text: &str) -> Answer<CampaignId> {
    let id = key(text)?;
    api.store().campaign(tenant, id).await?;
    Ok(id)
}

async fn shown(api: &Api, names: &mut Names<'_>, campaign: &Campaign) -> Answer<WireCampaign> {
    let (tenant, id) = (campaign.tenant, campaign.id);
    let progress = progress(api, tenant, id).await?;
    let spent = api.store().spending(tenant, Some(id), api.now()).await?;
    let stop = match campaign.status {
        // Only these ask models: what is paused or over does not stand still for money.
        CampaignStatus::Active | CampaignStatus::Draft => {
            api.store().budget_stop(tenant, id, api.now()).await?
        }
        _ => None,
    };
    Ok(chimera_wire::campaign::campaign(
        campaign,
        names.agent(campaign.agent).await?,
        progress,
        chimera_wire::campaign::spending(&spent, stop),
    ))
}

async fn versioned(api: &Api, campaign: &Campaign) -> Answer<Versioned<WireCampaign>> {
    let mut names = Names::of(api, campaign.tenant);
    Ok(Versioned::of(
        campaign.version,
        shown(api, &mut names, campaign).await?,
    ))
}
