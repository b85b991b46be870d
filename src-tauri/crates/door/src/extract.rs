//! What a handler takes out of a request, with refusals in the envelope.
//!
//! Never here: meaning; that is the handler's, or the runtime's.

use std::str::FromStr;

use axum::{
    body::to_bytes,
    extract::{FromRequest, FromRequestParts, Request},
};
use chimera_contract::error::request;
use chimera_domain::id::VersionId;
use http::{header, request::Parts};
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::{
    limits::MAX_BODY_BYTES,
    problem::{Answer, Problem},
};

/// A JSON body. An absent one reads as `{}`, for types whose fields all have defaults.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let kind = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        let is_json = kind.map(|kind| {
            let essence = kind.split(';').next().unwrap_or_default().trim();
            essence.eq_ignore_ascii_case("application/json")
        });
        let bytes = to_bytes(request.into_body(), MAX_BODY_BYTES)
            .await
            .map_err(|_| {
                Problem::new(&request::BODY_TOO_LARGE)
                    .with(json!({ "limit_bytes": MAX_BODY_BYTES }))
            })?;
        if bytes.is_empty() && is_json != Some(false) {
            return read(b"{}").map(Self);
        }
        if is_json != Some(true) {
            return Err(Problem::new(&request::UNSUPPORTED_MEDIA_TYPE));
        }
        read(&bytes).map(Self)
    }
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Answer<T> {
    serde_json::from_slice(bytes).map_err(|error| {
        let place = json!({ "line": error.line(), "column": error.column() });
        if error.is_data() {
            let message =
                format!("The request's body is not as it must be: {error}. Nothing was done.");
            Problem::invalid(message).with(place)
        } else {
            let message = format!("The request's body is not JSON: {error}. Nothing was done.");
            Problem::saying(&request::BAD_REQUEST, message).with(place)
        }
    })
}

/// The query string. A parameter that is not known is refused, not ignored.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        axum::extract::Query::<T>::try_from_uri(&parts.uri)
            .map(|query| Self(query.0))
            .map_err(|error| {
                let message = format!(
                    "The query cannot be read: {}. Nothing was done.",
                    error.body_text()
                );
                Problem::saying(&request::BAD_REQUEST, message)
            })
    }
}

/// Path parameters as text, one or a tuple.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        axum::extract::Path::<T>::from_request_parts(parts, state)
            .await
            .map(|path| Self(path.0))
            .map_err(|_| Problem::new(&request::NOT_FOUND))
    }
}

/// An id out of a path: text that is no id names nothing.
///
/// # Errors
/// `NOT_FOUND`, of that `noun`.
pub fn id<T: FromStr>(noun: &str, text: &str) -> Answer<T> {
    text.parse().map_err(|_| Problem::not_found(noun, text))
}

/// An id out of a body or query.
///
/// # Errors
/// `VALIDATION_ERROR`, with what is wrong with the text.
pub fn id_in_body<T: FromStr<Err: ToString>>(text: &str) -> Answer<T> {
    text.parse()
        .map_err(|error: T::Err| Problem::invalid(error.to_string()))
}

/// The version that `If-Match` names, if it was sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IfMatch(Option<String>);

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else {
            return Ok(Self(None));
        };
        let text = value.to_str().unwrap_or_default().trim();
        let quoted = text
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'));
        quoted
            .map(|version| Self(Some(version.to_owned())))
            .ok_or_else(|| {
                let message =
                    "If-Match must be one ETag in quotes, as a read gave it. Nothing was done.";
                Problem::saying(&request::BAD_REQUEST, message)
            })
    }
}

impl IfMatch {
    /// The row version, if one was named.
    ///
    /// # Errors
    /// `VERSION_MISMATCH` for what is no version of ours.
    pub fn version(&self) -> Answer<Option<VersionId>> {
        self.0
            .as_deref()
            .map(|text| {
                text.parse()
                    .map_err(|_| Problem::new(&request::VERSION_MISMATCH))
            })
            .transpose()
    }

    /// The row version; the guard saw to it that there is one.
    ///
    /// # Errors
    /// As [`IfMatch::version`], and `PRECONDITION_REQUIRED` without one.
    pub fn required(&self) -> Answer<VersionId> {
        self.version()?
            .ok_or_else(|| Problem::new(&request::PRECONDITION_REQUIRED))
    }

    /// What was named, as text.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// A failure in the light of the guard: a lost race under `If-Match` is a failed precondition.
    ///
    /// # Errors
    /// The failure.
    pub fn guard<T>(&self, result: Result<T, impl Into<Problem>>) -> Answer<T> {
        result.map_err(|error| {
            let problem: Problem = error.into();
            if self.0.is_some() {
                problem.guarded()
            } else {
                problem
            }
        })
    }
}
