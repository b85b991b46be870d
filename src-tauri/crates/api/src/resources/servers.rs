//! MCP servers and their tools.

use axum::Json;
use chimera_contract::{
    connection::{ConnectionTest, Servers, Tools},
    error::work,
};
use chimera_door::{
    extract::Path,
    problem::{Answer, Problem},
    signed::Desk,
};
use chimera_ports::tools::ServerStatus;
use chimera_wire::ToWire;
use serde_json::json;

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

/// Asks a server now whether it answers and what tools it has. A server that does not answer is an answer,
/// not a failure.
#[utoipa::path(post, path = "/api/v1/connections/servers/{server}/test", tag = "connections",
    responses((status = 200, body = ConnectionTest)))]
pub(crate) async fn test_server(
    Desk { api, signed }: Desk,
    Path(server): Path<String>,
) -> Answer<Json<ConnectionTest>> {
    let began = api.now();
    let host = api.runtime.tools();
    let status = host
        .probe(signed.caller.tenant, &server)
        .await
        .map_err(|_| Problem::not_found("server", &server))?;
    let took_ms = u64::try_from(api.now().since(began).to_std().as_millis()).unwrap_or(u64::MAX);
    Ok(Json(ConnectionTest {
        ok: status.connected,
        message: in_words(&status),
        took_ms,
        problem: status.problem.map(|fault| fault.message),
    }))
}

fn in_words(status: &ServerStatus) -> String {
    let name = &status.name;
    if !status.connected {
        return format!("{name} gave no usable answer. No tool was called.");
    }
    let tools = match status.tools {
        1 => "1 tool".to_owned(),
        several => format!("{several} tools"),
    };
    format!("{name} answered and lists {tools}. None was called.")
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
