//! A plan: the priced, editable graph between a goal and its tasks (ORC-02, UI-02).
//!
//! Never here: graph algorithms (the engine owns petgraph) or making a plan (the planner does).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    id::{CampaignId, PlanId, TenantId, VersionId},
    money::Usd,
    platform::Platform,
    provenance::Private,
    task::{Priority, TaskKind, named_feeds},
    time::Timestamp,
};

/// Most steps of one plan.
pub const MAX_PLAN_STEPS: usize = 500;

/// One step of a plan.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanStep {
    /// Key within the plan: 1 to 64 of a–z, 0–9, `-`.
    pub key: String,
    /// One line for people.
    pub title: String,
    /// What kind of work.
    pub kind: TaskKind,
    /// The skill that does it.
    pub skill: String,
    /// What to do, in words for the worker.
    #[serde(default)]
    pub instructions: String,
    /// Fixed input besides the results of other steps.
    #[serde(default)]
    pub input: Map<String, Value>,
    /// Where the result is meant to go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    /// Urgency.
    #[serde(default = "normal_priority")]
    pub priority: Priority,
    /// What it may cost at most, over all tries; absent when it has no cap of its own, so that only its campaign's
    /// day binds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_cost: Option<Usd>,
    /// What it will likely cost, from the price table.
    pub estimated_cost: Usd,
    /// When it must be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Timestamp>,
    /// Not to be released before this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publish_at: Option<Timestamp>,
    /// Keys of the steps whose results it needs.
    #[serde(default)]
    pub needs: Vec<String>,
    /// A person wrote or changed it: planning again leaves it as it is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub edited: bool,
}

impl PlanStep {
    /// Whether both say the same, whoever wrote them.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        let mut same = other.clone();
        same.edited = self.edited;
        *self == same
    }

    /// The feeds that it is confined to; empty when it may read all of its campaign's.
    #[must_use]
    pub fn feeds(&self) -> Vec<String> {
        named_feeds(&self.input)
    }
}

const fn normal_priority() -> Priority {
    Priority::NORMAL
}

/// A plan of a campaign.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Key.
    pub id: PlanId,
    /// Owner of the row.
    pub tenant: TenantId,
    /// The campaign it is for.
    pub campaign: CampaignId,
    /// 1, 2, 3 … with every edit.
    pub revision: u32,
    /// Steps; order carries no meaning.
    pub steps: Vec<PlanStep>,
    /// Who made it: the model's name, with "rehearsal, not an AI" where that is so.
    pub author: String,
    /// Why it looks as it does, in the planner's words.
    #[serde(default)]
    pub rationale: String,
    /// Why its words are private, when they are: something private was in its planner's mind. It stays with every
    /// later revision, since a person's edit does not tell which words carry it on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private: Option<Private>,
    /// Row version.
    pub version: VersionId,
    /// When this revision was stored.
    pub updated_at: Timestamp,
}

impl Plan {
    /// Sum of the steps' likely costs.
    #[must_use]
    pub fn estimated_cost(&self) -> Usd {
        self.steps.iter().fold(Usd::ZERO, |sum, step| {
            sum.saturating_add(step.estimated_cost)
        })
    }
}
