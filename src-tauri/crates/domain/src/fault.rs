//! The kinds of failure and what each asks for (ERR-01…04, C52).
//!
//! Never here: which code is of which kind (`taxonomy`), retry timing (the engine) or wording for one screen (the
//! contract).

use std::{backtrace::Backtrace, sync::Arc};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::taxonomy::{Place, place};

/// What kind of failure it was.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FaultClass {
    /// A timeout, a rate limit, a lost connection: tried again with backoff, at most three times.
    Transient,
    /// What it needs is not to be had at the moment and comes back by itself: it waits, and no try is counted.
    Waits,
    /// The input is wrong: returned at once, never tried again.
    Validation,
    /// Credentials, a missing server: a person is told.
    Permanent,
    /// Nobody foresaw it: logged in full, a person is told.
    Unknown,
    /// A reservation did not fit its cap; only a higher cap helps.
    BudgetExhausted,
}

impl FaultClass {
    /// Whether trying the same again can help.
    #[must_use]
    pub const fn is_retryable(self) -> bool {
        matches!(self, Self::Transient)
    }
}

/// A failure as it is stored and shown.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Stable code, SCREAMING_SNAKE, 1 to 64 characters.
    pub code: String,
    /// What kind it was.
    pub class: FaultClass,
    /// What happened, whether anything took effect, what to do. At most 4,096 characters.
    pub message: String,
    /// Earliest useful time for another try, when the far side said so, in milliseconds from now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// Where a failure that nobody foresaw was noticed first: for the log, never stored and never shown.
    #[serde(skip)]
    pub origin: Origin,
}

/// The way through the code to the place where a failure was noticed. Says nothing about whether two failures are
/// the same.
#[derive(Clone, Debug, Default)]
pub struct Origin(Option<Arc<Backtrace>>);

impl Origin {
    /// The way, one call a line.
    #[must_use]
    pub fn in_words(&self) -> Option<String> {
        self.0.as_ref().map(ToString::to_string)
    }
}

impl PartialEq for Origin {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Origin {}

impl Fault {
    /// Most characters of a message that are kept.
    pub const MAX_MESSAGE_CHARS: usize = 4_096;

    /// A failure under a stable `code`, of the class that the code has; one that nobody knows is unknown.
    #[must_use]
    pub fn of(code: &str, message: impl Into<String>) -> Self {
        let class = match place(code) {
            Some(Place::Fixed(class)) => class,
            Some(Place::OfCause) | None => FaultClass::Unknown,
        };
        Self::new(class, code, message)
    }

    /// A failure of `class` under a stable `code`: of one that tells of another failure, or of somebody else's. A
    /// code with a class of its own keeps that one.
    #[must_use]
    pub fn new(class: FaultClass, code: &str, message: impl Into<String>) -> Self {
        let class = match place(code) {
            Some(Place::Fixed(own)) => {
                debug_assert_eq!(
                    own, class,
                    "{code} is classed otherwise than its table says"
                );
                own
            }
            Some(Place::OfCause) | None => class,
        };
        let mut message: String = message.into();
        if let Some((cut, _)) = message.char_indices().nth(Self::MAX_MESSAGE_CHARS) {
            message.truncate(cut);
        }
        Self {
            code: code.to_owned(),
            class,
            message,
            retry_after_ms: None,
            origin: Origin(
                (class == FaultClass::Unknown).then(|| Arc::new(Backtrace::force_capture())),
            ),
        }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}
