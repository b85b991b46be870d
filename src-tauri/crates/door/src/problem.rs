//! A failed request on its way out: a code of the contract, words, and what else helps.
//!
//! Never here: the envelope's bytes (`envelope` writes them, for every failure alike).

use axum::response::{IntoResponse, Response};
use chimera_contract::error::{self, ErrorCode, people, request, work};
use chimera_ports::{
    error::{PortError, Trouble},
    registry::DeskError,
};
use chimera_runtime::{ErrorKind, RuntimeError};
use chimera_wire::NotTaken;
use http::StatusCode;
use serde_json::{Value, json};

/// What went wrong with a request.
#[derive(Clone, PartialEq, Debug)]
pub struct Problem {
    /// Its code, with status, effect and standing words.
    pub code: &'static ErrorCode,
    /// What happened, whether anything took effect, what to do.
    pub message: String,
    /// More, as data. Boxed, so that failing costs answers little room.
    pub details: Box<Value>,
    /// Whether the same request may work later.
    pub retryable: bool,
    /// Seconds after which another try makes sense, when that is known.
    pub retry_after: Option<u64>,
}

impl Problem {
    /// The code with its own words.
    #[must_use]
    pub fn new(code: &'static ErrorCode) -> Self {
        Self::saying(code, format!("{} {}", code.text, code.hint))
    }

    /// The code with better words.
    pub fn saying(code: &'static ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            details: Box::new(json!({})),
            retryable: code.retryable,
            retry_after: None,
        }
    }

    /// The same with details.
    #[must_use]
    pub fn with(mut self, details: Value) -> Self {
        self.details = Box::new(details);
        self
    }

    /// The same with the wait that helps, in seconds.
    #[must_use]
    pub const fn after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// A request that makes no sense.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::saying(&request::VALIDATION_ERROR, message)
    }

    /// There is no `noun` with this key for this tenant; of a long key the beginning is told.
    #[must_use]
    pub fn not_found(noun: &str, key: &str) -> Self {
        let key: String = key.chars().take(80).collect();
        Self::saying(
            &request::NOT_FOUND,
            format!("There is no {noun} {key}, or it is not yours to see."),
        )
    }

    /// A failure inside: its cause goes into the log and not to the caller.
    pub fn internal(cause: &impl ToString) -> Self {
        tracing::error!(cause = cause.to_string(), "a request failed inside");
        Self::new(&request::INTERNAL_ERROR)
    }

    /// A lost race was guarded by `If-Match`: the caller's version is stale (412), not just late (409).
    #[must_use]
    pub fn guarded(self) -> Self {
        if self.code.code == request::VERSION_CONFLICT.code {
            return Self {
                code: &request::VERSION_MISMATCH,
                ..self
            };
        }
        self
    }

    /// Its HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<PortError> for Problem {
    fn from(error: PortError) -> Self {
        match &error {
            PortError::NotFound { noun, key } => Self::not_found(noun, key),
            PortError::Invalid(text) if text.contains("cursor") => {
                Self::saying(&request::CURSOR_INVALID, error.to_string())
            }
            PortError::Invalid(_) => Self::invalid(error.to_string()),
            PortError::Conflict { .. } => {
                Self::saying(&request::VERSION_CONFLICT, error.to_string())
            }
            PortError::Trouble { trouble, words } => {
                tracing::error!(words, "the store is in trouble");
                Self::saying(trouble_code(*trouble), words.clone())
            }
            PortError::Internal(cause) => {
                tracing::error!(cause, "the store failed a request");
                Self::new(&request::STORE_FAILED)
            }
        }
    }
}

/// The code of a store in trouble.
#[must_use]
pub const fn trouble_code(trouble: Trouble) -> &'static ErrorCode {
    match trouble {
        Trouble::Full => &request::STORE_FULL,
        Trouble::ReadOnly => &request::STORE_READ_ONLY,
        Trouble::Damaged => &request::STORE_DAMAGED,
    }
}

impl From<RuntimeError> for Problem {
    fn from(error: RuntimeError) -> Self {
        if matches!(error.kind, ErrorKind::Internal) {
            tracing::error!(
                code = error.code,
                cause = error.message,
                "the runtime failed a request"
            );
        }
        let code = error::find(error.code).unwrap_or(match error.kind {
            ErrorKind::NotFound => &request::NOT_FOUND,
            ErrorKind::Invalid => &request::VALIDATION_ERROR,
            ErrorKind::Conflict => &request::VERSION_CONFLICT,
            ErrorKind::Forbidden => &people::FORBIDDEN,
            ErrorKind::Refused => &work::WRONG_STATE,
            ErrorKind::Unavailable => &request::UNAVAILABLE,
            ErrorKind::Internal => &request::INTERNAL_ERROR,
        });
        let details = if error.details.is_null() {
            json!({})
        } else {
            error.details
        };
        Self {
            code,
            message: error.message,
            details: Box::new(details),
            retryable: error.retryable,
            retry_after: None,
        }
    }
}

impl From<DeskError> for Problem {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Store(error) => error.into(),
            DeskError::Refused(fault) => {
                let code = error::find(&fault.code).unwrap_or(&request::UNAVAILABLE);
                Self::saying(code, fault.message).with(json!({ "cause": fault.code }))
            }
        }
    }
}

impl From<NotTaken> for Problem {
    fn from(refusal: NotTaken) -> Self {
        Self::invalid(refusal.0)
    }
}

/// What a handler returns.
pub type Answer<T> = Result<T, Problem>;
