//! What a provider's failure means for us: which class, under which code, when to come back.
//!
//! Never here: trying again (the runtime's).

use std::time::Duration;

use chimera_blotting::Secrets;
use chimera_domain::fault::FaultClass;
use chimera_net::{NetError, Stage};
use chimera_ports::model::{Charge, ModelError};
use serde_json::Value;

/// The key is wrong, missing or not allowed here.
pub const CODE_AUTH: &str = "MODEL_AUTH";
/// The account has no money left.
pub const CODE_NO_CREDIT: &str = "MODEL_NO_CREDIT";
/// Too many requests; come back later.
pub const CODE_RATE_LIMITED: &str = "MODEL_RATE_LIMITED";
/// The provider is down or overloaded.
pub const CODE_UNAVAILABLE: &str = "MODEL_UNAVAILABLE";
/// Nothing answers at the address.
pub const CODE_UNREACHABLE: &str = "MODEL_UNREACHABLE";
/// The address may not be asked, or its identity cannot be checked.
pub const CODE_ADDRESS: &str = "MODEL_ADDRESS";
/// No answer in time.
pub const CODE_TIMEOUT: &str = "MODEL_TIMEOUT";
/// The answer broke off in the middle.
pub const CODE_STREAM_CUT: &str = "MODEL_STREAM_CUT";
/// The answer is none.
pub const CODE_BAD_ANSWER: &str = "MODEL_BAD_ANSWER";
/// The answer is larger than allowed.
pub const CODE_TOO_LARGE: &str = "MODEL_ANSWER_TOO_LARGE";
/// The provider refuses the request as it is.
pub const CODE_REFUSED: &str = "MODEL_REQUEST_REFUSED";
/// The request is longer than the model can read.
pub const CODE_CONTEXT: &str = "MODEL_CONTEXT_TOO_LONG";
/// The request is longer than our own bound; nothing was sent.
pub const CODE_TOO_LONG: &str = "MODEL_REQUEST_TOO_LONG";
/// There is no such address or model.
pub const CODE_NOT_FOUND: &str = "MODEL_NOT_FOUND";

/// Most characters of a provider's own words that are passed on.
const MAX_PROVIDER_CHARS: usize = 300;
/// Longest wait that a provider may ask for.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(3_600);

const AUTH: (FaultClass, &str, &str) = (
    FaultClass::Permanent,
    CODE_AUTH,
    "Check the key under Connections.",
);
const NOT_FOUND: (FaultClass, &str, &str) = (
    FaultClass::Permanent,
    CODE_NOT_FOUND,
    "Check the address and the model's name under Connections.",
);
const LATER: &str = "It is tried again later.";
const NO_CREDIT: (FaultClass, &str, &str) = (
    FaultClass::Permanent,
    CODE_NO_CREDIT,
    "Add credit to the account, or choose another provider.",
);
const CONTEXT: (FaultClass, &str, &str) = (
    FaultClass::Validation,
    CODE_CONTEXT,
    "Give the step less to read, or choose a model with a longer context.",
);
const REFUSED: (FaultClass, &str, &str) = (
    FaultClass::Validation,
    CODE_REFUSED,
    "The same request will be refused again.",
);

/// What providers write when a request is longer than the model can read.
const CONTEXT_SIGNS: [&str; 6] = [
    "maximum context length",
    "context window",
    "too many tokens",
    "context size",
    "prompt is too long",
    "exceeds the maximum number of tokens",
];

/// Anthropic's status for being overloaded.
const OVERLOADED: u16 = 529;

/// What a provider says of its failure.
pub(super) struct Refusal<'a> {
    /// The provider's name.
    pub provider: &'a str,
    /// HTTP status, when the failure came with one.
    pub status: Option<u16>,
    /// Body, or the error event of a stream.
    pub body: &'a Value,
    /// `retry-after` in milliseconds.
    pub retry_after_ms: Option<u64>,
    /// Text that may not be repeated: the key.
    pub secret: &'a str,
}

impl Refusal<'_> {
    /// The provider's own words, bounded and without the key, however it is spelled.
    fn words(&self) -> String {
        let error = self.body.get("error").unwrap_or(self.body);
        let words = [error.get("message"), error.get("detail"), Some(error)]
            .into_iter()
            .flatten()
            .find_map(Value::as_str)
            .unwrap_or_default();
        // Before anything else is changed: what is put in the place of a sign in the key's midst would hide it.
        Secrets::of([self.secret.to_owned()])
            .text(words.to_owned())
            .chars()
            .map(|letter| if letter.is_control() { ' ' } else { letter })
            .take(MAX_PROVIDER_CHARS)
            .collect()
    }

    /// Gemini's details of an error.
    fn details(&self) -> impl Iterator<Item = &Value> {
        let details = self.body.pointer("/error/details");
        details.and_then(Value::as_array).into_iter().flatten()
    }

    fn reasons(&self) -> impl Iterator<Item = &str> {
        self.details()
            .filter_map(|detail| detail.get("reason")?.as_str())
    }

    /// The wait that the body names, in milliseconds: Gemini's `retryDelay`, for example `34.2s`.
    fn told_delay(&self) -> Option<u64> {
        let told = self
            .details()
            .find_map(|detail| detail.get("retryDelay")?.as_str())?;
        bounded_ms(told.strip_suffix('s')?.parse::<f64>().ok()? * 1_000.0)
    }

    /// Machine words: `error.code` and `error.type`.
    fn codes(&self) -> String {
        let error = self.body.get("error").unwrap_or(self.body);
        ["code", "type", "status"]
            .iter()
            .filter_map(|name| error.get(*name))
            .map(|value| {
                value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned)
            })
            .collect::<Vec<_>>()
            .join(" ")
            .to_lowercase()
    }

    /// The status: that of the answer, or the one that an error event names.
    fn status(&self) -> Option<u16> {
        let named = || {
            let codes = self.codes();
            let mut statuses = codes.split(' ').filter_map(|code| code.parse().ok());
            statuses.find(|status| (400..600).contains(status))
        };
        self.status.or_else(named)
    }

    /// Class, code and advice.
    fn kind(&self) -> (FaultClass, &'static str, &'static str) {
        let codes = self.codes();
        let said = self.words().to_lowercase();
        let too_long = codes.contains("context_length")
            || codes.contains("request_too_large")
            || CONTEXT_SIGNS.iter().any(|sign| said.contains(sign));
        let broke = ["insufficient_quota", "billing"]
            .iter()
            .any(|sign| codes.contains(sign))
            || said.contains("credit balance is too low");
        // Gemini refuses a wrong key as a wrong request.
        let wrong_key = ["authentication_error", "permission_error"]
            .iter()
            .any(|sign| codes.contains(sign))
            || self.reasons().any(|reason| reason == "API_KEY_INVALID")
            || said.starts_with("api key not valid");
        match self.status() {
            _ if broke => NO_CREDIT,
            Some(402) => NO_CREDIT,
            Some(401 | 403) => AUTH,
            Some(400..500) | None if wrong_key => AUTH,
            None if codes.contains("not_found_error") => NOT_FOUND,
            Some(404) => NOT_FOUND,
            Some(429) => (FaultClass::Transient, CODE_RATE_LIMITED, LATER),
            Some(408 | 409 | 425 | 500..) => (FaultClass::Transient, CODE_UNAVAILABLE, LATER),
            Some(413) => CONTEXT,
            Some(400..500) if too_long => CONTEXT,
            Some(400..500) => REFUSED,
            None if too_long => CONTEXT,
            None if codes.contains("invalid_request") => REFUSED,
            None if codes.contains("rate_limit") => {
                (FaultClass::Transient, CODE_RATE_LIMITED, LATER)
            }
            _ => (FaultClass::Transient, CODE_UNAVAILABLE, LATER),
        }
    }

    /// The failure in our words.
    pub(super) fn error(&self) -> ModelError {
        let (class, code, advice) = self.kind();
        let status = match self.status() {
            Some(status) => format!("status {status}"),
            None => "an error".to_owned(),
        };
        let said = match self.words() {
            said if said.is_empty() => said,
            said => format!(" (“{said}”)"),
        };
        let mut error = ModelError::new(
            class,
            code,
            format!(
                "{} answered with {status}{said}. Nothing took effect. {advice}",
                self.provider
            ),
        );
        if class == FaultClass::Transient {
            error.fault.retry_after_ms = self.retry_after_ms.or_else(|| self.told_delay());
        }
        // Turned away at the door, 529 for being overloaded. A provider that broke down, or stopped in the middle, may
        // have charged.
        if self
            .status
            .is_some_and(|status| (400..500).contains(&status) || status == OVERLOADED)
        {
            error.charge = Charge::Nothing;
        }
        error
    }
}

/// Milliseconds that the provider asks to wait: `retry-after-ms`, or `retry-after` in seconds. A date is
/// not read: it would need the provider's clock.
pub(super) fn retry_after_ms(header: impl Fn(&str) -> Option<String>) -> Option<u64> {
    let millis = header("retry-after-ms").and_then(|value| value.trim().parse::<f64>().ok());
    let seconds = || {
        header("retry-after")
            .and_then(|value| value.trim().parse::<f64>().ok())
            .map(|seconds| seconds * 1_000.0)
    };
    millis.or_else(seconds).and_then(bounded_ms)
}

/// A wait in milliseconds that can be heeded: none that is no number, and at most [`MAX_RETRY_AFTER`].
fn bounded_ms(wanted: f64) -> Option<u64> {
    let most = MAX_RETRY_AFTER.as_secs_f64() * 1_000.0;
    // In range: between nothing and an hour.
    (wanted.is_finite() && wanted >= 0.0).then(|| wanted.min(most).ceil() as u64)
}

/// A failure on the way. `begun` tells whether a part of the answer was there already.
pub(super) fn of_net(provider: &str, error: &NetError, begun: bool) -> ModelError {
    let (class, code) = match error {
        NetError::Timeout {
            stage: Stage::Connect,
            ..
        }
        | NetError::Dns { .. }
        | NetError::Connect { .. } => (FaultClass::Transient, CODE_UNREACHABLE),
        NetError::Timeout { .. } => (FaultClass::Transient, CODE_TIMEOUT),
        NetError::Interrupted { .. } if begun => (FaultClass::Transient, CODE_STREAM_CUT),
        NetError::Interrupted { .. } => (FaultClass::Transient, CODE_UNREACHABLE),
        NetError::TooLarge { .. } => (FaultClass::Transient, CODE_TOO_LARGE),
        NetError::Undecodable { .. } => (FaultClass::Transient, CODE_BAD_ANSWER),
        _ => (FaultClass::Permanent, CODE_ADDRESS),
    };
    let unsent = code == CODE_ADDRESS
        || matches!(
            error,
            NetError::Timeout {
                stage: Stage::Connect,
                ..
            } | NetError::Dns { .. }
                | NetError::Connect { .. }
        );
    let charge = if unsent {
        Charge::Nothing
    } else {
        Charge::Unknown
    };
    ModelError::new(class, code, format!("{provider}: {error}.")).charged(charge)
}

/// The answer broke off or is none.
pub(super) fn bad(provider: &str, code: &str, what: &str) -> ModelError {
    ModelError::new(
        FaultClass::Transient,
        code,
        format!(
            "{provider}: {what}. Nothing took effect; tokens may have been charged. It is tried again."
        ),
    )
}

/// It took longer than the whole exchange may.
pub(super) fn late(provider: &str, after: Duration) -> ModelError {
    ModelError::new(
        FaultClass::Transient,
        CODE_TIMEOUT,
        format!(
            "{provider} took longer than {} s. Nothing took effect; tokens may have been charged. It is tried again.",
            after.as_secs_f32()
        ),
    )
}
