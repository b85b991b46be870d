//! Keys of providers in the machine's keychain: what it is worth, keeping a key, taking one away.
//!
//! Never here: a key outside the one call that hands it on. What is stored and audited is its name.

use std::sync::Arc;

use axum::{Json, http::StatusCode};
use chimera_contract::{
    connection::KeyPlace,
    error::{self, keychain, request},
    keychain::{Keychain as WireKeychain, NewKey, StoredKey},
    scalar::Time,
};
use chimera_domain::{
    fault::{Fault, FaultClass},
    id::{TenantId, UserId},
    time::Timestamp,
};
use chimera_door::{
    extract::{Body, Path},
    options::{Keychain, KeychainStatus},
    problem::{Answer, Problem},
    signed::Desk,
    state::Api,
};
use chimera_runtime::Caller;
use chimera_wire::ToWire;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::resources::model;

/// Setting under which the names of stored keys are kept.
const SETTING: &str = "connections.keys";
/// Most keys of a tenant.
const MAX_KEYS: usize = 32;

/// What is known of a stored key: never the key.
#[derive(Clone, Serialize, Deserialize)]
struct Known {
    name: String,
    by: UserId,
    /// The person's name then.
    by_name: String,
    at: Timestamp,
}

impl Known {
    fn wire(&self) -> StoredKey {
        StoredKey {
            name: self.name.clone(),
            stored_by: self.by_name.clone(),
            stored_at: Time::of(self.at),
        }
    }
}

/// Whether keys can be kept here, and which ones are.
#[utoipa::path(get, path = "/api/v1/connections/keychain", tag = "connections",
    responses((status = 200, body = WireKeychain)))]
pub(crate) async fn get_keychain(Desk { api, signed }: Desk) -> Answer<Json<WireKeychain>> {
    let keychain = keychain(&api)?;
    let status = keychain.status().await;
    shown(&api, signed.caller.tenant, status).await
}

/// Tries the keychain out now: writes a random entry, reads it back, and deletes it. A keychain that does
/// not work is an answer, not a failure.
#[utoipa::path(post, path = "/api/v1/connections/keychain/test", tag = "connections",
    responses((status = 200, body = WireKeychain)))]
pub(crate) async fn test_keychain(Desk { api, signed }: Desk) -> Answer<Json<WireKeychain>> {
    let keychain = keychain(&api)?;
    let status = keychain.try_out().await;
    shown(&api, signed.caller.tenant, status).await
}

/// Keeps a key in the keychain, in place of one of the same name. It is never given back.
#[utoipa::path(post, path = "/api/v1/connections/keys", tag = "connections",
    request_body = NewKey, responses((status = 200, body = StoredKey)))]
pub(crate) async fn store_key(
    Desk { api, signed }: Desk,
    Body(asked): Body<NewKey>,
) -> Answer<Json<StoredKey>> {
    let (who, NewKey { name, key }) = (&signed.caller, asked);
    let key = clean(key)?;
    // Two at once: one after the other, or one's name would be lost.
    let turn = api.setup.lock().await;
    let mut known = stored(&api, who.tenant).await?;
    known.retain(|one| one.name != name);
    if known.len() >= MAX_KEYS {
        return Err(Problem::invalid(format!(
            "At most {MAX_KEYS} keys can be kept. Nothing was stored; remove one that is not needed any more."
        )));
    }
    keychain(&api)?
        .store(who.tenant, &name, key)
        .await
        .map_err(refused)?;
    let one = Known {
        name,
        by: who.user,
        by_name: signed.user.name.clone(),
        at: api.now(),
    };
    known.push(one.clone());
    remember(&api, who, known, "key.store", &one.name).await?;
    drop(turn);
    tell_model(&api, who.tenant, &one.name).await?;
    Ok(Json(one.wire()))
}

/// Takes a key out of the keychain. A provider that used it answers nothing more until there is another.
#[utoipa::path(delete, path = "/api/v1/connections/keys/{key}", tag = "connections",
    responses((status = 204)))]
pub(crate) async fn remove_key(
    Desk { api, signed }: Desk,
    Path(name): Path<String>,
) -> Answer<StatusCode> {
    let who = &signed.caller;
    let turn = api.setup.lock().await;
    let mut known = stored(&api, who.tenant).await?;
    let place = known
        .iter()
        .position(|one| one.name == name)
        .ok_or_else(|| Problem::not_found("key", &name))?;
    keychain(&api)?
        .remove(who.tenant, &name)
        .await
        .map_err(refused)?;
    known.remove(place);
    remember(&api, who, known, "key.remove", &name).await?;
    drop(turn);
    tell_model(&api, who.tenant, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The key without the blanks that copying leaves around it. Signs that no header can carry are refused now
/// and not by every later question.
fn clean(key: String) -> Answer<SecretString> {
    let trimmed = key.trim();
    if trimmed.is_empty() || !trimmed.bytes().all(|byte| byte.is_ascii_graphic()) {
        let message = "A key is one word of letters, digits and signs, without blanks or line breaks inside. Nothing was stored; copy it again.";
        return Err(Problem::invalid(message));
    }
    Ok(SecretString::from(trimmed))
}

fn keychain(api: &Api) -> Answer<&Arc<dyn Keychain>> {
    api.options.keychain.as_ref().ok_or_else(|| {
        let message = "This installation keeps no keys; set OPENAI_API_KEY where Chimera is started. Nothing was changed.";
        Problem::saying(&keychain::KEYCHAIN_SWITCHED_OFF, message)
    })
}

/// The refusal in the contract's terms; the keychain's own words stay.
fn refused(fault: Fault) -> Problem {
    let code = error::find(&fault.code).unwrap_or(match fault.class {
        FaultClass::Validation => &request::VALIDATION_ERROR,
        _ => &keychain::KEYCHAIN_REFUSED,
    });
    Problem::saying(code, fault.message)
}

async fn shown(api: &Api, tenant: TenantId, status: KeychainStatus) -> Answer<Json<WireKeychain>> {
    let known = stored(api, tenant).await?;
    Ok(Json(WireKeychain {
        backend: status.backend,
        works: status.works,
        survives_reboot: status.survives_reboot,
        problem: status.problem.wire(),
        keys: known.iter().map(Known::wire).collect(),
        supplied: keychain(api)?.supplied(),
        data: api.options.at_rest.clone(),
    }))
}

async fn stored(api: &Api, tenant: TenantId) -> Answer<Vec<Known>> {
    let value = api.store().setting(tenant, SETTING).await?;
    value.map_or_else(
        || Ok(Vec::new()),
        |value| serde_json::from_value(value).map_err(|error| Problem::internal(&error)),
    )
}

/// Stores the names, with who did what to which.
async fn remember(
    api: &Api,
    who: &Caller,
    mut known: Vec<Known>,
    action: &str,
    name: &str,
) -> Answer<()> {
    known.sort_by(|one, other| one.name.cmp(&other.name));
    let value = serde_json::to_value(&known).map_err(|error| Problem::internal(&error))?;
    let notes = api.notes(who, action, json!({ "name": name }), "connections");
    api.store()
        .put_setting(who.tenant, SETTING, value, notes)
        .await?;
    api.announce();
    Ok(())
}

/// Lets the provider that uses this key look for it anew.
async fn tell_model(api: &Api, tenant: TenantId, name: &str) -> Answer<()> {
    let Some(models) = &api.options.models else {
        return Ok(());
    };
    if api.first_tenant().await? != Some(tenant) {
        // The provider is the first workspace's choice, and so is its key.
        return Ok(());
    }
    let changed = KeyPlace::Keychain {
        name: name.to_owned(),
    };
    if let Some(settings) = model::chosen(api, tenant).await?
        && settings.keys().any(|key| *key == changed)
    {
        models.key_changed(tenant, &settings);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_key_is_one_word_and_loses_the_blanks_around_it() {
        let kept =
            clean("  sk-test_0123/ab+=\n".to_owned()).map(|key| key.expose_secret().to_owned());
        assert_eq!(kept, Ok("sk-test_0123/ab+=".to_owned()));
        for bad in ["", "  ", "two words", "line\nbreak", "schlüssel", "nul\0"] {
            assert_eq!(
                clean(bad.to_owned())
                    .map(|_| ())
                    .map_err(|problem| problem.code.code),
                Err("VALIDATION_ERROR"),
                "{bad:?}"
            );
        }
    }
}
