//! A model may choose among the feeds of its campaign and never add one.
//!
//! Never here: reading them.

use serde_json::{Value, json};

/// Confines the arguments of a reading to the `allowed` feeds: those that it names of them, or all.
pub fn confine(arguments: &mut Value, allowed: &[String]) {
    let wanted: Vec<String> = arguments
        .get("feeds")
        .and_then(Value::as_array)
        .map(|feeds| {
            feeds
                .iter()
                .filter_map(Value::as_str)
                .filter(|feed| allowed.iter().any(|known| known == feed))
                .map(str::to_owned)
                .collect()
        })
        .unwrap_or_default();
    let feeds = if wanted.is_empty() {
        allowed.to_vec()
    } else {
        wanted
    };
    if let Some(object) = arguments.as_object_mut() {
        object.insert("feeds".to_owned(), json!(feeds));
    } else {
        *arguments = json!({ "feeds": feeds });
    }
    if let Some(object) = arguments.as_object_mut() {
        object.entry("platforms").or_insert_with(|| json!(["web"]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_cannot_add_a_feed() {
        let allowed = vec!["https://a.example/feed".to_owned(), "b.xml".to_owned()];
        let mut arguments =
            json!({ "feeds": ["http://169.254.169.254/", "b.xml"], "max_results": 5 });
        confine(&mut arguments, &allowed);
        assert_eq!(
            arguments,
            json!({ "feeds": ["b.xml"], "max_results": 5, "platforms": ["web"] })
        );
        let mut nonsense = json!("https://evil.example");
        confine(&mut nonsense, &allowed);
        assert_eq!(nonsense["feeds"], json!(allowed));
    }
}
