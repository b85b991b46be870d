//! What the door itself refuses, in the API's own envelope, so that the page knows one kind of error.
//!
//! Never here: what the API refuses; its answers pass as they are.

use std::collections::BTreeMap;

use chimera_contract::{
    error::{ErrorBody, ErrorCode, ErrorEnvelope, request},
    scalar::Time,
};
use chrono::SecondsFormat;
use serde_json::{Value, json};

use super::DoorResponse;
use crate::boot::StartFailure;

/// Why the door did not pass a request or an answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Refusal {
    /// A method that the API has not.
    Method,
    /// A path that could be read in two ways.
    Path,
    /// A header that cannot be sent.
    Header,
    /// An address that this window may not ask for.
    NotForThisWindow,
    /// The request is too large.
    RequestTooLarge {
        /// In bytes.
        limit: usize,
    },
    /// The answer is too large.
    AnswerTooLarge {
        /// In bytes.
        limit: usize,
    },
    /// The answer is no text.
    NotText,
    /// The answer has no end.
    Stream,
    /// What was to be saved could not be written, for this reason.
    NotSaved(String),
    /// No answer in time.
    TimedOut,
    /// Chimera is still starting.
    Starting,
    /// Chimera did not start.
    NotStarted(StartFailure),
    /// Chimera is being closed.
    Leaving,
}

impl Refusal {
    /// As an answer.
    pub(crate) fn answer(&self) -> DoorResponse {
        let (code, message) = self.in_words();
        let envelope = ErrorEnvelope {
            success: false,
            error: ErrorBody {
                code: code.code.to_owned(),
                message,
                details: self.details(),
                timestamp: now(),
                retryable: code.retryable,
            },
        };
        DoorResponse {
            status: code.status,
            headers: BTreeMap::from([("content-type".to_owned(), "application/json".to_owned())]),
            body: json!(envelope).to_string(),
        }
    }

    fn in_words(&self) -> (&'static ErrorCode, String) {
        let (code, words) = match self {
            Self::Method => (
                &request::METHOD_NOT_ALLOWED,
                "The window asks with GET, POST, PUT and DELETE. Nothing was done.",
            ),
            Self::Path => (
                &request::BAD_REQUEST,
                "The window asked for an address that could be read in two ways. Nothing was done.",
            ),
            Self::Header => (
                &request::BAD_REQUEST,
                "The window sent a header that is too long or not plain text. Nothing was done.",
            ),
            Self::NotForThisWindow => (
                &request::NOT_FOUND,
                "This window may not ask for that address. Nothing was done.",
            ),
            Self::RequestTooLarge { .. } => (
                &request::BODY_TOO_LARGE,
                "The request is larger than the window may send. Nothing was done.",
            ),
            Self::AnswerTooLarge { .. } => (
                &request::INTERNAL_ERROR,
                "The answer is larger than the window takes; ask for a smaller page. If this was a write, it was done.",
            ),
            Self::NotText => (
                &request::INTERNAL_ERROR,
                "The answer is no text, and the window shows only text. If this was a write, it was done.",
            ),
            Self::Stream => (
                &request::NOT_FOUND,
                "A stream of events does not pass this way; the window subscribes to it. Nothing was done.",
            ),
            Self::TimedOut => (&request::TIMED_OUT, request::TIMED_OUT.text),
            Self::Starting => (
                &request::UNAVAILABLE,
                "Chimera is still starting. Nothing was done; try again in a moment.",
            ),
            Self::Leaving => (
                &request::UNAVAILABLE,
                "Chimera is being closed. Nothing was done.",
            ),
            Self::NotSaved(why) => {
                return (
                    &request::UNAVAILABLE,
                    format!(
                        "The export could not be saved: {why}. There is no file of it; see that the folder is there and \
                         has room, and try again."
                    ),
                );
            }
            Self::NotStarted(failure) => {
                return (
                    &request::NOT_STARTED,
                    format!(
                        "Chimera did not start: {}.",
                        failure.message.trim_end_matches('.')
                    ),
                );
            }
        };
        (code, words.to_owned())
    }

    fn details(&self) -> Value {
        match self {
            Self::RequestTooLarge { limit } | Self::AnswerTooLarge { limit } => {
                json!({ "limit_bytes": limit })
            }
            Self::NotStarted(failure) => json!({ "start": failure.code }),
            _ => json!({}),
        }
    }
}

fn now() -> Time {
    #[expect(
        clippy::disallowed_methods,
        reason = "the door refuses before there is a Chimera whose clock it could ask"
    )]
    let now = chrono::Utc::now();
    Time(now.to_rfc3339_opts(SecondsFormat::Micros, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_that_failed_is_said_to_whoever_asks() {
        let failure = StartFailure {
            code: "STATE_REFUSED",
            message: "it is in use by another Chimera".to_owned(),
        };
        let answer = Refusal::NotStarted(failure).answer();
        let mut body: Value = serde_json::from_str(&answer.body).unwrap();
        let timestamp = body["error"]["timestamp"].take();
        assert!(timestamp.as_str().unwrap().ends_with('Z'), "{timestamp}");
        let expected = json!({ "success": false, "error": {
            "code": "NOT_STARTED",
            "message": "Chimera did not start: it is in use by another Chimera.",
            "details": { "start": "STATE_REFUSED" },
            "timestamp": null,
            "retryable": false,
        } });
        assert_eq!((answer.status, body), (503, expected));
    }
}
