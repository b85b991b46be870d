//! Where a person is signed in, and ending all of it at once.
//!
//! Never here: signing in (`session`), or keys of programs (`api_keys`).

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chimera_contract::{access::SignedInPlace, page::Page};
use chimera_door::{problem::Answer, signed::Desk};
use serde_json::json;

use crate::resources::session;

/// Sessions of the own account that have not ended, newest first.
#[utoipa::path(get, path = "/api/v1/sessions", tag = "people",
    responses((status = 200, body = Page<SignedInPlace>)))]
pub(crate) async fn list_sessions(Desk { api, signed }: Desk) -> Answer<Json<Page<SignedInPlace>>> {
    let who = &signed.caller;
    let found = api
        .store()
        .sessions_of(who.tenant, who.user, api.now())
        .await?;
    let items = found
        .iter()
        .map(|one| chimera_wire::people::place(one, one.id == signed.session.id))
        .collect();
    Ok(Json(Page { items, next: None }))
}

/// Ends every session of the own account, this one too: whoever holds a token of it holds nothing any more.
#[utoipa::path(delete, path = "/api/v1/sessions", tag = "people", responses((status = 204)))]
pub(crate) async fn sign_out_everywhere(Desk { api, signed }: Desk) -> Answer<Response> {
    let who = &signed.caller;
    let output = json!({ "user": who.user });
    let notes = api.notes(who, "session.end_all", output, "session");
    api.store()
        .end_sessions(who.tenant, who.user, None, api.now(), notes)
        .await?;
    api.announce();
    let mut response = StatusCode::NO_CONTENT.into_response();
    session::forget_cookie(&api, &mut response);
    Ok(response)
}
