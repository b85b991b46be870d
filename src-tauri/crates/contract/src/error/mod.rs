//! Errors on the wire: S4's envelope (C47), the table of every code that it can carry, and that of faults.
//!
//! Never here: deciding which error a failure is (the API does).

mod code;
pub mod fault;
pub mod keychain;
mod page;
pub mod people;
pub mod registry;
pub mod request;
pub mod work;

pub use code::{Effect, ErrorCode, all, find};
pub use page::{export, pages};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::scalar::Time;

/// What every failed request answers, whatever failed (S4, ERR-05).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ErrorEnvelope {
    /// Always false.
    #[schema(default = false)]
    pub success: bool,
    /// What went wrong.
    pub error: ErrorBody,
}

/// What went wrong.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ErrorBody {
    /// Stable code, SCREAMING_SNAKE, 1 to 64 characters; `specs/errors/<code>.md` explains it.
    pub code: String,
    /// What happened, whether anything took effect, what to do. 1 to 4,096 characters.
    pub message: String,
    /// What helps to act on it, such as the field that is wrong; an empty object when nothing does.
    pub details: Value,
    /// When it happened.
    pub timestamp: Time,
    /// Whether the same request may succeed if it is sent again.
    pub retryable: bool,
}
