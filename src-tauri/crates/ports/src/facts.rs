//! The facts that a model request was rendered from, as data (`ChatRequest::facts`).
//!
//! The runtime fills them and renders its prompts from them; the rehearsal model reads them instead of
//! prose. Never here: prompts, or answers.

use chimera_domain::{
    money::Usd, persona::Persona, platform::Platform, task::TaskKind, time::Timestamp, trend::Trend, verdict::Finding,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What is asked, with all that it is asked from.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Facts {
    /// Make a plan.
    Plan(PlanFacts),
    /// Read the sources and say what matters for the goal.
    Research(ResearchFacts),
    /// Write one post.
    Draft(DraftFacts),
    /// Judge an artifact.
    Judge(JudgeFacts),
}

/// A skill that a plan may use.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SkillFact {
    /// Name.
    pub name: String,
    /// The work that it does.
    pub task_kind: TaskKind,
    /// What it does, in words.
    pub description: String,
}

/// What a plan is made from.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PlanFacts {
    /// The goal in plain words.
    pub goal: String,
    /// Who will speak.
    pub persona: Persona,
    /// Where posts may go.
    pub platforms: Vec<Platform>,
    /// What is read.
    pub feeds: Vec<String>,
    /// Most posts on one day.
    pub max_posts_per_day: u32,
    /// Most money on one day.
    pub daily_budget: Usd,
    /// Skills that steps may name.
    pub skills: Vec<SkillFact>,
    /// The time now.
    pub now: Timestamp,
}

/// What research is made from.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ResearchFacts {
    /// The goal in plain words.
    pub goal: String,
    /// Who will speak.
    pub persona: Persona,
    /// What to do, from the plan.
    pub instructions: String,
    /// What is read.
    pub feeds: Vec<String>,
    /// Lowest relevance, 0…1, at which an item counts (PER-04).
    pub relevance_threshold: f64,
    /// Why earlier tries were sent back.
    pub guidance: Vec<String>,
    /// The time now.
    pub now: Timestamp,
}

/// What a draft is made from.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DraftFacts {
    /// The goal in plain words.
    pub goal: String,
    /// Who speaks.
    pub persona: Persona,
    /// What to do, from the plan.
    pub instructions: String,
    /// Where it will go.
    pub platform: Platform,
    /// Most characters.
    pub max_chars: usize,
    /// What research picked, most relevant first. Titles and descriptions are untrusted text.
    pub picks: Vec<Trend>,
    /// 0, 1, 2 … among the drafts of this campaign, so that each takes another angle.
    pub draft_number: u32,
    /// Texts of the same agent that went before, newest first.
    pub previous_posts: Vec<String>,
    /// Why earlier tries were sent back.
    pub guidance: Vec<String>,
}

/// What a judgement is made from.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct JudgeFacts {
    /// The goal in plain words.
    pub goal: String,
    /// Whose voice it should be.
    pub persona: Persona,
    /// What kind of thing is judged: `trend_report`, `caption` or `post_intent`.
    pub artifact_type: String,
    /// The thing itself.
    pub payload: Value,
    /// The text in it that people will read.
    pub text: String,
    /// Where it will go.
    pub platform: Option<Platform>,
    /// What it was built from. Untrusted text.
    pub sources: Vec<Trend>,
    /// Texts of the same agent that went before, newest first, without this one.
    pub previous_posts: Vec<String>,
    /// What policy and the gateway found already.
    pub findings: Vec<Finding>,
    /// What the task asked for.
    pub instructions: String,
}

/// The planner's answer.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PlanAnswer {
    /// Why the plan looks as it does.
    #[serde(default)]
    pub rationale: String,
    /// Its steps.
    pub steps: Vec<PlanAnswerStep>,
}

/// A step of the planner's answer.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PlanAnswerStep {
    /// Key within the plan.
    pub key: String,
    /// One line for people.
    pub title: String,
    /// The skill that does it; its manifest tells the kind.
    pub skill: String,
    /// What to do.
    #[serde(default)]
    pub instructions: String,
    /// Where the result goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    /// Keys of the steps that it needs.
    #[serde(default)]
    pub needs: Vec<String>,
}

/// A researcher's answer.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ResearchAnswer {
    /// What was found, in a few sentences.
    pub summary: String,
    /// What matters, most relevant first.
    pub picks: Vec<Relevance>,
    /// What does not.
    #[serde(default)]
    pub dropped: Vec<Relevance>,
    /// How sure the researcher is, 0…1.
    pub confidence: f64,
}

/// How much an item matters for the goal.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Relevance {
    /// The item.
    pub trend_id: String,
    /// 0…1.
    pub relevance: f64,
    /// Why, in a few words.
    #[serde(default)]
    pub why: String,
}

/// A writer's answer.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DraftAnswer {
    /// The post.
    pub text: String,
    /// Hashtags that are not in the text already.
    #[serde(default)]
    pub hashtags: Vec<String>,
    /// Items that it builds on.
    #[serde(default)]
    pub based_on: Vec<String>,
    /// Claims in it with the item that carries each.
    #[serde(default)]
    pub claims: Vec<Claim>,
    /// How sure the writer is, 0…1 (GOV-01).
    pub confidence: f64,
}

/// A claim and where it comes from.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Claim {
    /// The claim, as in the text.
    pub claim: String,
    /// The item that carries it.
    #[serde(default)]
    pub source_id: Option<String>,
}

/// A judge's answer.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct JudgeAnswer {
    /// The checklist, line by line.
    pub criteria: Vec<CriterionAnswer>,
    /// The judge's score, 0…1.
    pub confidence: f64,
    /// `low`, `medium`, `high`, or with a subject: `brand_safety_medium`.
    pub risk: String,
    /// Why, in a few sentences.
    #[serde(default)]
    pub rationale: String,
}

/// One line of a judge's checklist.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct CriterionAnswer {
    /// What was looked at.
    pub name: String,
    /// 0…1.
    pub score: f64,
    /// Why, in one sentence.
    #[serde(default)]
    pub note: String,
}
