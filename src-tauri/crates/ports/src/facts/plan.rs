//! Planning: from a goal to steps.
//!
//! Never here: prices (the runtime adds them from the price table) or checking the graph (the engine).

use std::sync::Arc;

use chimera_domain::{
    money::Usd,
    persona::Persona,
    platform::Platform,
    task::{Priority, TaskKind},
    time::Timestamp,
    trend::TrendCluster,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A skill that a step may name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OfferedSkill {
    /// Name, for example `write_post`.
    pub name: String,
    /// What kind of task it fulfils.
    pub task_kind: TaskKind,
    /// What it does and when to use it.
    pub description: String,
}

/// What a planner knows.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PlanFacts {
    /// The goal in the operator's words.
    pub goal: String,
    /// Who will speak.
    pub persona: Arc<Persona>,
    /// Networks that the campaign may post to, the preferred one first.
    pub platforms: Vec<Platform>,
    /// Feeds to read: addresses or file names, as the feed tool takes them.
    pub feeds: Vec<String>,
    /// Skills that a step may name.
    pub skills: Vec<OfferedSkill>,
    /// Most posts that policy lets out in a day.
    pub max_posts_per_day: u32,
    /// What the whole campaign may cost.
    pub budget: Usd,
    /// The time of asking.
    pub now: Timestamp,
    /// What stood out lately in feeds that were read, strongest first (PER-06). Untrusted text.
    #[serde(default)]
    pub trends: Vec<TrendCluster>,
    /// What the agent remembers that may matter, best first.
    #[serde(default)]
    pub memories: Vec<String>,
}

/// One planned step; the runtime turns it into a priced `PlanStep`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlannedStep {
    /// Key within the plan: 1 to 64 of a–z, 0–9, `-`.
    pub key: String,
    /// One line for people.
    pub title: String,
    /// What kind of work.
    pub kind: TaskKind,
    /// The skill that does it.
    pub skill: String,
    /// What to do, in words for the worker.
    pub instructions: String,
    /// Where the result is meant to go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    /// Keys of the steps whose results it needs.
    pub needs: Vec<String>,
    /// Urgency, 0 (whenever) to 100 (now); 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// Those of the campaign's feeds that a research step reads; all of them when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feeds: Option<Vec<String>>,
    /// Tokens that the worker will likely write, for the estimate of its cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimated_output_tokens: Option<u32>,
}

/// A plan as a model proposes it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanAnswer {
    /// Why it looks as it does, in a few sentences.
    pub rationale: String,
    /// Steps; order carries no meaning.
    pub steps: Vec<PlannedStep>,
}
