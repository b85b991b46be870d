//! Everything that is generated from the code and committed beside it: the API document, its two
//! extracts, the JSON Schemas, the error pages and tables, the cache tags.
//!
//! Never here: writing files (`chimera-bindings` does).

mod schemas;

use std::collections::BTreeMap;

use chimera_contract::{error, tag};
use chimera_domain::taxonomy::{self, Place};
use chimera_frontmatter::block;
use serde_json::Value;

use crate::document::{document, extract};

/// Words at the top of a generated YAML file.
const GENERATED: &str = "# Generated from the one API document (specs/openapi.json) by `cargo xtask bindings`. Do not edit.\n";

/// Every generated file: path below the repository's root, and text.
///
/// # Panics
/// Never: values made of strings and numbers can always be written.
#[must_use]
pub fn files() -> BTreeMap<String, String> {
    let document = document();
    let mut files = BTreeMap::new();
    files.insert("specs/openapi.json".to_owned(), pretty(&document));
    files.insert(
        "specs/errors.json".to_owned(),
        pretty(&error::export(class_of)),
    );
    files.insert("specs/tags.json".to_owned(), pretty(&tag::export()));
    for (code, page) in error::pages(class_of) {
        files.insert(format!("specs/errors/{code}.md"), page);
    }
    for (name, schema) in schemas::all() {
        files.insert(format!("specs/schemas/{name}.json"), pretty(&schema));
    }
    files.insert(
        "specs/schemas/seed/agent_task.draft07.json".to_owned(),
        schemas::SEED_AGENT_TASK.to_owned(),
    );
    for (folder, part) in extracts(&document) {
        files.insert(
            format!("specs/{folder}/contracts/openapi.yaml"),
            format!("{GENERATED}{}", block::write(&part)),
        );
    }
    files
}

/// A code's class by the one table, in the word that the API writes.
fn class_of(code: &str) -> String {
    match taxonomy::place(code) {
        Some(Place::Fixed(class)) => serde_json::to_value(class)
            .ok()
            .and_then(|word| word.as_str().map(str::to_owned))
            .unwrap_or_default(),
        Some(Place::OfCause) => "of_cause".to_owned(),
        None => "unknown".to_owned(),
    }
}

/// The contract files that S0 names (C53).
fn extracts(document: &Value) -> [(&'static str, Value); 2] {
    [
        (
            "001-observable-mcp-swarm",
            extract(
                document,
                "Chimera: observable MCP swarm",
                "Agents, sessions, tasks, reviews and their decisions, traces and events. An extract of specs/openapi.json.",
                &[
                    "/api/v1/swarm",
                    "/api/v1/reviews",
                    "/api/v1/traces",
                    "/api/v1/events",
                    "/api/approve",
                    "/api/reject",
                ],
            ),
        ),
        (
            "001-agentic-commerce",
            extract(
                document,
                "Chimera: agentic commerce",
                "Wallets, budgets, transfers and the ledger under /api/v1/commerce. An extract of specs/openapi.json. It has no paths yet: no wallet is built, and nothing is described here before it works.",
                &["/api/v1/commerce"],
            ),
        ),
    ]
}

fn pretty(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests;
