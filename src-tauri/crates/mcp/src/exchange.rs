//! What becomes of a request that gets no good answer: how the failure is told, and how the
//! server learns that nobody waits any longer.
//!
//! Never here: sending one.

use std::time::Duration;

use chimera_domain::fault::FaultClass;
use chimera_ports::tools::ToolError;
use rmcp::{
    Peer, RoleClient,
    model::{CancelledNotification, CancelledNotificationParam, ErrorCode, ErrorData, RequestId},
};
use tokio::time::timeout;

use crate::{
    codes::{MCP_CONNECTION_LOST, MCP_REFUSED, MCP_TIMEOUT, cut, left},
    http::{Kind, Problem},
    wire::{Cause, Ending},
};

/// How long the word that nobody waits any longer may take to leave.
const CANCEL_PATIENCE: Duration = Duration::from_secs(1);

/// Why a request has no answer.
pub(crate) enum Failure {
    /// It took too long.
    TimedOut,
    /// The connection ended, or over HTTP the request did: then it says how.
    Lost(Option<Problem>),
    /// The server answered with a protocol error.
    Refused(ErrorData),
}

impl Failure {
    /// Whether the connection, or the answer, ended because a message was larger than is read.
    pub(crate) fn is_oversized(&self, ending: &Ending) -> bool {
        match self {
            Self::Lost(Some(problem)) => problem.kind == Kind::Oversized,
            Self::Lost(None) => ending.cause() == Some(Cause::Oversized),
            Self::TimedOut | Self::Refused(_) => false,
        }
    }

    pub(crate) fn explain(
        self,
        what: &str,
        ending: &Ending,
        limit: Duration,
        has_left: bool,
    ) -> ToolError {
        match self {
            Self::TimedOut => left(
                FaultClass::Transient,
                MCP_TIMEOUT,
                format!("{what} gave no answer within {} ms", limit.as_millis()),
                has_left,
            ),
            Self::Lost(None) => left(
                FaultClass::Transient,
                MCP_CONNECTION_LOST,
                format!("{what} lost its server before the answer: {}", ending),
                has_left,
            ),
            Self::Lost(Some(problem)) => {
                let (class, code) = problem.fault(MCP_CONNECTION_LOST);
                let words = format!("{what} got no answer: {}", problem.words);
                left(class, code, words, has_left)
            }
            // Refused before anything ran, by the protocol's own meaning of the code; any other
            // error may come from half-way through.
            Self::Refused(error) => left(
                FaultClass::Permanent,
                MCP_REFUSED,
                format!(
                    "{what} was refused ({}): {}",
                    error.code.0,
                    cut(&error.message)
                ),
                has_left && !is_refused_unread(&error),
            ),
        }
    }
}

const fn is_refused_unread(error: &ErrorData) -> bool {
    matches!(
        error.code,
        ErrorCode::PARSE_ERROR
            | ErrorCode::INVALID_REQUEST
            | ErrorCode::METHOD_NOT_FOUND
            | ErrorCode::INVALID_PARAMS
            | ErrorCode::HEADER_MISMATCH
            | ErrorCode::MISSING_REQUIRED_CLIENT_CAPABILITY
            | ErrorCode::UNSUPPORTED_PROTOCOL_VERSION
    )
}

pub(crate) const fn is_unknown_resource(error: &ErrorData) -> bool {
    matches!(
        error.code,
        ErrorCode::RESOURCE_NOT_FOUND | ErrorCode::INVALID_PARAMS | ErrorCode::METHOD_NOT_FOUND
    )
}

/// Tells the server when nobody waits for its answer any longer: after a timeout, or because the
/// caller went away.
pub(crate) struct Abandoned<'a> {
    peer: &'a Peer<RoleClient>,
    id: Option<RequestId>,
}

impl<'a> Abandoned<'a> {
    pub(crate) const fn new(peer: &'a Peer<RoleClient>) -> Self {
        Self { peer, id: None }
    }
    pub(crate) fn arm(&mut self, id: RequestId) {
        self.id = Some(id);
    }
    pub(crate) fn disarm(&mut self) {
        self.id = None;
    }
}

impl Drop for Abandoned<'_> {
    fn drop(&mut self) {
        let (Some(id), Ok(runtime)) = (self.id.take(), tokio::runtime::Handle::try_current())
        else {
            return;
        };
        let peer = self.peer.clone();
        // In the background and with an end: a hung server may not even read this.
        runtime.spawn(async move {
            let reason = "nobody waits for the answer any longer".to_owned();
            let params = CancelledNotificationParam::new(Some(id), Some(reason));
            let word = CancelledNotification::new(params);
            drop(timeout(CANCEL_PATIENCE, peer.send_notification(word.into())).await);
        });
    }
}
