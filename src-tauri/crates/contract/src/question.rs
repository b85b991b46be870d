//! Questions that MCP servers ask in the middle of a call, and what a person answers.
//!
//! Never here: an answer that was given. It goes to the server, and its record has it masked.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::scalar::Time;

/// What fits into a field.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// A text.
    Text,
    /// A number.
    Number,
    /// A number without a fraction.
    Integer,
    /// Yes or no.
    Flag,
    /// One of the options.
    One,
    /// Some of the options.
    Some,
}

/// One of the things that can be chosen. Untrusted text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct FieldOption {
    /// What the answer holds.
    pub value: String,
    /// What a person reads.
    pub label: String,
}

/// One thing to be filled in. Its texts are the server's: untrusted.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct QuestionField {
    /// Its name in the answer.
    pub name: String,
    /// Its name for people.
    pub title: Option<String>,
    /// What it is; empty when the server does not say.
    pub description: String,
    /// Whether the answer must have it.
    pub required: bool,
    /// What fits.
    pub kind: FieldKind,
    /// `email`, `uri`, `date` or `date-time`, of a text.
    pub format: Option<String>,
    /// The least: a number, or how many characters or options.
    pub min: Option<f64>,
    /// The greatest.
    pub max: Option<f64>,
    /// What can be chosen.
    pub options: Vec<FieldOption>,
    /// It seems to ask for a password, a key or the like, which no server may ask for in a form.
    pub secret: bool,
}

/// A question that waits for a person. Its texts are the server's: untrusted.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Question {
    /// Names it for as long as it waits.
    pub id: String,
    /// The server that asks.
    pub server: String,
    /// The tool that was called, where that is certain.
    pub tool: Option<String>,
    /// What it wants.
    pub message: String,
    /// What is to be filled in, in the server's order.
    pub fields: Vec<QuestionField>,
    /// What the form holds at first: what the server proposes.
    pub prefilled: BTreeMap<String, Value>,
    /// Why its words should not be trusted, where the gateway found a reason.
    pub suspicion: Option<String>,
    /// When it was asked.
    pub asked_at: Time,
    /// When it is cancelled if nobody has answered.
    pub until: Time,
}

/// How a question ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuestionEnd {
    /// A person filled it in.
    Accepted,
    /// A person declined.
    Declined,
    /// A person cancelled.
    Cancelled,
    /// Nobody answered in time; it was cancelled.
    Expired,
    /// The call, or its server, was gone before anybody answered.
    Withdrawn,
}

/// A question that no longer waits.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct EndedQuestion {
    /// The server that asked.
    pub server: String,
    /// The tool that was called, where that was certain.
    pub tool: Option<String>,
    /// How it ended.
    pub end: QuestionEnd,
    /// When.
    pub at: Time,
}

/// The questions of all servers. They live as long as the process that asked, and no longer.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Questions {
    /// What waits, the oldest first.
    pub items: Vec<Question>,
    /// What ended last, the newest first; a few.
    pub ended: Vec<EndedQuestion>,
}

/// What a person says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnswerAction {
    /// This.
    Accept,
    /// No; the server may go on without.
    Decline,
    /// The server is to stop what it is at.
    Cancel,
}

/// An answer.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerQuestion {
    /// What the person says.
    pub action: AnswerAction,
    /// What is filled in, by the name of each field; only where it is accepted.
    #[serde(default)]
    pub content: Option<BTreeMap<String, Value>>,
}
