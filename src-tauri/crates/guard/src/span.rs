//! Where in a text something was found, and how that place is quoted.
//!
//! Never here: what was found.

use serde::Serialize;

use crate::hidden::make_visible;

/// Longest quotation of a text in a finding, in characters, the mark of the cut included.
pub const MAX_EXCERPT_CHARS: usize = 160;

/// Byte offsets into the text as it was given; both lie on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The place itself. `text` must be the text that the span was made for.
    #[must_use]
    pub fn of<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.start..self.end).unwrap_or_default()
    }

    pub(crate) fn overlaps(&self, other: &Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The quotation for a finding: bounded, and with hidden characters made visible.
    pub(crate) fn excerpt(&self, text: &str) -> String {
        shorten(&make_visible(self.of(text)), MAX_EXCERPT_CHARS)
    }
}

/// At most `max_chars` characters; a cut ends in "…".
pub(crate) fn shorten(text: &str, max_chars: usize) -> String {
    if text.chars().nth(max_chars).is_none() {
        return text.to_owned();
    }
    text.chars()
        .take(max_chars.saturating_sub(1))
        .chain(['…'])
        .collect()
}

/// The longest start of `text` with at most `max_bytes` bytes that ends between characters.
pub(crate) fn head(text: &str, max_bytes: usize) -> &str {
    let end = (0..=max_bytes.min(text.len()))
        .rev()
        .find(|&at| text.is_char_boundary(at));
    &text[..end.unwrap_or_default()]
}
