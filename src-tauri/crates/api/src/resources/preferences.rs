//! A person's own settings.

use axum::Json;
use chimera_contract::setting::{MAX_PREFERENCES_BYTES, Preferences};
use chimera_door::{
    extract::Body,
    problem::{Answer, Problem},
    signed::Desk,
};
use chimera_runtime::Caller;
use serde_json::json;

fn key(who: &Caller) -> String {
    format!("preferences.{}", who.user)
}

/// The own settings.
#[utoipa::path(get, path = "/api/v1/preferences", tag = "people",
    responses((status = 200, body = Preferences)))]
pub(crate) async fn get_preferences(Desk { api, signed }: Desk) -> Answer<Json<Preferences>> {
    let who = &signed.caller;
    let stored = api.store().setting(who.tenant, &key(who)).await?;
    let read = stored
        .map(serde_json::from_value)
        .transpose()
        .map_err(|error| Problem::internal(&error))?;
    Ok(Json(read.unwrap_or_default()))
}

/// Replaces the own settings.
#[utoipa::path(put, path = "/api/v1/preferences", tag = "people",
    request_body = Preferences, responses((status = 200, body = Preferences)))]
pub(crate) async fn put_preferences(
    Desk { api, signed }: Desk,
    Body(preferences): Body<Preferences>,
) -> Answer<Json<Preferences>> {
    let who = &signed.caller;
    let value = serde_json::to_value(&preferences).map_err(|error| Problem::internal(&error))?;
    let bytes = value.to_string().len();
    if bytes > MAX_PREFERENCES_BYTES {
        return Err(Problem::invalid(format!(
            "The preferences take {bytes} bytes, the most are {MAX_PREFERENCES_BYTES}. Nothing was stored."
        )));
    }
    let notes = api.notes(
        who,
        "preferences.save",
        json!({ "bytes": bytes }),
        "preferences",
    );
    api.store()
        .put_setting(who.tenant, &key(who), value, notes)
        .await?;
    api.announce();
    Ok(Json(preferences))
}
