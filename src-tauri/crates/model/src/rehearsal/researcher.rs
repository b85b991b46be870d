//! The rehearsal researcher: asks for every feed, then keeps what is relevant.
//!
//! Never here: fetching (a tool does it).

use chimera_domain::{confidence::Confidence, trend::Trend};
use chimera_ports::{
    facts::{Relevance, ResearchAnswer, ResearchFacts},
    model::{OfferedTool, ToolCall, Turn},
};
use serde_json::{Map, Value, json};

use super::{
    clean::{addresses_a_machine, headline, quotable},
    goal,
    relevance::{self, Scored},
    report,
    words::clipped,
};

/// Most tool calls of one turn.
const MAX_CALLS: usize = 16;
/// Items asked for from one feed, where the tool takes a bound.
const ITEMS_PER_FEED: u32 = 50;
/// Most items that are scored.
const MAX_ITEMS: usize = 1_000;
/// Most items that are listed as left out.
const MAX_DROPPED: usize = 20;

/// What the researcher does next.
pub(crate) enum Next {
    /// Asks for feeds.
    Call(Vec<ToolCall>),
    /// Has read enough.
    Answer(ResearchAnswer),
}

/// One turn of research.
pub(crate) fn research(facts: &ResearchFacts, tools: &[OfferedTool], turns: &[Turn]) -> Next {
    let asked = turns
        .iter()
        .any(|turn| matches!(turn, Turn::ToolResult { .. }));
    if facts.trends.is_empty() && !asked {
        let calls = calls(facts, tools);
        if !calls.is_empty() {
            return Next::Call(calls);
        }
    }
    let items = if facts.trends.is_empty() {
        items_of(turns)
    } else {
        facts.trends.clone()
    };
    Next::Answer(answer(facts, unique(items), turns))
}

/// The offered tool that reads feeds: by name, else by what it takes.
fn feed_tool(tools: &[OfferedTool]) -> Option<&OfferedTool> {
    let named = |wanted: &[&str]| {
        tools
            .iter()
            .find(|tool| wanted.iter().any(|name| tool.name.ends_with(name)))
    };
    named(&["fetch_trends"])
        .or_else(|| named(&["fetch_feed", "read_feed", "fetch", "read"]))
        .or_else(|| {
            tools
                .iter()
                .find(|tool| feed_field(&tool.input_schema).is_some())
        })
}

/// The field that takes a feed.
enum FeedField<'a> {
    /// All of them.
    List(&'a str),
    /// One: addresses and files by the same field, or each by its own.
    One { web: &'a str, file: &'a str },
}

fn feed_field(schema: &Value) -> Option<FeedField<'_>> {
    const NAMES: [&str; 10] = [
        "feeds",
        "feed",
        "feed_url",
        "feed_urls",
        "urls",
        "url",
        "sources",
        "source",
        "uri",
        "address",
    ];
    let properties = schema.get("properties")?.as_object()?;
    let (field, shape) = NAMES
        .iter()
        .find_map(|name| properties.get_key_value(*name))?;
    if is_type(shape, "array") {
        return Some(FeedField::List(field));
    }
    let file = properties
        .get_key_value("path")
        .map_or(field, |(path, _)| path);
    Some(FeedField::One { web: field, file })
}

/// Whether a property is of `kind`, also where it may be null besides.
fn is_type(shape: &Value, kind: &str) -> bool {
    match shape.get("type") {
        Some(Value::String(found)) => found == kind,
        Some(Value::Array(found)) => found.iter().any(|found| found == kind),
        _ => false,
    }
}

fn calls(facts: &ResearchFacts, tools: &[OfferedTool]) -> Vec<ToolCall> {
    let Some(tool) = feed_tool(tools) else {
        return vec![];
    };
    let one = |feed: &String, web, file| {
        let is_web = feed.starts_with("http://") || feed.starts_with("https://");
        arguments(
            facts,
            tool,
            Some((if is_web { web } else { file }, json!(feed))),
        )
    };
    let calls: Vec<Value> = match feed_field(&tool.input_schema) {
        Some(FeedField::List(name)) => {
            vec![arguments(facts, tool, Some((name, json!(facts.feeds))))]
        }
        Some(FeedField::One { web, file }) => facts
            .feeds
            .iter()
            .take(MAX_CALLS)
            .map(|feed| one(feed, web, file))
            .collect(),
        None => vec![arguments(facts, tool, None)],
    };
    calls
        .into_iter()
        .enumerate()
        .map(|(at, arguments)| ToolCall {
            id: format!("call-{}", at + 1),
            name: tool.name.clone(),
            arguments,
            mark: None,
        })
        .collect()
}

/// Arguments by the tool's own schema: the feed, then what is required or plainly useful.
fn arguments(facts: &ResearchFacts, tool: &OfferedTool, feed: Option<(&str, Value)>) -> Value {
    let mut arguments = Map::new();
    if let Some((name, value)) = feed {
        arguments.insert(name.to_owned(), value);
    }
    let empty = Map::new();
    let properties = tool
        .input_schema
        .get("properties")
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    let required = |name: &str| {
        tool.input_schema
            .get("required")
            .and_then(Value::as_array)
            .is_some_and(|list| list.iter().any(|item| item == name))
    };
    for (name, shape) in properties {
        if arguments.contains_key(name) {
            continue;
        }
        if let Some(value) = argument(name, shape, facts, required(name)) {
            arguments.insert(name.clone(), value);
        }
    }
    Value::Object(arguments)
}

fn argument(name: &str, shape: &Value, facts: &ResearchFacts, required: bool) -> Option<Value> {
    let choices = shape.get("enum").and_then(Value::as_array);
    match name {
        "max_results" | "limit" | "max_items" | "count" => {
            let most = shape
                .get("maximum")
                .and_then(Value::as_u64)
                .unwrap_or(u64::MAX);
            Some(json!(u64::from(ITEMS_PER_FEED).min(most)))
        }
        "query" | "topic" | "niche" if is_type(shape, "string") && choices.is_none() => {
            Some(json!(goal::read(&facts.goal).topic))
        }
        // As far back as the tool goes: relevance counts recency by itself.
        "time_range" | "window" => choices.and_then(|list| list.last()).cloned(),
        _ if !required => None,
        "platforms" => Some(
            shape
                .pointer("/items/enum")
                .cloned()
                .unwrap_or_else(|| json!(["web"])),
        ),
        "platform" => Some(json!("web")),
        _ => Some(
            match (shape.get("default"), choices.and_then(|list| list.first())) {
                (Some(value), _) | (None, Some(value)) => value.clone(),
                _ if is_type(shape, "array") => json!([]),
                _ if is_type(shape, "object") => json!({}),
                _ if is_type(shape, "boolean") => json!(false),
                _ if is_type(shape, "integer") || is_type(shape, "number") => {
                    shape.get("minimum").cloned().unwrap_or_else(|| json!(0))
                }
                _ => json!(goal::read(&facts.goal).topic),
            },
        ),
    }
}

/// Every trend in the tool results: a bare list, or one under `trends`, `items` or `data`.
fn items_of(turns: &[Turn]) -> Vec<Trend> {
    turns
        .iter()
        .filter_map(|turn| match turn {
            Turn::ToolResult {
                content,
                is_error: false,
                ..
            } => Some(content.as_str()),
            _ => None,
        })
        .flat_map(embedded)
        .flat_map(trends_in)
        .take(MAX_ITEMS)
        .collect()
}

/// JSON values in a text that may wrap them in other words.
fn embedded(content: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut rest = content;
    while let Some(start) = rest.find(['{', '[']) {
        let mut stream = serde_json::Deserializer::from_str(&rest[start..]).into_iter::<Value>();
        match stream.next() {
            Some(Ok(value)) => {
                found.push(value);
                rest = &rest[start + stream.byte_offset()..];
            }
            _ => rest = &rest[start + 1..],
        }
    }
    found
}

fn trends_in(value: Value) -> Vec<Trend> {
    match value {
        Value::Array(items) => items
            .into_iter()
            .filter_map(|item| serde_json::from_value(item).ok())
            .collect(),
        Value::Object(mut fields) => ["trends", "items", "data", "result", "structured_content"]
            .iter()
            .find_map(|name| fields.remove(*name))
            .map(trends_in)
            .unwrap_or_default(),
        _ => vec![],
    }
}

fn unique(items: Vec<Trend>) -> Vec<Trend> {
    let mut seen = std::collections::BTreeSet::new();
    items
        .into_iter()
        .filter(|item| seen.insert(item.id.clone()))
        .take(MAX_ITEMS)
        .collect()
}

fn answer(facts: &ResearchFacts, items: Vec<Trend>, turns: &[Turn]) -> ResearchAnswer {
    let scored = relevance::score(&facts.goal, &facts.persona, &items, facts.now);
    let mut ranked: Vec<(&Trend, Relevance, bool)> = items
        .iter()
        .zip(scored)
        .map(|(item, scored)| {
            let orders = addresses_a_machine(&quotable(&item.title));
            (item, relevance_of(item, scored, orders), orders)
        })
        .collect();
    ranked.sort_by(|one, other| {
        (other.1.relevance, other.0.timestamp)
            .cmp(&(one.1.relevance, one.0.timestamp))
            .then_with(|| one.0.id.cmp(&other.0.id))
    });
    let most = usize::try_from(facts.max_picks.max(1)).unwrap_or(1);
    let (mut picks, mut dropped) = (Vec::new(), Vec::new());
    for (item, relevance, orders) in ranked {
        let kept =
            !orders && relevance.relevance >= facts.relevance_threshold && picks.len() < most;
        if kept { &mut picks } else { &mut dropped }.push((item, relevance));
    }
    let failures = turns
        .iter()
        .filter(|turn| matches!(turn, Turn::ToolResult { is_error: true, .. }))
        .count();
    let summary = summary(facts, items.len(), &picks, dropped.len(), failures);
    let picks: Vec<Relevance> = picks.into_iter().map(|(_, relevance)| relevance).collect();
    ResearchAnswer {
        confidence: report::examine(&picks, items.len(), facts.relevance_threshold).total,
        summary,
        picks,
        dropped: dropped
            .into_iter()
            .take(MAX_DROPPED)
            .map(|(_, relevance)| relevance)
            .collect(),
    }
}

fn relevance_of(item: &Trend, scored: Scored, orders: bool) -> Relevance {
    Relevance {
        trend_id: item.id.clone(),
        relevance: if orders {
            Confidence::NONE
        } else {
            scored.relevance
        },
        why: if orders {
            "Its headline gives orders to a machine instead of telling readers something."
                .to_owned()
        } else {
            scored.why
        },
    }
}

fn summary(
    facts: &ResearchFacts,
    read: usize,
    picks: &[(&Trend, Relevance)],
    dropped: usize,
    failures: usize,
) -> String {
    let mut text = if read == 0 {
        "No item could be read.".to_owned()
    } else {
        format!(
            "Read {read} items about “{}”: {} kept at a relevance of {} or more, {dropped} left out.",
            goal::read(&facts.goal).topic,
            picks.len(),
            facts.relevance_threshold
        )
    };
    if failures > 0 {
        text.push_str(&format!(" {failures} feed(s) could not be read."));
    }
    let leading: Vec<String> = picks
        .iter()
        .take(3)
        .map(|(item, _)| format!("“{}”", headline(&item.title, 90)))
        .collect();
    if !leading.is_empty() {
        text.push_str(&format!(" In front: {}.", leading.join(", ")));
    }
    clipped(&text, 900)
}
