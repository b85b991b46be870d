//! What can go wrong with a skill, by stable code (SKL-03, ERR-06).
//!
//! Never here: retries.

use chimera_domain::fault::{Fault, FaultClass};
use chimera_ports::tools::{Outcome, ToolError};

pub(crate) mod codes {
    /// The input does not fit the skill's contract. Nothing was done.
    pub const VALIDATION_ERROR: &str = "VALIDATION_ERROR";
    /// No connected MCP server has the tool that the skill needs. Nothing was done.
    pub const MCP_CLIENT_MISSING: &str = "MCP_CLIENT_MISSING";
    /// The tool answered that it failed.
    pub const MCP_TOOL_ERROR: &str = "MCP_TOOL_ERROR";
    /// The tool could not be reached or its answer was lost.
    pub const MCP_TRANSPORT_ERROR: &str = "MCP_TRANSPORT_ERROR";
    /// The tool acts and does not only read; it runs from the outbox, after a decision.
    pub const TOOL_NEEDS_DECISION: &str = "TOOL_NEEDS_DECISION";
    /// There is no such skill.
    pub const SKILL_UNKNOWN: &str = "SKILL_UNKNOWN";
    /// The skill is instructions for a model and not code.
    pub const SKILL_NEEDS_MODEL: &str = "SKILL_NEEDS_MODEL";
    /// The skill's result does not fit its own contract.
    pub const SKILL_OUTPUT_INVALID: &str = "SKILL_OUTPUT_INVALID";
    /// The skill's code panicked.
    pub const SKILL_PANICKED: &str = "SKILL_PANICKED";
    /// No source could be read.
    pub const SOURCES_UNREADABLE: &str = "SOURCES_UNREADABLE";

    /// Every code of this room, for the page and the row that each must have.
    pub const ALL: [&str; 10] = [
        VALIDATION_ERROR,
        MCP_CLIENT_MISSING,
        MCP_TOOL_ERROR,
        MCP_TRANSPORT_ERROR,
        TOOL_NEEDS_DECISION,
        SKILL_UNKNOWN,
        SKILL_NEEDS_MODEL,
        SKILL_OUTPUT_INVALID,
        SKILL_PANICKED,
        SOURCES_UNREADABLE,
    ];
}

/// The input is wrong; nothing was done.
pub(crate) fn invalid(message: impl Into<String>) -> Fault {
    Fault::new(FaultClass::Validation, codes::VALIDATION_ERROR, message)
}

/// No connected server has the tool; nothing was done.
pub(crate) fn no_tool(tool: &str, for_what: &str) -> Fault {
    Fault::new(
        FaultClass::Permanent,
        codes::MCP_CLIENT_MISSING,
        format!(
            "no connected MCP server gives the tool {tool}, which {for_what}; nothing was done; connect that server and try again"
        ),
    )
}

/// The tool may not be called without a decision; nothing was done.
pub(crate) fn needs_decision(tool: &str) -> Fault {
    Fault::new(
        FaultClass::Permanent,
        codes::TOOL_NEEDS_DECISION,
        format!(
            "the tool {tool} is not classed as reading, so a skill may not call it; nothing was done; it runs only from the outbox, after a decision"
        ),
    )
}

/// The tool's own word that it failed: our servers send a fault as structured content, others send words.
/// Of a fault its class is kept, so that what may pass by itself is tried again.
pub(crate) fn tool_failed(tool: &str, content: &serde_json::Value) -> Fault {
    answered(content, |words, code| {
        let code = code.map(|code| format!(" [{code}]")).unwrap_or_default();
        format!("the tool {tool} answered that it failed: {words}{code}")
    })
}

/// The same of a source, whose reader hears of the source and not of the tool: the server's words, its code last.
pub(crate) fn source_failed(content: &serde_json::Value) -> Fault {
    answered(content, |words, code| {
        let code = code.map(|code| format!(" ({code})")).unwrap_or_default();
        format!("{words}{code}")
    })
}

fn answered(content: &serde_json::Value, say: impl Fn(&str, Option<&str>) -> String) -> Fault {
    const MAX_WORDS_CHARS: usize = 500;
    let cut = |words: &str| -> String { words.chars().take(MAX_WORDS_CHARS).collect() };
    let told: Option<Fault> = serde_json::from_value(content.clone()).ok();
    let Some(told) = told else {
        let text = content.get("text").and_then(serde_json::Value::as_str);
        let words = text.map_or_else(|| content.to_string(), str::to_owned);
        let message = say(&cut(&words), None);
        return Fault::new(FaultClass::Validation, codes::MCP_TOOL_ERROR, message);
    };
    let class = match told.class {
        class @ (FaultClass::Transient | FaultClass::Permanent) => class,
        // The rest is for us to say and not for a server.
        _ => FaultClass::Validation,
    };
    let message = say(&cut(&told.message), Some(&told.code));
    let mut fault = Fault::new(class, codes::MCP_TOOL_ERROR, message);
    fault.retry_after_ms = told.retry_after_ms;
    fault
}

/// The host could not get an answer.
pub(crate) fn transport(error: ToolError) -> Fault {
    let Fault {
        code,
        class,
        message,
        retry_after_ms,
        ..
    } = error.fault;
    if code == codes::TOOL_NEEDS_DECISION {
        return Fault::new(class, codes::TOOL_NEEDS_DECISION, message);
    }
    let (our_code, class) = match class {
        FaultClass::Validation => (codes::VALIDATION_ERROR, class),
        // It waits, and people hear for what: the code stays.
        FaultClass::Waits => return error_as_it_is(code, message, retry_after_ms),
        other => (codes::MCP_TRANSPORT_ERROR, other),
    };
    let outcome = match error.outcome {
        Outcome::NotPerformed => "",
        Outcome::Unknown => " (the request had left; as the tool only reads, asking again is safe)",
    };
    let mut fault = Fault::new(class, our_code, format!("{message} [{code}]{outcome}"));
    fault.retry_after_ms = retry_after_ms;
    fault
}

/// A failure that passes through as the host told it.
fn error_as_it_is(code: String, message: String, retry_after_ms: Option<u64>) -> Fault {
    let mut fault = Fault::of(&code, message);
    fault.retry_after_ms = retry_after_ms;
    fault
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_speakable() {
        let distinct: std::collections::BTreeSet<_> = codes::ALL.into_iter().collect();
        assert_eq!(distinct.len(), codes::ALL.len());
        assert!(codes::ALL.iter().all(|code| {
            code.len() <= 64
                && code
                    .bytes()
                    .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
        }));
    }

    #[test]
    fn a_tools_own_fault_keeps_its_class_and_a_strangers_words_are_cut() {
        let mut inner = Fault::new(FaultClass::Transient, "FEED_STATUS", "503");
        inner.retry_after_ms = Some(9);
        let fault = tool_failed("feeds.fetch_feed", &serde_json::to_value(&inner).unwrap());
        let told = "the tool feeds.fetch_feed answered that it failed: 503 [FEED_STATUS]";
        let mut expected = Fault::new(FaultClass::Transient, "MCP_TOOL_ERROR", told);
        expected.retry_after_ms = Some(9);
        assert_eq!(fault, expected);
        let of_a_source = source_failed(&serde_json::to_value(&inner).unwrap());
        expected.message = "503 (FEED_STATUS)".to_owned();
        assert_eq!(of_a_source, expected, "the reader knows no tool");
        inner.class = FaultClass::BudgetExhausted;
        let claimed = tool_failed("x.y", &serde_json::to_value(&inner).unwrap());
        assert_eq!(claimed.class, FaultClass::Validation);
        let words = tool_failed("x.y", &serde_json::json!({"text": "no ".repeat(5_000)}));
        assert_eq!(words.class, FaultClass::Validation);
        assert!(words.message.len() < 600);
    }

    #[test]
    fn a_transport_failure_keeps_its_class_its_wait_and_the_hosts_code() {
        let mut inner = Fault::new(FaultClass::Transient, "MCP_TIMEOUT", "no answer");
        inner.retry_after_ms = Some(1_500);
        let fault = transport(ToolError {
            fault: inner,
            outcome: Outcome::Unknown,
        });
        assert_eq!(
            (fault.code.as_str(), fault.class, fault.retry_after_ms),
            ("MCP_TRANSPORT_ERROR", FaultClass::Transient, Some(1_500))
        );
        assert!(fault.message.contains("[MCP_TIMEOUT]"));
        let refused = transport(ToolError {
            fault: Fault::new(FaultClass::Validation, "TOOL_ARGUMENTS_INVALID", "bad"),
            outcome: Outcome::NotPerformed,
        });
        assert_eq!(refused.code, "VALIDATION_ERROR");
    }
}
