//! `upsert_memory`: a memory under an id, in the place of what that id had.
//!
//! Never here: another agent's.

use chimera_domain::{
    fault::Fault,
    id::{MemoryId, TaskId},
    memory::{Memory, MemoryKind},
    time::Timestamp,
};
use rmcp::model::Tool;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    memory::{Asking, MemoryServer},
    tool::{Hint, define},
};

/// Name of the tool.
pub(super) const NAME: &str = "upsert_memory";
/// Importance when nobody says otherwise, of 100.
const USUAL_IMPORTANCE: u8 = 50;

/// What is remembered.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Arguments {
    /// Its id, when it has one: a memory of the calling agent under that id is replaced.
    #[serde(default)]
    id: Option<MemoryId>,
    /// What kind.
    kind: MemoryKind,
    /// What is remembered.
    #[schemars(
        length(min = 1, max = 4000),
        example = "Published on sandbox: Fog over the harbour, coffee on the quay."
    )]
    content: String,
    /// What it came of, in a few words.
    #[serde(default)]
    #[schemars(length(max = 300), example = "a post on sandbox")]
    source: String,
    /// The task that it came of, when it came of one.
    #[serde(default)]
    task: Option<TaskId>,
    /// What it is about.
    #[serde(default)]
    #[schemars(length(max = 16))]
    tags: Vec<String>,
    /// From 0, hardly worth keeping, to 100; 50 when absent.
    #[serde(default)]
    #[schemars(range(min = 0, max = 100))]
    importance: Option<u8>,
    /// When it happened; now when absent.
    #[serde(default)]
    at: Option<Timestamp>,
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
        "Keeps a memory of the calling agent; one that it has under the same id is replaced.",
        Hint::WritesOnce,
    )
}

pub(super) async fn call(
    server: &MemoryServer,
    asking: Asking,
    wanted: Arguments,
) -> Result<Answer, Fault> {
    let minted = || MemoryId::from_uuid(server.0.ids.uuid());
    let id = wanted.id.unwrap_or_else(minted);
    let memory = Memory {
        id,
        owner: asking.owner,
        kind: wanted.kind,
        text: wanted.content,
        source: wanted.source,
        task: wanted.task,
        origin: asking.words_of,
        tags: wanted.tags,
        importance: wanted.importance.unwrap_or(USUAL_IMPORTANCE),
        at: wanted.at.unwrap_or_else(|| server.0.clock.now()),
    };
    server
        .backend()
        .remember(asking.owner, vec![memory])
        .await?;
    Ok(Answer { id })
}
