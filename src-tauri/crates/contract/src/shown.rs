//! What is decided, rendered from its canonical bytes: field by field, with everything named that a reader could not see
//! or would take for something else.
//!
//! Never here: evidence for a decision (`review`), or drawing.

use serde::Serialize;
use utoipa::ToSchema;

use crate::scalar::Digest;

/// What kind of sign stands in a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignKind {
    /// Seen as it is.
    Plain,
    /// Turns the direction of reading.
    Bidi,
    /// Takes no room.
    ZeroWidth,
    /// A letter that only machines read.
    Tag,
    /// A control code.
    Control,
    /// Anything else that is shown as nothing.
    Nothing,
    /// A letter that is taken for another one.
    LookAlike,
    /// One of many marks on one letter.
    Stacked,
}

/// A part of a text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct Sign {
    /// What it is.
    pub kind: SignKind,
    /// The text of a plain part; of an odd one the character, once.
    pub text: String,
    /// Its code point, `U+202E`; of an odd one.
    pub code: Option<String>,
    /// What it is called; of an odd one.
    pub name: Option<String>,
    /// How often it stands there in a row.
    pub count: u32,
}

/// One field of what is decided.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct ShownField {
    /// Where it stands, for example `action.arguments.content.text`.
    pub path: String,
    /// Its value, whole.
    pub value: Vec<Sign>,
    /// Characters of the value.
    pub chars: u32,
    /// Signs of it that are marked.
    pub odd: u32,
}

/// What is decided, as it stands in the bytes that the decision is bound to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct ShownBytes {
    /// Digest over the bytes; the same that the decision names as `shown`.
    pub digest: Digest,
    /// How many bytes.
    pub bytes: u32,
    /// Every field, in the order of the bytes.
    pub fields: Vec<ShownField>,
}
