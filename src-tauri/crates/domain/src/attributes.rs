//! What a span tells, written down as JSON once, where it is told: nobody on its way reads it, and as one text it is
//! moved and let go of at once, where a tree of values is hundreds of small pieces.
//!
//! Never here: which attributes there are (the conventions name them), or what may stand in them.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Attributes of a span, by their names in OpenTelemetry's GenAI conventions or `chimera.…`.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Map<String, Value>", into = "Map<String, Value>")]
pub struct Attributes {
    /// A JSON object without its last brace; empty where nothing is told.
    text: Vec<u8>,
    campaign: Option<String>,
}

impl Attributes {
    /// The attribute that names a run's campaign.
    pub const CAMPAIGN: &'static str = "chimera.campaign.id";

    /// None yet, with room for so many bytes of JSON.
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        Self {
            text: Vec::with_capacity(bytes),
            campaign: None,
        }
    }

    /// Tells one more; a name is told once. What cannot be written as JSON is told as null.
    pub fn tell(&mut self, name: &str, value: &(impl Serialize + ?Sized)) {
        self.text
            .push(if self.text.is_empty() { b'{' } else { b',' });
        self.write(name);
        self.text.push(b':');
        let start = self.text.len();
        self.write(value);
        if name == Self::CAMPAIGN {
            let told = self.text.get(start..);
            self.campaign = told.and_then(|told| serde_json::from_slice(told).ok());
        }
    }

    fn write(&mut self, value: &(impl Serialize + ?Sized)) {
        let start = self.text.len();
        if serde_json::to_writer(&mut self.text, value).is_err() {
            self.text.truncate(start);
            self.text.extend_from_slice(b"null");
        }
    }

    /// The run's campaign, where it is told.
    #[must_use]
    pub fn campaign(&self) -> Option<&str> {
        self.campaign.as_deref()
    }

    /// All of them as a JSON object.
    #[must_use]
    pub fn json(&self) -> String {
        let mut text = String::with_capacity(self.text.len() + 2);
        match &*String::from_utf8_lossy(&self.text) {
            "" => text.push('{'),
            told => text.push_str(told),
        }
        text.push('}');
        text
    }

    /// All of them as values.
    #[must_use]
    pub fn values(&self) -> Map<String, Value> {
        serde_json::from_str(&self.json()).unwrap_or_default()
    }
}

impl fmt::Debug for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.json())
    }
}

impl From<Map<String, Value>> for Attributes {
    fn from(values: Map<String, Value>) -> Self {
        let mut told = Self::default();
        for (name, value) in &values {
            told.tell(name, value);
        }
        told
    }
}

impl From<Attributes> for Map<String, Value> {
    fn from(told: Attributes) -> Self {
        told.values()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_told_is_one_object_in_its_order() {
        let mut told = Attributes::default();
        assert_eq!((told.json().as_str(), told.values()), ("{}", Map::new()));
        told.tell("b", "x \"y\"\n\u{0}é");
        told.tell("a \"1\"", &json!([{ "n": 0.5 }, null]));
        assert_eq!(
            told.json(),
            "{\"b\":\"x \\\"y\\\"\\n\\u0000é\",\"a \\\"1\\\"\":[{\"n\":0.5},null]}"
        );
        assert_eq!(Attributes::from(told.values()), told);
    }

    #[test]
    fn a_campaign_is_the_one_that_the_span_tells_and_no_word_within() {
        let mut told = Attributes::default();
        told.tell(
            "arguments",
            &json!({ Attributes::CAMPAIGN: "of a stranger" }),
        );
        told.tell("text", "\"chimera.campaign.id\":\"of a stranger\"");
        assert_eq!(told.campaign(), None);
        told.tell(Attributes::CAMPAIGN, "0199");
        assert_eq!(told.campaign(), Some("0199"));
        told.tell("later", &1);
        assert_eq!(told.campaign(), Some("0199"));
    }

    #[test]
    fn what_cannot_be_written_is_told_as_null_and_spoils_nothing() {
        let mut told = Attributes::default();
        told.tell("odd", &std::collections::HashMap::from([(vec![1], 1)]));
        told.tell("n", &1);
        assert_eq!(told.json(), "{\"odd\":null,\"n\":1}");
    }

    proptest! {
        #[test]
        fn any_texts_come_back_as_they_were_told(texts in prop::collection::btree_map("\\PC{0,8}", "\\PC{0,40}", 0..6)) {
            let values: Map<String, Value> = texts.into_iter().map(|(name, text)| (name, text.into())).collect();
            prop_assert_eq!(Attributes::from(values.clone()).values(), values);
        }
    }
}
