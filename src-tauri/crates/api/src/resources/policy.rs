//! The policy in force, and changing it.

use axum::response::{IntoResponse, Response};
use chimera_contract::{
    error::{request, work},
    policy::{PolicyDocument, PolicyVersion},
    scalar::Time,
};
use chimera_domain::id::TenantId;
use chimera_door::{
    extract::{Body, IfMatch},
    problem::{Answer, Problem},
    respond::{Versioned, etag},
    signed::Desk,
    state::Api,
};
use chimera_policy::{Bands, Policy};
use chimera_ports::store::PolicyRecord;
use chimera_wire::ToWire;
use serde_json::json;

use crate::names::Names;

/// The policy in force.
#[utoipa::path(get, path = "/api/v1/policy", tag = "policy",
    responses((status = 200, body = PolicyVersion)))]
pub(crate) async fn get_policy(Desk { api, signed }: Desk) -> Answer<Response> {
    let tenant = signed.caller.tenant;
    match in_force(&api, tenant).await {
        Ok((record, policy)) => Ok(shown(&api, tenant, record, &policy).await?.into_response()),
        // With its version, and the policy that ships to begin from, so that whoever reads this can store a readable
        // one in its place.
        Err(problem) if problem.code.code == work::POLICY_UNREADABLE.code => {
            let version = api.store().current_policy(tenant).await?;
            let version = version.map_or(0, |record| record.version);
            let shipped: PolicyDocument = Policy::default().wire();
            let mut response = problem.with(json!({ "shipped": shipped })).into_response();
            response.headers_mut().extend(etag(version));
            Ok(response)
        }
        Err(problem) => Err(problem),
    }
}

/// Stores the next version of the policy; running campaigns get it at once.
#[utoipa::path(put, path = "/api/v1/policy", tag = "policy",
    request_body = PolicyDocument, responses((status = 200, body = PolicyVersion)))]
pub(crate) async fn put_policy(
    Desk { api, signed }: Desk,
    seen: IfMatch,
    Body(document): Body<PolicyDocument>,
) -> Answer<Versioned<PolicyVersion>> {
    let who = &signed.caller;
    let policy = chimera_wire::policy::policy(document)?;
    policy
        .validate()
        .map_err(|error| Problem::saying(&work::POLICY_INVALID, error.to_string()))?;
    let before = api
        .store()
        .current_policy(who.tenant)
        .await?
        .map_or(0, |record| record.version);
    if seen.text() != Some(before.to_string().as_str()) {
        return Err(Problem::new(&request::VERSION_MISMATCH));
    }
    let record = PolicyRecord {
        tenant: who.tenant,
        version: before + 1,
        document: serde_json::to_value(&policy).map_err(|error| Problem::internal(&error))?,
        author: who.user.to_string(),
        created_at: api.now(),
    };
    let output = json!({ "version": record.version, "document": record.document });
    let notes = api.notes(who, "policy.save", output, "policy");
    seen.guard(api.store().add_policy(&record, notes).await)?;
    api.announce();
    shown(&api, who.tenant, Some(record), &policy).await
}

/// The policy in force with its record; without a record it is the built-in one.
pub(crate) async fn in_force(
    api: &Api,
    tenant: TenantId,
) -> Answer<(Option<PolicyRecord>, Policy)> {
    let record = api.store().current_policy(tenant).await?;
    let Some(found) = &record else {
        return Ok((None, Policy::default()));
    };
    let policy = serde_json::from_value(found.document.clone()).map_err(|error| {
        tracing::error!(%error, version = found.version, "the stored policy cannot be read");
        Problem::new(&work::POLICY_UNREADABLE)
    })?;
    Ok((record, policy))
}

/// The bands of the policy of that number, 0 being the built-in one; `None` when it cannot be read any more.
pub(crate) async fn bands_of(api: &Api, tenant: TenantId, version: u32) -> Answer<Option<Bands>> {
    if version == 0 {
        return Ok(Some(Policy::default().bands));
    }
    let record = api.store().policy(tenant, version).await?;
    Ok(record
        .and_then(|found| serde_json::from_value::<Policy>(found.document).ok())
        .map(|policy| policy.bands))
}

async fn shown(
    api: &Api,
    tenant: TenantId,
    record: Option<PolicyRecord>,
    policy: &Policy,
) -> Answer<Versioned<PolicyVersion>> {
    let version = record.as_ref().map_or(0, |record| record.version);
    let author = match &record {
        Some(record) => Some(Names::of(api, tenant).author(&record.author).await?),
        None => None,
    };
    let body = PolicyVersion {
        version,
        document: policy.wire(),
        author,
        created_at: record.map(|record| Time::of(record.created_at)),
    };
    Ok(Versioned::of(version, body))
}
