//! Content, publications with their newest figures, trends.

use std::collections::HashMap;

use axum::Json;
use chimera_contract::{
    content::{
        Content as WireContent, ContentQuery, Publication as WirePublication, Trend as WireTrend,
    },
    page::{Page, PageQuery},
};
use chimera_domain::{
    id::{CampaignId, TenantId},
    publication::Engagement,
};
use chimera_door::{
    extract::{Path, Query, id_in_body},
    problem::Answer,
    respond::{page, rows},
    signed::Desk,
    state::Api,
};
use chimera_ports::page::PageRequest;
use chimera_wire::ToWire;

use crate::{names::Names, resources::campaigns::known};

/// Content, newest first.
#[utoipa::path(get, path = "/api/v1/content", tag = "content",
    params(ContentQuery), responses((status = 200, body = Page<WireContent>)))]
pub(crate) async fn list_content(
    Desk { api, signed }: Desk,
    Query(asked): Query<ContentQuery>,
) -> Answer<Json<Page<WireContent>>> {
    let campaign = asked
        .campaign
        .as_ref()
        .map(|campaign| id_in_body(&campaign.0))
        .transpose()?;
    content(
        &api,
        signed.caller.tenant,
        campaign,
        page(asked.after, asked.limit),
    )
    .await
}

/// A campaign's content, newest first.
#[utoipa::path(get, path = "/api/v1/campaigns/{campaign}/content", tag = "campaigns",
    params(PageQuery), responses((status = 200, body = Page<WireContent>)))]
pub(crate) async fn list_campaign_content(
    Desk { api, signed }: Desk,
    Path(campaign): Path<String>,
    Query(asked): Query<PageQuery>,
) -> Answer<Json<Page<WireContent>>> {
    let tenant = signed.caller.tenant;
    let campaign = known(&api, tenant, &campaign).await?;
    content(&api, tenant, Some(campaign), page(asked.after, asked.limit)).await
}

/// Publications, newest first, with their newest figures.
#[utoipa::path(get, path = "/api/v1/publications", tag = "content",
    params(ContentQuery), responses((status = 200, body = Page<WirePublication>)))]
pub(crate) async fn list_publications(
    Desk { api, signed }: Desk,
    Query(asked): Query<ContentQuery>,
) -> Answer<Json<Page<WirePublication>>> {
    let campaign = asked
        .campaign
        .as_ref()
        .map(|campaign| id_in_body(&campaign.0))
        .transpose()?;
    publications(
        &api,
        signed.caller.tenant,
        campaign,
        page(asked.after, asked.limit),
    )
    .await
}

/// A campaign's publications, newest first, with their newest figures.
#[utoipa::path(get, path = "/api/v1/campaigns/{campaign}/publications", tag = "campaigns",
    params(PageQuery), responses((status = 200, body = Page<WirePublication>)))]
pub(crate) async fn list_campaign_publications(
    Desk { api, signed }: Desk,
    Path(campaign): Path<String>,
    Query(asked): Query<PageQuery>,
) -> Answer<Json<Page<WirePublication>>> {
    let tenant = signed.caller.tenant;
    let campaign = known(&api, tenant, &campaign).await?;
    publications(&api, tenant, Some(campaign), page(asked.after, asked.limit)).await
}

/// Trends, newest fetch first.
#[utoipa::path(get, path = "/api/v1/trends", tag = "content",
    params(PageQuery), responses((status = 200, body = Page<WireTrend>)))]
pub(crate) async fn list_trends(
    Desk { api, signed }: Desk,
    Query(asked): Query<PageQuery>,
) -> Answer<Json<Page<WireTrend>>> {
    let found = api
        .store()
        .trends(signed.caller.tenant, page(asked.after, asked.limit))
        .await?;
    Ok(Json(rows(found, |trend| trend.wire())))
}

async fn content(
    api: &Api,
    tenant: TenantId,
    campaign: Option<CampaignId>,
    page: PageRequest,
) -> Answer<Json<Page<WireContent>>> {
    let found = api.store().contents(tenant, campaign, page).await?;
    Ok(Json(rows(found, |content| content.wire())))
}

async fn publications(
    api: &Api,
    tenant: TenantId,
    campaign: Option<CampaignId>,
    page: PageRequest,
) -> Answer<Json<Page<WirePublication>>> {
    let found = api.store().publications(tenant, campaign, page).await?;
    let readings = api.store().latest_engagement(tenant, campaign).await?;
    let newest: HashMap<_, &Engagement> = readings
        .iter()
        .map(|reading| (reading.publication, reading))
        .collect();
    let mut names = Names::of(api, tenant);
    let mut items = Vec::with_capacity(found.items.len());
    for row in &found.items {
        let agent = names.agent(row.agent).await?;
        items.push(chimera_wire::content::publication(
            row,
            agent,
            newest.get(&row.id).copied(),
        ));
    }
    Ok(Json(Page {
        items,
        next: found.next,
    }))
}
