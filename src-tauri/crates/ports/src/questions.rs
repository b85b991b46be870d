//! Questions that a server asks in the middle of a call, which only a person answers.
//!
//! Never here: how a question reaches us or an answer goes back (`mcp`), or who may answer (the API's table).

use chimera_domain::{id::TenantId, time::Timestamp};
use serde_json::{Map, Number, Value};

/// A question that waits for a person. Every text in it is the server's own: untrusted.
#[derive(Clone, PartialEq, Debug)]
pub struct Question {
    /// Names it for as long as it waits; never used again.
    pub id: String,
    /// The server that asks.
    pub server: String,
    /// The tool that was called, where that is certain.
    pub tool: Option<String>,
    /// What it wants.
    pub message: String,
    /// What is to be filled in, in the server's order. None: it only asks for a yes.
    pub fields: Vec<QuestionField>,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// When it is cancelled if nobody has answered.
    pub until: Timestamp,
}

impl Question {
    /// What the form holds before anybody touched it: the defaults that the server proposed. To accept this is what
    /// a person does who presses nothing but the button.
    #[must_use]
    pub fn prefilled(&self) -> Map<String, Value> {
        let filled = self
            .fields
            .iter()
            .filter_map(|field| Some((field.name.clone(), field.default.clone()?)));
        filled.collect()
    }
}

/// One thing to be filled in.
#[derive(Clone, PartialEq, Debug)]
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
    pub form: FieldForm,
    /// What the server proposes; it fits.
    pub default: Option<Value>,
}

/// What fits into a field.
#[derive(Clone, PartialEq, Debug)]
pub enum FieldForm {
    /// A text.
    Text {
        /// Fewest characters.
        min: Option<u64>,
        /// Most characters.
        max: u64,
        /// `email`, `uri`, `date` or `date-time`.
        format: Option<String>,
    },
    /// A number.
    Number {
        /// Whether it has no fraction.
        whole: bool,
        /// The least.
        min: Option<Number>,
        /// The greatest.
        max: Option<Number>,
    },
    /// Yes or no.
    Flag,
    /// One of several.
    One {
        /// Which.
        options: Vec<FieldOption>,
    },
    /// Some of several.
    Some {
        /// Which.
        options: Vec<FieldOption>,
        /// Fewest.
        min: Option<u64>,
        /// Most.
        max: Option<u64>,
    },
}

/// One of the things that can be chosen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldOption {
    /// What the answer holds.
    pub value: String,
    /// What a person reads.
    pub label: String,
}

/// What a person says.
#[derive(Clone, PartialEq, Debug)]
pub enum QuestionAnswer {
    /// This, by the name of each field.
    Accept(Map<String, Value>),
    /// No; the server may go on without.
    Decline,
    /// The server is to stop what it is at.
    Cancel,
}

/// How a question ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
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
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EndedQuestion {
    /// The server that asked.
    pub server: String,
    /// The tool that was called, where that was certain.
    pub tool: Option<String>,
    /// How it ended.
    pub end: QuestionEnd,
    /// When.
    pub at: Timestamp,
}

/// Why an answer is not taken. Nothing went to the server.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Unanswered {
    /// No such question waits for this tenant: it never did, was answered, or is over.
    #[error("no such question waits")]
    Unknown,
    /// It does not fit what is asked. Repeats no value of it.
    #[error("{0}")]
    Unfit(String),
}

/// A question with an answer that fits it, kept from everybody else. Let go without being given, it waits again.
pub trait HeldAnswer: Send {
    /// The question.
    fn question(&self) -> &Question;

    /// Hands the answer to whoever waits; false when nobody does any longer.
    fn give(self: Box<Self>) -> bool;
}

/// The questions of servers, for those who may answer them.
pub trait QuestionDesk: Send + Sync {
    /// What waits for somebody of `tenant`, the oldest first.
    fn waiting(&self, tenant: TenantId) -> Vec<Question>;

    /// What ended last, the newest first; a few.
    fn ended(&self, tenant: TenantId) -> Vec<EndedQuestion>;

    /// Holds a question for this answer, so that it can be put on record before it goes out.
    ///
    /// # Errors
    /// When no such question waits, or the answer does not fit it.
    fn hold(
        &self,
        tenant: TenantId,
        id: &str,
        answer: QuestionAnswer,
    ) -> Result<Box<dyn HeldAnswer>, Unanswered>;
}
