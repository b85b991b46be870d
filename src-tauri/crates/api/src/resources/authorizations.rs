//! A person's authorization of an MCP server at an address: begun for a browser, and taken back.
//!
//! Never here: what the browser comes back with. That goes to an address of this machine and through no endpoint.

use std::sync::Arc;

use axum::Json;
use chimera_contract::{
    authorizing::{AuthorizationRound, AuthorizeServer},
    error::request,
    registry::RegisteredServer,
};
use chimera_door::{
    extract::{Body, Path},
    problem::{Answer, Problem},
    respond::Versioned,
    signed::Desk,
    state::Api,
};
use chimera_ports::authorizing::{AuthorizationDesk, Authorizer};
use chimera_wire::{ToWire, authorizing::client_change};
use serde_json::Value;

use super::registry::{done, named};

/// Longest id of a client, in characters.
const MAX_CLIENT_CHARS: usize = 2_048;

/// Begins to authorize a server: the address that a person opens in a browser on the machine where Chimera runs. What
/// came of it stands with the server. One that was begun before is over.
#[utoipa::path(post, path = "/api/v1/connections/registry/{server}/authorization", tag = "connections",
    request_body = AuthorizeServer, responses((status = 200, body = AuthorizationRound)))]
pub(crate) async fn authorize_server(
    Desk { api, signed }: Desk,
    Path(server): Path<String>,
    Body(asked): Body<AuthorizeServer>,
) -> Answer<Json<AuthorizationRound>> {
    check(&asked)?;
    let tenant = signed.caller.tenant;
    named(&api, tenant, &server).await?;
    let (late, who) = (api.clone(), signed.caller.clone());
    let by = Authorizer {
        name: signed.user.name.clone(),
        notes: Arc::new(move |action: &str, output: Value| {
            late.notes(&who, action, output, "connections")
        }),
    };
    let begun = Arc::clone(desk(&api)?)
        .begin(tenant, &server, client_change(asked), by)
        .await?;
    api.announce();
    Ok(Json(begun.wire()))
}

/// Takes the authorization of a server back: its tokens are erased, and a round under way is over. Its authorization
/// server is not told.
#[utoipa::path(delete, path = "/api/v1/connections/registry/{server}/authorization", tag = "connections",
    responses((status = 200, body = RegisteredServer)))]
pub(crate) async fn unauthorize_server(
    Desk { api, signed }: Desk,
    Path(server): Path<String>,
) -> Answer<Versioned<RegisteredServer>> {
    let who = &signed.caller;
    let notes = |action: &str, output: Value| api.notes(who, action, output, "connections");
    named(&api, who.tenant, &server).await?;
    let taken = desk(&api)?.take_back(who.tenant, &server, &notes).await;
    Ok(done(&api, taken?))
}

fn desk(api: &Api) -> Answer<&Arc<dyn AuthorizationDesk>> {
    let desk = api.options.authorizing.as_ref();
    desk.ok_or_else(|| Problem::new(&request::UNAVAILABLE))
}

fn check(asked: &AuthorizeServer) -> Answer<()> {
    let Some(client) = &asked.client else {
        return Ok(());
    };
    let is_plain = client.id.chars().all(|sign| !sign.is_control());
    if !is_plain || client.id.chars().count() > MAX_CLIENT_CHARS {
        return Err(Problem::invalid(format!(
            "The id of a client has at most {MAX_CLIENT_CHARS} characters, none of which controls anything. Nothing was begun; copy it again."
        )));
    }
    if client.id.is_empty() && client.secret.is_some() {
        return Err(Problem::invalid(
            "A secret belongs to a client with an id. Nothing was begun; enter the id as well.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chimera_contract::authorizing::AuthorizationClient;
    use chimera_ports::authorizing::ClientChange;

    use super::*;

    fn asked(id: &str, secret: Option<&str>) -> AuthorizeServer {
        let client = AuthorizationClient {
            id: id.to_owned(),
            secret: secret.map(str::to_owned),
        };
        AuthorizeServer {
            client: Some(client),
        }
    }

    #[test]
    fn a_client_has_an_id_of_its_own_or_is_none() {
        let long = "x".repeat(MAX_CLIENT_CHARS);
        let anybody = AuthorizeServer { client: None };
        for good in [
            anybody,
            asked("", None),
            asked("ours", Some("key")),
            asked(&long, None),
        ] {
            assert_eq!(check(&good), Ok(()), "{good:?}");
        }
        let longer = format!("{long}x");
        for bad in [
            asked("", Some("key")),
            asked("a\nb", None),
            asked(&longer, None),
        ] {
            let code = check(&bad).map_err(|problem| problem.code.code);
            assert_eq!(code, Err("VALIDATION_ERROR"), "{bad:?}");
        }
    }

    #[test]
    fn what_is_not_said_stays_and_what_is_empty_goes() {
        assert_eq!(
            client_change(AuthorizeServer { client: None }),
            ClientChange::AsBefore
        );
        assert_eq!(client_change(asked("", None)), ClientChange::None);
        let ClientChange::As(client) = client_change(asked("ours", Some("key"))) else {
            panic!("it names a client");
        };
        assert_eq!(
            (client.id.as_str(), client.secret.as_deref()),
            ("ours", Some("key"))
        );
    }
}
