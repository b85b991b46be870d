//! `delete_post`: takes a post down. Its words go; that it was there, and by which intent, stays.
//!
//! Never here: deleting somebody else's post.

use chimera_domain::{fault::Fault, id::AgentId, time::Timestamp};
use rmcp::model::Tool;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    caller::Caller,
    sandbox::{Sandbox, book::number, fault::no_post},
    tool::{Hint, define},
};

/// Name of the tool.
pub(in crate::sandbox) const NAME: &str = "delete_post";

/// Which post, and in whose name.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Arguments {
    /// The network's id of the post.
    post_id: String,
    /// The agent that posted it.
    agent_id: AgentId,
}

/// What became of it.
#[derive(Serialize, JsonSchema)]
pub(super) struct Answer {
    /// The network's id of the post.
    post_id: String,
    /// When it was taken down; the first time, when asked again.
    deleted_at: Timestamp,
}

pub(super) fn definition() -> Tool {
    define::<Arguments, Answer>(
        NAME,
        "Takes a post of one's own down from the sandbox network. Doing so again changes nothing.",
        Hint::TakesAway,
    )
}

pub(super) async fn call(
    sandbox: &Sandbox,
    caller: Caller,
    wanted: Arguments,
) -> Result<Answer, Fault> {
    let now = sandbox.now();
    let number = number(&wanted.post_id).ok_or_else(|| no_post(&wanted.post_id))?;
    let agent = wanted.agent_id;
    let deleted_at = sandbox
        .on_network(move |network| network.delete(&caller, agent, number, now))
        .await?;
    Ok(Answer {
        post_id: wanted.post_id,
        deleted_at,
    })
}
