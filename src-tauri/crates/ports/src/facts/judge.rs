//! Judging: an artifact against persona, goal and sources.
//!
//! Never here: where a verdict leads (policy), or deterministic rules (policy and guard).

use std::sync::Arc;

use chimera_domain::{
    artifact::{ArtifactType, SourceRef},
    confidence::Confidence,
    persona::Persona,
    platform::Platform,
    verdict::{Criterion, Finding, RiskCategory},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a judge knows: the same context that the worker had (COG-08), and what rules found already.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct JudgeFacts {
    /// The goal in the operator's words.
    pub goal: String,
    /// Who speaks.
    pub persona: Arc<Persona>,
    /// What the step said.
    #[serde(default)]
    pub instructions: String,
    /// What kind of thing is judged.
    pub artifact_type: ArtifactType,
    /// Its content: a caption `{text, hashtags}`, a `PostContent`, or a research answer.
    pub payload: Value,
    /// Where it is meant to go.
    #[serde(default)]
    pub platform: Option<Platform>,
    /// Most characters of the text, when there is such a bound.
    #[serde(default)]
    pub max_chars: Option<u32>,
    /// What it was built from. Untrusted text.
    #[serde(default)]
    pub sources: Vec<SourceRef>,
    /// Texts that this persona posted or drafted before, without the one judged.
    #[serde(default)]
    pub previous_posts: Vec<String>,
    /// What policy and guard found already.
    #[serde(default)]
    pub findings: Vec<Finding>,
    /// What the agent remembers that may matter, best first.
    #[serde(default)]
    pub memories: Vec<String>,
}

/// A judgement as a model gives it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JudgeAnswer {
    /// What was looked at, each with a score and a sentence.
    pub criteria: Vec<Criterion>,
    /// The judge's own score.
    pub confidence: Confidence,
    /// How much harm a mistake would do, for example `low` or `health_medium`.
    pub risk: RiskCategory,
    /// Why, in a few sentences.
    pub rationale: String,
}
