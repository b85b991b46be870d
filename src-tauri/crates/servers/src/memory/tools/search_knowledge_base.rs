//! `search_knowledge_base`: what the agent was given to look things up in.
//!
//! Never here: what it did or learned (`search_memory`).

use chimera_domain::{fault::Fault, memory::MemoryKind};
use chimera_ports::memory::RecallQuery;
use rmcp::model::Tool;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{asked, within};
use crate::{
    memory::{
        Asking, MemoryServer,
        view::{By, Item},
    },
    tool::{Hint, define},
};

/// Name of the tool.
pub(super) const NAME: &str = "search_knowledge_base";
/// Results when nobody says how many.
const USUAL_LIMIT: u32 = 10;

/// What is looked up.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Arguments {
    /// The question, in words.
    #[schemars(length(min = 1, max = 4000), example = "opening hours of the roastery")]
    query: String,
    /// How many, 1 to 50; 10 when absent.
    #[serde(default)]
    #[schemars(range(min = 1, max = 50))]
    limit: Option<u32>,
}

/// What was found.
#[derive(Serialize, JsonSchema)]
pub(super) struct Answer {
    /// Best first.
    results: Vec<Item>,
    /// How they were found.
    found_by: By,
    /// Why not by meaning, where that was meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

pub(super) fn definition() -> Tool {
    define::<Arguments, Answer>(
        NAME,
        "Looks a question up in the knowledge that the calling agent was given.",
        Hint::ReadsLocal,
    )
}

pub(super) async fn call(
    server: &MemoryServer,
    asking: Asking,
    wanted: Arguments,
) -> Result<Answer, Fault> {
    let query = RecallQuery {
        text: asked(&wanted.query)?,
        kinds: vec![MemoryKind::Knowledge],
        limit: within(wanted.limit, USUAL_LIMIT),
    };
    let found = server.backend().recall(asking.owner, query).await?;
    Ok(Answer {
        results: found.found.into_iter().map(Item::from).collect(),
        found_by: found.by.into(),
        problem: found.problem.map(|fault| fault.to_string()),
    })
}
