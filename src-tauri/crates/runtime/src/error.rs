//! Why the desk refuses or fails, with a stable code for every case.

use chimera_domain::{fault::Fault, text::InvalidText};
use chimera_engine::{Refusal, plan::PlanError};
use chimera_ports::{
    error::{PortError, Trouble},
    model::ModelError,
    tools::ToolError,
};
use serde_json::{Value, json};

/// What kind of failure it is; an HTTP status follows from it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErrorKind {
    /// No such thing for this tenant.
    NotFound,
    /// The request makes no sense.
    Invalid,
    /// Somebody else was first.
    Conflict,
    /// The person may not.
    Forbidden,
    /// The state does not allow it.
    Refused,
    /// A part outside is in trouble.
    Unavailable,
    /// The runtime itself is in trouble.
    Internal,
}

/// Why the desk refused or failed. The message says whether anything took effect.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct RuntimeError {
    /// Stable code.
    pub code: &'static str,
    /// What kind of failure it is.
    pub kind: ErrorKind,
    /// What happened, whether anything took effect, what to do.
    pub message: String,
    /// More, as data.
    pub details: Value,
    /// Whether the same request may work later.
    pub retryable: bool,
}

impl RuntimeError {
    /// A failure without details.
    #[must_use]
    pub fn new(kind: ErrorKind, code: &'static str, message: impl Into<String>) -> Self {
        let retryable = matches!(kind, ErrorKind::Unavailable);
        Self {
            code,
            kind,
            message: message.into(),
            details: Value::Null,
            retryable,
        }
    }

    /// The same with details.
    #[must_use]
    pub fn with(mut self, details: Value) -> Self {
        self.details = details;
        self
    }
}

impl From<PortError> for RuntimeError {
    fn from(error: PortError) -> Self {
        let message = error.to_string();
        match error {
            PortError::NotFound { .. } => Self::new(ErrorKind::NotFound, "NOT_FOUND", message),
            PortError::Invalid(_) => Self::new(ErrorKind::Invalid, "VALIDATION_ERROR", message),
            PortError::Conflict { .. } => {
                Self::new(ErrorKind::Conflict, "VERSION_CONFLICT", message)
            }
            PortError::Trouble { trouble, .. } => {
                let kind = match trouble {
                    Trouble::Full | Trouble::ReadOnly => ErrorKind::Unavailable,
                    Trouble::Damaged => ErrorKind::Internal,
                };
                Self::new(kind, trouble.code(), message)
            }
            PortError::Internal(_) => Self::new(ErrorKind::Internal, "STORE_FAILED", message),
        }
    }
}

impl From<Refusal> for RuntimeError {
    fn from(refusal: Refusal) -> Self {
        let message = refusal.to_string();
        match refusal {
            Refusal::Plan(error) => error.into(),
            Refusal::DigestMismatch => Self::new(ErrorKind::Conflict, "SHOWN_CHANGED", message),
            Refusal::AlreadySettled(state) => {
                Self::new(ErrorKind::Conflict, "REVIEW_SETTLED", message)
                    .with(json!({ "state": state }))
            }
            Refusal::Expired { .. } => Self::new(ErrorKind::Conflict, "REVIEW_EXPIRED", message),
            Refusal::UndoOver => Self::new(ErrorKind::Conflict, "UNDO_OVER", message),
            Refusal::EditBlocked { findings } => {
                Self::new(ErrorKind::Refused, "EDIT_BLOCKED", message)
                    .with(json!({ "findings": findings }))
            }
            Refusal::Undigestible(_) => Self::new(ErrorKind::Invalid, "VALIDATION_ERROR", message),
            Refusal::Missing(_) => Self::new(ErrorKind::NotFound, "NOT_FOUND", message),
            Refusal::NoReplay(_) => Self::new(ErrorKind::Conflict, "REPLAY_REFUSED", message),
            Refusal::Stopped => Self::new(ErrorKind::Refused, "STOPPED", message),
            Refusal::WrongState { .. }
            | Refusal::CampaignNot { .. }
            | Refusal::AgentNot { .. }
            | Refusal::TooEarly { .. }
            | Refusal::NoChange(_)
            | Refusal::PlanOutdated
            | Refusal::LeaseLost => Self::new(ErrorKind::Conflict, "WRONG_STATE", message),
        }
    }
}

impl From<PlanError> for RuntimeError {
    fn from(error: PlanError) -> Self {
        let details = match &error {
            PlanError::Cycle(steps) => json!({ "circle": steps }),
            PlanError::BeyondBudget { caps, budget } => json!({ "caps": caps, "budget": budget }),
            _ => Value::Null,
        };
        let code = match error {
            PlanError::Cycle(_) => "PLAN_CYCLE",
            PlanError::BeyondBudget { .. } => "PLAN_BEYOND_BUDGET",
            _ => "PLAN_INVALID",
        };
        Self::new(ErrorKind::Invalid, code, error.to_string()).with(details)
    }
}

impl From<InvalidText> for RuntimeError {
    fn from(error: InvalidText) -> Self {
        Self::new(ErrorKind::Invalid, "VALIDATION_ERROR", error.to_string())
    }
}

impl From<ModelError> for RuntimeError {
    fn from(error: ModelError) -> Self {
        unavailable("MODEL_UNAVAILABLE", error.fault)
    }
}

impl From<ToolError> for RuntimeError {
    fn from(error: ToolError) -> Self {
        unavailable("TOOL_UNAVAILABLE", error.fault)
    }
}

fn unavailable(code: &'static str, fault: Fault) -> RuntimeError {
    let retryable = fault.class.is_retryable();
    let details = json!({ "cause": fault.code, "class": fault.class });
    let mut error = RuntimeError::new(ErrorKind::Unavailable, code, fault.message).with(details);
    error.retryable = retryable;
    error
}
