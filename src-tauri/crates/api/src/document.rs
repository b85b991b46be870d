//! The OpenAPI 3.1 document: what the handlers say of themselves, completed with what the contract's
//! endpoint list knows, and the two extracts of it that the seeds name (C42, C53).
//!
//! Never here: serving it.

use std::collections::BTreeSet;

use chimera_authz as authz;
use chimera_contract::endpoint::{self, Endpoint, Group, Precondition};
use serde_json::{Map, Value, json};
use utoipa::PartialSchema;

use crate::routes::endpoints;

/// Areas, in the order of the document.
const AREAS: &[(&str, &str)] = &[
    ("people", "First run, signing in, accounts, own settings."),
    (
        "swarm",
        "Agents, the fleet's figures, the stop, and the tenant form of the swarm API.",
    ),
    (
        "campaigns",
        "Campaigns, plans, tasks, and what comes of them.",
    ),
    ("reviews", "The review queue, decisions, the outbox."),
    ("personas", "SOUL.md and its versions."),
    (
        "content",
        "Content, publications, trends, the sandbox network.",
    ),
    ("watch", "Traces, the audit log, alerts, incidents."),
    (
        "connections",
        "AI providers and their keys, MCP servers, feeds.",
    ),
    ("policy", "The policy in force."),
    ("events", "Facts as they happen."),
];

/// Answers that may leave fields out, because the contract they follow does (C46).
const AS_THE_SEED_HAS_IT: [&str; 2] = ["AgentTask", "AgentTaskConstraints"];

/// The document.
#[must_use]
pub fn document() -> Value {
    let described = serde_json::to_value(endpoints().into_openapi()).unwrap_or_default();
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Chimera",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "One API for the window, the browser and scripts. Failures are always the envelope of ErrorEnvelope; each code has a page under specs/errors. Ids, money and times are strings. Lists are pages {items, next}. Rows have versions: ETag on a read, If-Match on a write. A write with an Idempotency-Key that was seen before gets its first answer again.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "tags": AREAS.iter().map(|(name, about)| json!({ "name": name, "description": about })).collect::<Value>(),
        "paths": described["paths"],
        "components": described["components"],
    });
    let schemas = &mut document["components"]["schemas"];
    schemas["ErrorEnvelope"] = schema::<chimera_contract::error::ErrorEnvelope>();
    schemas["ErrorBody"] = schema::<chimera_contract::error::ErrorBody>();
    document["components"]["securitySchemes"] = json!({
        "token": { "type": "http", "scheme": "bearer", "description": "The token that signing in gave." },
        "cookie": { "type": "apiKey", "in": "cookie", "name": "chimera_session", "description": "The same token in a browser; writes must come from the console's own origin." },
    });
    for one in endpoint::all() {
        let method = one.method.as_str().to_lowercase();
        if let Some(operation) = document["paths"]
            .get_mut(one.path)
            .and_then(|path| path.get_mut(&method))
        {
            complete(operation, one);
        }
    }
    name_rows(&mut document);
    require_what_is_always_there(&mut document);
    sort_schemas(&mut document);
    document
}

fn schema<T: PartialSchema>() -> Value {
    serde_json::to_value(T::schema()).unwrap_or_default()
}

/// What the endpoint list knows of an operation.
fn complete(operation: &mut Value, one: &Endpoint) {
    operation["x-group"] = json!(one.group);
    operation["x-roles"] = json!(authz::who_may(one.group));
    operation["security"] = if one.group == Group::Open {
        json!([])
    } else {
        json!([{ "token": [] }, { "cookie": [] }])
    };
    if let Some(answers) = operation["responses"].as_object_mut() {
        for (status, answer) in answers {
            answer["description"] = json!(match status.as_str() {
                "201" => "Made.",
                "204" => "Done; there is nothing to say.",
                _ => "What was asked for.",
            });
        }
    }
    operation["responses"]["default"] = json!({
        "description": "It failed. `error.code` says why, `error.message` what to do.",
        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/ErrorEnvelope" } } },
    });
    let mut parameters = path_parameters(one.path);
    if one.precondition != Precondition::None {
        parameters.push(json!({
            "name": "If-Match", "in": "header", "required": one.precondition == Precondition::Required,
            "description": "ETag of what was read; if it has changed since, nothing is done (412).",
            "schema": { "type": "string" },
        }));
    }
    if one.replayable {
        parameters.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "The same key with the same request gets the first answer again; with another request it is refused (422).",
            "schema": { "type": "string", "minLength": 1, "maxLength": 128 },
        }));
    }
    if let Some(asked) = operation
        .get_mut("parameters")
        .and_then(Value::as_array_mut)
    {
        // What a handler says of the address is said above with its type.
        let named = |one: &Value| (one["name"].clone(), one["in"].clone());
        let known: Vec<_> = parameters.iter().map(named).collect();
        asked.retain(|one| !known.contains(&named(one)));
        parameters.append(asked);
    }
    if !parameters.is_empty() {
        operation["parameters"] = json!(parameters);
    }
}

/// The parameters in an address, each with what it names.
fn path_parameters(path: &str) -> Vec<Value> {
    let names = path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    names
        .map(|name| {
            let (about, schema) = match name {
                "tenant" => ("The tenant's slug, `t_…`.", json!({ "type": "string" })),
                "key" => ("Name of the key.", json!({ "type": "string" })),
                "server" => ("Name of the server.", json!({ "type": "string" })),
                "trace" => ("The run, 32 hexadecimal digits.", json!({ "type": "string" })),
                "post" => ("The network's own id of the post.", json!({ "type": "string" })),
                "number" => ("Number of the version.", json!({ "type": "integer", "format": "int32", "minimum": 1 })),
                _ => ("Key.", json!({ "$ref": "#/components/schemas/Id" })),
            };
            json!({ "name": name, "in": "path", "required": true, "description": about, "schema": schema })
        })
        .collect()
}

/// Pages name the type of their rows instead of repeating it.
fn name_rows(document: &mut Value) {
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else {
        return;
    };
    let names: BTreeSet<String> = schemas.keys().cloned().collect();
    for (page, schema) in schemas {
        if let Some(row) = page
            .strip_prefix("Page_")
            .filter(|row| names.contains(*row))
        {
            schema["properties"]["items"]["items"] =
                json!({ "$ref": format!("#/components/schemas/{row}") });
        }
    }
}

/// Answers always carry every field, null where there is nothing: only requests may leave some out.
fn require_what_is_always_there(document: &mut Value) {
    let mut asked = BTreeSet::new();
    for operation in operations(&document["paths"]) {
        gather(
            &operation["requestBody"],
            &document["components"],
            &mut asked,
        );
        gather(
            &operation["parameters"],
            &document["components"],
            &mut asked,
        );
    }
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else {
        return;
    };
    for (name, schema) in schemas {
        if !asked.contains(name.as_str()) && !AS_THE_SEED_HAS_IT.contains(&name.as_str()) {
            require_all(schema);
        }
    }
}

fn require_all(schema: &mut Value) {
    let fields: Option<Vec<String>> = schema
        .get("properties")
        .and_then(Value::as_object)
        .map(|fields| fields.keys().cloned().collect());
    if let Some(fields) = fields {
        schema["required"] = json!(fields);
    }
    for part in ["properties", "oneOf", "allOf", "anyOf", "items"] {
        match schema.get_mut(part) {
            Some(Value::Object(map)) if part == "properties" => {
                map.values_mut().for_each(require_all)
            }
            Some(Value::Array(list)) => list.iter_mut().for_each(require_all),
            Some(one @ Value::Object(_)) => require_all(one),
            _ => {}
        }
    }
}

fn operations(paths: &Value) -> impl Iterator<Item = &Value> {
    paths
        .as_object()
        .into_iter()
        .flat_map(Map::values)
        .filter_map(Value::as_object)
        .flat_map(Map::values)
}

/// Names of all component schemas that `part` refers to, however far.
fn gather(part: &Value, components: &Value, found: &mut BTreeSet<String>) {
    match part {
        Value::Object(map) => {
            if let Some(name) = map
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|place| place.rsplit('/').next())
                && found.insert(name.to_owned())
            {
                gather(&components["schemas"][name], components, found);
            }
            map.values()
                .for_each(|value| gather(value, components, found));
        }
        Value::Array(list) => list
            .iter()
            .for_each(|value| gather(value, components, found)),
        _ => {}
    }
}

fn sort_schemas(document: &mut Value) {
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else {
        return;
    };
    schemas.sort_keys();
}

/// The part of the document whose addresses begin with one of `prefixes`.
pub(crate) fn extract(document: &Value, title: &str, about: &str, prefixes: &[&str]) -> Value {
    let mut part = document.clone();
    part["info"]["title"] = json!(title);
    part["info"]["description"] = json!(about);
    if let Some(paths) = part["paths"].as_object_mut() {
        paths.retain(|path, _| prefixes.iter().any(|prefix| path.starts_with(prefix)));
    }
    let mut needed = BTreeSet::new();
    gather(&part["paths"], &document["components"], &mut needed);
    if let Some(schemas) = part["components"]["schemas"].as_object_mut() {
        schemas.retain(|name, _| needed.contains(name));
    }
    let used: BTreeSet<String> = operations(&part["paths"])
        .filter_map(|operation| operation["tags"][0].as_str().map(str::to_owned))
        .collect();
    if let Some(tags) = part["tags"].as_array_mut() {
        tags.retain(|tag| tag["name"].as_str().is_some_and(|name| used.contains(name)));
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_holds_exactly_the_endpoints_of_the_contract() {
        let document = document();
        let mut served = BTreeSet::new();
        for (path, operations) in document["paths"].as_object().unwrap() {
            for (method, operation) in operations.as_object().unwrap() {
                let id = operation["operationId"].as_str().unwrap().to_owned();
                served.insert((method.to_uppercase(), path.clone(), id));
            }
        }
        let declared: BTreeSet<_> = endpoint::all()
            .map(|one| {
                (
                    one.method.as_str().to_owned(),
                    one.path.to_owned(),
                    one.id.to_owned(),
                )
            })
            .collect();
        assert_eq!(served, declared);
    }

    #[test]
    fn every_reference_leads_somewhere_and_every_operation_is_complete() {
        let document = document();
        let mut named = BTreeSet::new();
        gather(&document["paths"], &document["components"], &mut named);
        for name in &named {
            assert!(
                document["components"]["schemas"].get(name).is_some(),
                "{name} is not defined"
            );
        }
        for (name, _) in document["components"]["schemas"].as_object().unwrap() {
            assert!(named.contains(name), "nothing uses the schema {name}");
        }
        for operation in operations(&document["paths"]) {
            let id = &operation["operationId"];
            assert!(
                operation["summary"]
                    .as_str()
                    .is_some_and(|words| !words.is_empty()),
                "{id} says nothing"
            );
            let area = operation["tags"][0].as_str().unwrap();
            assert!(
                AREAS.iter().any(|(name, _)| *name == area),
                "{id}: no area {area}"
            );
            for (status, answer) in operation["responses"].as_object().unwrap() {
                assert!(
                    answer["description"].is_string(),
                    "{id}: {status} says nothing"
                );
            }
            assert!(operation["responses"]["default"].is_object(), "{id}");
        }
    }

    #[test]
    fn an_extract_is_whole_in_itself() {
        let whole = document();
        let part = extract(&whole, "Swarm", "Part.", &["/api/v1/swarm"]);
        let mut named = BTreeSet::new();
        gather(&part["paths"], &part["components"], &mut named);
        let kept: BTreeSet<String> = part["components"]["schemas"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect();
        assert_eq!(named, kept);
        assert!(
            part["paths"]
                .as_object()
                .unwrap()
                .keys()
                .all(|path| path.starts_with("/api/v1/swarm"))
        );
        assert!(kept.len() < whole["components"]["schemas"].as_object().unwrap().len());
    }
}
