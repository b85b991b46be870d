//! The table of failures: every stable code has exactly one place in it (ERR-01…04, ERR-06).
//!
//! A code says by itself what is done about it, so no caller can class the same failure in another way. Never here:
//! words for people (the contract has those, and is tested against this table), or when to try again (the engine's).

use crate::fault::FaultClass;

/// Where a code stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// Always of this class.
    Fixed(FaultClass),
    /// It tells of another failure and is of that one's class.
    OfCause,
}

/// Tried again by itself.
pub const TRANSIENT: &[&str] = &[
    "EMBEDDER_UNAVAILABLE",
    "FEED_UNREACHABLE",
    "IDEMPOTENCY_IN_FLIGHT",
    "INTERRUPTED",
    "JUDGE_CRASHED",
    "KEYCHAIN_TIMEOUT",
    "LEASE_LOST",
    "MCP_CONNECTION_LOST",
    "MCP_SERVER_DOWN",
    "MCP_TIMEOUT",
    "MEMORY_UNAVAILABLE",
    "MODEL_ANSWER_TOO_LARGE",
    "MODEL_BAD_ANSWER",
    "MODEL_RATE_LIMITED",
    "MODEL_STREAM_CUT",
    "MODEL_TIMEOUT",
    "MODEL_UNAVAILABLE",
    "MODEL_UNREACHABLE",
    "OAUTH_UNREACHABLE",
    "RATE_LIMITED",
    "REPLAY_COOLDOWN_ACTIVE",
    "REPLAY_RATE_LIMITED",
    "REASONING_TIMEOUT",
    "REVIEW_CLAIMED",
    "SIGN_IN_THROTTLED",
    "TIMED_OUT",
    "TOOL_COOLDOWN",
    "UNAVAILABLE",
    "VERSION_CONFLICT",
    "WORKER_CRASHED",
    "WORKER_LOST",
];

/// Waits for what it lacks and goes on by itself; no try is counted.
pub const WAITS: &[&str] = &[
    "AUDIT_ANCHOR_FAILED",
    "AUDIT_KEY_LOST",
    "AUDIT_KEY_UNREADABLE",
    "AUDIT_NOT_SEALED",
    "BUDGET_IN_USE",
    "DAILY_BUDGET_EXHAUSTED",
    "MCP_AUTHORIZATION_NEEDED",
    "MCP_CIRCUIT_OPEN",
    "MCP_SCOPE_NEEDED",
    "MCP_SERVER_UNTRUSTED",
    "MCP_TOOL_QUARANTINED",
    "MCP_TOO_MANY_FOLLOWED",
    "MCP_VERSION_REFUSED",
    "MODEL_CIRCUIT_OPEN",
    "SANDBOX_DISK_FULL",
    "STORE_DAMAGED",
    "STORE_FULL",
    "STORE_READ_ONLY",
];

/// A person is told: nothing helps but a change that only a person can make.
pub const PERMANENT: &[&str] = &[
    "ACCOUNT_UNNAMED",
    "ADDRESS_REFUSED",
    "ATTACK_STOPPED",
    "AUDIT_ANCHOR_UNREADABLE",
    "AUDIT_CHAIN_BROKEN",
    "CROSS_TENANT_ATTEMPT",
    "DEADLINE_PASSED",
    "EMBEDDER_REFUSED",
    "FEED_ADDRESS_REFUSED",
    "FEED_FILE_UNREADABLE",
    "FEED_IDENTITY",
    "FEED_REDIRECTS",
    "FOLDER_REFUSED",
    "FORBIDDEN",
    "HOST_REFUSED",
    "KEYCHAIN_LOCKED",
    "KEYCHAIN_MISSING",
    "KEYCHAIN_SWITCHED_OFF",
    "MCP_ADDRESS_REFUSED",
    "MCP_CLIENT_MISSING",
    "MCP_INPUT_REQUIRED",
    "MCP_PROMPT_UNKNOWN",
    "MCP_REFUSED",
    "MCP_RESOURCE_UNKNOWN",
    "MCP_SERVER_OFF",
    "MCP_SERVER_UNKNOWN",
    "MCP_SHUT_DOWN",
    "MCP_TOOLS_LEFT_OUT",
    "MCP_UNAUTHORIZED",
    "MCP_VARIABLE_UNSET",
    "MEMORY_REFUSED",
    "MODEL_ADDRESS",
    "MODEL_AUTH",
    "MODEL_NOT_FOUND",
    "MODEL_NO_CREDIT",
    "NOT_SENT",
    "NOT_STARTED",
    "OAUTH_ADDRESS_REFUSED",
    "OAUTH_ANSWER_UNUSABLE",
    "OAUTH_DENIED",
    "OAUTH_MISMATCH",
    "OAUTH_NOT_BEGUN",
    "OAUTH_REGISTRATION_REFUSED",
    "OAUTH_ROUNDS_SPENT",
    "OAUTH_TOKEN_REFUSED",
    "ORIGIN_REFUSED",
    "OUTCOME_UNKNOWN",
    "OUTPUT_REFUSED",
    "POLICY_UNREADABLE",
    "PORT_TAKEN",
    "PROVIDER_INVALID",
    "PROVIDER_KEY_MISSING",
    "REPLANS_EXHAUSTED",
    "SANDBOX_STATE_UNWRITABLE",
    "SECRET_NOT_FOUND",
    "SECRET_UNREADABLE",
    "SIGN_IN_FAILED",
    "SKILL_MISSING",
    "STATE_REFUSED",
    "STOP_UNREADABLE",
    "TOOL_NEEDS_DECISION",
    "TOOL_REFUSED",
    "TOOL_RESULT_INVALID",
    "TRACES_SET_ASIDE",
    "TREND_ALERT",
    "UNAUTHENTICATED",
];

/// Nobody foresaw it: the log has the whole story, and a person is told.
pub const UNKNOWN: &[&str] = &[
    "IDEMPOTENCY_IN_DOUBT",
    "INTERNAL_ERROR",
    "KEYCHAIN_REFUSED",
    "MCP_ANSWER_UNWRITABLE",
    "PROMPT_BROKEN",
    "SANDBOX_STATE_UNCERTAIN",
    "SKILL_BAD_OUTPUT",
    "SKILL_FAILED",
    "SKILL_OUTPUT_INVALID",
    "SKILL_PANICKED",
    "START_FAILED",
    "STORE_FAILED",
];

/// Only a higher cap helps.
pub const BUDGET_EXHAUSTED: &[&str] = &["BUDGET_EXHAUSTED", "TOOL_CALLS_EXHAUSTED"];

/// They tell of another failure and are of its class.
pub const OF_CAUSE: &[&str] = &[
    "AGENT_PAUSED",
    "CAMPAIGN_FAILED",
    "DEPENDENCY_ENDED",
    "EDIT_NOT_JUDGED",
    "FEED_STATUS",
    "FEED_UNREADABLE",
    "MCP_TOOL_ERROR",
    "MCP_TRANSPORT_ERROR",
    "PLANNING_FAILED",
    "REPLAN_DECLINED",
    "SOURCES_UNREADABLE",
    "TOOL_UNAVAILABLE",
];

/// The input is wrong: returned at once, and never tried again.
pub const VALIDATION: &[&str] = &[
    "AGENT_EXISTS",
    "ANCHOR",
    "BAD_METADATA",
    "BAD_NAME",
    "BAD_REQUEST",
    "BAD_SCHEMA",
    "BODY_TOO_LARGE",
    "CANCELLED",
    "CONTEXT_TOO_LONG",
    "CURSOR_INVALID",
    "DISCLOSURE_OFF",
    "DUPLICATE_KEY",
    "EDIT_BLOCKED",
    "EDIT_NOT_TEXT",
    "EMAIL_TAKEN",
    "EMPTY",
    "EMPTY_LIST",
    "EXAMPLE_INVALID",
    "FEED_EXISTS",
    "FEED_FILE_REFUSED",
    "FEED_MALFORMED",
    "FEED_NOT_LISTED",
    "FEED_SOURCE_INVALID",
    "FEED_TOO_LARGE",
    "FEED_URL_INVALID",
    "FILE_TOO_LARGE",
    "FILE_UNREADABLE",
    "FOLDER_TOO_FULL",
    "FOLDER_UNREADABLE",
    "FORBIDDEN_AND_LIKED",
    "FRONT_MATTER_NOT_FIRST",
    "FRONT_MATTER_OPEN",
    "HIDDEN_CHARACTER",
    "IDEMPOTENCY_KEY_INVALID",
    "IDEMPOTENCY_KEY_REUSED",
    "INTENT_NOT_OURS",
    "JUDGE_REJECTED",
    "LAST_ADMIN",
    "LONG_BACKSTORY",
    "LOOK_ALIKE",
    "MANY_TRAITS",
    "MCP_CALLER_INVALID",
    "MCP_ENTRY_INVALID",
    "MCP_RESOURCE_BINARY",
    "MCP_SECRET_IN_CLEAR",
    "MCP_SERVER_EXISTS",
    "MCP_TRUST_STALE",
    "MEMORY_INVALID",
    "MEMORY_NOT_FOUND",
    "METHOD_NOT_ALLOWED",
    "MISSING_KEY",
    "MISSPELT_KEY",
    "MODEL_CONTEXT_TOO_LONG",
    "MODEL_REHEARSAL_FACTS",
    "MODEL_REQUEST_REFUSED",
    "MODEL_REQUEST_TOO_LONG",
    "NAME_IS_NOT_FOLDER",
    "NAME_TAKEN",
    "NATIVE_NOT_OURS",
    "NOTHING_RELEVANT",
    "NOTHING_TO_PUBLISH",
    "NOTHING_TO_WRITE",
    "NOT_CANONICAL",
    "NOT_FOUND",
    "NOT_JSON",
    "NOT_KEYS",
    "NOT_YAML",
    "NO_BACKSTORY",
    "NO_FRONT_MATTER",
    "NO_VALUES",
    "PASSWORD_WEAK",
    "PLAN_BEYOND_BUDGET",
    "PLAN_CYCLE",
    "PLAN_INVALID",
    "PLATFORM_MISSING",
    "PLATFORM_NOT_CONNECTED",
    "POLICY_INVALID",
    "PRECONDITION_REQUIRED",
    "PRUNED",
    "REJECTED_BY_REVIEW",
    "REJECTED_REPEATEDLY",
    "REPEATED",
    "REPLAY_REFUSED",
    "REVIEW_EXPIRED",
    "REVIEW_SETTLED",
    "SANDBOX_CURSOR_INVALID",
    "SANDBOX_FULL",
    "SANDBOX_HANDLE_INVALID",
    "SANDBOX_HANDLE_TAKEN",
    "SANDBOX_INTENT_REUSED",
    "SANDBOX_NOT_YOURS",
    "SANDBOX_POST_REFUSED",
    "SANDBOX_POST_TEXT_INVALID",
    "SANDBOX_POST_UNKNOWN",
    "SANDBOX_POST_UNLABELLED",
    "SANDBOX_TENANT_MISMATCH",
    "SECRET_NAME_INVALID",
    "SECRET_READ_ONLY",
    "SECRET_WRONG_SIZE",
    "SETUP_DONE",
    "SHOWN_CHANGED",
    "SKILL_NEEDS_MODEL",
    "SKILL_UNKNOWN",
    "SOUL_INVALID",
    "STEERS_A_MODEL",
    "STOPPED",
    "TAG",
    "TENANT_TAKEN",
    "TOOL_ARGUMENTS_INVALID",
    "TOOL_RESULT_TOO_LARGE",
    "TOOL_UNKNOWN",
    "TOO_COMPLEX",
    "TOO_LONG",
    "TOO_MANY",
    "UNDO_OVER",
    "UNKNOWN_KEY",
    "UNSUPPORTED_MEDIA_TYPE",
    "VALIDATION_ERROR",
    "VERSION_MISMATCH",
    "WRONG_STATE",
    "WRONG_TYPE",
];

/// Where `code` stands; absent for a code of somebody else's, such as a server's own.
#[must_use]
pub fn place(code: &str) -> Option<Place> {
    const FIXED: [(&[&str], FaultClass); 6] = [
        (TRANSIENT, FaultClass::Transient),
        (WAITS, FaultClass::Waits),
        (PERMANENT, FaultClass::Permanent),
        (UNKNOWN, FaultClass::Unknown),
        (BUDGET_EXHAUSTED, FaultClass::BudgetExhausted),
        (VALIDATION, FaultClass::Validation),
    ];
    let fixed = FIXED
        .into_iter()
        .find(|(codes, _)| codes.contains(&code))
        .map(|(_, class)| Place::Fixed(class));
    fixed.or_else(|| OF_CAUSE.contains(&code).then_some(Place::OfCause))
}

/// Every code of the table, with its place.
pub fn all() -> impl Iterator<Item = (&'static str, Place)> {
    [
        TRANSIENT,
        WAITS,
        PERMANENT,
        UNKNOWN,
        BUDGET_EXHAUSTED,
        VALIDATION,
        OF_CAUSE,
    ]
    .into_iter()
    .flatten()
    .filter_map(|code| place(code).map(|place| (*code, place)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::fault::Fault;

    #[test]
    fn every_code_has_one_place() {
        let mut seen = BTreeSet::new();
        for (code, place) in all() {
            assert!(seen.insert(code), "{code} stands in the table twice");
            assert_eq!(super::place(code), Some(place));
        }
        assert!(seen.len() > 200, "{} codes", seen.len());
        assert_eq!(place("SOMEBODY_ELSES"), None);
    }

    #[test]
    fn a_code_says_its_class_and_what_nobody_knows_is_unknown() {
        for (code, class) in [
            ("MODEL_RATE_LIMITED", FaultClass::Transient),
            ("MODEL_AUTH", FaultClass::Permanent),
            ("CONTEXT_TOO_LONG", FaultClass::Validation),
            ("MODEL_CIRCUIT_OPEN", FaultClass::Waits),
            ("NOBODYS_CODE", FaultClass::Unknown),
        ] {
            assert_eq!(Fault::of(code, "x").class, class, "{code}");
        }
    }
}
