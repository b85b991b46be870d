//! Relevance of what came in to what the agent is after (PER-04).
//!
//! Never here: the threshold's consequence (the runtime makes a task, or does not).

use chimera_domain::{confidence::Confidence, persona::Persona, time::Timestamp, trend::Trend};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a filter knows.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FilterFacts {
    /// The goal in the operator's words.
    pub goal: String,
    /// Who will speak.
    pub persona: Persona,
    /// What came in. Untrusted text.
    pub items: Vec<Trend>,
    /// From this relevance on an item counts as relevant.
    pub relevance_threshold: Confidence,
    /// The time of asking; recency is measured from it.
    pub now: Timestamp,
}

/// How relevant one item is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Relevance {
    /// The source's id of the item.
    pub trend_id: String,
    /// 0 has nothing to do with the goal, 1 is exactly what is wanted.
    pub relevance: Confidence,
    /// Why, in one sentence.
    pub why: String,
}

/// Relevance of every item that was asked about.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FilterAnswer {
    /// One entry per item.
    pub scores: Vec<Relevance>,
}
