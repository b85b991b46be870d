//! Resources of MCP servers, for a person to look at: read once, or followed for as long as somebody looks.
//!
//! Never here: showing one to anybody else, or how a server is asked (`mcp`).

use axum::Json;
use chimera_contract::registry::{FollowResource, FollowedResource, ReadResource, ResourceText};
use chimera_door::{
    extract::{Body, Path},
    problem::{Answer, Problem},
    signed::Desk,
};
use chimera_wire::{ToWire, registry::followed};

use super::registry::named;

/// Longest address of a resource, in characters.
const MAX_URI_CHARS: usize = 2_048;
/// Most characters of a resource that are shown.
const MAX_SHOWN_CHARS: usize = 65_536;

/// Reads a resource of a server for a person to look at. Nobody else is shown it.
#[utoipa::path(post, path = "/api/v1/connections/registry/{server}/read", tag = "connections",
    request_body = ReadResource, responses((status = 200, body = ResourceText)))]
pub(crate) async fn read_server_resource(
    Desk { api, signed }: Desk,
    Path(server): Path<String>,
    Body(asked): Body<ReadResource>,
) -> Answer<Json<ResourceText>> {
    check(&asked.uri)?;
    let read = named(&api, signed.caller.tenant, &server)
        .await?
        .read_resource(signed.caller.tenant, &server, &asked.uri)
        .await?;
    let (mime_type, whole, problem) = match read {
        Ok(reply) => (reply.mime_type, Some(reply.text), None),
        Err(fault) => (None, None, Some(fault)),
    };
    Ok(Json(ResourceText {
        uri: asked.uri,
        mime_type,
        text: whole.as_deref().map(shown),
        characters: whole.as_deref().map_or(0, characters),
        problem: problem.wire(),
    }))
}

/// What is known now of a resource that a person has open: its text where it is another than the caller has. It is
/// followed until nobody has asked for 20 seconds.
#[utoipa::path(post, path = "/api/v1/connections/registry/{server}/follow", tag = "connections",
    request_body = FollowResource, responses((status = 200, body = FollowedResource)))]
pub(crate) async fn follow_server_resource(
    Desk { api, signed }: Desk,
    Path(server): Path<String>,
    Body(asked): Body<FollowResource>,
) -> Answer<Json<FollowedResource>> {
    check(&asked.uri)?;
    let known = named(&api, signed.caller.tenant, &server)
        .await?
        .follow_resource(
            signed.caller.tenant,
            &server,
            &asked.uri,
            asked.version.is_none(),
        )
        .await?;
    let known = match known {
        Ok(known) => known,
        Err(fault) => return Ok(Json(not_followed(asked.uri, fault.wire()))),
    };
    Ok(Json(followed(&known, asked.uri, |known| {
        let reply = known.reply.as_deref()?;
        (asked.version != Some(known.version)).then(|| shown(&reply.text))
    })))
}

/// One that was never followed.
const fn not_followed(uri: String, why: chimera_contract::task::Fault) -> FollowedResource {
    FollowedResource {
        uri,
        version: 0,
        mime_type: None,
        text: None,
        characters: 0,
        read_at: None,
        changed_at: None,
        is_told: false,
        every_seconds: 0,
        problem: None,
        ended: Some(why),
    }
}

fn check(uri: &str) -> Answer<()> {
    if uri.is_empty() || uri.chars().count() > MAX_URI_CHARS {
        let why = format!("The address of a resource has 1 to {MAX_URI_CHARS} characters.");
        return Err(Problem::invalid(why));
    }
    Ok(())
}

fn shown(text: &str) -> String {
    text.chars().take(MAX_SHOWN_CHARS).collect()
}

fn characters(text: &str) -> u64 {
    u64::try_from(text.chars().count()).unwrap_or(u64::MAX)
}
