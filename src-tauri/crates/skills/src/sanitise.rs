//! Inputs and outputs as they may be logged: no secrets, no walls of text (SKL-02, SEC-09).
//!
//! Never here: what is stored or shown; only log lines are made of this.

use serde_json::Value;

/// Longest text that a log line keeps, in characters.
const MAX_TEXT_CHARS: usize = 120;
/// Most items of a list or keys of an object that a log line keeps.
const MAX_ITEMS: usize = 8;
/// Deepest nesting that a log line keeps.
const MAX_DEPTH: usize = 5;
/// Longest log form, in characters.
const MAX_LOGGED_CHARS: usize = 2_000;

/// Parts of a key that make its value a secret.
const SECRET_KEYS: [&str; 9] = [
    "secret",
    "password",
    "passwd",
    "token",
    "api_key",
    "apikey",
    "authorization",
    "credential",
    "private_key",
];
/// How well-known keys begin.
const SECRET_STARTS: [&str; 7] = [
    "sk-",
    "sk_",
    "moltbook_sk_",
    "ghp_",
    "xoxb-",
    "Bearer ",
    "eyJ",
];

/// `value` as a log line may show it.
pub(crate) fn for_log(value: &Value) -> String {
    cut(&shortened(value, 0).to_string(), MAX_LOGGED_CHARS)
}

fn shortened(value: &Value, depth: usize) -> Value {
    match value {
        Value::String(text) => Value::String(words(text)),
        Value::Array(items) if depth >= MAX_DEPTH => format!("[{} items]", items.len()).into(),
        Value::Object(fields) if depth >= MAX_DEPTH => format!("{{{} keys}}", fields.len()).into(),
        Value::Array(items) => {
            let mut kept: Vec<Value> = items
                .iter()
                .take(MAX_ITEMS)
                .map(|item| shortened(item, depth + 1))
                .collect();
            if items.len() > MAX_ITEMS {
                kept.push(format!("… {} more", items.len() - MAX_ITEMS).into());
            }
            Value::Array(kept)
        }
        Value::Object(fields) => fields
            .iter()
            .take(MAX_ITEMS)
            .map(|(key, value)| {
                let folded = key.to_lowercase().replace('-', "_");
                let hidden = SECRET_KEYS.iter().any(|word| folded.contains(word));
                let shown = if hidden {
                    "****".into()
                } else {
                    shortened(value, depth + 1)
                };
                (cut(key, MAX_TEXT_CHARS), shown)
            })
            .collect(),
        plain => plain.clone(),
    }
}

/// Words that begin like a key keep only that beginning.
fn words(text: &str) -> String {
    let masked = SECRET_STARTS
        .iter()
        .fold(text.to_owned(), |text, start| mask(&text, start));
    let visible: String = masked
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    cut(&visible, MAX_TEXT_CHARS)
}

fn mask(text: &str, start: &str) -> String {
    const MIN_KEY_CHARS: usize = 16;
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(start) {
        let (before, found) = rest.split_at(at);
        let tail = &found[start.len()..];
        let end = tail
            .find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)))
            .unwrap_or(tail.len());
        masked.push_str(before);
        masked.push_str(start);
        if end >= MIN_KEY_CHARS {
            masked.push_str("****");
        } else {
            masked.push_str(&tail[..end]);
        }
        rest = &tail[end..];
    }
    masked.push_str(rest);
    masked
}

fn cut(text: &str, max_chars: usize) -> String {
    match text.char_indices().nth(max_chars) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_and_length_do_not_reach_the_log() {
        let logged = for_log(&json!({
            "API-Key": "abc", "nested": {"access_token": [1, 2]},
            "text": "use sk-0123456789abcdefXYZ and sk-ip now\nok",
            "long": "x".repeat(500), "list": (0..20).collect::<Vec<_>>(),
        }));
        assert_eq!(
            logged,
            format!(
                r#"{{"API-Key":"****","nested":{{"access_token":"****"}},"text":"use sk-**** and sk-ip now ok","long":"{}…","list":[0,1,2,3,4,5,6,7,"… 12 more"]}}"#,
                "x".repeat(MAX_TEXT_CHARS)
            )
        );
    }

    #[test]
    fn depth_and_size_are_bounded() {
        let mut deep = json!("end");
        for _ in 0..100 {
            deep = json!({ "a": [deep] });
        }
        assert!(for_log(&deep).len() < 100);
        let wide: Value = (0..8)
            .map(|n| (format!("k{n}"), json!(vec!["é".repeat(200); 50])))
            .collect::<serde_json::Map<_, _>>()
            .into();
        assert_eq!(for_log(&wide).chars().count(), MAX_LOGGED_CHARS + 1);
    }
}
