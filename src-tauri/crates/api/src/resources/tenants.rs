//! Workspaces of the installation: made by the owner of the first one, and never looked into from outside.
//!
//! Never here: the first workspace (`setup`), or who may (`authz`).

use axum::{Json, http::StatusCode};
use chimera_contract::{
    access::{NewWorkspace, Workspace},
    error::people,
    page::Page,
};
use chimera_domain::{
    change::Change,
    id::{TenantId, UserId},
    role::{Actor, Role},
    tenant::{Tenant, TenantSlug},
};
use chimera_door::{
    extract::Body,
    people::password,
    problem::{Answer, Problem},
    signed::Desk,
    state::Api,
};
use chimera_ports::store::User;
use serde_json::json;

use crate::{naming::named, resources::users};

/// Most characters of a workspace's name.
const MAX_NAME_CHARS: usize = 80;
/// Workspaces of one installation.
const MAX_TENANTS: usize = 1_000;
/// Area of the fact that a workspace was made.
const AREA: &str = "tenants";

/// Every workspace, oldest first.
#[utoipa::path(get, path = "/api/v1/swarm/tenants", tag = "people",
    responses((status = 200, body = Page<Workspace>)))]
pub(crate) async fn list_tenants(Desk { api, .. }: Desk) -> Answer<Json<Page<Workspace>>> {
    let tenants = api.store().tenants().await?;
    Ok(Json(Page {
        items: tenants
            .iter()
            .map(chimera_wire::people::workspace)
            .collect(),
        next: None,
    }))
}

/// Makes a workspace with its owner. Whoever makes it sees nothing of what is in it.
#[utoipa::path(post, path = "/api/v1/swarm/tenants", tag = "people",
    request_body = NewWorkspace, responses((status = 201, body = Workspace)))]
pub(crate) async fn make_tenant(
    Desk { api, signed }: Desk,
    Body(asked): Body<NewWorkspace>,
) -> Answer<(StatusCode, Json<Workspace>)> {
    let slug: TenantSlug =
        asked
            .tenant_id
            .parse()
            .map_err(|error: chimera_domain::tenant::InvalidTenantSlug| {
                Problem::invalid(format!("{error}. Nothing was made."))
            })?;
    let text = asked.name.as_deref().unwrap_or(&asked.tenant_id);
    let name = named("The workspace's name", text, MAX_NAME_CHARS)
        .map_err(|error| Problem::invalid(error.to_string()))?;
    let owner_name = users::name(&asked.owner.name)?;
    let email = users::email(&asked.owner.email)?;
    password::check(&asked.owner.password, &owner_name, &email)?;
    let password_hash = api.passwords.hash(&asked.owner.password).await?;
    let turn = api.setup.lock().await;
    if api.store().user_by_email(&email).await?.is_some() {
        return Err(Problem::new(&people::EMAIL_TAKEN));
    }
    let tenant = place(&api, slug, name).await?;
    let owner = User {
        id: UserId::from_uuid(api.runtime.ids().uuid()),
        tenant: tenant.id,
        name: owner_name,
        email,
        password_hash,
        roles: Role::ALL.to_vec(),
        created_at: api.now(),
        disabled_at: None,
    };
    let made = json!({ "user": owner.id, "solo": true });
    let record = api
        .runtime
        .record(tenant.id, Actor::system("setup"), "setup.owner", made);
    api.store()
        .create_user(&owner, vec![Change::Audit(record)])
        .await?;
    let output = json!({ "tenant": tenant.id, "slug": tenant.slug });
    let notes = api.notes(&signed.caller, "tenant.make", output, AREA);
    api.store().append(signed.caller.tenant, notes).await?;
    drop(turn);
    api.announce();
    Ok((
        StatusCode::CREATED,
        Json(chimera_wire::people::workspace(&tenant)),
    ))
}

/// The new workspace, or one of that name which a broken-off attempt left without anybody in it.
async fn place(api: &Api, slug: TenantSlug, name: String) -> Answer<Tenant> {
    let tenants = api.store().tenants().await?;
    if let Some(found) = tenants.iter().find(|tenant| tenant.slug == slug) {
        let nobody = api.store().users(found.id).await?.is_empty();
        let first = api.first_tenant().await? == Some(found.id);
        return if nobody && !first {
            Ok(found.clone())
        } else {
            Err(Problem::new(&people::TENANT_TAKEN))
        };
    }
    if tenants.len() >= MAX_TENANTS {
        return Err(Problem::invalid(format!(
            "There are {MAX_TENANTS} workspaces already. Nothing was made."
        )));
    }
    let tenant = Tenant {
        id: TenantId::from_uuid(api.runtime.ids().uuid()),
        slug,
        name,
        created_at: api.now(),
    };
    let output = json!({ "tenant": tenant.id, "slug": tenant.slug });
    let record = api
        .runtime
        .record(tenant.id, Actor::system("setup"), "tenant.create", output);
    api.store()
        .create_tenant(&tenant, vec![Change::Audit(record)])
        .await?;
    Ok(tenant)
}
