//! Runs and their spans.

use axum::Json;
use chimera_contract::{
    page::PageQuery,
    scalar::Time,
    trace::{Trace, Traces},
};
use chimera_domain::trace::TraceId;
use chimera_door::{
    extract::{Path, Query, id},
    problem::Answer,
    respond::page,
    signed::{Desk, Signed},
    state::Api,
};
use chimera_ports::{page::PageRequest, spans::TraceSummary, store::ReviewFilter};
use chimera_wire::ToWire;

/// Runs: the running ones first, then the newest.
#[utoipa::path(get, path = "/api/v1/traces", tag = "watch",
    params(PageQuery), responses((status = 200, body = Traces)))]
pub(crate) async fn list_traces(
    Desk { api, signed }: Desk,
    Query(asked): Query<PageQuery>,
) -> Answer<Json<Traces>> {
    let spans = api.runtime.spans();
    let found = spans
        .traces(signed.caller.tenant, page(asked.after, asked.limit))
        .await?;
    let mut items = Vec::with_capacity(found.items.len());
    for run in &found.items {
        items.push(chimera_wire::trace::row(
            run,
            waits(&api, &signed, run).await?,
        ));
    }
    Ok(Json(Traces {
        items,
        next: found.next,
        spans_lost: spans.lost(),
    }))
}

/// Whether the run is under way and something of its campaign waits for a person.
async fn waits(api: &Api, signed: &Signed, run: &TraceSummary) -> Answer<bool> {
    let (None, Some(campaign)) = (run.ended_at, run.campaign) else {
        return Ok(false);
    };
    let filter = ReviewFilter {
        campaign: Some(campaign),
        ..ReviewFilter::default()
    };
    let open = api
        .store()
        .reviews(signed.caller.tenant, filter, PageRequest::first(1))
        .await?;
    Ok(!open.items.is_empty())
}

/// One run with all its spans, for the waterfall.
#[utoipa::path(get, path = "/api/v1/traces/{trace}", tag = "watch",
    responses((status = 200, body = Trace)))]
pub(crate) async fn get_trace(
    Desk { api, signed }: Desk,
    Path(trace): Path<String>,
) -> Answer<Json<Trace>> {
    let key: TraceId = id("trace", &trace)?;
    let spans = api.runtime.spans().trace(signed.caller.tenant, key).await?;
    Ok(Json(Trace {
        trace: key.to_string(),
        spans: spans.wire(),
        now: Time::of(api.now()),
    }))
}
