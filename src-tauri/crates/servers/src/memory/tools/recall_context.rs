//! `recall_context`: what an agent should have in mind before it thinks: what fits the question, and what it did
//! within the last hour (COG-06, COG-07).
//!
//! Never here: the prompt that it goes into.

use chimera_domain::{
    fault::Fault,
    memory::{EPISODES, EPISODIC_WINDOW, MemoryKind},
    time::Timestamp,
};
use chimera_ports::{memory::RecallQuery, page::PageRequest};
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
pub(super) const NAME: &str = "recall_context";
/// Items when nobody says how many.
const USUAL_LIMIT: u32 = 10;

/// What is about to be thought about.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Arguments {
    /// The question, in words.
    #[schemars(
        length(min = 1, max = 4000),
        example = "write a post about the harbour fog"
    )]
    query: String,
    /// How many items, 1 to 50; 10 when absent.
    #[serde(default)]
    #[schemars(range(min = 1, max = 50))]
    limit: Option<u32>,
}

/// What to have in mind.
#[derive(Serialize, JsonSchema)]
pub(super) struct Answer {
    /// What fits the question, best first.
    items: Vec<Item>,
    /// What was done, said and decided within the last hour, newest first; at most 10, and none of `items`.
    recent: Vec<Item>,
    /// How the items were found.
    found_by: By,
    /// Why not by meaning, where that was meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

pub(super) fn definition() -> Tool {
    define::<Arguments, Answer>(
        NAME,
        "Recalls what the calling agent should have in mind before it thinks: the memories that fit best, and what it did within the last hour.",
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
        kinds: Vec::new(),
        limit: within(wanted.limit, USUAL_LIMIT),
    };
    let found = server.backend().recall(asking.owner, query).await?;
    let now = server.0.clock.now();
    let since = Timestamp::from_micros(now.micros().saturating_sub(EPISODIC_WINDOW.micros()));
    let recent = server
        .backend()
        .list(
            asking.owner,
            Some(MemoryKind::Episodic),
            Some(since),
            PageRequest::first(EPISODES),
        )
        .await?;
    let is_new = |id| found.found.iter().all(|known| known.memory.id != id);
    Ok(Answer {
        recent: recent
            .items
            .into_iter()
            .filter(|memory| is_new(memory.id))
            .map(Item::from)
            .collect(),
        items: found.found.into_iter().map(Item::from).collect(),
        found_by: found.by.into(),
        problem: found.problem.map(|fault| fault.to_string()),
    })
}
