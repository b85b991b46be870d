//! A call of a tool, and a look at a resource: sent, gone on with as often as its server asks for input, and what came of
//! it.
//!
//! Never here: whether it may be sent (`host`), or who answers what a server asks (`questions`).

use std::time::Duration;

use chimera_domain::{action::ToolRef, fault::FaultClass, id::TenantId};
use chimera_ports::tools::ToolError;
use rmcp::model::{
    CallToolRequest, CallToolRequestParams, CallToolResult, ClientRequest, InputResponses,
    JsonObject, ReadResourceRequest, ReadResourceRequestParams, ReadResourceResult,
    RequestMetaObject, ServerResult,
};

use crate::{
    codes::{MCP_INPUT_REQUIRED, MCP_REFUSED, MCP_RESOURCE_UNKNOWN, cut, left, unsent},
    connection::Connection,
    exchange::{Failure, is_unknown_resource},
    progress::{Called, QuestionCount},
    questions::{Rounds, wants_input},
    reply,
    wire::Departure,
};

/// A tool call on its way out.
pub(crate) struct Call<'a> {
    pub(crate) tool: &'a ToolRef,
    pub(crate) tenant: TenantId,
    pub(crate) arguments: JsonObject,
    pub(crate) meta: RequestMetaObject,
    pub(crate) limit: Duration,
}

/// What came of a request, gone on with to its end.
pub(crate) struct Came {
    pub(crate) answer: Result<ServerResult, Failure>,
    /// Whether anything of it left.
    pub(crate) has_left: bool,
}

impl Connection {
    /// Sends a request, and the same once more with the answers of people for as long as its server asks for them.
    /// `limit` is for each sending.
    ///
    /// # Errors
    /// When the server asks for what it is not given.
    pub(crate) async fn gone_on_with(
        &self,
        what: &str,
        called: Called<'_>,
        limit: Duration,
        request: impl Fn(Option<InputResponses>, Option<String>) -> ClientRequest,
    ) -> Result<Came, ToolError> {
        let asked = QuestionCount::default();
        let mut rounds = Rounds::new(self.voice(), called, &asked);
        let (mut responses, mut state, mut has_left) = (None, None, false);
        loop {
            let departure = Departure::default();
            let mut request = request(responses.take(), state.take());
            rmcp::model::GetExtensions::extensions_mut(&mut request).insert(departure.clone());
            let called = Some((called, &asked));
            let answer = self.request(request, limit, &departure, called).await;
            has_left |= departure.has_left();
            let Some(wanted) = answer.as_ref().ok().and_then(wants_input) else {
                return Ok(Came { answer, has_left });
            };
            let again = rounds.next(&wanted).await.map_err(|why| {
                let why = format!("{what} {why}");
                left(FaultClass::Permanent, MCP_INPUT_REQUIRED, why, has_left)
            })?;
            (responses, state) = (again.responses, again.state);
        }
    }

    /// Calls a tool.
    ///
    /// # Errors
    /// With whether the request may have taken effect.
    pub(crate) async fn call(&self, call: Call<'_>) -> Result<CallToolResult, ToolError> {
        let what = call.tool.to_string();
        let called = Called {
            tenant: call.tenant,
            tool: Some(&call.tool.tool),
        };
        let request = |responses, state| {
            let mut params = CallToolRequestParams::new(call.tool.tool.clone())
                .with_arguments(call.arguments.clone());
            (params.input_responses, params.request_state) = (responses, state);
            let mut request = CallToolRequest::new(params);
            request.extensions.insert(call.meta.clone());
            ClientRequest::CallToolRequest(request)
        };
        let came = self.gone_on_with(&what, called, call.limit, request);
        let Came { answer, has_left } = came.await?;
        match answer {
            Ok(ServerResult::CallToolResult(result)) => Ok(result),
            Ok(_) => Err(reply::invalid(
                call.tool,
                "it answered with something else than a result",
            )),
            Err(failure) if failure.is_oversized(self.ending()) && has_left => Err(
                reply::too_large(call.tool, "more than a whole message may have"),
            ),
            Err(failure) => Err(failure.explain(&what, self.ending(), call.limit, has_left)),
        }
    }

    /// Reads a resource.
    ///
    /// # Errors
    /// An unknown URI is an error (PER-14).
    pub(crate) async fn read_resource(
        &self,
        tenant: TenantId,
        uri: &str,
        meta: RequestMetaObject,
        limit: Duration,
    ) -> Result<ReadResourceResult, ToolError> {
        let what = format!("reading '{}'", cut(uri));
        let called = Called { tenant, tool: None };
        let request = |responses, state| {
            let mut params = ReadResourceRequestParams::new(uri);
            (params.input_responses, params.request_state) = (responses, state);
            let mut request = ReadResourceRequest::new(params);
            request.extensions.insert(meta.clone());
            ClientRequest::ReadResourceRequest(request)
        };
        let Came { answer, has_left } = self.gone_on_with(&what, called, limit, request).await?;
        match answer {
            Ok(ServerResult::ReadResourceResult(result)) => Ok(result),
            Ok(_) => Err(unsent(
                FaultClass::Permanent,
                MCP_REFUSED,
                format!("{what}: the server answered with something else than a resource"),
            )),
            Err(Failure::Refused(error)) if is_unknown_resource(&error) => Err(unsent(
                FaultClass::Permanent,
                MCP_RESOURCE_UNKNOWN,
                format!(
                    "{what}: the server has no such resource: {}",
                    cut(&error.message)
                ),
            )),
            Err(failure) => Err(failure.explain(&what, self.ending(), limit, has_left)),
        }
    }
}
