//! Time and size of a request.
//!
//! Never here: rates (the guard counts them).

use std::{panic::AssertUnwindSafe, time::Duration};

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use chimera_contract::{endpoint::Endpoint, error::request};
use futures::FutureExt;
use http::Method;
use tracing::Instrument;

use crate::problem::Problem;

/// Largest body, in bytes.
pub(crate) const MAX_BODY_BYTES: usize = 1024 * 1024;
/// Longest answer of an ordinary request.
const USUAL: Duration = Duration::from_secs(30);
/// Longest answer of a request that waits for a model or a far side.
const PATIENT: Duration = Duration::from_secs(180);
/// Longest answer of a request in which an MCP server may ask a person something: such a question waits for five minutes.
const ASKED: Duration = Duration::from_secs(330);
/// Endpoints in which a server may ask.
const ASKING: [&str; 2] = ["read_server_resource", "get_server_prompt"];
/// Endpoints that wait for a model or a far side.
const SLOW: [&str; 8] = [
    "make_plan",
    "check_edit",
    "decide_review",
    "approve_task",
    "decide_swarm_review",
    "test_model",
    "put_model",
    "test_feed",
];

/// Gives up what takes too long. A write runs on in its own task, its answer is remembered under its key,
/// and neither impatience nor a closed window cuts it in half.
pub(crate) async fn in_time(request: Request, next: Next) -> Response {
    let endpoint = request.extensions().get::<Endpoint>();
    let limit = endpoint.map_or(USUAL, |endpoint| match endpoint.id {
        id if SLOW.contains(&id) => PATIENT,
        id if ASKING.contains(&id) => ASKED,
        _ => USUAL,
    });
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let work = next.run(request).instrument(tracing::Span::current());
    let done = if reads {
        let caught = AssertUnwindSafe(work).catch_unwind();
        tokio::time::timeout(limit, caught)
            .await
            .map(|done| done.map_err(|_| "a read panicked".to_owned()))
    } else {
        let running = tokio::time::timeout(limit, tokio::spawn(work));
        running
            .await
            .map(|done| done.map_err(|crash| crash.to_string()))
    };
    match done {
        Ok(Ok(response)) => response,
        Ok(Err(crash)) => Problem::internal(&crash).into_response(),
        Err(_) => Problem::new(&request::TIMED_OUT).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use chimera_contract::endpoint;

    use super::*;

    #[test]
    fn every_endpoint_that_may_take_longer_is_one() {
        for id in SLOW.iter().chain(&ASKING) {
            assert!(endpoint::all().any(|known| known.id == *id), "{id}");
        }
    }
}
