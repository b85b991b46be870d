//! The API for callers in the same process, and the token that such a caller holds.
//!
//! Here: one request through the very same router, with the same guard, audit and errors. Never here: a
//! way around them.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, header},
};
use chimera_domain::{id::SessionId, time::Span};
use chimera_ports::{
    error::PortError,
    store::{Session, SessionKind},
};
use chimera_runtime::{Caller, Runtime};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::people::token;

/// Largest answer that an inside caller reads, in bytes.
const MAX_ANSWER_BYTES: usize = 32 * 1024 * 1024;

/// Why no token could be issued.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The system gives no random numbers.
    #[error("the system gives no random numbers; no token was made")]
    NoRandom,
    /// The store refused.
    #[error(transparent)]
    Store(#[from] PortError),
}

/// Makes a token that acts in the name of `who` for as long as `life`, in the place of every earlier one of
/// this label; the store keeps only its digest.
///
/// # Errors
/// When there is no randomness, or the store refuses.
pub async fn issue_token(
    runtime: &Runtime,
    who: &Caller,
    label: &str,
    life: Span,
) -> Result<String, TokenError> {
    let secret = token::mint().map_err(|_| TokenError::NoRandom)?;
    let digest = token::digest(&secret).ok_or(TokenError::NoRandom)?;
    let now = runtime.clock().now();
    let session = Session {
        id: SessionId::from_uuid(runtime.ids().uuid()),
        tenant: who.tenant,
        user: who.user,
        token: digest,
        label: label.to_owned(),
        created_at: now,
        expires_at: now + life,
        kind: SessionKind::Token,
        prefix: String::new(),
        revoked_at: None,
        last_used_at: None,
    };
    let output = json!({ "session": session.id, "label": label, "expires_at": session.expires_at });
    let notes = runtime.notes(who, "token.issue", output, None);
    runtime.store().replace_sessions(&session, notes).await?;
    Ok(secret)
}

/// What the API answered.
#[derive(Clone, PartialEq, Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Version of what was read or written, when the answer carries one.
    pub etag: Option<String>,
    /// The body; null when there is none.
    pub body: Value,
}

/// A caller in this process.
#[derive(Clone)]
pub struct InsideCaller {
    router: Router,
    token: String,
}

impl InsideCaller {
    /// A caller that holds `token`.
    #[must_use]
    pub const fn new(router: Router, token: String) -> Self {
        Self { router, token }
    }

    /// Sends one request. `if_match` is the version that a write builds on.
    ///
    /// # Errors
    /// When the request cannot be written or the answer not be read; an error of the API is an answer.
    pub async fn request(
        &self,
        method: &str,
        path: &str,
        if_match: Option<&str>,
        body: Option<&Value>,
    ) -> anyhow::Result<Answer> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "localhost")
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        if let Some(version) = if_match {
            request = request.header(header::IF_MATCH, version);
        }
        let body = match body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(serde_json::to_vec(body)?)
            }
            None => Body::empty(),
        };
        let response = self.router.clone().oneshot(request.body(body)?).await?;
        let status = response.status().as_u16();
        let etag = response
            .headers()
            .get(header::ETAG)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        let bytes = to_bytes(response.into_body(), MAX_ANSWER_BYTES).await?;
        let body = if bytes.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&bytes)?
        };
        Ok(Answer { status, etag, body })
    }
}
