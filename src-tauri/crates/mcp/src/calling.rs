//! A call of a tool, and a look at a resource: sent, gone on with as often as its server asks for input, and what came of
//! it.
//!
//! Never here: whether it may be sent (`host`), or who answers what a server asks (`questions`).

use std::time::Duration;

use chimera_domain::{action::ToolRef, fault::FaultClass};
use chimera_ports::tools::ToolError;
use rmcp::model::{
    CallToolRequest, CallToolRequestParams, CallToolResult, ClientRequest, InputResponses,
    JsonObject, ReadResourceRequest, ReadResourceRequestParams, ReadResourceResult,
    RequestMetaObject, ServerResult,
};

use crate::{
    admission::{Admission, Wanted},
    clock::CallClock,
    codes::{MCP_INPUT_REQUIRED, MCP_REFUSED, MCP_RESOURCE_UNKNOWN, cut, left, unsent},
    connection::Connection,
    exchange::{Failure, is_unknown_resource},
    progress::{Called, NOBODY_WAITS, QuestionCount},
    questions::{Rounds, wants_input},
    reply,
    wire::Departure,
};

/// A tool call on its way out.
pub(crate) struct Call<'a> {
    pub(crate) tool: &'a ToolRef,
    pub(crate) arguments: JsonObject,
    pub(crate) meta: RequestMetaObject,
    pub(crate) limit: Duration,
    pub(crate) clock: CallClock,
}

/// What came of a request, gone on with to its end.
pub(crate) struct Came {
    pub(crate) answer: Result<ServerResult, Failure>,
    /// Whether anything of it left.
    pub(crate) has_left: bool,
}

impl Connection {
    /// Sends a request, and the same once more with the answers of people for as long as its server asks for them and it
    /// may be asked. `limit` is for each sending; `clock` stands still in between.
    ///
    /// # Errors
    /// When the server asks for what it is not given, or it may no longer be asked.
    pub(crate) async fn gone_on_with(
        &self,
        what: &str,
        admission: Admission<'_>,
        clock: CallClock,
        limit: Duration,
        request: impl Fn(Option<InputResponses>, Option<String>) -> ClientRequest,
    ) -> Result<Came, ToolError> {
        let (tool, asks, trace) = match admission.of {
            Wanted::Tool { tool, trace, .. } => (Some(tool.tool.as_str()), true, Some(trace)),
            Wanted::Text => (None, true, None),
            Wanted::TextAgain => (None, false, None),
        };
        let called = Called {
            tenant: admission.tenant,
            tool,
            asks,
            trace,
        };
        let asked = QuestionCount::default();
        let mut rounds = Rounds::new(self.voice(), called, &asked);
        let (mut responses, mut state, mut has_left) = (None, None, false);
        loop {
            let departure = Departure::default();
            let mut request = request(responses.take(), state.take());
            rmcp::model::GetExtensions::extensions_mut(&mut request).insert(departure.clone());
            let of = Some((called, &asked));
            let answer = self.request(request, limit, &departure, &clock, of).await;
            has_left |= departure.has_left();
            // What it says without the answer that it wanted is not what it holds.
            if asked.was_unheard() && answer.is_ok() {
                let why = format!("{what} asks a person first, and {NOBODY_WAITS}");
                return Err(unsent(FaultClass::Permanent, MCP_INPUT_REQUIRED, why));
            }
            let Some(wanted) = answer.as_ref().ok().and_then(wants_input) else {
                return Ok(Came { answer, has_left });
            };
            let held_up = clock.hold();
            let again = rounds.next(&wanted).await.map_err(|why| {
                let why = format!("{what} {why}");
                left(FaultClass::Permanent, MCP_INPUT_REQUIRED, why, has_left)
            })?;
            drop(held_up);
            admission.check_again(what, self).await?;
            (responses, state) = (again.responses, again.state);
        }
    }

    /// Calls a tool.
    ///
    /// # Errors
    /// With whether the request may have taken effect.
    pub(crate) async fn call(
        &self,
        call: Call<'_>,
        admission: Admission<'_>,
    ) -> Result<CallToolResult, ToolError> {
        let (what, clock) = (call.tool.to_string(), call.clock.clone());
        let request = |responses, state| {
            let mut params = CallToolRequestParams::new(call.tool.tool.clone())
                .with_arguments(call.arguments.clone());
            (params.input_responses, params.request_state) = (responses, state);
            let mut request = CallToolRequest::new(params);
            request.extensions.insert(call.meta.clone());
            ClientRequest::CallToolRequest(request)
        };
        let came = self.gone_on_with(&what, admission, clock, call.limit, request);
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
        admission: Admission<'_>,
        uri: &str,
        meta: RequestMetaObject,
        limit: Duration,
    ) -> Result<ReadResourceResult, ToolError> {
        let what = format!("reading '{}'", cut(uri));
        let request = |responses, state| {
            let mut params = ReadResourceRequestParams::new(uri);
            (params.input_responses, params.request_state) = (responses, state);
            let mut request = ReadResourceRequest::new(params);
            request.extensions.insert(meta.clone());
            ClientRequest::ReadResourceRequest(request)
        };
        let clock = CallClock::default();
        let came = self.gone_on_with(&what, admission, clock, limit, request);
        let Came { answer, has_left } = came.await?;
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
