//! What can be read: one row a tool, each with its address in the API.
//!
//! Never here: an address that writes.

use std::fmt::Write as _;

use chimera_domain::fault::{Fault, FaultClass};
use rmcp::model::{JsonObject, Tool, ToolAnnotations};
use serde_json::{Map, Value, json};

use crate::tool::ARGUMENTS_INVALID;

/// Most items of a list that are asked for at once; the API's own bound is no lower.
const MAX_LIMIT: u64 = 100;
/// Items of a list where nobody says how many.
const DEFAULT_LIMIT: u64 = 20;
/// Longest text of an argument, in characters.
const MAX_ARGUMENT_CHARS: usize = 400;

/// A tool: one read.
#[derive(Clone, Copy, Debug)]
pub struct Read {
    /// Its name.
    pub name: &'static str,
    /// What it tells.
    pub about: &'static str,
    /// The address; `{argument}` stands for one that must be given.
    pub path: &'static str,
    /// Further arguments, which narrow a list.
    pub query: &'static [Argument],
}

/// An argument in the query.
#[derive(Clone, Copy, Debug)]
pub struct Argument {
    /// Its name, in the tool and in the address.
    pub name: &'static str,
    kind: Kind,
    about: &'static str,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Text,
    Flag,
    Count,
}

const AFTER: Argument = Argument {
    name: "after",
    kind: Kind::Text,
    about: "The `next` of the page before.",
};
const LIMIT: Argument = Argument {
    name: "limit",
    kind: Kind::Count,
    about: "Items on a page: 1 to 100, otherwise 20.",
};
const PAGE: &[Argument] = &[AFTER, LIMIT];

const fn text(name: &'static str, about: &'static str) -> Argument {
    Argument {
        name,
        kind: Kind::Text,
        about,
    }
}

const READS: &[Read] = &[
    Read {
        name: "list_reviews",
        about: "The review queue: what waits for a person, by priority; decided items with a state.",
        path: "/api/v1/reviews",
        query: &[
            text("state", "`open`, or one of the decided states."),
            text("campaign", "Id of a campaign."),
            Argument {
                name: "sensitive",
                kind: Kind::Flag,
                about: "Only items on sensitive topics.",
            },
            AFTER,
            LIMIT,
        ],
    },
    Read {
        name: "read_review",
        about: "One item of the queue with the draft, its scores, findings and sources.",
        path: "/api/v1/reviews/{review}",
        query: &[],
    },
    Read {
        name: "list_campaigns",
        about: "Campaigns with goal, state, limits and progress, newest first.",
        path: "/api/v1/campaigns",
        query: &[text("status", "One status."), AFTER, LIMIT],
    },
    Read {
        name: "read_campaign",
        about: "One campaign.",
        path: "/api/v1/campaigns/{campaign}",
        query: &[],
    },
    Read {
        name: "read_plan",
        about: "A campaign's newest plan: its steps, how they depend on each other, and what they may cost.",
        path: "/api/v1/campaigns/{campaign}/plan",
        query: &[],
    },
    Read {
        name: "list_tasks",
        about: "A campaign's tasks with their states, oldest first.",
        path: "/api/v1/campaigns/{campaign}/tasks",
        query: &[text("status", "One status."), AFTER, LIMIT],
    },
    Read {
        name: "list_spending",
        about: "What a campaign spent: the lines of its model calls with tokens and US dollars, newest first.",
        path: "/api/v1/campaigns/{campaign}/calls",
        query: PAGE,
    },
    Read {
        name: "read_budget",
        about: "How far a campaign is and what of its budget is spent, reserved and left.",
        path: "/api/v1/campaigns/{campaign}/progress",
        query: &[],
    },
    Read {
        name: "list_actions",
        about: "Actions that leave Chimera: held, on their way, sent or failed, newest first.",
        path: "/api/v1/effects",
        query: &[text("campaign", "Id of a campaign."), AFTER, LIMIT],
    },
    Read {
        name: "list_traces",
        about: "Runs of agents: the running ones first, then the newest.",
        path: "/api/v1/traces",
        query: PAGE,
    },
    Read {
        name: "read_trace",
        about: "One run with its spans: model calls, tools, decisions, times and costs.",
        path: "/api/v1/traces/{trace}",
        query: &[],
    },
    Read {
        name: "list_agents",
        about: "The fleet: each agent and what it is doing.",
        path: "/api/v1/swarm/agents",
        query: PAGE,
    },
    Read {
        name: "read_gauge",
        about: "The fleet's figures now: awake agents, queues, what today cost, whether everything is stopped.",
        path: "/api/v1/swarm/gauge",
        query: &[],
    },
    Read {
        name: "read_status",
        about: "What does not work at the moment, what waits for it, and what goes on.",
        path: "/api/v1/status",
        query: &[],
    },
    Read {
        name: "list_alerts",
        about: "Alerts: those that nobody has acknowledged first.",
        path: "/api/v1/alerts",
        query: PAGE,
    },
];

/// All tools.
#[must_use]
pub const fn reads() -> &'static [Read] {
    READS
}

impl Read {
    /// The arguments in its path.
    pub fn places(&self) -> impl Iterator<Item = &'static str> {
        self.path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }

    fn definition(&self) -> Tool {
        let hints = ToolAnnotations::new()
            .read_only(true)
            .destructive(false)
            .idempotent(true)
            .open_world(false);
        Tool::new(self.name, self.about, self.schema()).with_annotations(hints)
    }

    fn schema(&self) -> JsonObject {
        let mut properties = Map::new();
        for place in self.places() {
            let id = json!({
                "type": "string", "minLength": 1, "maxLength": MAX_ARGUMENT_CHARS,
                "description": format!("Id of the {place}."),
            });
            properties.insert(place.to_owned(), id);
        }
        for argument in self.query {
            properties.insert(argument.name.to_owned(), argument.schema());
        }
        let required: Vec<_> = self.places().collect();
        let schema = json!({
            "type": "object", "properties": properties, "required": required,
            "additionalProperties": false,
        });
        match schema {
            Value::Object(schema) => schema,
            _ => JsonObject::new(),
        }
    }
}

impl Argument {
    fn schema(self) -> Value {
        let about = self.about;
        match self.kind {
            Kind::Text => {
                json!({ "type": "string", "minLength": 1, "maxLength": MAX_ARGUMENT_CHARS, "description": about })
            }
            Kind::Flag => json!({ "type": "boolean", "description": about }),
            Kind::Count => {
                json!({ "type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "description": about })
            }
        }
    }

    fn written(self, value: &Value) -> Result<String, Fault> {
        match self.kind {
            Kind::Text => short_text(self.name, value).map(str::to_owned),
            Kind::Flag => value
                .as_bool()
                .map(|flag| flag.to_string())
                .ok_or_else(|| invalid(self.name, "must be true or false")),
            Kind::Count => value
                .as_u64()
                .filter(|count| (1..=MAX_LIMIT).contains(count))
                .map(|count| count.to_string())
                .ok_or_else(|| invalid(self.name, "must be a whole number from 1 to 100")),
        }
    }
}

pub(super) fn definitions() -> Vec<Tool> {
    READS.iter().map(Read::definition).collect()
}

/// Where a tool reads, with its arguments in their places.
///
/// # Errors
/// When an argument is missing, unknown or of another kind; nothing was read.
pub(super) fn address(tool: &str, arguments: Option<&JsonObject>) -> Result<String, Fault> {
    let none = JsonObject::new();
    let arguments = arguments.unwrap_or(&none);
    let read = READS
        .iter()
        .find(|read| read.name == tool)
        .ok_or_else(|| invalid(tool, "is no tool of this server"))?;
    let mut address = read.path.to_owned();
    for place in read.places() {
        let value = arguments
            .get(place)
            .ok_or_else(|| invalid(place, "is missing"))?;
        let value = escaped(short_text(place, value)?);
        address = address.replace(&format!("{{{place}}}"), &value);
    }
    let mut join = '?';
    let mut add = |name: &str, value: &str| {
        // Writing into a string does not fail.
        let _ = write!(address, "{join}{name}={}", escaped(value));
        join = '&';
    };
    let places: Vec<_> = read.places().collect();
    for (name, value) in arguments {
        if places.contains(&name.as_str()) {
            continue;
        }
        let known = read.query.iter().find(|argument| argument.name == name);
        let argument = known.ok_or_else(|| invalid(name, "is no argument of this tool"))?;
        add(name, &argument.written(value)?);
    }
    let pages = read
        .query
        .iter()
        .any(|argument| argument.name == LIMIT.name);
    if pages && !arguments.contains_key(LIMIT.name) {
        add(LIMIT.name, &DEFAULT_LIMIT.to_string());
    }
    Ok(address)
}

fn short_text<'v>(name: &str, value: &'v Value) -> Result<&'v str, Fault> {
    value
        .as_str()
        .filter(|text| (1..=MAX_ARGUMENT_CHARS).contains(&text.chars().count()))
        .ok_or_else(|| invalid(name, "must be a text of 1 to 400 characters"))
}

/// A text as part of an address: nothing in it can end its place or add another one.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

fn invalid(name: &str, why: &str) -> Fault {
    let shown: String = name.chars().take(60).collect();
    Fault::new(
        FaultClass::Validation,
        ARGUMENTS_INVALID,
        format!("'{shown}' {why}. Nothing was read."),
    )
}
