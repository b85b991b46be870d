//! JSON Schemas of tools, compiled once: offline, with patterns that cannot run away.
//!
//! Never here: schemas of our own types.

use jsonschema::{PatternOptions, ValidationError, Validator};
use serde_json::Value;

/// Largest schema that is compiled, in bytes of JSON.
pub(crate) const MAX_SCHEMA_BYTES: usize = 256 * 1024;
/// Most mistakes that are told at once.
const MAX_TOLD: usize = 3;
/// Most characters of one reason.
const MAX_REASON_CHARS: usize = 300;

/// A compiled schema.
#[derive(Debug)]
pub(crate) struct Schema(Validator);

impl Schema {
    /// Compiles `schema`; without `$schema` it is read as 2020-12, as the protocol says.
    ///
    /// # Errors
    /// In words, when it is no schema, too large, or refers to something outside itself: a
    /// reference is never fetched.
    pub(crate) fn compile(schema: &Value) -> Result<Self, String> {
        let bytes = schema.to_string().len();
        if bytes > MAX_SCHEMA_BYTES {
            return Err(format!(
                "its schema has {bytes} bytes; at most {MAX_SCHEMA_BYTES} are read"
            ));
        }
        jsonschema::options()
            .offline()
            .with_pattern_options(PatternOptions::regex())
            .build(schema)
            .map(Self)
            .map_err(|error| format!("its schema cannot be used: {}", reason(&error)))
    }

    /// Checks a value.
    ///
    /// # Errors
    /// In words: for up to three mistakes, where each is and what is wrong.
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
    fn a_mistake_is_told_with_its_place() {
        let schema = Schema::compile(&json!({
            "type": "object",
            "properties": {"post": {"type": "object", "properties": {"text": {"type": "string", "maxLength": 5}}}},
            "required": ["post"],
            "additionalProperties": false,
        }))
        .unwrap();
        assert_eq!(schema.check(&json!({"post": {"text": "short"}})), Ok(()));
        assert_eq!(
            schema.check(&json!({"post": {"text": "far too long"}})),
            Err("at /post/text: value is longer than 5 characters".into())
        );
        let both = schema.check(&json!({"pots": 1})).unwrap_err();
        assert!(both.contains("\"post\" is a required property"), "{both}");
        assert!(both.contains("'pots' was unexpected"), "{both}");
    }

    #[test]
    fn a_reference_to_elsewhere_is_refused_and_not_fetched() {
        for elsewhere in ["https://example.com/s.json", "file:///etc/passwd"] {
            let error = Schema::compile(&json!({"$ref": elsewhere})).unwrap_err();
            assert!(error.contains("cannot be used"), "{error}");
        }
        let within = json!({"$defs": {"n": {"type": "integer"}}, "$ref": "#/$defs/n"});
        assert!(Schema::compile(&within).unwrap().check(&json!(1)).is_ok());
    }

    #[test]
    fn a_runaway_pattern_runs_in_linear_time_and_a_huge_schema_is_refused() {
        let schema = Schema::compile(&json!({"type": "string", "pattern": "^(a+)+$"})).unwrap();
        assert!(schema.check(&json!("a".repeat(50_000) + "!")).is_err());
        let huge = json!({"description": "x".repeat(MAX_SCHEMA_BYTES)});
        assert!(Schema::compile(&huge).unwrap_err().contains("bytes"));
    }
}
