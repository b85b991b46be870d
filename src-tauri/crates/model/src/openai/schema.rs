//! JSON Schema in the strict dialect that constrained decoding takes.
//!
//! Every object is closed, every property required (what was optional may be null instead), and formats
//! that providers refuse are left out. The answer is still checked against the original schema by whoever
//! asked. Never here: making schemas.

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

/// `schema` in the strict dialect.
pub(super) fn strict(schema: &Value) -> Value {
    rewritten(schema, 0)
}

fn rewritten(schema: &Value, depth: usize) -> Value {
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
            "format"
                if !value
                    .as_str()
                    .is_some_and(|format| FORMATS.contains(&format)) =>
            {
                continue;
            }
            "properties" | "$defs" | "definitions" | "patternProperties" => each(value, depth),
            "items" | "not" | "additionalProperties" => rewritten(value, depth + 1),
            "anyOf" | "oneOf" | "allOf" | "prefixItems" => match value {
                Value::Array(parts) => parts
                    .iter()
                    .map(|part| rewritten(part, depth + 1))
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
        close(&mut out, fields);
    }
    Value::Object(out)
}

fn each(value: &Value, depth: usize) -> Value {
    match value {
        Value::Object(parts) => parts
            .iter()
            .map(|(name, part)| (name.clone(), rewritten(part, depth + 1)))
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
    fn what_a_property_is_called_is_not_mistaken_for_a_keyword() {
        let schema = json!({"type": "object", "required": ["format"], "properties": {"format": {"type": "string"}}});
        assert_eq!(strict(&schema)["properties"], schema["properties"]);
    }
}
