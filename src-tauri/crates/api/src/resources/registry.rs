//! The registry of MCP servers: what each runs, who trusted it, what its tools may do, what is held back.
//!
//! Never here: starting one, or comparing what it says of itself.

use std::sync::Arc;

use axum::{Json, http::StatusCode};
use chimera_contract::{
    error::request,
    registry::{
        ClassTool, ImportedServers, NewServer, PinServer, RegisteredServer, RegisteredServerLook,
        RegisteredServers, ServerChange, ServerFile, ServerOffer, TrustServer,
    },
};
use chimera_domain::{
    digest::Digest,
    id::TenantId,
    server::{Limits, ServerEntry},
};
use chimera_door::{
    extract::{Body, IfMatch, Path},
    problem::{Answer, Problem},
    respond::Versioned,
    signed::Desk,
    state::Api,
};
use chimera_ports::registry::{ServerDesk, ShownServer, Truster};
use chimera_wire::{ToDomain, ToWire, registry::look};
use serde_json::Value;

/// Every server of the registry and how it stands.
#[utoipa::path(get, path = "/api/v1/connections/registry", tag = "connections",
    responses((status = 200, body = RegisteredServers)))]
pub(crate) async fn list_registered(Desk { api, signed }: Desk) -> Answer<Json<RegisteredServers>> {
    let shown = desk(&api)?.list(signed.caller.tenant).await?;
    Ok(Json(RegisteredServers {
        items: shown.wire(),
    }))
}

/// One server with its tools, what is held back, and its last words.
#[utoipa::path(get, path = "/api/v1/connections/registry/{server}", tag = "connections",
    responses((status = 200, body = RegisteredServerLook)))]
pub(crate) async fn get_registered(
    Desk { api, signed }: Desk,
    Path(server): Path<String>,
) -> Answer<Versioned<RegisteredServerLook>> {
    let shown = named(&api, signed.caller.tenant, &server)
        .await?
        .look(signed.caller.tenant, &server)
        .await?;
    Ok(Versioned::of(shown.server.version, look(&shown)))
}

/// What a server offers beside tools: resources, templates, prompts. It is asked where it was not yet, or said that
/// something changed.
#[utoipa::path(get, path = "/api/v1/connections/registry/{server}/offer", tag = "connections",
    responses((status = 200, body = ServerOffer)))]
pub(crate) async fn get_server_offer(
    Desk { api, signed }: Desk,
    Path(server): Path<String>,
) -> Answer<Json<ServerOffer>> {
    let offer = named(&api, signed.caller.tenant, &server)
        .await?
        .offer(signed.caller.tenant, &server)
        .await?;
    Ok(Json(offer.map(|offer| offer.wire()).unwrap_or_default()))
}

/// Adds a server. It is not started before somebody trusts it.
#[utoipa::path(post, path = "/api/v1/connections/registry", tag = "connections",
    request_body = NewServer, responses((status = 201, body = RegisteredServer)))]
pub(crate) async fn register_server(
    Desk { api, signed }: Desk,
    Body(asked): Body<NewServer>,
) -> Answer<Versioned<RegisteredServer>> {
    let entry = ServerEntry {
        reach: asked.program.domain(),
        enabled: true,
        limits: Limits::default(),
        documentation_url: None,
        classes: Default::default(),
        group: asked.group,
        trust: None,
        pins: None,
        told: None,
        editions: Default::default(),
    };
    let who = &signed.caller;
    let notes = |action: &str, output: Value| api.notes(who, action, output, "connections");
    let added = desk(&api)?
        .add(who.tenant, &asked.name, entry, &notes)
        .await;
    Ok(done(&api, added?).created())
}

/// Adds every server of a file that can be taken; says of the others why they cannot. None is started.
#[utoipa::path(post, path = "/api/v1/connections/registry/import", tag = "connections",
    request_body = ServerFile, responses((status = 200, body = ImportedServers)))]
pub(crate) async fn import_servers(
    Desk { api, signed }: Desk,
    Body(asked): Body<ServerFile>,
) -> Answer<Json<ImportedServers>> {
    let who = &signed.caller;
    let notes = |action: &str, output: Value| api.notes(who, action, output, "connections");
    let imported = desk(&api)?.import(who.tenant, &asked.text, &notes).await?;
    api.announce();
    Ok(Json(ImportedServers {
        items: imported.wire(),
    }))
}

/// Changes a server. A change of what is run needs a new trust.
#[utoipa::path(put, path = "/api/v1/connections/registry/{server}", tag = "connections",
    request_body = ServerChange, responses((status = 200, body = RegisteredServer)))]
pub(crate) async fn change_registered(
    Desk { api, signed }: Desk,
    Path(server): Path<String>,
    seen: IfMatch,
    Body(asked): Body<ServerChange>,
) -> Answer<Versioned<RegisteredServer>> {
    let who = &signed.caller;
    let notes = |action: &str, output: Value| api.notes(who, action, output, "connections");
    let change = chimera_ports::registry::ServerChange {
        reach: asked.program.domain(),
        enabled: asked.enabled,
        group: asked.group,
        required_version: asked.required_version,
    };
    let changed = named(&api, who.tenant, &server)
        .await?
        .change(who.tenant, &server, version(&seen)?, change, &notes)
        .await;
    Ok(done(&api, seen.guard(changed)?))
}

/// Runs a server as it was run before it was changed, with the trust and the pins of then.
#[utoipa::path(post, path = "/api/v1/connections/registry/{server}/rollback", tag = "connections",
    responses((status = 200, body = RegisteredServer)))]
pub(crate) async fn roll_back_server(
    Desk { api, signed }: Desk,
    Path(server): Path<String>,
    seen: IfMatch,
) -> Answer<Versioned<RegisteredServer>> {
    let who = &signed.caller;
    let notes = |action: &str, output: Value| api.notes(who, action, output, "connections");
    let rolled = named(&api, who.tenant, &server)
        .await?
        .roll_back(who.tenant, &server, version(&seen)?, &notes)
        .await;
    Ok(done(&api, seen.guard(rolled)?))
}

/// Takes a server out and ends it.
#[utoipa::path(delete, path = "/api/v1/connections/registry/{server}", tag = "connections",
    responses((status = 204)))]
pub(crate) async fn remove_registered(
    Desk { api, signed }: Desk,
    Path(server): Path<String>,
    seen: IfMatch,
) -> Answer<StatusCode> {
    let who = &signed.caller;
    let notes = |action: &str, output: Value| api.notes(who, action, output, "connections");
    let removed = named(&api, who.tenant, &server)
        .await?
        .remove(who.tenant, &server, version(&seen)?, &notes)
        .await;
    seen.guard(removed)?;
    api.announce();
    Ok(StatusCode::NO_CONTENT)
}

/// Lets a server be run exactly as the person saw it, and pins what it says of itself.
#[utoipa::path(post, path = "/api/v1/connections/registry/{server}/trust", tag = "connections",
    request_body = TrustServer, responses((status = 200, body = RegisteredServer)))]
pub(crate) async fn trust_server(
    Desk { api, signed }: Desk,
    Path(server): Path<String>,
    Body(asked): Body<TrustServer>,
) -> Answer<Versioned<RegisteredServer>> {
    let who = &signed.caller;
    let notes = |action: &str, output: Value| api.notes(who, action, output, "connections");
    let by = Truster {
        user: who.user,
        name: signed.user.name.clone(),
    };
    let trusted = named(&api, who.tenant, &server)
        .await?
        .trust(who.tenant, &server, digest(&asked.launch.0)?, by, &notes)
        .await;
    Ok(done(&api, trusted?))
}

/// Pins what a server says of itself now, as the person saw it. What was held back is offered again.
#[utoipa::path(post, path = "/api/v1/connections/registry/{server}/pin", tag = "connections",
    request_body = PinServer, responses((status = 200, body = RegisteredServer)))]
pub(crate) async fn pin_server(
    Desk { api, signed }: Desk,
    Path(server): Path<String>,
    Body(asked): Body<PinServer>,
) -> Answer<Versioned<RegisteredServer>> {
    let who = &signed.caller;
    let notes = |action: &str, output: Value| api.notes(who, action, output, "connections");
    let pinned = named(&api, who.tenant, &server)
        .await?
        .pin(who.tenant, &server, digest(&asked.listing.0)?, &notes)
        .await;
    Ok(done(&api, pinned?))
}

/// Says what calling a tool does. Nothing that a server hints changes it.
#[utoipa::path(put, path = "/api/v1/connections/registry/{server}/classes", tag = "connections",
    request_body = ClassTool, responses((status = 200, body = RegisteredServer)))]
pub(crate) async fn class_tool(
    Desk { api, signed }: Desk,
    Path(server): Path<String>,
    Body(asked): Body<ClassTool>,
) -> Answer<Versioned<RegisteredServer>> {
    let who = &signed.caller;
    let notes = |action: &str, output: Value| api.notes(who, action, output, "connections");
    let effect = asked.effect.map(|effect| effect.domain());
    let classed = named(&api, who.tenant, &server)
        .await?
        .class(who.tenant, &server, &asked.tool, effect, &notes)
        .await;
    Ok(done(&api, classed?))
}

fn desk(api: &Api) -> Answer<&Arc<dyn ServerDesk>> {
    let desk = api.options.registry.as_ref();
    desk.ok_or_else(|| Problem::new(&request::UNAVAILABLE))
}

/// The desk, for a server that this tenant has: another tenant's is as one that never existed.
pub(super) async fn named<'a>(
    api: &'a Api,
    tenant: TenantId,
    server: &str,
) -> Answer<&'a Arc<dyn ServerDesk>> {
    api.store().registered_server(tenant, server).await?;
    desk(api)
}

pub(super) fn done(api: &Api, shown: ShownServer) -> Versioned<RegisteredServer> {
    api.announce();
    Versioned::of(shown.server.version, shown.wire())
}

fn version(seen: &IfMatch) -> Answer<u32> {
    let text = seen
        .text()
        .ok_or_else(|| Problem::new(&request::PRECONDITION_REQUIRED))?;
    text.parse()
        .map_err(|_| Problem::new(&request::VERSION_MISMATCH))
}

fn digest(text: &str) -> Answer<Digest> {
    text.parse().map_err(|_| {
        Problem::invalid("The digest is not as a read gave it. Nothing was trusted; look again.")
    })
}
