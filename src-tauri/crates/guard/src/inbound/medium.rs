//! The rules of medium severity over words: the other six families of SEC-02.
//!
//! Never here: how rules are searched (`attack`); whole pieces of text (`phrases`).

use super::rules::Form::{Heading, Request, Statement};
use super::rules::{Family, Group, Rule};

const YOUR: &[&str] = &["your", "ur", "thy"];
#[rustfmt::skip]
const GIVE: &[&str] = &[
    "send", "post", "email", "mail", "upload", "transmit", "forward", "dm", "reveal", "share", "submit", "paste",
    "leak", "exfiltrate", "tell", "give", "show",
];
#[rustfmt::skip]
const AI: &[&str] = &[
    "ai", "ais", "llm", "llms", "chatbot", "chatbots", "assistant", "assistants", "agent", "agents", "bot", "bots",
];
const BOSS: &[&str] = &[
    "developer",
    "creator",
    "administrator",
    "admin",
    "operator",
    "programmer",
];
#[rustfmt::skip]
const PEOPLE: &[&str] = &[
    "user", "users", "human", "humans", "operator", "operators", "moderator", "moderators", "reviewer", "reviewers",
];
#[rustfmt::skip]
const MODE: &[&str] = &[
    "developer", "debug", "dan", "god", "jailbreak", "jailbroken", "sudo", "unrestricted", "unfiltered",
];

/// Each alone holds a text back; several together count as high.
#[rustfmt::skip]
pub(super) const MEDIUM: &[Group] = &[
    Group { family: Family::ModeSwitch, why: "claims to switch the reader into an unrestricted mode", rules: &[
        Rule::new("mode.enabled", 6500, Statement, &[
            (0, MODE), (0, &["mode"]), (1, &["enabled", "activated", "on", "active", "engaged", "unlocked"]),
        ]),
        Rule::new("mode.enter", 6000, Request, &[
            (0, &["enter", "enable", "activate", "switch", "engage", "unlock"]), (2, MODE), (0, &["mode"]),
        ]),
        Rule::new("mode.do-anything-now", 6000, Statement, &[(0, &["do"]), (0, &["anything"]), (0, &["now"])]),
    ] },
    Group { family: Family::FakeAuthority, why: "claims to speak for the system or its operator", rules: &[
        Rule::new("authority.message", 6000, Heading, &[
            (0, &["system", "admin", "administrator", "developer", "root", "operator"]),
            (0, &["message", "override", "notice", "command", "directive", "instruction", "note"]),
        ]),
        Rule::new("authority.this-is", 6000, Statement, &[
            (0, &["this", "i", "we"]), (0, &["is", "am", "are"]), (0, YOUR), (0, BOSS),
        ]),
        Rule::new("authority.by", 4500, Statement, &[
            (0, &["authorized", "authorised", "approved"]), (0, &["by"]),
            (2, &["admin", "administrator", "developer", "operator", "openai", "anthropic", "system"]),
        ]),
    ] },
    Group { family: Family::AddressedToMachine, why: "speaks to a machine that reads it", rules: &[
        Rule::new("machine.if-you-are", 5500, Statement, &[(0, &["if"]), (0, &["you", "youre"]), (2, AI)]),
        Rule::new("machine.any-reader", 5500, Statement, &[
            (0, &["any", "all", "every"]), (1, AI),
            (2, &["reading", "processing", "summarizing", "summarising", "parsing", "visiting", "crawling"]),
        ]),
        Rule::new("machine.note-to", 4500, Statement, &[
            (0, &["attention", "note", "notice", "instruction", "instructions"]), (0, &["to", "for"]), (2, AI),
        ]),
    ] },
    Group { family: Family::Exfiltration, why: "asks for secrets or private data", rules: &[
        Rule::new("exfiltrate.secrets", 6500, Request, &[
            (0, GIVE), (3, &["your", "the", "all", "my", "any"]),
            (1, &[
                "api", "secret", "secrets", "private", "access", "wallet", "seed", "recovery", "password",
                "passwords", "credentials", "credential", "tokens", "keys", "env",
            ]),
        ]),
        Rule::new("exfiltrate.history", 6000, Request, &[
            (0, GIVE), (2, YOUR), (1, &["conversation", "memory", "memories", "history", "context", "data"]),
        ]),
    ] },
    Group { family: Family::Command, why: "orders the reader to act", rules: &[
        Rule::new("command.tool", 5000, Request, &[
            (0, &["use", "call", "invoke"]), (3, &["tool", "function"]), (0, &["to", "with", "and", "now"]),
        ]),
        Rule::new("command.execute", 5500, Request, &[
            (0, &["execute", "run"]), (1, &["following", "this", "these"]),
            (1, &["command", "commands", "code", "script", "instructions", "sql"]),
        ]),
        Rule::new("command.reply-only", 5000, Request, &[
            (0, &["reply", "respond", "answer", "output"]), (0, &["only", "exactly"]), (0, &["with"]),
        ]),
        Rule::new("command.approve", 6000, Request, &[
            (0, &["approve", "mark", "rate", "classify", "score", "label"]), (0, &["this", "it"]),
            (3, &["approved", "safe", "compliant", "harmless", "immediately", "automatically", "confidence"]),
        ]),
        Rule::new("command.transfer", 5500, Request, &[
            (0, &["transfer", "send"]), (4, &["eth", "usdc", "bitcoin", "btc", "funds", "tokens", "crypto"]),
            (0, &["to"]),
        ]),
        Rule::new("command.post", 4500, Request, &[
            (0, &["post", "tweet", "publish"]), (1, &["following", "exactly"]),
            (2, &["message", "text", "tweet", "link", "verbatim", "post"]),
        ]),
    ] },
    Group { family: Family::Concealment, why: "asks to keep something from the people in charge", rules: &[
        Rule::new("conceal.do-not-tell", 6000, Statement, &[
            (0, &["dont", "not", "never", "without"]),
            (0, &[
                "tell", "telling", "inform", "informing", "mention", "mentioning", "alert", "alerting", "notify",
                "notifying", "ask", "asking",
            ]),
            (3, PEOPLE),
        ]),
        Rule::new("conceal.hide", 5500, Request, &[(0, &["hide", "keep", "conceal"]), (3, &["from"]), (1, PEOPLE)]),
    ] },
];
