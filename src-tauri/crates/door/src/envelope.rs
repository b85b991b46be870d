//! The outermost layer: every failure leaves in S4's envelope (C47), every answer with an id, headers
//! that keep browsers strict, and a line in the log.
//!
//! Never here: deciding what failed.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use chimera_contract::{
    error::{ErrorBody, ErrorCode, ErrorEnvelope, request},
    scalar::Time,
};
use chimera_guard::{redact, redact_json};
use serde_json::{Value, json};
use tracing::Instrument;

use crate::{beside::OwnWords, problem::Problem, state::Api};

/// The id of a request, in its answer and in the log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Most characters of a message (S4).
const MAX_MESSAGE_CHARS: usize = 4_096;

/// No inline script, nothing from elsewhere, no frame around the console.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
     font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Numbers the request, logs it, and seals what comes back.
pub(crate) async fn seal(State(api): State<Api>, request: Request, next: Next) -> Response {
    let id = api.runtime.ids().uuid().to_string();
    // The path only: a query may hold a cursor, a body may hold a secret.
    let span = tracing::info_span!("request", %id, method = %request.method(), path = request.uri().path());
    let asked_for_api = request.uri().path().starts_with("/api/");
    let began = api.now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status();
    let failed = status.is_client_error() || status.is_server_error();
    if failed && response.extensions().get::<OwnWords>().is_none() {
        let problem = response
            .extensions_mut()
            .remove::<Problem>()
            .unwrap_or_else(|| Problem::new(code_of(status)));
        response = envelope(&problem, &id, &api, response.headers());
    }
    let status = response.status();
    api.counters.answered(status);
    let took = api.now().since(began).to_std();
    span.in_scope(|| tracing::info!(status = status.as_u16(), ?took, "answered"));
    headers(response.headers_mut(), asked_for_api, &id);
    response
}

/// The code of a failure that no handler named: the router's, or a layer's.
fn code_of(status: StatusCode) -> &'static ErrorCode {
    match status {
        StatusCode::NOT_FOUND => &request::NOT_FOUND,
        StatusCode::METHOD_NOT_ALLOWED => &request::METHOD_NOT_ALLOWED,
        StatusCode::PAYLOAD_TOO_LARGE => &request::BODY_TOO_LARGE,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => &request::UNSUPPORTED_MEDIA_TYPE,
        status if status.is_client_error() => &request::BAD_REQUEST,
        _ => &request::INTERNAL_ERROR,
    }
}

fn envelope(problem: &Problem, id: &str, api: &Api, before: &HeaderMap) -> Response {
    let mut details = match &*problem.details {
        Value::Object(map) => Value::Object(map.clone()),
        Value::Null => json!({}),
        other => json!({ "more": other }),
    };
    if problem.status().is_server_error() {
        details["request_id"] = json!(id);
    }
    // Whatever a message repeats of what it was asked with.
    let message: String = redact(&problem.message)
        .chars()
        .take(MAX_MESSAGE_CHARS)
        .collect();
    let body = ErrorEnvelope {
        success: false,
        error: ErrorBody {
            code: problem.code.code.to_owned(),
            message,
            details: redact_json(details),
            timestamp: Time::of(api.now()),
            retryable: problem.retryable,
        },
    };
    let mut response = (problem.status(), axum::Json(body)).into_response();
    let headers = response.headers_mut();
    for kept in [header::ALLOW, header::ETAG] {
        if let Some(value) = before.get(&kept) {
            headers.insert(kept, value.clone());
        }
    }
    if problem.status() == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(seconds) = problem.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn headers(headers: &mut HeaderMap, api: bool, id: &str) {
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if api && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, value);
    }
}
