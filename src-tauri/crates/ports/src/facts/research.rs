//! Research: read the feeds with tools, keep what serves the goal.
//!
//! Never here: fetching.

use std::sync::Arc;

use chimera_domain::{confidence::Confidence, persona::Persona, time::Timestamp, trend::Trend};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a researcher knows.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ResearchFacts {
    /// The goal in the operator's words.
    pub goal: String,
    /// Who will speak.
    pub persona: Arc<Persona>,
    /// What the step says.
    pub instructions: String,
    /// Reviewers' and judges' words on earlier attempts.
    #[serde(default)]
    pub guidance: Vec<String>,
    /// Feeds to read: addresses or file names, as the feed tool takes them.
    pub feeds: Vec<String>,
    /// From this relevance on an item is kept.
    pub relevance_threshold: Confidence,
    /// Most items to keep.
    pub max_picks: u32,
    /// What the tools returned so far. Where this is empty the tool results among the turns are read
    /// instead. Untrusted text.
    #[serde(default)]
    pub trends: Vec<Trend>,
    /// What the agent remembers that may matter, best first.
    #[serde(default)]
    pub memories: Vec<String>,
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

/// What was found: the payload of a trend report.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResearchAnswer {
    /// What was read and what stands out, in a few sentences.
    pub summary: String,
    /// Kept, most relevant first.
    pub picks: Vec<Relevance>,
    /// Not kept. Long lists may be cut; the summary then says how many there were.
    pub dropped: Vec<Relevance>,
    /// The researcher's own estimate of how well this serves the goal (GOV-01).
    pub confidence: Confidence,
}
