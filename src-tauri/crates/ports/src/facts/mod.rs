//! What is asked of a model, as data, and the shape of its answer.
//!
//! Here: one file per question with its facts (`…Facts`, what the prompt is rendered from) and its
//! answer (`…Answer`, whose JSON Schema is the request's `answer_schema`). The runtime fills the facts
//! and reads the answers; the built-in rehearsal model reads the facts instead of prose; every other
//! provider sees only the prompt. Never here: the prompt's words, or a judgement.

mod draft;
mod judge;
mod plan;
mod replan;
mod research;

pub use draft::{Claim, DraftAnswer, DraftFacts};
pub use judge::{JudgeAnswer, JudgeFacts};
pub use plan::{OfferedSkill, PlanAnswer, PlanFacts, PlannedStep};
pub use replan::{ReplanAnswer, ReplanFacts, RewiredStep, StandingStep};
pub use research::{Relevance, ResearchAnswer, ResearchFacts};

use std::sync::LazyLock;

use schemars::{JsonSchema, generate::SchemaSettings};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::Counted;

/// One question to a model. In JSON the tag is `ask`: `{"ask": "draft", …}`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Ask {
    /// Turn a goal into steps; answered with [`PlanAnswer`].
    Plan(PlanFacts),
    /// Change a plan of which steps failed for good; answered with [`ReplanAnswer`].
    Replan(ReplanFacts),
    /// Read the feeds and choose; answered with tool calls, then [`ResearchAnswer`].
    Research(ResearchFacts),
    /// Write one post; answered with [`DraftAnswer`].
    Draft(DraftFacts),
    /// Judge an artifact; answered with [`JudgeAnswer`].
    Judge(JudgeFacts),
}

impl Ask {
    /// For `ChatRequest::facts`; `null` only if a source's figure is not a finite number.
    #[must_use]
    pub fn to_value(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// The tag: `plan`, `replan`, `research`, `draft` or `judge`.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Plan(_) => "plan",
            Self::Replan(_) => "replan",
            Self::Research(_) => "research",
            Self::Draft(_) => "draft",
            Self::Judge(_) => "judge",
        }
    }

    /// JSON Schema (2020-12) of the answer, for `ChatRequest::answer_schema`.
    #[must_use]
    pub fn answer_schema(&self) -> Counted<Value> {
        // Every agent that waits for a model holds one, and it takes more than all else that it holds: it is written
        // once, counted once, and lent.
        static PLAN: LazyLock<Counted<Value>> = LazyLock::new(schema_of::<PlanAnswer>);
        static REPLAN: LazyLock<Counted<Value>> = LazyLock::new(schema_of::<ReplanAnswer>);
        static RESEARCH: LazyLock<Counted<Value>> = LazyLock::new(schema_of::<ResearchAnswer>);
        static DRAFT: LazyLock<Counted<Value>> = LazyLock::new(schema_of::<DraftAnswer>);
        static JUDGE: LazyLock<Counted<Value>> = LazyLock::new(schema_of::<JudgeAnswer>);
        let schema: &'static Counted<Value> = match self {
            Self::Plan(_) => &PLAN,
            Self::Replan(_) => &REPLAN,
            Self::Research(_) => &RESEARCH,
            Self::Draft(_) => &DRAFT,
            Self::Judge(_) => &JUDGE,
        };
        schema.clone()
    }
}

/// Without references: providers differ in how they follow them.
fn schema_of<T: JsonSchema>() -> Counted<Value> {
    SchemaSettings::draft2020_12()
        .with(|settings| settings.inline_subschemas = true)
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value()
        .into()
}

#[cfg(test)]
mod tests;
