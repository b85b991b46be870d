//! Puts an answer together from the pieces that a family's reader hands in.
//!
//! Never here: reading a wire format, or prices.

use chimera_ports::model::{Charge, FinishReason, ModelError, TokenUsage, ToolCall};
use serde_json::{Value, json};

use super::{
    fault::{self, CODE_BAD_ANSWER, CODE_STREAM_CUT},
    names::ToolNames,
};

/// Most tool calls of one answer; an index beyond it is refused instead of made room for.
const MAX_TOOL_CALLS: usize = 32;
/// Largest believable count of tokens in one exchange.
const MAX_BELIEVABLE_TOKENS: u64 = 10_000_000;
/// Largest mark of a tool call in bytes that is kept; a larger one is left out.
const MAX_MARK_BYTES: usize = 32 << 10;
/// How ids begin that we gave ourselves, where the far side gave none.
pub(super) const OWN_ID: &str = "call-";

/// One tool call in the making.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    pub id: String,
    pub name: String,
    /// JSON, as far as it came.
    pub arguments: String,
    pub mark: Option<String>,
}

/// Why the far side says that it stopped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum End {
    /// It had said all, or wants tools.
    Stop,
    /// The bound on tokens.
    Length,
    /// A filter, or the model itself, refuses.
    Filter,
    /// It could not say it in a form that can be read.
    Unreadable,
}

/// Tokens as the far side tells them; what is no natural number was not told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Counts {
    /// Read, those from the cache among them.
    pub input: Option<u64>,
    /// Read again from the cache.
    pub cached: Option<u64>,
    /// Written, thoughts among them.
    pub output: Option<u64>,
}

/// What has arrived so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Assembly {
    text: String,
    calls: Vec<Part>,
    end: Option<End>,
    refused: bool,
    counts: Counts,
    /// Whether the end mark came.
    pub done: bool,
}

/// A complete answer.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Assembled {
    pub text: String,
    pub tool_calls: Vec<ToolCall>,
    pub finish: FinishReason,
    /// Tokens read and written, when the provider told something believable.
    pub usage: Option<TokenUsage>,
}

impl Assembly {
    /// Whether anything of the answer is there.
    pub(super) fn has_begun(&self) -> bool {
        !self.text.is_empty() || !self.calls.is_empty()
    }

    /// Adds words.
    pub(super) fn say(&mut self, piece: &str) {
        self.text.push_str(piece);
    }

    /// The far side stopped.
    pub(super) fn ended(&mut self, end: End) {
        self.end = Some(end);
    }

    /// The model will not answer, whatever reason it gives for stopping.
    pub(super) fn refused(&mut self) {
        self.refused = true;
    }

    /// Takes counts; what is not told stays as it was told before.
    pub(super) fn counted(&mut self, counts: Counts) {
        self.counts = Counts {
            input: counts.input.or(self.counts.input),
            cached: counts.cached.or(self.counts.cached),
            output: counts.output.or(self.counts.output),
        };
    }

    /// Takes counts in place of all before: each is of the whole so far.
    pub(super) fn counted_anew(&mut self, counts: Counts) {
        self.counts = counts;
    }

    /// The tool call of an index that the far side names.
    pub(super) fn part(
        &mut self,
        index: Option<u64>,
        provider: &str,
    ) -> Result<&mut Part, ModelError> {
        let index = index
            .and_then(|index| usize::try_from(index).ok())
            .filter(|index| *index < MAX_TOOL_CALLS)
            .ok_or_else(|| {
                fault::bad(
                    provider,
                    CODE_BAD_ANSWER,
                    "the answer asks for more tools than can be believed",
                )
            })?;
        if self.calls.len() <= index {
            self.calls.resize(index + 1, Part::default());
        }
        Ok(&mut self.calls[index])
    }

    /// Adds a tool call that came whole.
    pub(super) fn call(&mut self, part: Part, provider: &str) -> Result<(), ModelError> {
        let next = u64::try_from(self.calls.len()).ok();
        *self.part(next, provider)? = part;
        Ok(())
    }

    /// What the provider told of the tokens, when it can be believed. Before its end an answer has not been counted:
    /// some tell, piece by piece, what it was so far.
    fn told(&self) -> Option<TokenUsage> {
        let has_ended = self.end.is_some() || self.done;
        let (input, output) = self
            .counts
            .input
            .zip(self.counts.output)
            .filter(|_| has_ended)?;
        let written = !self.text.is_empty() || self.calls.iter().any(|part| !part.name.is_empty());
        is_believable((input, output), written).then(|| TokenUsage {
            input,
            // More than was read cannot have come from the cache.
            cached: self.counts.cached.unwrap_or_default().min(input),
            output,
            estimated: false,
        })
    }

    /// What is known of the cost of an answer that cannot be used.
    fn charge(&self) -> Charge {
        let told = self.told().and_then(|usage| usage.told());
        told.map_or(Charge::Unknown, Charge::Tokens)
    }

    /// The whole answer, once nothing more comes. What the provider told of its tokens goes with a refusal too.
    pub(super) fn finish(self, provider: &str, names: &ToolNames) -> Result<Assembled, ModelError> {
        let (usage, charge) = (self.told(), self.charge());
        let unusable = |code, what| fault::bad(provider, code, what).charged(charge);
        let end = match self.end {
            Some(End::Unreadable) => {
                let what = "it asked for a tool in a form that cannot be read";
                return Err(unusable(CODE_BAD_ANSWER, what));
            }
            Some(end) => end,
            None if self.done => End::Stop,
            None => {
                let what = "the answer broke off before its end";
                return Err(unusable(CODE_STREAM_CUT, what));
            }
        };
        let refused = self.refused || end == End::Filter;
        let mut tool_calls = Vec::new();
        for (at, part) in self.calls.into_iter().enumerate() {
            // What was cut off or refused in the middle of a call asks for nothing.
            if part.name.is_empty() || refused || end == End::Length {
                continue;
            }
            let arguments = if part.arguments.trim().is_empty() {
                json!({})
            } else {
                serde_json::from_str(&part.arguments).map_err(|_| {
                    unusable(CODE_BAD_ANSWER, "the arguments of a tool call are not JSON")
                })?
            };
            tool_calls.push(ToolCall {
                id: if part.id.is_empty() {
                    format!("{OWN_ID}{}", at + 1)
                } else {
                    part.id
                },
                name: names.offered(&part.name),
                arguments,
                mark: part.mark.filter(|mark| mark.len() <= MAX_MARK_BYTES),
            });
        }
        let finish = match end {
            _ if refused => FinishReason::ContentFilter,
            End::Length => FinishReason::Length,
            _ if tool_calls.is_empty() => FinishReason::Stop,
            _ => FinishReason::ToolCalls,
        };
        if self.text.trim().is_empty() && tool_calls.is_empty() && finish == FinishReason::Stop {
            return Err(unusable(CODE_BAD_ANSWER, "the answer is empty"));
        }
        Ok(Assembled {
            usage,
            text: self.text,
            tool_calls,
            finish,
        })
    }
}

/// Zero tokens for words that are there, or more than any exchange has, cannot be.
fn is_believable((input, output): (u64, u64), written: bool) -> bool {
    input > 0
        && input <= MAX_BELIEVABLE_TOKENS
        && output <= MAX_BELIEVABLE_TOKENS
        && (output > 0 || !written)
}

/// The JSON value in an answer that should be nothing else: models put it in a code fence, or think aloud
/// before it.
pub(super) fn json_in(text: &str) -> Option<String> {
    let bare = text.trim();
    if serde_json::from_str::<Value>(bare).is_ok() {
        return Some(bare.to_owned());
    }
    let after_thought = bare.rsplit_once("</think>").map_or(bare, |(_, rest)| rest);
    let start = after_thought.find('{')?;
    let from = &after_thought[start..];
    let mut values = serde_json::Deserializer::from_str(from).into_iter::<Value>();
    values.next()?.ok()?;
    Some(from[..values.byte_offset()].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_found_in_fences_and_after_thoughts() {
        for (text, found) in [
            ("{\"a\":1}", Some("{\"a\":1}")),
            ("```json\n{\"a\": 1}\n```", Some("{\"a\": 1}")),
            (
                "<think>{maybe}</think>\n{\"a\":1} There.",
                Some("{\"a\":1}"),
            ),
            ("I cannot do that.", None),
            ("{\"a\": ", None),
        ] {
            assert_eq!(json_in(text).as_deref(), found, "{text}");
        }
    }

    #[test]
    fn tokens_that_were_counted_before_the_end_are_not_believed() {
        let mut cut = Assembly::default();
        cut.say("Half");
        cut.counted(Counts {
            input: Some(70),
            cached: None,
            output: Some(1),
        });
        let error = cut
            .clone()
            .finish("test", &ToolNames::default())
            .unwrap_err();
        assert_eq!(
            (error.fault.code.as_str(), error.charge),
            (CODE_STREAM_CUT, Charge::Unknown)
        );
        cut.ended(End::Length);
        let whole = cut.finish("test", &ToolNames::default()).unwrap();
        assert_eq!(
            (whole.finish, whole.usage.map(|usage| usage.output)),
            (FinishReason::Length, Some(1))
        );
    }
}
