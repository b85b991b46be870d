//! The rules of high severity over words: the first six families of SEC-02.
//!
//! Never here: how rules are searched (`attack`); whole pieces of text (`phrases`).

use super::rules::Form::{Heading, Request, Statement};
use super::rules::{Family, Group, Rule};

const IGNORE: &[&str] = &["ignore", "disregard", "disobey", "neglect"];
const FORGET: &[&str] = &["forget", "unlearn", "erase", "discard"];
#[rustfmt::skip]
const PRIOR: &[&str] = &[
    "previous", "prior", "above", "earlier", "preceding", "foregoing", "former", "past", "existing",
    "original", "initial", "old", "current", "aforementioned",
];
const ALL: &[&str] = &["all", "any", "every", "the", "these", "those"];
const YOUR: &[&str] = &["your", "ur", "thy"];
/// What a machine is given; a person seldom is.
#[rustfmt::skip]
const ORDERS: &[&str] = &[
    "instructions", "instruction", "prompt", "prompts", "directives", "directive", "programming",
];
/// What a machine and a person are given.
#[rustfmt::skip]
const GUIDANCE: &[&str] = &[
    "instructions", "instruction", "prompt", "prompts", "directives", "directive", "programming", "rules",
    "guidelines", "orders", "directions", "commands", "restrictions", "constraints", "policies", "training",
    "messages", "context",
];
#[rustfmt::skip]
const OVERRIDE: &[&str] = &[
    "override", "bypass", "disable", "circumvent", "deactivate", "suspend", "evade", "jailbreak",
];
#[rustfmt::skip]
const REVEAL: &[&str] = &[
    "reveal", "print", "repeat", "output", "display", "leak", "disclose", "dump", "expose", "recite",
    "show", "tell", "echo", "return",
];
#[rustfmt::skip]
const PERSONA: &[&str] = &[
    "ai", "assistant", "bot", "chatbot", "model", "llm", "dan", "unrestricted", "unfiltered", "uncensored",
    "jailbroken", "hacker", "admin", "administrator", "developer", "root", "terminal", "evil", "amoral",
];

/// Each alone is reason enough to block a text.
#[rustfmt::skip]
pub(super) const HIGH: &[Group] = &[
    Group { family: Family::IgnoreInstructions, why: "tells the reader to ignore its instructions", rules: &[
        Rule::new("ignore.your", 9000, Statement, &[(0, IGNORE), (2, YOUR), (3, GUIDANCE)]),
        Rule::new("ignore.all-previous", 9000, Statement, &[(0, IGNORE), (2, ALL), (2, PRIOR), (3, GUIDANCE)]),
        Rule::new("ignore.previous", 8500, Request, &[(0, IGNORE), (3, PRIOR), (3, GUIDANCE)]),
        Rule::new("ignore.all", 8000, Request, &[(0, IGNORE), (1, ALL), (2, ORDERS)]),
        Rule::new("ignore.rules", 6000, Request, &[(0, IGNORE), (1, ALL), (2, GUIDANCE)]),
        Rule::new("ignore.system", 9000, Request, &[
            (0, IGNORE), (2, &["system", "developer"]),
            (1, &["prompt", "prompts", "message", "messages", "instructions"]),
        ]),
        Rule::new("ignore.everything", 8500, Request, &[
            (0, IGNORE), (1, &["everything", "anything", "all"]),
            (2, &["above", "before", "previously", "prior"]),
        ]),
        Rule::new("ignore.told", 8000, Request, &[
            (0, IGNORE), (1, &["what", "whatever", "everything", "anything"]), (3, &["told", "instructed"]),
        ]),
        Rule::new("ignore.stop-following", 8000, Statement, &[
            (0, &["stop", "dont", "never", "not"]), (0, &["following", "follow", "obeying", "obey"]),
            (1, YOUR), (3, GUIDANCE),
        ]),
        Rule::new("ignore.romance", 8500, Statement, &[
            (0, &[
                "ignora", "ignore", "ignorez", "olvida", "olvide", "oublie", "oubliez", "esqueca", "dimentica",
                "desconsidere",
            ]),
            (3, &["instrucciones", "instructions", "consignes", "instrucoes", "istruzioni", "indicaciones"]),
            (2, &["anteriores", "previas", "precedentes", "previos", "precedenti"]),
        ]),
        Rule::new("ignore.german", 8500, Statement, &[
            (0, &["ignoriere", "ignorieren", "ignoriert", "vergiss", "vergessen", "missachte"]),
            (2, &["vorherigen", "bisherigen", "obigen", "fruheren", "vorangegangenen", "deine"]),
            (2, &["anweisungen", "instruktionen", "befehle", "vorgaben"]),
        ]),
        Rule::new("ignore.slavic", 8500, Statement, &[
            (0, &[
                "игнорируй", "игнорируйте", "проигнорируй", "забудь", "забудьте", "ігноруй", "ігноруйте",
                "zignoruj",
            ]),
            (3, &["инструкции", "указания", "команды", "інструкції", "вказівки", "instrukcje", "polecenia"]),
        ]),
    ] },
    Group { family: Family::ForgetInstructions, why: "tells the reader to forget its instructions", rules: &[
        Rule::new("forget.your", 8500, Statement, &[(0, FORGET), (2, YOUR), (3, ORDERS)]),
        Rule::new("forget.all", 8500, Request, &[(0, FORGET), (2, ALL), (3, ORDERS)]),
        Rule::new("forget.previous", 8000, Request, &[(0, FORGET), (3, PRIOR), (3, GUIDANCE)]),
        Rule::new("forget.rules", 5500, Request, &[(0, FORGET), (2, YOUR), (3, GUIDANCE)]),
        Rule::new("forget.above", 8000, Request, &[
            (0, FORGET), (1, &["everything", "all", "anything"]), (1, &["above", "before", "prior"]),
        ]),
        Rule::new("forget.told", 6500, Request, &[
            (0, FORGET), (1, &["everything", "all", "anything", "what"]), (3, &["told", "instructed"]),
        ]),
    ] },
    Group { family: Family::NewRole, why: "gives the reader a new role or new instructions", rules: &[
        Rule::new("role.you-are-now", 8000, Statement, &[
            (0, &["you"]), (0, &["are"]), (0, &["now"]), (4, PERSONA),
        ]),
        Rule::new("role.youre-now", 8000, Statement, &[(0, &["youre"]), (0, &["now"]), (4, PERSONA)]),
        Rule::new("role.you-are-now-a", 5000, Statement, &[
            (0, &["you"]), (0, &["are"]), (0, &["now"]), (0, &["a", "an", "the"]),
        ]),
        Rule::new("role.from-now-on", 8000, Statement, &[
            (0, &["from"]), (0, &["now"]), (0, &["on"]),
            (3, &["respond", "obey", "answer", "behave", "reply", "speak", "output", "act"]),
        ]),
        Rule::new("role.your-new-instructions", 8500, Statement, &[
            (0, YOUR), (0, &["new", "real", "actual", "true", "updated"]),
            (1, &["instructions", "instruction", "directive", "directives", "persona", "identity", "prompt"]),
            (1, &["is", "are", "will"]),
        ]),
        Rule::new("role.your-new-role", 6500, Statement, &[
            (0, YOUR), (0, &["new", "real", "actual", "true"]),
            (1, &["role", "task", "goal", "objective", "job", "purpose"]), (0, &["is"]),
        ]),
        Rule::new("role.new-instructions", 7500, Heading, &[
            (0, &["new", "updated", "revised", "real", "actual", "additional"]),
            (1, &["instructions", "instruction", "directive", "directives"]),
        ]),
        Rule::new("role.pretend", 7500, Request, &[
            (0, &["pretend", "roleplay", "imagine", "simulate"]), (2, &["you", "youre", "being"]), (3, PERSONA),
        ]),
        Rule::new("role.act-as", 7500, Request, &[
            (0, &["act", "behave", "respond", "operate", "function"]), (0, &["as", "like"]), (2, PERSONA),
        ]),
        Rule::new("role.act-as-if", 7500, Request, &[
            (0, &["act", "behave", "respond"]), (0, &["as"]), (0, &["if", "though"]), (0, &["you"]),
            (1, &["are", "were", "have", "had"]),
        ]),
    ] },
    Group { family: Family::OverrideSafety, why: "tells the reader to get around its safety rules or its review", rules: &[
        Rule::new("override.your", 8500, Statement, &[
            (0, OVERRIDE), (2, YOUR),
            (3, &[
                "guardrails", "guardrail", "guidelines", "programming", "instructions", "constraints", "filters",
                "alignment", "restrictions",
            ]),
        ]),
        Rule::new("override.your-safety", 8500, Request, &[
            (0, OVERRIDE), (2, YOUR),
            (3, &[
                "safety", "security", "rules", "policy", "policies", "protocols", "limits", "limitations",
                "moderation", "safeguards", "ethics", "checks",
            ]),
        ]),
        Rule::new("override.safety", 8000, Request, &[
            (0, OVERRIDE), (2, &["safety", "content", "moderation", "ethical"]),
            (2, &[
                "filter", "filters", "guardrails", "protocols", "protocol", "restrictions", "settings",
                "guidelines", "policies", "policy", "rules",
            ]),
        ]),
        Rule::new("override.all", 8000, Request, &[
            (0, OVERRIDE), (1, &["all", "any", "every", "system", "security"]),
            (2, &[
                "restrictions", "guardrails", "safeguards", "instructions", "filters", "protocols", "prompt",
                "prompts",
            ]),
        ]),
        Rule::new("override.review", 8000, Request, &[
            (0, &["override", "bypass", "skip", "disable", "circumvent"]),
            (1, &["human", "the", "all", "any", "manual", "moderator"]),
            (1, &["review", "approval", "approvals", "oversight"]),
        ]),
    ] },
    Group { family: Family::RevealPrompt, why: "asks for the reader's own instructions", rules: &[
        Rule::new("reveal.system-prompt", 8500, Request, &[
            (0, REVEAL), (3, &["system", "hidden", "initial", "secret", "original", "developer", "internal"]),
            (1, &["prompt", "prompts", "instructions", "instruction", "guidelines"]),
        ]),
        Rule::new("reveal.your", 8500, Request, &[
            (0, REVEAL), (3, YOUR),
            (2, &[
                "prompt", "prompts", "instructions", "guidelines", "directives", "programming", "constraints",
            ]),
        ]),
        Rule::new("reveal.what-is", 8000, Statement, &[
            (0, &["what", "whats"]), (1, YOUR), (1, &["system", "initial", "original", "hidden"]),
            (0, &["prompt", "instructions", "message"]),
        ]),
        Rule::new("reveal.text-above", 8500, Request, &[
            (0, &["repeat", "print", "output", "recite", "copy", "return", "echo"]),
            (3, &["words", "text", "everything", "sentences", "content", "all"]),
            (1, &["above", "before", "preceding"]),
        ]),
    ] },
];
