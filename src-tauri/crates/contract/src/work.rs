//! What work leaves behind: artifacts with their sources, verdicts, skills.
//!
//! Never here: the queue that they may wait in (`review`).

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    plan::{Platform, TaskKind},
    scalar::{Digest, Id, Score, Time, Usd},
};

/// Where something came from; drawn as its left edge.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Origin {
    /// A person wrote it.
    Operator,
    /// SOUL.md says it.
    Persona,
    /// The agent remembers it.
    Memory,
    /// A tool returned it.
    Tool {
        /// `server.tool`.
        tool: String,
    },
    /// Somebody outside wrote it.
    Untrusted {
        /// Where it was read.
        source: String,
    },
    /// A model wrote it.
    Model,
}

/// Something an artifact was built from.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Source {
    /// Where it came from.
    pub origin: Origin,
    /// Headline. May be untrusted text.
    pub title: String,
    /// Where to read it.
    pub url: Option<String>,
    /// What of it was used. May be untrusted text.
    pub excerpt: String,
    /// When it was read.
    pub fetched_at: Time,
}

/// By which way something came into a context.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// The campaign's goal and settings.
    Goal,
    /// SOUL.md.
    Persona,
    /// The words of the step.
    Plan,
    /// What was said of earlier tries.
    Guidance,
    /// An item of a feed.
    Feed,
    /// What a tool returned.
    Tool,
    /// Something remembered.
    Memory,
    /// Something given to look up.
    Knowledge,
    /// An earlier post of the same agent.
    EarlierPost,
    /// A person's edit.
    Edit,
    /// Chimera itself.
    Host,
    /// More than could be kept apart.
    Others,
}

/// Why something is nobody's business outside.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Private {
    /// It gives access to something.
    Secret,
    /// A wallet, a budget.
    Money,
    /// Data about a person.
    Personal,
    /// What is remembered of people and dealings.
    Memory,
    /// Knowledge that was given.
    Knowledge,
}

/// Something that was in the context in which words were written.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Label {
    /// Whose words it is.
    pub origin: Origin,
    /// How it came in.
    pub via: Via,
    /// Its name. May be untrusted text.
    pub name: String,
    /// Whether somebody outside wrote it, or may have shaped it.
    pub untrusted: bool,
    /// Why it is private, when it is.
    pub private: Option<Private>,
}

/// Where one argument of an action came from.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct ArgumentOrigin {
    /// A JSON pointer into the arguments, or `tool`, `account`.
    pub at: String,
    /// Its value, cut. May be untrusted text.
    pub value: String,
    /// Places in the labels.
    pub labels: Vec<u32>,
    /// Whether any of them is untrusted.
    pub untrusted: bool,
    /// Whether it is the words themselves; everything else is what the action is aimed at.
    pub words: bool,
}

/// A sentence of the words, and the sources whose words it repeats.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct SentenceOrigin {
    /// The sentence.
    pub text: String,
    /// Names of sources of which it repeats a run of words. It may come in part from every label all the same.
    pub repeats: Vec<String>,
}

/// Where an artifact's words came from: by context, so that every word may come in part from each label.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Provenance {
    /// All that was in the context, and in those of what it builds on.
    pub labels: Vec<Label>,
    /// Each argument of the action.
    pub arguments: Vec<ArgumentOrigin>,
    /// The sentences of its text.
    pub sentences: Vec<SentenceOrigin>,
}

/// What kind of thing an artifact is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ArtifactType {
    /// A finding.
    TrendReport,
    /// A post's text.
    Caption,
    /// A prepared post, ready to be decided.
    PostIntent,
}

/// What calling a tool can do.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EffectClass {
    /// Reads.
    Read,
    /// Writes what stays inside.
    InternalWrite,
    /// Acts on the outside.
    Outward,
    /// Moves money.
    Money,
}

/// An outward action, prepared and not performed.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Action {
    /// `server.tool`.
    pub tool: String,
    /// What calling it does.
    pub effect: EffectClass,
    /// Arguments, exactly as they will be sent.
    pub arguments: Value,
    /// The network.
    pub platform: Platform,
    /// The account on it.
    pub account: String,
}

/// How an artifact came to be.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Generation {
    /// The model, or `skill:<name>`.
    pub model: String,
    /// Version of the instructions.
    pub prompt_version: String,
    /// Tokens read.
    pub input_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
    /// What the calls cost; null when no price is known for the model.
    pub cost: Option<Usd>,
    /// True when the rehearsal model made it, which is not an AI.
    pub rehearsal: bool,
    /// The tag on everything generated (GOV-13).
    pub generated_by: String,
}

/// What a worker prepared, or a person edited.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Artifact {
    /// Key.
    pub id: Id,
    /// The task.
    pub task: Id,
    /// What kind of thing it is.
    #[serde(rename = "type")]
    pub artifact_type: ArtifactType,
    /// Its text, where it has one.
    pub text: Option<String>,
    /// Its content.
    pub payload: Value,
    /// The action that it prepares.
    pub action: Option<Action>,
    /// Where it is meant to go.
    pub platform: Option<Platform>,
    /// What it was built from.
    pub sources: Vec<Source>,
    /// Where its words came from; null when nobody wrote that down.
    pub provenance: Option<Provenance>,
    /// The maker's own estimate.
    pub confidence: Option<Score>,
    /// How it came to be.
    pub generation: Generation,
    /// The artifact that a person edited into this one.
    pub edited_from: Option<Id>,
    /// Digest of its content.
    pub digest: Digest,
    /// When it was made.
    pub created_at: Time,
}

/// How much harm a mistake would do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RiskLevel {
    /// Little.
    Low,
    /// Some.
    Medium,
    /// Much.
    High,
}

/// A risk with its subject.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct Risk {
    /// How much.
    pub level: RiskLevel,
    /// What is at risk, for example `brand_safety`.
    pub subject: Option<String>,
    /// Both in one word, for example `brand_safety_medium`.
    pub category: String,
}

/// What a finding means for the route.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingWeight {
    /// Told, no more.
    Note,
    /// A person must look, whatever the score.
    NeedsPerson,
    /// It cannot pass as it is.
    Fails,
    /// Somebody tries to steer the agent.
    Attack,
}

/// A place in a text, in UTF-16 code units as JavaScript counts: `text.slice(start, end)`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct TextSpan {
    /// First unit.
    pub start: u32,
    /// Unit after the last.
    pub end: u32,
}

/// One reason, in words.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Finding {
    /// Stable rule, for example `policy.health`.
    pub rule: String,
    /// What it means for the route.
    pub weight: FindingWeight,
    /// One sentence.
    pub message: String,
    /// Where in the judged text.
    pub span: Option<TextSpan>,
}

/// One line of the checklist that a score came from.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Criterion {
    /// What was looked at.
    pub name: String,
    /// How well it does.
    pub score: Score,
    /// Why, in one sentence.
    pub note: String,
}

/// A judge's verdict.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Verdict {
    /// Key.
    pub id: Id,
    /// What was judged.
    pub artifact: Id,
    /// The maker's estimate.
    pub worker_confidence: Option<Score>,
    /// The judge's own score.
    pub judge_confidence: Score,
    /// What counts: the lower of the two, and never above what the work builds on.
    pub confidence: Score,
    /// Risk.
    pub risk: Risk,
    /// What the score came from.
    pub criteria: Vec<Criterion>,
    /// Reasons.
    pub findings: Vec<Finding>,
    /// The judge's reasoning.
    pub rationale: String,
    /// The judge: model name, or `rehearsal, not an AI`.
    pub judge: String,
    /// Policy that was applied.
    pub policy_version: u32,
    /// When.
    pub created_at: Time,
}

/// A skill, for the composer.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Skill {
    /// Name.
    pub name: String,
    /// What it does and when to use it.
    pub description: String,
    /// Version.
    pub version: String,
    /// The kind of task that it fulfils.
    pub kind: TaskKind,
    /// `native` or `loop`.
    pub run: String,
    /// True when it prepares an outward action.
    pub prepares_action: bool,
    /// Tools that it may call.
    pub tools: Vec<String>,
    /// JSON Schema of its input.
    pub input_schema: Value,
    /// JSON Schema of its output.
    pub output_schema: Value,
}

/// Every skill.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Skills {
    /// By name.
    pub items: Vec<Skill>,
}
