//! Runs and their spans.

use axum::Json;
use chimera_contract::{
    page::{Page, PageQuery},
    scalar::Time,
    trace::{Trace, TraceRow},
};
use chimera_domain::trace::TraceId;
use chimera_wire::ToWire;

use crate::{
    door::{
        extract::{Path, Query, id},
        signed::Desk,
    },
    problem::Answer,
    respond::{page, rows},
};

/// Runs: the running ones first, then the newest.
#[utoipa::path(get, path = "/api/v1/traces", tag = "watch",
    params(PageQuery), responses((status = 200, body = Page<TraceRow>)))]
pub(crate) async fn list_traces(
    Desk { api, signed }: Desk,
    Query(asked): Query<PageQuery>,
) -> Answer<Json<Page<TraceRow>>> {
    let found = api
        .runtime
        .spans()
        .traces(signed.caller.tenant, page(asked.after, asked.limit))
        .await?;
    Ok(Json(rows(found, |trace| trace.wire())))
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
