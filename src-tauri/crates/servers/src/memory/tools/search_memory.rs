//! `search_memory`: the memories that fit a question best.
//!
//! Never here: the recent episodes (`recall_context`).

use chimera_domain::{
    fault::Fault,
    memory::{MemoryKind, RECALLED},
};
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
pub(super) const NAME: &str = "search_memory";

/// What is looked for.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Arguments {
    /// The question, in words.
    #[schemars(
        length(min = 1, max = 4000),
        example = "posts about fog that people liked"
    )]
    query: String,
    /// Only of these kinds; all of them when absent.
    #[serde(default)]
    #[schemars(length(max = 3))]
    kinds: Vec<MemoryKind>,
    /// How many, 1 to 50; 5 when absent.
    #[serde(default)]
    #[schemars(range(min = 1, max = 50))]
    limit: Option<u32>,
}

/// What fits.
#[derive(Serialize, JsonSchema)]
pub(super) struct Answer {
    /// Best first.
    memories: Vec<Item>,
    /// How they were found.
    found_by: By,
    /// Why not by meaning, where that was meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

pub(super) fn definition() -> Tool {
    define::<Arguments, Answer>(
        NAME,
        "Finds the memories of the calling agent that fit a question best, by words and, where an embedder is set up, by meaning. Says which.",
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
        kinds: wanted.kinds,
        limit: within(wanted.limit, RECALLED),
    };
    let found = server.backend().recall(asking.owner, query).await?;
    Ok(Answer {
        memories: found.found.into_iter().map(Item::from).collect(),
        found_by: found.by.into(),
        problem: found.problem.map(|fault| fault.to_string()),
    })
}
