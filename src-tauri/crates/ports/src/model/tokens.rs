//! How many tokens reading something takes at most: the one rule behind the bound on a turn (COG-11) and behind what
//! is set aside for a call.
//!
//! Never here: prices, the bounds themselves, or what a call took in the end (the provider tells that).

use std::fmt;

use serde_json::Value;

use super::{ChatRequest, Counted, OfferedTool, Turn};

/// Plain bytes that are taken for one token. Words have about four letters a token. Digits and all that is not ASCII
/// count a token a byte, the most that a tokenizer over bytes makes of them: Amharic comes near it, and so do emoji.
const PLAIN_BYTES_PER_TOKEN: u64 = 3;

/// Tokens that reading `text` takes at most.
#[must_use]
pub fn most_tokens(text: &str) -> u64 {
    let mut read = Bytes::default();
    read.take(text);
    read.tokens()
}

/// Bytes of a text by what they may take. What is written to it is counted and not kept.
#[derive(Default)]
struct Bytes {
    plain: usize,
    other: usize,
}

impl Bytes {
    fn take(&mut self, text: &str) {
        let plain = text.bytes().filter(|byte| is_plain(*byte)).count();
        self.plain += plain;
        self.other += text.len() - plain;
    }

    fn tokens(&self) -> u64 {
        count(self.plain).div_ceil(PLAIN_BYTES_PER_TOKEN) + count(self.other)
    }
}

impl fmt::Write for Bytes {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.take(text);
        Ok(())
    }
}

/// The longest beginning of `text` that takes at most `tokens`; never half a letter.
#[must_use]
pub fn beginning(text: &str, tokens: u64) -> &str {
    let (mut plain, mut other) = (0_u64, 0_u64);
    for (at, letter) in text.char_indices() {
        if u8::try_from(letter).is_ok_and(is_plain) {
            plain += 1;
        } else {
            other += count(letter.len_utf8());
        }
        if plain.div_ceil(PLAIN_BYTES_PER_TOKEN) + other > tokens {
            return &text[..at];
        }
    }
    text
}

impl ChatRequest {
    /// Tokens that reading it takes at most: rules, turns, offered tools and the schema of the answer. The facts are
    /// not counted, no provider is sent them.
    #[must_use]
    pub fn most_tokens(&self) -> u64 {
        most_tokens(&self.system)
            + self.turns.iter().map(Turn::most_tokens).sum::<u64>()
            + self.tools.most_tokens()
            + self.answer_schema.as_ref().map_or(0, Counted::most_tokens)
    }
}

impl Turn {
    /// Tokens that reading it takes at most, the arguments of its tool calls included.
    #[must_use]
    pub fn most_tokens(&self) -> u64 {
        match self {
            Self::User { text } => most_tokens(text),
            Self::Model { text, tool_calls } => {
                let calls = tool_calls
                    .iter()
                    .map(|call| most_tokens(&call.name) + json(&call.arguments));
                most_tokens(text) + calls.sum::<u64>()
            }
            Self::ToolResult { name, content, .. } => most_tokens(name) + most_tokens(content),
        }
    }
}

impl From<Vec<OfferedTool>> for Counted<Vec<OfferedTool>> {
    fn from(tools: Vec<OfferedTool>) -> Self {
        let tokens = tools.iter().map(OfferedTool::most_tokens).sum();
        Self::new(tools, tokens)
    }
}

impl From<Value> for Counted<Value> {
    fn from(value: Value) -> Self {
        let tokens = json(&value);
        Self::new(value, tokens)
    }
}

impl OfferedTool {
    fn most_tokens(&self) -> u64 {
        most_tokens(&self.name) + most_tokens(&self.description) + json(&self.input_schema)
    }
}

fn json(value: &Value) -> u64 {
    let mut read = Bytes::default();
    match fmt::write(&mut read, format_args!("{value}")) {
        Ok(()) => read.tokens(),
        // Whoever only counts never refuses.
        Err(fmt::Error) => most_tokens(&value.to_string()),
    }
}

const fn is_plain(byte: u8) -> bool {
    byte.is_ascii() && !byte.is_ascii_digit()
}

fn count(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{ModelRole, ToolCall};

    /// "Cold brew becomes popular in cafes", in Japanese: 18 letters of three bytes each.
    const JAPANESE: &str = "水出しコーヒーがカフェで人気になる。";

    #[test]
    fn every_script_is_counted_by_the_most_that_it_can_take() {
        for (text, tokens) in [
            ("", 0),
            ("Cold brew on tap, please", 8),
            ("2026-11-22", 9),
            ("\u{1230}\u{120b}\u{121d}", 9),
            ("\u{1f600}", 4),
            ("a\u{e9}", 3),
            (JAPANESE, 54),
        ] {
            assert_eq!(most_tokens(text), tokens, "{text}");
        }
    }

    #[test]
    fn a_beginning_is_the_longest_that_fits_and_never_half_a_letter() {
        for text in [
            "Cold brew on tap, 14 dollars",
            JAPANESE,
            "a\u{1f600}b\u{e9}12",
        ] {
            for tokens in 0..=most_tokens(text) {
                let kept = beginning(text, tokens);
                assert!(
                    most_tokens(kept) <= tokens,
                    "{kept} takes more than {tokens}"
                );
                let next = text[kept.len()..].chars().next();
                let longer = next.map(|next| format!("{kept}{next}"));
                assert!(
                    longer.is_none_or(|longer| most_tokens(&longer) > tokens),
                    "{kept} could be longer within {tokens}"
                );
            }
            assert_eq!(beginning(text, most_tokens(text)), text);
        }
    }

    #[test]
    fn tools_arguments_and_the_answers_schema_are_counted_like_words() {
        let bare = ChatRequest {
            role: ModelRole::Worker,
            system: "Be brief.".to_owned(),
            turns: vec![Turn::User {
                text: JAPANESE.to_owned(),
            }],
            tools: Vec::new().into(),
            answer_schema: None,
            facts: None,
            max_output_tokens: 10,
        };
        assert_eq!(bare.most_tokens(), 3 + 54);
        let schema = json!({ "type": "object", "description": "x".repeat(300) });
        let of_schema = most_tokens(&schema.to_string());
        let mut full = bare.clone();
        let tool = OfferedTool {
            name: "fetch".to_owned(),
            description: "Reads feeds.".to_owned(),
            input_schema: schema.clone(),
        };
        full.tools = vec![tool].into();
        assert_eq!(full.most_tokens(), 57 + 2 + 4 + of_schema);
        full.answer_schema = Some(schema.clone().into());
        assert_eq!(full.most_tokens(), 57 + 6 + 2 * of_schema);
        full.turns.push(Turn::Model {
            text: String::new(),
            tool_calls: vec![ToolCall {
                id: "1".to_owned(),
                name: "fetch".to_owned(),
                arguments: schema,
                mark: None,
            }],
        });
        assert_eq!(full.most_tokens(), 57 + 6 + 2 + 3 * of_schema);
    }
}
