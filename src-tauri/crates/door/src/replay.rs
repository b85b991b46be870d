//! A repeated write with the same `Idempotency-Key` gets the first answer and does nothing again.
//!
//! The key is stored before the write begins. A process that dies between the write and its answer therefore
//! leaves a key that is taken and not answered: its repetition is told so and is not acted on.
//!
//! Never here: endpoints whose answers carry a secret (the contract marks them).

use std::sync::PoisonError;

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use chimera_contract::{
    endpoint::Endpoint,
    error::{Effect, request},
};
use chimera_domain::{change::IdempotencyRecord, digest::Digest, id::UserId};
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    counters::Counters,
    limits::MAX_BODY_BYTES,
    problem::{Answer, Problem},
    signed::Signed,
    state::Api,
};

/// The client's header.
const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Set on an answer from memory.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Longest key, in characters.
const MAX_KEY_CHARS: usize = 128;
/// Domain tag of a request's digest.
const TAG: &str = "chimera.request.v1";

/// What is kept of an answer besides its status.
#[derive(Serialize, Deserialize)]
struct Kept {
    etag: Option<String>,
    body: String,
}

/// Answers a repeated write from memory.
pub async fn answered_before(State(api): State<Api>, request: Request, next: Next) -> Response {
    let replayable = request
        .extensions()
        .get::<Endpoint>()
        .is_some_and(|endpoint| endpoint.replayable);
    let signed = request.extensions().get::<Signed>().cloned();
    match (request.headers().get(KEY).cloned(), signed) {
        (Some(key), Some(signed)) if replayable => once(&api, &signed, &key, request, next)
            .await
            .unwrap_or_else(IntoResponse::into_response),
        _ => next.run(request).await,
    }
}

async fn once(
    api: &Api,
    signed: &Signed,
    key: &HeaderValue,
    request: Request,
    next: Next,
) -> Answer<Response> {
    let key = readable(key)?;
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MAX_BODY_BYTES).await.map_err(|_| {
        Problem::new(&request::BODY_TOO_LARGE).with(json!({ "limit_bytes": MAX_BODY_BYTES }))
    })?;
    let target = parts
        .uri
        .path_and_query()
        .map_or("", |target| target.as_str());
    let digest = digest_of(parts.method.as_str(), target, &body)?;
    let turn = Turn::take(api, signed.caller.user, &key)?;
    let begun = IdempotencyRecord {
        tenant: signed.caller.tenant,
        // One person's keys are not another's.
        key: format!("{}:{key}", signed.caller.user),
        request: digest,
        status: IdempotencyRecord::BEGUN,
        body: String::new(),
        created_at: api.now(),
    };
    if let Some(record) = api.store().begin_answer(&begun).await? {
        if record.request != begun.request {
            return Err(Problem::new(&request::IDEMPOTENCY_KEY_REUSED));
        }
        if record.status == IdempotencyRecord::BEGUN {
            // Nobody works on it, as the turn is ours: whoever began it is gone.
            return Err(Problem::new(&request::IDEMPOTENCY_IN_DOUBT));
        }
        Counters::add(&api.counters.replays);
        return replayed(&record);
    }
    // In a task of its own: a client that goes away must find the answer when it asks again.
    let request = Request::from_parts(parts, Body::from(body));
    tokio::spawn(write_and_remember(api.clone(), begun, turn, request, next))
        .await
        .map_err(|error| Problem::internal(&error))?
}

/// Does the write under a key that is taken, and keeps its answer.
async fn write_and_remember(
    api: Api,
    begun: IdempotencyRecord,
    turn: Turn,
    request: Request,
    next: Next,
) -> Answer<Response> {
    let response = next.run(request).await;
    if !response.status().is_success() {
        if took_no_effect(&response) {
            // The key is free again: a corrected request may use it.
            if let Err(error) = api.store().drop_key(begun.tenant, &begun.key).await {
                // The refusal is true all the same; under the key that stays taken, a repetition is told of doubt.
                tracing::error!(%error, "a key could not be given back");
            }
        }
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX)
        .await
        .map_err(|error| Problem::internal(&error))?;
    let kept = Kept {
        etag: parts
            .headers
            .get(header::ETAG)
            .and_then(|etag| etag.to_str().ok())
            .map(str::to_owned),
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    let record = IdempotencyRecord {
        status: parts.status.as_u16(),
        body: serde_json::to_string(&kept).map_err(|error| Problem::internal(&error))?,
        ..begun
    };
    if let Err(error) = api.store().remember_answer(&record).await {
        // The write is done, and the key stays taken: a repetition is told that it is in doubt.
        tracing::error!(%error, "an answer could not be remembered");
    }
    drop(turn);
    Ok(Response::from_parts(parts, Body::from(body)))
}

/// Whether a refusal says that nothing was changed. What says nothing of it counts as unknown.
fn took_no_effect(response: &Response) -> bool {
    response
        .extensions()
        .get::<Problem>()
        .map_or(response.status().is_client_error(), |problem| {
            problem.code.effect == Effect::Nothing
        })
}

fn readable(key: &HeaderValue) -> Answer<String> {
    let text = key.to_str().unwrap_or_default();
    let fits = (1..=MAX_KEY_CHARS).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_graphic());
    if fits {
        Ok(text.to_owned())
    } else {
        Err(Problem::new(&request::IDEMPOTENCY_KEY_INVALID))
    }
}

fn digest_of(method: &str, target: &str, body: &Bytes) -> Answer<Digest> {
    let mut bytes = format!("{method}\n{target}\n").into_bytes();
    bytes.extend_from_slice(body);
    Digest::of_bytes(TAG, &bytes).map_err(|error| Problem::internal(&error))
}

fn replayed(record: &IdempotencyRecord) -> Answer<Response> {
    let kept: Kept =
        serde_json::from_str(&record.body).map_err(|error| Problem::internal(&error))?;
    let status = StatusCode::from_u16(record.status).map_err(|error| Problem::internal(&error))?;
    let mut response = (status, kept.body).into_response();
    let headers = response.headers_mut();
    if status == StatusCode::NO_CONTENT {
        headers.remove(header::CONTENT_TYPE);
    } else {
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
    }
    if let Some(etag) = kept.etag.and_then(|etag| HeaderValue::from_str(&etag).ok()) {
        headers.insert(header::ETAG, etag);
    }
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}

/// The right to work on a key; given back when dropped.
struct Turn {
    api: Api,
    key: (UserId, String),
}

impl Turn {
    fn take(api: &Api, user: UserId, key: &str) -> Answer<Self> {
        let key = (user, key.to_owned());
        let mut running = api.in_flight.lock().unwrap_or_else(PoisonError::into_inner);
        if !running.insert(key.clone()) {
            return Err(Problem::new(&request::IDEMPOTENCY_IN_FLIGHT).after(1));
        }
        Ok(Self {
            api: api.clone(),
            key,
        })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.api
            .in_flight
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.key);
    }
}
