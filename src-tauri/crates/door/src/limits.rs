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
    let slow = request
        .extensions()
        .get::<Endpoint>()
        .is_some_and(|endpoint| SLOW.contains(&endpoint.id));
    let limit = if slow { PATIENT } else { USUAL };
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
