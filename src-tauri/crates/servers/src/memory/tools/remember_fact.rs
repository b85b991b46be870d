//! `remember_fact`: something learned, in one sentence.
//!
//! Never here: whether it is so.

use chimera_domain::{
    fault::Fault,
    id::MemoryId,
    memory::{Memory, MemoryKind},
};
use rmcp::model::Tool;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    memory::{Asking, MemoryServer},
    tool::{Hint, define},
};

/// Name of the tool.
pub(super) const NAME: &str = "remember_fact";
/// Importance of a fact, of 100.
const IMPORTANCE: u8 = 60;

/// What was learned.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Arguments {
    /// The fact, in words of its own.
    #[schemars(
        length(min = 1, max = 4000),
        example = "Readers answer questions more than they share links."
    )]
    content: String,
    /// What it is about.
    #[serde(default)]
    #[schemars(length(max = 16))]
    tags: Vec<String>,
}

/// What it is kept under.
#[derive(Serialize, JsonSchema)]
pub(super) struct Answer {
    /// The memory's id.
    id: MemoryId,
}

pub(super) fn definition() -> Tool {
    define::<Arguments, Answer>(
        NAME,
        "Keeps a fact that the calling agent learned.",
        Hint::WritesOnce,
    )
}

pub(super) async fn call(
    server: &MemoryServer,
    asking: Asking,
    wanted: Arguments,
) -> Result<Answer, Fault> {
    let id = MemoryId::from_uuid(server.0.ids.uuid());
    let memory = Memory {
        id,
        owner: asking.owner,
        kind: MemoryKind::Fact,
        text: wanted.content,
        source: "something learned".to_owned(),
        task: None,
        origin: asking.words_of,
        tags: wanted.tags,
        importance: IMPORTANCE,
        at: server.0.clock.now(),
    };
    server
        .backend()
        .remember(asking.owner, vec![memory])
        .await?;
    Ok(Answer { id })
}
