//! Accounts and roles.

use axum::{Json, http::StatusCode};
use chimera_contract::{
    error::people,
    page::Page,
    people::{NewUser, User as WireUser, UserChange},
};
use chimera_domain::{id::UserId, role::Role};
use chimera_door::{
    extract::{Body, Path, id},
    people::password,
    problem::{Answer, Problem},
    signed::Desk,
};
use chimera_ports::{error::PortError, store::User};
use chimera_wire::{ToDomain, ToWire};
use serde_json::json;

use crate::naming::named;

/// Most characters of a name.
const MAX_NAME_CHARS: usize = 80;
/// Most characters of an address (RFC 5321).
const MAX_EMAIL_CHARS: usize = 254;
/// Area of the fact that an account was made or changed.
pub(super) const PEOPLE: &str = "people";

/// Everybody with an account, by name.
#[utoipa::path(get, path = "/api/v1/users", tag = "people",
    responses((status = 200, body = Page<WireUser>)))]
pub(crate) async fn list_users(Desk { api, signed }: Desk) -> Answer<Json<Page<WireUser>>> {
    let mut users = api.store().users(signed.caller.tenant).await?;
    // Accounts of API keys are listed with their keys.
    let keys = api.store().keys(signed.caller.tenant).await?;
    users.retain(|user| !keys.iter().any(|key| key.user == user.id));
    Ok(Json(Page {
        items: users.wire(),
        next: None,
    }))
}

/// One account.
#[utoipa::path(get, path = "/api/v1/users/{user}", tag = "people",
    responses((status = 200, body = WireUser)))]
pub(crate) async fn get_user(
    Desk { api, signed }: Desk,
    Path(user): Path<String>,
) -> Answer<Json<WireUser>> {
    let found = api
        .store()
        .user(signed.caller.tenant, id("account", &user)?)
        .await?;
    Ok(Json(found.wire()))
}

/// Makes an account.
#[utoipa::path(post, path = "/api/v1/users", tag = "people",
    request_body = NewUser, responses((status = 201, body = WireUser)))]
pub(crate) async fn create_user(
    Desk { api, signed }: Desk,
    Body(asked): Body<NewUser>,
) -> Answer<(StatusCode, Json<WireUser>)> {
    let name = name(&asked.name)?;
    let email = email(&asked.email)?;
    password::check(&asked.password, &name, &email)?;
    let user = User {
        id: UserId::from_uuid(api.runtime.ids().uuid()),
        tenant: signed.caller.tenant,
        name,
        email,
        roles: roles(&asked.roles)?,
        password_hash: api.passwords.hash(&asked.password).await?,
        created_at: api.now(),
        disabled_at: None,
    };
    let output = json!({ "user": user.id, "roles": user.roles });
    let notes = api.notes(&signed.caller, "user.create", output, PEOPLE);
    api.store().create_user(&user, notes).await.map_err(taken)?;
    api.announce();
    Ok((StatusCode::CREATED, Json(user.wire())))
}

/// Changes an account. The last active admin stays one.
#[utoipa::path(put, path = "/api/v1/users/{user}", tag = "people",
    request_body = UserChange, responses((status = 200, body = WireUser)))]
pub(crate) async fn change_user(
    Desk { api, signed }: Desk,
    Path(user): Path<String>,
    Body(asked): Body<UserChange>,
) -> Answer<Json<WireUser>> {
    // Two admins who demote each other at the same moment: one after the other.
    let turn = api.setup.lock().await;
    let tenant = signed.caller.tenant;
    let mut found = api.store().user(tenant, id("account", &user)?).await?;
    found.name = name(&asked.name)?;
    found.roles = roles(&asked.roles)?;
    found.disabled_at = match (asked.disabled, found.disabled_at) {
        (true, before) => before.or_else(|| Some(api.now())),
        (false, _) => None,
    };
    if found.is_service() && asked.password.is_some() {
        return Err(Problem::invalid(
            "Nobody signs in to the account of a program: it has no password. Nothing was changed.",
        ));
    }
    if let Some(new) = &asked.password {
        password::check(new, &found.name, &found.email)?;
        found.password_hash = api.passwords.hash(new).await?;
    }
    // Nobody signs in to a service account: it cannot be the admin that is left.
    let is_admin = |user: &User| {
        user.disabled_at.is_none() && !user.is_service() && user.roles.contains(&Role::Admin)
    };
    let others = api.store().users(tenant).await?;
    if !is_admin(&found)
        && !others
            .iter()
            .any(|other| other.id != found.id && is_admin(other))
    {
        return Err(Problem::new(&people::LAST_ADMIN));
    }
    let output = json!({
        "user": found.id, "roles": found.roles, "disabled": asked.disabled, "password": asked.password.is_some(),
    });
    let notes = api.notes(&signed.caller, "user.change", output, PEOPLE);
    api.store().update_user(&found, notes).await?;
    if asked.password.is_some() || asked.disabled {
        // Whoever came in with the password so far is out.
        api.store()
            .end_sessions(tenant, found.id, None, api.now(), Vec::new())
            .await?;
    }
    drop(turn);
    api.announce();
    Ok(Json(found.wire()))
}

fn taken(error: PortError) -> Problem {
    if error.is_conflict() {
        Problem::new(&people::EMAIL_TAKEN)
    } else {
        error.into()
    }
}

/// Roles without doubles; at least one.
pub(crate) fn roles(asked: &[chimera_contract::people::Role]) -> Answer<Vec<Role>> {
    let mut roles: Vec<Role> = asked.iter().map(ToDomain::domain).collect();
    roles.sort_unstable();
    roles.dedup();
    if roles.is_empty() {
        return Err(Problem::invalid(
            "An account needs at least one role. Nothing was changed.",
        ));
    }
    Ok(roles)
}

/// A name within its bounds.
pub(crate) fn name(text: &str) -> Answer<String> {
    named("The name", text, MAX_NAME_CHARS).map_err(|error| Problem::invalid(error.to_string()))
}

/// An address, in lower case. Nothing is sent there: it only has to look like one.
pub(crate) fn email(text: &str) -> Answer<String> {
    let text = named("The e-mail address", text, MAX_EMAIL_CHARS)
        .map_err(|error| Problem::invalid(error.to_string()))?;
    let fits = text
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
    if !fits
        || text
            .chars()
            .any(|sign| sign.is_whitespace() || sign.is_control())
    {
        return Err(Problem::invalid(format!(
            "'{text}' is not an e-mail address; write one like name@example.org."
        )));
    }
    Ok(text.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_lower_case_and_look_like_one() {
        assert_eq!(
            email(" Mara@Halden.Example "),
            Ok("mara@halden.example".to_owned())
        );
        for bad in [
            "mara", "@", "mara@", "@halden", "a b@c.d", "a@b@c", "a@b\u{7}",
        ] {
            assert!(email(bad).is_err(), "{bad}");
        }
    }
}
