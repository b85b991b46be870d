//! The audit log, alerts, incidents.

use axum::{Json, http::StatusCode};
use chimera_contract::{
    log::{Alert, AuditQuery, AuditRecord, Incident, IncidentQuery},
    page::{Page, PageQuery},
};
use chimera_domain::id::AlertId;
use chimera_door::{
    extract::{Path, Query, id, id_in_body},
    problem::Answer,
    respond::{page, rows},
    signed::Desk,
};
use chimera_ports::store::{AuditFilter, IncidentFilter};
use chimera_wire::ToWire;
use serde_json::json;

use crate::names::Names;

/// Audit records, newest first.
#[utoipa::path(get, path = "/api/v1/audit", tag = "watch",
    params(AuditQuery), responses((status = 200, body = Page<AuditRecord>)))]
pub(crate) async fn list_audit(
    Desk { api, signed }: Desk,
    Query(asked): Query<AuditQuery>,
) -> Answer<Json<Page<AuditRecord>>> {
    let tenant = signed.caller.tenant;
    let filter = AuditFilter {
        campaign: asked
            .campaign
            .as_ref()
            .map(|campaign| id_in_body(&campaign.0))
            .transpose()?,
        task: asked
            .task
            .as_ref()
            .map(|task| id_in_body(&task.0))
            .transpose()?,
        action_prefix: asked.action,
    };
    let found = api
        .store()
        .audit(tenant, filter, page(asked.after, asked.limit))
        .await?;
    let mut names = Names::of(&api, tenant);
    let mut items = Vec::with_capacity(found.items.len());
    for entry in &found.items {
        let actor = names.actor(&entry.record.actor).await?;
        items.push(chimera_wire::log::record(entry, actor));
    }
    Ok(Json(Page {
        items,
        next: found.next,
    }))
}

/// Alerts: unacknowledged first, then newest.
#[utoipa::path(get, path = "/api/v1/alerts", tag = "watch",
    params(PageQuery), responses((status = 200, body = Page<Alert>)))]
pub(crate) async fn list_alerts(
    Desk { api, signed }: Desk,
    Query(asked): Query<PageQuery>,
) -> Answer<Json<Page<Alert>>> {
    let found = api
        .store()
        .alerts(signed.caller.tenant, page(asked.after, asked.limit))
        .await?;
    Ok(Json(rows(found, |alert| alert.wire())))
}

/// Marks an alert as seen.
#[utoipa::path(post, path = "/api/v1/alerts/{alert}/acknowledge", tag = "watch",
    responses((status = 204)))]
pub(crate) async fn acknowledge_alert(
    Desk { api, signed }: Desk,
    Path(alert): Path<String>,
) -> Answer<StatusCode> {
    let who = &signed.caller;
    let alert: AlertId = id("alert", &alert)?;
    let notes = api.notes(
        who,
        "alert.acknowledge",
        json!({ "alert": alert }),
        "alerts",
    );
    api.store()
        .acknowledge_alert(who.tenant, alert, api.now(), notes)
        .await?;
    api.announce();
    Ok(StatusCode::NO_CONTENT)
}

/// Incidents, newest first.
#[utoipa::path(get, path = "/api/v1/incidents", tag = "watch",
    params(IncidentQuery), responses((status = 200, body = Page<Incident>)))]
pub(crate) async fn list_incidents(
    Desk { api, signed }: Desk,
    Query(asked): Query<IncidentQuery>,
) -> Answer<Json<Page<Incident>>> {
    let filter = IncidentFilter {
        severity: asked.severity.map(|severity| severity.as_str().to_owned()),
    };
    let found = api
        .store()
        .incidents(signed.caller.tenant, filter, page(asked.after, asked.limit))
        .await?;
    Ok(Json(rows(found, |incident| incident.wire())))
}
