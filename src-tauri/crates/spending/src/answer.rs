//! What a model answered: read it, or say why it cannot be used.
//!
//! Never here: asking.

use chimera_ports::model::{ChatReply, FinishReason, Turn, beginning};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The turns that ask for a better answer, within `room` tokens: of the bad one as much as there is room for. `None`
/// when there is no room to say what is wrong.
#[must_use]
pub fn mending(answer: &str, reason: &str, room: u64) -> Option<Vec<Turn>> {
    let told = Turn::User {
        text: format!("That answer cannot be used: {reason}. Answer again with JSON only."),
    };
    let kept = beginning(answer, room.checked_sub(told.most_tokens())?);
    let answered = (!kept.is_empty()).then(|| Turn::Model {
        text: kept.to_owned(),
        tool_calls: Vec::new(),
    });
    Some(answered.into_iter().chain([told]).collect())
}

/// The answer in its shape, or why it is none.
///
/// # Errors
/// In words for whoever is to mend it.
pub fn read_answer<T: DeserializeOwned>(reply: &ChatReply) -> Result<T, String> {
    match reply.finish {
        FinishReason::Length => return Err("it was cut off by the token bound".to_owned()),
        FinishReason::ContentFilter => return Err("the provider's filter cut it off".to_owned()),
        FinishReason::Stop | FinishReason::ToolCalls => {}
    }
    let text = reply.text.trim();
    // Some models fence their JSON whatever they are told.
    let text = text
        .strip_prefix("```json")
        .or_else(|| text.strip_prefix("```"))
        .unwrap_or(text);
    let text = text.strip_suffix("```").unwrap_or(text).trim();
    let value: Value =
        serde_json::from_str(text).map_err(|error| format!("it is not JSON ({error})"))?;
    serde_json::from_value(value).map_err(|error| format!("it does not fit the schema ({error})"))
}

#[cfg(test)]
mod tests {
    use chimera_ports::model::TokenUsage;

    use super::*;

    fn reply(text: &str, finish: FinishReason) -> ChatReply {
        ChatReply {
            text: text.to_owned(),
            tool_calls: Vec::new(),
            finish,
            usage: TokenUsage::default(),
            model: "scripted".to_owned(),
            rehearsal: false,
        }
    }

    #[test]
    fn a_bad_answer_is_sent_back_as_far_as_there_is_room() {
        let bad = "Sure! ".repeat(1_000);
        for room in [0, 20, 40, 500, 5_000] {
            let Some(turns) = mending(&bad, "it is not JSON", room) else {
                assert!(room < 30, "{room} hold what is wrong");
                continue;
            };
            let taken: u64 = turns.iter().map(Turn::most_tokens).sum();
            assert!(taken <= room, "{taken} of {room}");
            assert!(matches!(turns.last(), Some(Turn::User { text }) if text.contains("not JSON")));
        }
        let whole = mending(&bad, "it is not JSON", 5_000).unwrap();
        assert_eq!(
            whole[0],
            Turn::Model {
                text: bad,
                tool_calls: Vec::new()
            }
        );
    }

    #[test]
    fn fenced_json_is_read_and_anything_else_is_refused_with_its_reason() {
        let read = |text, finish| read_answer::<Vec<u8>>(&reply(text, finish));
        assert_eq!(
            read("```json\n[1, 2]\n```", FinishReason::Stop),
            Ok(vec![1, 2])
        );
        assert!(
            read("Sure! Here it is", FinishReason::Stop)
                .unwrap_err()
                .contains("not JSON")
        );
        assert!(
            read("{\"a\":1}", FinishReason::Stop)
                .unwrap_err()
                .contains("schema")
        );
        assert!(
            read("[1,", FinishReason::Length)
                .unwrap_err()
                .contains("cut off")
        );
    }
}
