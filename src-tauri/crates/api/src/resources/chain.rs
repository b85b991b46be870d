//! The chain over the audit log: how it stands, a check of all of it, and its export.

use axum::{
    Json,
    body::Body,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chimera_audit::Notary;
use chimera_contract::{chain::AuditChain, error::request};
use chimera_domain::{id::TenantId, role::Actor};
use chimera_door::{
    problem::{Answer, Problem},
    signed::Desk,
    state::Api,
};
use http::{HeaderValue, header};
use serde_json::json;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::{
    chain_form::{self, Outgoing},
    names::Names,
};

/// Parts of an export that wait for whoever takes it.
const MAX_WAITING_PARTS: usize = 8;

/// How the chain over the audit log stands, and what the last check of it found.
#[utoipa::path(get, path = "/api/v1/audit/chain", tag = "watch",
    responses((status = 200, body = AuditChain)))]
pub(crate) async fn get_audit_chain(Desk { api, signed }: Desk) -> Answer<Json<AuditChain>> {
    shown(&api, signed.caller.tenant).await.map(Json)
}

/// Begins a check of the whole log, unless one is under way. It goes on by itself; how far it is and what it found
/// stands in the chain's status.
#[utoipa::path(post, path = "/api/v1/audit/chain/verify", tag = "watch",
    responses((status = 202, body = AuditChain)))]
pub(crate) async fn verify_audit_chain(
    Desk { api, signed }: Desk,
) -> Answer<(StatusCode, Json<AuditChain>)> {
    let who = &signed.caller;
    notary(&api)?
        .check(who.tenant, Actor::Person(who.user))
        .await?;
    let chain = shown(&api, who.tenant).await?;
    Ok((StatusCode::ACCEPTED, Json(chain)))
}

/// The sealed log with its chain and checkpoints, one JSON object a line; the first line says how to check it with
/// other tools. The export is itself on record.
#[utoipa::path(get, path = "/api/v1/audit/export", tag = "watch",
    responses((status = 200, content_type = "application/jsonl", body = String)))]
pub(crate) async fn export_audit(Desk { api, signed }: Desk) -> Answer<Response> {
    let who = signed.caller.clone();
    let notary = notary(&api)?.clone();
    let notes = api.notes(&who, "audit.export", json!({}), "audit");
    api.store().append(who.tenant, notes).await?;
    api.announce();
    let at = api.now();
    let (parts, taken) = mpsc::channel(MAX_WAITING_PARTS);
    tokio::spawn(async move {
        let mut outgoing = Outgoing::to(parts);
        let ended = chimera_audit::export(notary.chain(), who.tenant, at, &mut outgoing).await;
        if let Err(error) = outgoing.finish(ended).await {
            tracing::warn!(%error, "an export of the audit log was cut off, which shows in it");
        }
    });
    let name = format!(
        "attachment; filename=\"chimera-audit-{}.jsonl\"",
        at.to_string().replace(':', "-")
    );
    let mut response = Body::from_stream(ReceiverStream::new(taken)).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/jsonl"),
    );
    let name = HeaderValue::from_str(&name).map_err(|error| Problem::internal(&error))?;
    headers.insert(header::CONTENT_DISPOSITION, name);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn notary(api: &Api) -> Answer<&Notary> {
    api.options.notary.as_ref().ok_or_else(|| {
        let message = "Nothing seals the audit log of this installation, so there is nothing to check or export. Nothing was changed.";
        Problem::saying(&request::UNAVAILABLE, message)
    })
}

async fn shown(api: &Api, tenant: TenantId) -> Answer<AuditChain> {
    let status = notary(api)?.status(tenant).await?;
    let by = match &status.last {
        Some(check) => Some(Names::of(api, tenant).actor(&check.by).await?),
        None => None,
    };
    Ok(chain_form::chain(status, by))
}
