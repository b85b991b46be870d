//! What model calls cost, line by line.

use axum::Json;
use chimera_contract::{
    page::{Page, PageQuery},
    spending::ModelCall,
};
use chimera_door::{
    extract::{Path, Query},
    problem::Answer,
    respond::page,
    signed::Desk,
};
use chimera_ports::store::CallFilter;
use chimera_wire::ToWire;

use crate::resources::campaigns::known;

/// The lines of a campaign's model calls, newest first: those that have ended.
#[utoipa::path(get, path = "/api/v1/campaigns/{campaign}/calls", tag = "campaigns",
    params(PageQuery), responses((status = 200, body = Page<ModelCall>)))]
pub(crate) async fn list_campaign_calls(
    Desk { api, signed }: Desk,
    Path(campaign): Path<String>,
    Query(asked): Query<PageQuery>,
) -> Answer<Json<Page<ModelCall>>> {
    let tenant = signed.caller.tenant;
    let filter = CallFilter {
        campaign: Some(known(&api, tenant, &campaign).await?),
        task: None,
    };
    let found = api
        .store()
        .model_calls(tenant, filter, page(asked.after, asked.limit))
        .await?;
    Ok(Json(Page {
        items: found.items.wire(),
        next: found.next,
    }))
}
