//! JSON Schemas that others wrote, of tools and of skills: compiled once, offline, with patterns that
//! cannot run away.
//!
//! Never here: what a schema is for, and schemas of our own types.

use jsonschema::{PatternOptions, ValidationError, Validator};
use serde_json::Value;

/// Most mistakes that are told at once.
const MAX_TOLD: usize = 4;
/// Most characters of one reason.
const MAX_REASON_CHARS: usize = 300;

/// What a `format` in a schema is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Formats {
    /// A value that breaks it is refused.
    Checked,
    /// It is a remark to the reader, as 2020-12 has it.
    Noted,
}

/// How schemas of one kind are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Largest schema that is compiled, in bytes of JSON.
    pub max_bytes: usize,
    /// What a `format` is worth.
    pub formats: Formats,
}

/// A compiled schema.
#[derive(Debug)]
pub struct Schema(Validator);

impl Schema {
    /// Compiles `schema`; without `$schema` it is read as 2020-12.
    ///
    /// # Errors
    /// In words, when it is no JSON object, no schema, too large, or refers to something outside
    /// itself: a reference is never fetched.
    pub fn compile(schema: &Value, reading: Reading) -> Result<Self, String> {
        let bytes = schema.to_string().len();
        if bytes > reading.max_bytes {
            return Err(format!(
                "the schema has {bytes} bytes; at most {} are read",
                reading.max_bytes
            ));
        }
        if !schema.is_object() {
            return Err("the schema must be a JSON object".to_owned());
        }
        jsonschema::options()
            .offline()
            .should_validate_formats(reading.formats == Formats::Checked)
            .with_pattern_options(PatternOptions::regex())
            .build(schema)
            .map(Self)
            .map_err(|error| format!("the schema cannot be used: {}", reason(&error)))
    }

    /// Checks a value.
    ///
    /// # Errors
    /// In words: for up to four mistakes, where each is and what is wrong.
    pub fn check(&self, value: &Value) -> Result<(), String> {
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

    const STRICT: Reading = Reading {
        max_bytes: 4096,
        formats: Formats::Checked,
    };

    fn compiled(schema: &Value) -> Schema {
        Schema::compile(schema, STRICT).unwrap()
    }

    #[test]
    fn a_mistake_is_told_with_its_place() {
        let schema = compiled(&json!({
            "type": "object",
            "properties": {"post": {"type": "object", "properties": {"text": {"type": "string", "maxLength": 5}}}},
            "required": ["post"],
            "additionalProperties": false,
        }));
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
    fn many_mistakes_are_told_in_part_and_no_value_is_repeated() {
        let schema = compiled(&json!({
            "properties": {
                "at": {"type": "string", "format": "date-time"},
                "list": {"type": "array", "items": {"type": "integer"}},
            },
            "additionalProperties": false,
        }));
        let good = json!({"at": "2026-01-01T00:00:00Z", "list": [1]});
        assert_eq!(schema.check(&good), Ok(()));
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
    fn a_format_counts_only_where_it_is_checked() {
        let schema = json!({"type": "string", "format": "date-time"});
        let noted = Reading {
            formats: Formats::Noted,
            ..STRICT
        };
        let tomorrow = json!("tomorrow");
        assert!(compiled(&schema).check(&tomorrow).is_err());
        assert_eq!(
            Schema::compile(&schema, noted).unwrap().check(&tomorrow),
            Ok(())
        );
    }

    #[test]
    fn what_is_no_schema_too_large_or_reaches_outside_is_refused() {
        for bad in [
            json!("x"),
            json!({"type": "objekt"}),
            json!({"$ref": "https://example.com/s.json"}),
            json!({"$ref": "file:///etc/passwd"}),
            json!({"$ref": "#/$defs/missing"}),
            json!({"type": "string", "pattern": "("}),
            json!({"description": "x".repeat(STRICT.max_bytes)}),
        ] {
            assert!(Schema::compile(&bad, STRICT).is_err(), "{bad}");
        }
        let within = json!({"$defs": {"n": {"type": "integer"}}, "$ref": "#/$defs/n"});
        assert_eq!(compiled(&within).check(&json!(1)), Ok(()));
    }

    #[test]
    fn a_runaway_pattern_is_answered_all_the_same() {
        let schema = compiled(&json!({"type": "string", "pattern": "^(a+)+$"}));
        assert!(schema.check(&json!("a".repeat(50_000) + "!")).is_err());
    }
}
