//! API keys of a workspace (SEC-04): shown once, kept as a digest, listed by their first signs, revoked.
//!
//! Never here: what a key may do (`authz`), or keys of AI providers (`keychain`).

use axum::{Json, http::StatusCode};
use chimera_contract::{
    access::{ApiKey, ApiKeyMade, NewApiKey},
    page::Page,
};
use chimera_domain::{
    id::{SessionId, UserId},
    time::Span,
};
use chimera_door::{
    extract::{Body, Path, id},
    people::token,
    problem::{Answer, Problem},
    signed::Desk,
    state::Api,
};
use chimera_ports::store::{Session, SessionKind, User};
use chimera_runtime::Caller;
use serde_json::json;

use crate::resources::users;

/// Keys of a workspace that are good at the same time.
const MAX_KEYS: usize = 64;
/// Days that a key lasts where nothing is said.
const DAYS: u32 = 90;
/// Most days that a key lasts.
const MAX_DAYS: u32 = 366;
const SECONDS_PER_DAY: u32 = 86_400;
/// Area of the fact that a key was made or revoked.
const AREA: &str = "keys";

/// Every key of the workspace, ended ones too, newest first.
#[utoipa::path(get, path = "/api/v1/keys", tag = "people",
    responses((status = 200, body = Page<ApiKey>)))]
pub(crate) async fn list_api_keys(Desk { api, signed }: Desk) -> Answer<Json<Page<ApiKey>>> {
    let tenant = signed.caller.tenant;
    let users = api.store().users(tenant).await?;
    let items = api.store().keys(tenant).await?;
    let items = items.iter().filter_map(|key| {
        let account = users.iter().find(|user| user.id == key.user)?;
        Some(chimera_wire::people::api_key(key, account))
    });
    Ok(Json(Page {
        items: items.collect(),
        next: None,
    }))
}

/// Makes a key. It is in this answer and nowhere else.
#[utoipa::path(post, path = "/api/v1/keys", tag = "people",
    request_body = NewApiKey, responses((status = 201, body = ApiKeyMade)))]
pub(crate) async fn make_api_key(
    Desk { api, signed }: Desk,
    Body(asked): Body<NewApiKey>,
) -> Answer<(StatusCode, Json<ApiKeyMade>)> {
    let name = users::name(&asked.name)?;
    let roles = users::roles(&asked.roles)?;
    let days = asked.days.unwrap_or(DAYS);
    if !(1..=MAX_DAYS).contains(&days) {
        return Err(Problem::invalid(format!(
            "A key lasts 1 to {MAX_DAYS} days. Nothing was made."
        )));
    }
    let (tenant, now) = (signed.caller.tenant, api.now());
    let turn = api.setup.lock().await;
    let good = |key: &&Session| key.revoked_at.is_none() && key.expires_at > now;
    if api.store().keys(tenant).await?.iter().filter(good).count() >= MAX_KEYS {
        return Err(Problem::invalid(format!(
            "There are {MAX_KEYS} good keys already; revoke one first. Nothing was made."
        )));
    }
    let (secret, prefix) = token::mint_key()?;
    let digest =
        token::digest(&secret).ok_or_else(|| Problem::internal(&"a minted key is no key"))?;
    let account = account(&api, &signed.caller, name, roles);
    let key = Session {
        id: SessionId::from_uuid(api.runtime.ids().uuid()),
        tenant,
        user: account.id,
        token: digest,
        label: account.name.clone(),
        created_at: now,
        expires_at: now + Span::seconds(days * SECONDS_PER_DAY),
        kind: SessionKind::Key,
        prefix,
        revoked_at: None,
        last_used_at: None,
    };
    let output = json!({
        "key": key.id, "account": account.id, "roles": account.roles, "prefix": key.prefix, "days": days,
    });
    let notes = api.notes(&signed.caller, "key.make", output, AREA);
    api.store().create_user(&account, Vec::new()).await?;
    api.store().create_session(&key, notes).await?;
    drop(turn);
    api.announce();
    let key = chimera_wire::people::api_key(&key, &account);
    Ok((StatusCode::CREATED, Json(ApiKeyMade { secret, key })))
}

/// The account in whose name a key acts; nobody signs in to it.
fn account(api: &Api, who: &Caller, name: String, roles: Vec<chimera_domain::role::Role>) -> User {
    let id = UserId::from_uuid(api.runtime.ids().uuid());
    User {
        id,
        tenant: who.tenant,
        name,
        // Unique, and of a domain that never is anybody's (RFC 2606).
        email: format!("key-{id}@keys.invalid"),
        password_hash: String::new(),
        roles,
        created_at: api.now(),
        disabled_at: None,
    }
}

/// Revokes a key: it is good for nothing from here on.
#[utoipa::path(delete, path = "/api/v1/keys/{access_key}", tag = "people", responses((status = 204)))]
pub(crate) async fn revoke_api_key(
    Desk { api, signed }: Desk,
    Path(key): Path<String>,
) -> Answer<StatusCode> {
    let tenant = signed.caller.tenant;
    let wanted: SessionId = id("API key", &key)?;
    let keys = api.store().keys(tenant).await?;
    let Some(found) = keys.iter().find(|one| one.id == wanted) else {
        return Err(Problem::not_found("API key", &key));
    };
    if found.revoked_at.is_some() {
        return Ok(StatusCode::NO_CONTENT);
    }
    let output = json!({ "key": found.id, "account": found.user, "prefix": found.prefix });
    let notes = api.notes(&signed.caller, "key.revoke", output, AREA);
    let store = api.store();
    store
        .revoke_session(tenant, found.id, api.now(), notes)
        .await?;
    let account = store.user(tenant, found.user).await?;
    let closed = User {
        disabled_at: Some(api.now()),
        ..account
    };
    store.update_user(&closed, Vec::new()).await?;
    api.announce();
    Ok(StatusCode::NO_CONTENT)
}
