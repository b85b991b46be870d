//! That a file names everything once: of two values under one key a parser keeps one and says nothing, and a person who
//! looks at the file may have read the other.
//!
//! Never here: what the values mean.

use std::{collections::HashSet, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};

/// Longest key that a refusal repeats, in characters.
const MAX_KEY_CHARS: usize = 80;

/// Any JSON in which no object names a key twice. Nothing of it is kept.
pub(crate) struct Once;

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Look)
    }
}

struct Look;

impl<'de> Visitor<'de> for Look {
    type Value = Once;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_str<E>(self, _: &str) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_unit<E>(self) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Once, A::Error> {
        while items.next_element::<Once>()?.is_some() {}
        Ok(Once)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Once, A::Error> {
        let mut seen = HashSet::new();
        while let Some(key) = fields.next_key::<String>()? {
            if seen.contains(&key) {
                let shown: String = key.chars().take(MAX_KEY_CHARS).collect();
                return Err(A::Error::custom(format!("{shown:?} is there twice")));
            }
            fields.next_value::<Once>()?;
            seen.insert(key);
        }
        Ok(Once)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> Option<String> {
        serde_json::from_str::<Once>(text)
            .err()
            .map(|error| error.to_string())
    }

    #[test]
    fn a_key_may_stand_in_each_object_once() {
        let plain = r#"{"a": {"a": [1, -1, 1.5, null, true, "x", {"a": 1}, {"a": 1}]}, "b": {}}"#;
        assert_eq!(refusal(plain), None);
        assert_eq!(
            refusal("{\"a\": {\"time\": 1,\n\"time\": 2}}").as_deref(),
            Some("\"time\" is there twice at line 2 column 6")
        );
        assert!(refusal(r#"{"\u0061": 1, "a": 2}"#).is_some());
    }
}
