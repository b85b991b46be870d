//! JSON written as YAML, for the two contract extracts that the seeds want in that form.
//!
//! Never here: reading YAML.

use serde_json::Value;

/// A JSON value as YAML in block style. Every string that is not a plain word is quoted as JSON quotes it,
/// which is YAML as well.
#[must_use]
pub fn write(value: &Value) -> String {
    let mut text = String::new();
    block(&mut text, value, 0);
    text
}

fn block(text: &mut String, value: &Value, depth: usize) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, value) in map {
                indent(text, depth);
                text.push_str(&scalar(key));
                text.push(':');
                nested(text, value, depth + 1);
            }
        }
        Value::Array(list) if !list.is_empty() => {
            for value in list {
                indent(text, depth);
                text.push('-');
                nested(text, value, depth + 1);
            }
        }
        _ => {
            indent(text, depth);
            text.push_str(&flat(value));
            text.push('\n');
        }
    }
}

fn nested(text: &mut String, value: &Value, depth: usize) {
    let is_block = match value {
        Value::Object(map) => !map.is_empty(),
        Value::Array(list) => !list.is_empty(),
        _ => false,
    };
    if is_block {
        text.push('\n');
        block(text, value, depth);
    } else {
        text.push(' ');
        text.push_str(&flat(value));
        text.push('\n');
    }
}

fn indent(text: &mut String, depth: usize) {
    text.extend(std::iter::repeat_n("  ", depth));
}

fn flat(value: &Value) -> String {
    match value {
        Value::String(text) => scalar(text),
        other => other.to_string(),
    }
}

/// A word that no reader of YAML takes for anything else, bare; all else quoted.
fn scalar(text: &str) -> String {
    let plain = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/')
        && text
            .chars()
            .all(|sign| sign.is_ascii_alphanumeric() || "_-./{}".contains(sign))
        && !text.contains("//");
    let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    if plain && !reserved.contains(&text.to_ascii_lowercase().as_str()) {
        text.to_owned()
    } else {
        Value::String(text.to_owned()).to_string()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn blocks_words_and_what_must_be_quoted() {
        let value = json!({
            "openapi": "3.1.0",
            "paths": { "/a/{b}": { "get": { "tags": ["x", "on"], "empty": {}, "none": [] } } },
            "list": [{ "a": 1 }, [true, null]],
            "text": "two: words # and\nlines",
            "200": "ok",
        });
        let expected = "openapi: \"3.1.0\"\npaths:\n  /a/{b}:\n    get:\n      tags:\n        - x\n        - \"on\"\n      empty: {}\n      none: []\nlist:\n  -\n    a: 1\n  -\n    - true\n    - null\ntext: \"two: words # and\\nlines\"\n\"200\": ok\n";
        assert_eq!(write(&value), expected);
    }
}
