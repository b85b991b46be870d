//! What a line of a recording says.
//!
//! Never here: writing or reading a file.

use chimera_domain::{
    campaign::Campaign,
    change::{Board, ChangeSet},
    role::Actor,
    time::Timestamp,
};
use chimera_engine::{CampaignCommand, Command};
use chimera_policy::Policy;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// The form of recordings that this program writes and reads.
pub const FORMAT: u32 = 1;

/// A line.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case")]
pub enum Line {
    /// The first one.
    Begun {
        /// Its form.
        format: u32,
        /// When.
        at: Timestamp,
    },
    /// A value that later lines name by its number.
    Value {
        /// Its number.
        number: u64,
        /// The value; what is large in it is named by number too.
        value: Value,
    },
    /// The engine decided.
    Decided(Box<Decision>),
    /// A model answered, or did not.
    Answered {
        /// What was asked for.
        ask: String,
        /// The question, without the facts that no provider is sent.
        question: Value,
        /// The answer, or the fault.
        answer: Value,
    },
    /// A tool was called.
    Called {
        /// `server.tool`.
        tool: String,
        /// Whether the call acts outside.
        acts: bool,
        /// What it was given.
        arguments: Value,
        /// What it returned, or the fault.
        result: Value,
    },
    /// Nothing more was recorded, because the file had reached its bound.
    Full,
    /// The run came to an orderly end.
    Ended {
        /// How many decisions stand before it.
        decisions: u64,
    },
}

/// A decision with all that it was given.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Decision {
    /// What it was about.
    pub subject: Subject,
    /// The rest that the engine was given.
    pub given: Given,
    /// What came of it.
    pub outcome: Outcome,
}

/// What a decision was about, and what was asked.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Subject {
    /// A task.
    Task {
        /// The board as the engine saw it.
        board: Box<Board>,
        /// What was asked.
        command: Box<Command>,
    },
    /// A campaign as a whole.
    Campaign {
        /// The campaign as the engine saw it.
        campaign: Box<Campaign>,
        /// What was asked.
        command: Box<CampaignCommand>,
    },
}

/// Time, author, policy and ids of a decision.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Given {
    /// The time.
    pub now: Timestamp,
    /// Whose act it was.
    pub actor: Actor,
    /// The policy in force.
    pub policy: Policy,
    /// Every id that was minted for it, in order.
    pub ids: Vec<Uuid>,
}

/// What came of a decision.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The engine wanted this stored.
    Decided {
        /// The changes, their records masked as they are stored.
        set: Box<ChangeSet>,
        /// Whether they were; false when somebody else was first, and it was decided anew.
        stored: bool,
        /// Whether it gave leave to act.
        leave: bool,
    },
    /// It refused, in these words.
    Refused {
        /// The words.
        words: String,
    },
}
