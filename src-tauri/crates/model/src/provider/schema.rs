//! JSON Schema in the dialects that constrained decoding takes.
//!
//! Strict: every object closed, every property required (what was optional may be null instead), formats that providers
//! refuse left out. Closed: objects closed, bounds that the far side cannot enforce left out. The answer is still checked
//! against the original schema by whoever asked. Never here: making schemas.

use serde_json::{Map, Value, json};

/// Formats that the strict dialect knows.
const FORMATS: [&str; 9] = [
    "date-time",
    "time",
    "date",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "uuid",
];
/// Deepest nesting that is rewritten; deeper parts go as they are.
const MAX_DEPTH: usize = 32;

/// Bounds that a closed schema may not have.
const BOUNDS: [&str; 11] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "pattern",
];

/// What a dialect wants changed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dialect {
    /// OpenAI's.
    Strict,
    /// Anthropic's.
    Closed,
    /// Gemini's: plain JSON Schema but for a few words.
    Plain,
}

/// `schema` in the strict dialect.
pub(super) fn strict(schema: &Value) -> Value {
    rewritten(schema, Dialect::Strict, 0)
}

/// `schema` with closed objects and no bounds.
pub(super) fn closed(schema: &Value) -> Value {
    rewritten(schema, Dialect::Closed, 0)
}

/// `schema` as it is, without the words that say nothing of the answer.
pub(super) fn plain(schema: &Value) -> Value {
    rewritten(schema, Dialect::Plain, 0)
}

/// The rules with the wanted shape told in words, for who is not told it otherwise.
pub(super) fn in_words(system: &str, schema: Option<&Value>) -> String {
    schema.map_or_else(
        || system.to_owned(),
        |schema| {
            format!(
                "{system}\n\nYour final answer is one JSON object, valid against this JSON Schema, and nothing else:\n{schema}"
            )
        },
    )
}

fn rewritten(schema: &Value, dialect: Dialect, depth: usize) -> Value {
    let Value::Object(fields) = schema else {
        return schema.clone();
    };
    if depth >= MAX_DEPTH {
        return schema.clone();
    }
    let mut out = Map::new();
    for (name, value) in fields {
        let value = match name.as_str() {
            "$schema" | "$id" | "default" | "examples" => continue,
            bound if dialect == Dialect::Closed && BOUNDS.contains(&bound) => continue,
            "const" if dialect == Dialect::Plain => {
                out.insert("enum".to_owned(), json!([value]));
                continue;
            }
            "format"
                if !value
                    .as_str()
                    .is_some_and(|format| FORMATS.contains(&format)) =>
            {
                continue;
            }
            "properties" | "$defs" | "definitions" | "patternProperties" => {
                each(value, dialect, depth)
            }
            "items" | "not" | "additionalProperties" => rewritten(value, dialect, depth + 1),
            "anyOf" | "oneOf" | "allOf" | "prefixItems" => match value {
                Value::Array(parts) => parts
                    .iter()
                    .map(|part| rewritten(part, dialect, depth + 1))
                    .collect(),
                other => other.clone(),
            },
            _ => value.clone(),
        };
        // The dialect knows only `anyOf`.
        let name = if name == "oneOf" { "anyOf" } else { name };
        out.insert(name.to_owned(), value);
    }
    if fields.contains_key("properties") {
        match dialect {
            Dialect::Strict => close(&mut out, fields),
            Dialect::Closed => {
                out.insert("additionalProperties".to_owned(), json!(false));
            }
            Dialect::Plain => {}
        }
    }
    Value::Object(out)
}

fn each(value: &Value, dialect: Dialect, depth: usize) -> Value {
    match value {
        Value::Object(parts) => parts
            .iter()
            .map(|(name, part)| (name.clone(), rewritten(part, dialect, depth + 1)))
            .collect(),
        other => other.clone(),
    }
}

/// Requires every property; those that were optional may be null.
fn close(out: &mut Map<String, Value>, original: &Map<String, Value>) {
    let required: Vec<&str> = original
        .get("required")
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let mut all = Vec::new();
    if let Some(Value::Object(properties)) = out.get_mut("properties") {
        for (name, property) in properties.iter_mut() {
            if !required.contains(&name.as_str()) {
                let given = std::mem::take(property);
                *property = nullable(given);
            }
            all.push(name.clone());
        }
    }
    out.insert("required".to_owned(), json!(all));
    out.insert("additionalProperties".to_owned(), json!(false));
}

fn nullable(mut schema: Value) -> Value {
    let null = json!("null");
    let allows_null = |list: &Value| {
        list.as_array().is_some_and(|parts| {
            parts
                .iter()
                .any(|part| *part == null || part["type"] == null)
        })
    };
    if schema["type"] == null || allows_null(&schema["type"]) || allows_null(&schema["anyOf"]) {
        return schema;
    }
    match schema.get("type") {
        Some(Value::String(one))
            if schema.get("enum").is_none() && schema.get("const").is_none() =>
        {
            schema["type"] = json!([one, "null"]);
            schema
        }
        _ => json!({"anyOf": [schema, {"type": "null"}]}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_closed_and_optional_fields_may_be_null() {
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "required": ["steps"],
            "properties": {
                "steps": {"type": "array", "items": {
                    "type": "object",
                    "required": ["key"],
                    "properties": {
                        "key": {"type": "string"},
                        "tokens": {"type": ["integer", "null"], "format": "uint32", "minimum": 0},
                        "note": {"type": "string", "default": ""},
                        "place": {"oneOf": [{"const": "here"}, {"const": "there"}]}
                    }
                }}
            }
        });
        assert_eq!(
            strict(&schema),
            json!({
                "type": "object",
                "required": ["steps"],
                "additionalProperties": false,
                "properties": {
                    "steps": {"type": "array", "items": {
                        "type": "object",
                        "required": ["key", "tokens", "note", "place"],
                        "additionalProperties": false,
                        "properties": {
                            "key": {"type": "string"},
                            "tokens": {"type": ["integer", "null"], "minimum": 0},
                            "note": {"type": ["string", "null"]},
                            "place": {"anyOf": [
                                {"anyOf": [{"const": "here"}, {"const": "there"}]},
                                {"type": "null"}
                            ]}
                        }
                    }}
                }
            })
        );
    }

    #[test]
    fn each_dialect_leaves_out_what_its_far_side_refuses() {
        let schema = json!({"$schema": "x", "type": "object", "required": ["a"], "properties": {
            "a": {"type": "array", "maxItems": 3, "items": {"type": "integer", "minimum": 0}},
            "b": {"const": "here"},
        }});
        assert_eq!(
            closed(&schema),
            json!({"type": "object", "required": ["a"], "additionalProperties": false, "properties": {
                "a": {"type": "array", "items": {"type": "integer"}}, "b": {"const": "here"},
            }})
        );
        assert_eq!(
            plain(&schema),
            json!({"type": "object", "required": ["a"], "properties": {
                "a": {"type": "array", "maxItems": 3, "items": {"type": "integer", "minimum": 0}}, "b": {"enum": ["here"]},
            }})
        );
    }

    #[test]
    fn what_a_property_is_called_is_not_mistaken_for_a_keyword() {
        let schema = json!({"type": "object", "required": ["format"], "properties": {"format": {"type": "string"}}});
        assert_eq!(strict(&schema)["properties"], schema["properties"]);
    }
}
