//! The first run: whether there is an owner, and making one.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chimera_contract::{
    error::people,
    people::{SessionOpened, Setup, SetupState},
    scalar::Id,
};
use chimera_domain::{
    change::Change,
    id::{TenantId, UserId},
    role::{Actor, Role},
    tenant::Tenant,
};
use chimera_door::{
    extract::Body,
    people::password,
    problem::{Answer, Problem},
    state::Api,
};
use chimera_ports::store::User;
use chimera_runtime::{Caller, STARTER_SOUL};
use chimera_wire::connection::providers;
use serde_json::json;

use crate::{
    naming::named,
    resources::{feeds, session, users},
};

/// Most characters of a workspace's name.
const MAX_NAME_CHARS: usize = 80;
/// Slug of the first workspace.
const FIRST_SLUG: &str = "t_home";

/// Whether this installation is set up, and what it offers.
#[utoipa::path(get, path = "/api/v1/setup", tag = "people",
    responses((status = 200, body = SetupState)))]
pub(crate) async fn get_setup(State(api): State<Api>) -> Answer<Json<SetupState>> {
    Ok(Json(SetupState {
        needs_owner: !api.store().has_users().await?,
        version: api.options.version.clone(),
        providers: providers(),
        password_min_chars: u32::try_from(password::MIN_CHARS).unwrap_or(u32::MAX),
    }))
}

/// Makes the owner account, once, and signs it in. The owner holds every role until there are others.
#[utoipa::path(post, path = "/api/v1/setup", tag = "people",
    request_body = Setup, responses((status = 201, body = SessionOpened)))]
pub(crate) async fn set_up(State(api): State<Api>, Body(asked): Body<Setup>) -> Answer<Response> {
    let name = users::name(&asked.name)?;
    let email = users::email(&asked.email)?;
    password::check(&asked.password, &name, &email)?;
    let workspace = match &asked.workspace {
        Some(text) => named("The workspace's name", text, MAX_NAME_CHARS)
            .map_err(|error| Problem::invalid(error.to_string()))?,
        None => format!("{name}'s workspace"),
    };
    // One at a time: the second finds the first one's account.
    let turn = api.setup.lock().await;
    if api.store().has_users().await? {
        return Err(Problem::new(&people::SETUP_DONE));
    }
    let password_hash = api.passwords.hash(&asked.password).await?;
    let tenant = first_tenant(&api, &workspace).await?;
    let user = User {
        id: UserId::from_uuid(api.runtime.ids().uuid()),
        tenant,
        name,
        email,
        password_hash,
        roles: Role::ALL.to_vec(),
        created_at: api.now(),
        disabled_at: None,
    };
    let who = Caller {
        tenant,
        user: user.id,
        roles: user.roles.clone(),
    };
    let notes = api.notes(
        &who,
        "setup.owner",
        json!({ "user": user.id, "solo": true }),
        "people",
    );
    api.store().create_user(&user, notes).await?;
    name_workspace(&api, &who, &workspace).await?;
    drop(turn);
    api.announce();
    let mut opened = session::open(&api, user, "first run").await?;
    if asked.starter_agent {
        let (agent, _) = api.runtime.create_agent(&who, STARTER_SOUL).await?;
        opened.starter_agent = Some(Id::of(agent.id));
        if let Some(sample) = &api.options.sample_feed {
            feeds::connect_sample(&api, &who, sample).await?;
        }
    }
    Ok((StatusCode::CREATED, session::with_cookie(&api, opened)).into_response())
}

/// The workspace that is there already (the command line's, or that of a first run that broke off), or a new one.
async fn first_tenant(api: &Api, name: &str) -> Answer<TenantId> {
    if let Some(found) = api.store().tenants().await?.first() {
        return Ok(found.id);
    }
    let tenant = Tenant {
        id: TenantId::from_uuid(api.runtime.ids().uuid()),
        slug: FIRST_SLUG
            .parse()
            .map_err(|error| Problem::internal(&error))?,
        name: name.to_owned(),
        created_at: api.now(),
    };
    let record = api.runtime.record(
        tenant.id,
        Actor::system("setup"),
        "tenant.create",
        json!({ "tenant": tenant.id, "slug": tenant.slug }),
    );
    let notes = vec![Change::Audit(record)];
    api.store().create_tenant(&tenant, notes).await?;
    Ok(tenant.id)
}

/// Gives a workspace that was there already the owner's name for it.
async fn name_workspace(api: &Api, who: &Caller, name: &str) -> Answer<()> {
    let tenants = api.store().tenants().await?;
    let is_named = |tenant: &Tenant| tenant.id == who.tenant && tenant.name == name;
    if tenants.iter().any(is_named) {
        return Ok(());
    }
    let notes = api.notes(who, "tenant.rename", json!({ "name": name }), "people");
    Ok(api.store().rename_tenant(who.tenant, name, notes).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_starter_persona_is_one_without_any_complaint() {
        let parsed = chimera_frontmatter::soul::parse(STARTER_SOUL).unwrap();
        assert_eq!(parsed.warnings, []);
        assert_eq!(parsed.value.name, "Mara Voss");
    }
}
