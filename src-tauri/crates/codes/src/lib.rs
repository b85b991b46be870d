//! Stable codes of everything that can go wrong between the host and a server, and the faults
//! that carry them.
//!
//! Never here: codes that a server's own tool reports (those travel inside its reply).

use std::time::Duration;

use chimera_domain::{
    action::{EffectClass, ToolRef},
    breaker::Interruption,
    fault::{Fault, FaultClass},
    server_edition::Told,
    time::Timestamp,
};
use chimera_ports::tools::{Outcome, ToolError};

/// No such tool on that server.
pub const TOOL_UNKNOWN: &str = "TOOL_UNKNOWN";
/// The tool acts on the outside and may only be called with a decision.
pub const TOOL_NEEDS_DECISION: &str = "TOOL_NEEDS_DECISION";
/// The arguments do not fit the tool's input schema.
pub const TOOL_ARGUMENTS_INVALID: &str = "TOOL_ARGUMENTS_INVALID";
/// The result is larger than the host takes.
pub const TOOL_RESULT_TOO_LARGE: &str = "TOOL_RESULT_TOO_LARGE";
/// The result does not fit what the tool promised.
pub const TOOL_RESULT_INVALID: &str = "TOOL_RESULT_INVALID";
/// The account acted too recently.
pub const TOOL_COOLDOWN: &str = "TOOL_COOLDOWN";
/// No such server in the registry.
pub const MCP_SERVER_UNKNOWN: &str = "MCP_SERVER_UNKNOWN";
/// The server cannot be started or does not speak the protocol.
pub const MCP_SERVER_DOWN: &str = "MCP_SERVER_DOWN";
/// The server failed several times running and is left alone for a while.
pub const MCP_CIRCUIT_OPEN: &str = "MCP_CIRCUIT_OPEN";
/// The connection ended before the answer.
pub const MCP_CONNECTION_LOST: &str = "MCP_CONNECTION_LOST";
/// No answer in time.
pub const MCP_TIMEOUT: &str = "MCP_TIMEOUT";
/// The server answered with a protocol error.
pub const MCP_REFUSED: &str = "MCP_REFUSED";
/// The server wants input that it is not given.
pub const MCP_INPUT_REQUIRED: &str = "MCP_INPUT_REQUIRED";
/// No such resource on that server.
pub const MCP_RESOURCE_UNKNOWN: &str = "MCP_RESOURCE_UNKNOWN";
/// The server lists no such prompt, or it wants other arguments.
pub const MCP_PROMPT_UNKNOWN: &str = "MCP_PROMPT_UNKNOWN";
/// The resource is not text.
pub const MCP_RESOURCE_BINARY: &str = "MCP_RESOURCE_BINARY";
/// More resources are followed than may be.
pub const MCP_TOO_MANY_FOLLOWED: &str = "MCP_TOO_MANY_FOLLOWED";
/// The server works, but not every tool of it can be used.
pub const MCP_TOOLS_LEFT_OUT: &str = "MCP_TOOLS_LEFT_OUT";
/// Nobody has trusted the server yet, or it would be started in another way than it was trusted.
pub const MCP_SERVER_UNTRUSTED: &str = "MCP_SERVER_UNTRUSTED";
/// The server is switched off.
pub const MCP_SERVER_OFF: &str = "MCP_SERVER_OFF";
/// The tool is not what it was when it was trusted.
pub const MCP_TOOL_QUARANTINED: &str = "MCP_TOOL_QUARANTINED";
/// The server is of another version than its operator wants.
pub const MCP_VERSION_REFUSED: &str = "MCP_VERSION_REFUSED";
/// A file or an entry of the registry makes no sense.
pub const MCP_ENTRY_INVALID: &str = "MCP_ENTRY_INVALID";
/// A variable is not set.
pub const MCP_VARIABLE_UNSET: &str = "MCP_VARIABLE_UNSET";
/// A secret stands in clear where only its name may.
pub const MCP_SECRET_IN_CLEAR: &str = "MCP_SECRET_IN_CLEAR";
/// The server wants a key that it was not given, or another.
pub const MCP_UNAUTHORIZED: &str = "MCP_UNAUTHORIZED";
/// The server wants to be authorized by a person first.
pub const MCP_AUTHORIZATION_NEEDED: &str = "MCP_AUTHORIZATION_NEEDED";
/// The server wants an authorization for more than the one that it was shown.
pub const MCP_SCOPE_NEEDED: &str = "MCP_SCOPE_NEEDED";
/// The server's address may not be reached, or leads elsewhere.
pub const MCP_ADDRESS_REFUSED: &str = "MCP_ADDRESS_REFUSED";
/// The host has been shut down.
pub const MCP_SHUT_DOWN: &str = "MCP_SHUT_DOWN";

/// Every code of this room, for the page and the row that each must have.
pub const ALL: [&str; 30] = [
    TOOL_UNKNOWN,
    TOOL_NEEDS_DECISION,
    TOOL_ARGUMENTS_INVALID,
    TOOL_RESULT_TOO_LARGE,
    TOOL_RESULT_INVALID,
    TOOL_COOLDOWN,
    MCP_SERVER_UNKNOWN,
    MCP_SERVER_DOWN,
    MCP_CIRCUIT_OPEN,
    MCP_CONNECTION_LOST,
    MCP_TIMEOUT,
    MCP_REFUSED,
    MCP_INPUT_REQUIRED,
    MCP_RESOURCE_UNKNOWN,
    MCP_PROMPT_UNKNOWN,
    MCP_RESOURCE_BINARY,
    MCP_TOO_MANY_FOLLOWED,
    MCP_TOOLS_LEFT_OUT,
    MCP_SERVER_UNTRUSTED,
    MCP_SERVER_OFF,
    MCP_TOOL_QUARANTINED,
    MCP_VERSION_REFUSED,
    MCP_ENTRY_INVALID,
    MCP_VARIABLE_UNSET,
    MCP_SECRET_IN_CLEAR,
    MCP_UNAUTHORIZED,
    MCP_AUTHORIZATION_NEEDED,
    MCP_SCOPE_NEEDED,
    MCP_ADDRESS_REFUSED,
    MCP_SHUT_DOWN,
];

/// A failure of `class` under `code` that certainly had no effect.
#[must_use]
pub fn unsent(class: FaultClass, code: &str, message: impl Into<String>) -> ToolError {
    ToolError {
        fault: Fault::new(class, code, message),
        outcome: Outcome::NotPerformed,
    }
}

/// A failure after which only `has_left` tells whether the server may have acted.
#[must_use]
pub fn left(class: FaultClass, code: &str, message: impl AsRef<str>, has_left: bool) -> ToolError {
    let (outcome, tail) = if has_left {
        (
            Outcome::Unknown,
            "; the request had left, so nobody knows whether it took effect",
        )
    } else {
        (
            Outcome::NotPerformed,
            "; the request had not left, so nothing took effect",
        )
    };
    ToolError {
        fault: Fault::new(class, code, format!("{}{tail}", message.as_ref())),
        outcome,
    }
}

/// The refusal of a server that there is not, with the names nearest to it. Nothing was sent.
#[must_use]
pub fn unknown_server(server: &str, near: &[String]) -> ToolError {
    let fault = format!(
        "there is no MCP server '{}'{}; nothing was sent; connect it, or correct the name",
        cut(server),
        nearest(near)
    );
    unsent(FaultClass::Permanent, MCP_SERVER_UNKNOWN, fault)
}

/// The refusal of a tool that there is not, with the names nearest to it. Nothing was sent.
#[must_use]
pub fn unknown_tool(tool: &ToolRef, near: &[String]) -> ToolError {
    let fault = format!(
        "the MCP server '{}' has no tool '{}'{}; nothing was sent; correct the name",
        tool.server,
        cut(&tool.tool),
        nearest(near)
    );
    unsent(FaultClass::Validation, TOOL_UNKNOWN, fault)
}

/// The refusal of a call that may act, without a decision. Nothing was sent.
#[must_use]
pub fn needs_decision(tool: &ToolRef, effect: EffectClass, is_classed: bool) -> ToolError {
    let why = match (effect, is_classed) {
        (EffectClass::Money, _) => "moves money",
        (_, true) => "acts on the outside",
        (_, false) => "has no effect class and therefore counts as acting on the outside",
    };
    let fault = format!(
        "the tool {tool} {why}; it was not called; it runs only from the outbox, after a decision"
    );
    unsent(FaultClass::Permanent, TOOL_NEEDS_DECISION, fault)
}

/// The refusal of an act that comes too soon after the one before. Nothing was sent.
#[must_use]
pub fn cooling_down(tool: &ToolRef, account: &str, wait: Duration) -> ToolError {
    let mut error = unsent(
        FaultClass::Transient,
        TOOL_COOLDOWN,
        format!(
            "the account '{}' used {tool} too recently; nothing was sent; try again in {} seconds",
            cut(account),
            wait.as_secs() + u64::from(wait.subsec_nanos() > 0),
        ),
    );
    error.fault.retry_after_ms = Some(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
    error
}

/// The refusal of what is not as it was trusted. Nothing was sent.
#[must_use]
pub fn quarantined(what: &str) -> ToolError {
    let message = format!(
        "{what} is not what it was when it was trusted, so it is neither offered nor called; nothing was sent; what waits for it stays held; look at the change under Connections and trust it, or leave it"
    );
    unsent(FaultClass::Waits, MCP_TOOL_QUARANTINED, message)
}

/// The refusal of what nobody has looked at since its server was trusted. Nothing was sent.
#[must_use]
pub fn unseen(what: &str) -> ToolError {
    let message = format!(
        "{what} was not looked at yet since its server was trusted, which happens by itself within seconds once the server answers; until then it is neither offered nor called; nothing was sent; what waits for it stays held"
    );
    unsent(FaultClass::Waits, MCP_TOOL_QUARANTINED, message)
}

/// The refusal of a server that is of another version than is wanted.
#[must_use]
pub fn other_version(server: &str, wanted: &str, told: Option<&Told>) -> ToolError {
    let is = told.map_or("no version that it tells".to_owned(), |told| {
        format!("version {}", cut(&told.version))
    });
    let message = format!(
        "the MCP server '{server}' is of {is}, and its operator wants {}; none of its tools is offered or called; nothing was sent; what waits for it stays held; run that version, go back to the former program, or change what is wanted under Connections",
        cut(wanted)
    );
    unsent(FaultClass::Waits, MCP_VERSION_REFUSED, message)
}

/// The refusal of a call to a server that is left alone. Nothing was sent.
#[must_use]
pub fn circuit_open(server: &str, open: &Interruption, now: Timestamp) -> ToolError {
    let message = format!(
        "the MCP server '{server}' has failed since {}, so it is left alone until {}; nothing was sent; it is tried again by itself; last: {}",
        open.since, open.probe_at, open.cause
    );
    let mut error = unsent(FaultClass::Waits, MCP_CIRCUIT_OPEN, message);
    error.fault.retry_after_ms = Some(open.rest_ms(now));
    error
}

/// Names and reasons from outside are cut before they enter a message.
#[must_use]
pub fn cut(text: &str) -> String {
    const MAX_QUOTED_CHARS: usize = 200;
    let mut short: String = text.chars().take(MAX_QUOTED_CHARS).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

fn nearest(near: &[String]) -> String {
    if near.is_empty() {
        return String::new();
    }
    format!(" (nearest: {})", near.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_speakable() {
        let mut seen = std::collections::BTreeSet::new();
        for code in ALL {
            assert!(seen.insert(code), "{code} twice");
            assert!(code.len() <= 64 && code.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'));
        }
    }

    #[test]
    fn a_wait_is_told_in_words_and_in_milliseconds() {
        let tool = ToolRef {
            server: "sandbox".into(),
            tool: "post_content".into(),
        };
        let error = cooling_down(&tool, "ada", Duration::from_millis(8_200));
        assert_eq!(error.fault.retry_after_ms, Some(8_200));
        assert_eq!(
            error.fault.message,
            "the account 'ada' used sandbox.post_content too recently; nothing was sent; try again in 9 seconds"
        );
        assert_eq!(error.outcome, Outcome::NotPerformed);
    }
}
