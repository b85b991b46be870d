//! What the sandbox says when it refuses.
//!
//! Never here: the refusals' conditions.

use chimera_domain::{
    fault::{Fault, FaultClass},
    post::PostRefusal,
};

use super::state::StateError;

/// No such post, or it was deleted.
pub(super) const POST_UNKNOWN: &str = "SANDBOX_POST_UNKNOWN";
/// The network would not take the post as it is.
pub(super) const POST_REFUSED: &str = "SANDBOX_POST_REFUSED";
/// The post has no AI label.
pub(super) const POST_UNLABELLED: &str = "SANDBOX_POST_UNLABELLED";
/// The text is empty or too long.
pub(super) const POST_TEXT_INVALID: &str = "SANDBOX_POST_TEXT_INVALID";
/// The post belongs to another tenant than the caller.
pub(super) const TENANT_MISMATCH: &str = "SANDBOX_TENANT_MISMATCH";
/// The intent key was used for another act.
pub(super) const INTENT_REUSED: &str = "SANDBOX_INTENT_REUSED";
/// The account belongs to somebody else.
pub(super) const NOT_YOURS: &str = "SANDBOX_NOT_YOURS";
/// The handle cannot be used.
pub(super) const HANDLE_INVALID: &str = "SANDBOX_HANDLE_INVALID";
/// The handle is taken.
pub(super) const HANDLE_TAKEN: &str = "SANDBOX_HANDLE_TAKEN";
/// The cursor is not one of ours.
pub(super) const CURSOR_INVALID: &str = "SANDBOX_CURSOR_INVALID";
/// The network holds as much as it can.
pub(super) const FULL: &str = "SANDBOX_FULL";
/// There is no room to write the state; nothing was written, and with room again it goes on.
pub(super) const DISK_FULL: &str = "SANDBOX_DISK_FULL";
/// The state could not be written; nothing was.
pub(super) const STATE_UNWRITABLE: &str = "SANDBOX_STATE_UNWRITABLE";
/// Nobody knows whether the last write reached the disk.
pub(super) const STATE_UNCERTAIN: &str = "SANDBOX_STATE_UNCERTAIN";

/// Every code of the sandbox, for the page and the row that each must have.
pub const CODES: [&str; 14] = [
    POST_UNKNOWN,
    POST_REFUSED,
    POST_UNLABELLED,
    POST_TEXT_INVALID,
    TENANT_MISMATCH,
    INTENT_REUSED,
    NOT_YOURS,
    HANDLE_INVALID,
    HANDLE_TAKEN,
    CURSOR_INVALID,
    FULL,
    DISK_FULL,
    STATE_UNWRITABLE,
    STATE_UNCERTAIN,
];

/// A refusal that asking again does not change.
pub(super) fn refused(code: &str, why: impl std::fmt::Display) -> Fault {
    Fault::new(
        FaultClass::Validation,
        code,
        format!("{why}; nothing was changed"),
    )
}

pub(super) fn no_post(id: &str) -> Fault {
    let id: String = id.chars().take(40).collect();
    refused(
        POST_UNKNOWN,
        format!("there is no post '{id}' in the sandbox, or it was deleted"),
    )
}

impl From<StateError> for Fault {
    fn from(error: StateError) -> Self {
        let code = match error {
            StateError::Uncertain => STATE_UNCERTAIN,
            StateError::Full { .. } => DISK_FULL,
            _ => STATE_UNWRITABLE,
        };
        Self::of(code, error.to_string())
    }
}

pub(super) fn post_refusal(refusal: &PostRefusal) -> Fault {
    let code = match refusal {
        PostRefusal::Text(_) => POST_TEXT_INVALID,
        PostRefusal::Unlabelled => POST_UNLABELLED,
    };
    refused(code, refusal)
}

/// The task that did the work is gone. Its journal tells what came of it, and the intent key asks.
pub(super) fn interrupted() -> Fault {
    Fault::new(
        FaultClass::Unknown,
        STATE_UNCERTAIN,
        "the sandbox was interrupted; nobody knows whether it took effect; ask again with the same intent key",
    )
}
