//! MCP servers and their tools.

use axum::Json;
use chimera_contract::{
    connection::{Servers, Tools},
    error::work,
};
use chimera_wire::ToWire;
use serde_json::json;

use crate::{
    door::signed::Desk,
    problem::{Answer, Problem},
};

/// Every MCP server and whether it answers.
#[utoipa::path(get, path = "/api/v1/connections/servers", tag = "connections",
    responses((status = 200, body = Servers)))]
pub(crate) async fn list_servers(Desk { api, signed }: Desk) -> Json<Servers> {
    let mut items = api
        .runtime
        .tools()
        .servers(signed.caller.tenant)
        .await
        .wire();
    items.sort_by(|a, b| a.name.cmp(&b.name));
    Json(Servers { items })
}

/// Every tool of every server.
#[utoipa::path(get, path = "/api/v1/connections/tools", tag = "connections",
    responses((status = 200, body = Tools)))]
pub(crate) async fn list_tools(Desk { api, signed }: Desk) -> Answer<Json<Tools>> {
    let tools = api
        .runtime
        .tools()
        .tools(signed.caller.tenant)
        .await
        .map_err(|error| {
            Problem::saying(&work::TOOL_UNAVAILABLE, error.fault.message.clone())
                .with(json!({ "cause": error.fault.code }))
        })?;
    let mut items = tools.wire();
    items.sort_by(|a, b| (&a.server, &a.tool).cmp(&(&b.server, &b.tool)));
    Ok(Json(Tools { items }))
}
