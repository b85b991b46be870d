//! Drafting: one post in a persona's voice from chosen items.
//!
//! Never here: publishing, or a judgement of the draft.

use std::sync::Arc;

use chimera_domain::{confidence::Confidence, persona::Persona, platform::Platform, trend::Trend};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a writer knows.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DraftFacts {
    /// The goal in the operator's words.
    pub goal: String,
    /// Who speaks.
    pub persona: Arc<Persona>,
    /// What the step says.
    pub instructions: String,
    /// Reviewers' and judges' words on earlier attempts, most recent last.
    #[serde(default)]
    pub guidance: Vec<String>,
    /// Where the post goes.
    pub platform: Platform,
    /// Most characters of the text.
    pub max_chars: u32,
    /// Items that research kept, most relevant first. Untrusted text.
    pub picks: Vec<Trend>,
    /// Texts that this persona posted or drafted before, most recent first.
    #[serde(default)]
    pub previous_posts: Vec<String>,
    /// 1 for the campaign's first draft, 2 for its second …
    pub draft_number: u32,
    /// What the agent remembers that may matter, best first.
    #[serde(default)]
    pub memories: Vec<String>,
}

/// Something that the post says is so.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// The words.
    pub claim: String,
    /// Id of the item that says so.
    pub source_id: String,
}

/// A post as a model writes it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftAnswer {
    /// The text, without hashtags.
    pub text: String,
    /// Hashtags without `#`.
    pub hashtags: Vec<String>,
    /// Ids of the items that it was built from.
    pub based_on: Vec<String>,
    /// What it says is so, and who says so.
    pub claims: Vec<Claim>,
    /// The writer's own estimate (GOV-01).
    pub confidence: Confidence,
}
