//! The JSON Schemas of skills, compiled once: offline, with patterns that cannot run away.
//!
//! Never here: what a schema is for.

use jsonschema::{PatternOptions, ValidationError, Validator};
use serde_json::Value;

/// Largest schema that is compiled, in bytes of JSON.
pub(crate) const MAX_SCHEMA_BYTES: usize = 128 * 1024;
/// Most mistakes that are told at once.
const MAX_TOLD: usize = 4;
/// Most characters of one reason.
const MAX_REASON_CHARS: usize = 300;

/// A compiled schema.
#[derive(Debug)]
pub(crate) struct Schema(Validator);

impl Schema {
    /// Compiles `schema`; without `$schema` it is read as 2020-12. Formats are checked.
    ///
    /// # Errors
    /// In words, when it is no schema of an object, too large, or refers to something outside itself:
    /// a reference is never fetched.
    pub(crate) fn compile(schema: &Value) -> Result<Self, String> {
        let bytes = schema.to_string().len();
        if bytes > MAX_SCHEMA_BYTES {
            return Err(format!(
                "the schema has {bytes} bytes; at most {MAX_SCHEMA_BYTES} are read"
            ));
        }
        if !schema.is_object() {
            return Err("the schema must be a JSON object".to_owned());
        }
        jsonschema::options()
            .offline()
            .should_validate_formats(true)
            .with_pattern_options(PatternOptions::regex())
            .build(schema)
            .map(Self)
            .map_err(|error| format!("the schema cannot be used: {}", reason(&error)))
    }

    /// Checks a value.
    ///
    /// # Errors
    /// In words: for up to four mistakes, where each is and what is wrong.
    pub(crate) fn check(&self, value: &Value) -> Result<(), String> {
        let mut errors = self.0.iter_errors(value);
        let told: Vec<String> = errors
            .by_ref()
            .take(MAX_TOLD)
            .map(|error| {
                let path = error.instance_path().as_str();
                let place = if path.is_empty() { "/" } else { path };
                format!("at {place}: {}", reason(&error))
            })
            .collect();
        if told.is_empty() {
            return Ok(());
        }
        let more = if errors.next().is_some() {
            "; and more"
        } else {
            ""
        };
        Err(format!("{}{more}", told.join("; ")))
    }
}

/// What is wrong, without repeating the value, which may be long or private.
fn reason(error: &ValidationError<'_>) -> String {
    error
        .masked()
        .to_string()
        .chars()
        .take(MAX_REASON_CHARS)
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn mistakes_are_told_with_their_places_and_without_the_values() {
        let schema = Schema::compile(&json!({
            "type": "object",
            "properties": {
                "at": {"type": "string", "format": "date-time"},
                "list": {"type": "array", "items": {"type": "integer"}},
            },
            "additionalProperties": false,
        }))
        .unwrap();
        assert_eq!(
            schema.check(&json!({"at": "2026-01-01T00:00:00Z", "list": [1]})),
            Ok(())
        );
        let told = schema
            .check(&json!({"at": "secret-word", "list": [1, "x", "y", "z", "q"], "extra": 1}))
            .unwrap_err();
        assert!(
            told.contains("at /at:") && told.ends_with("; and more"),
            "{told}"
        );
        assert!(!told.contains("secret-word"), "{told}");
    }

    #[test]
    fn what_is_no_schema_or_reaches_outside_is_refused() {
        for bad in [
            json!("x"),
            json!({"type": "objekt"}),
            json!({"$ref": "https://example.com/s.json"}),
            json!({"$ref": "file:///etc/passwd"}),
            json!({"$ref": "#/$defs/missing"}),
            json!({"type": "string", "pattern": "("}),
            json!({"description": "x".repeat(MAX_SCHEMA_BYTES)}),
        ] {
            assert!(Schema::compile(&bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_runaway_pattern_is_answered_all_the_same() {
        let schema = Schema::compile(&json!({"type": "string", "pattern": "^(a+)+$"})).unwrap();
        assert!(schema.check(&json!("a".repeat(50_000) + "!")).is_err());
    }
}
