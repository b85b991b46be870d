//! `claim_handle`: gives an agent's account the handle that readers see.
//!
//! Never here: posts.

use chimera_domain::{fault::Fault, id::AgentId};
use rmcp::model::Tool;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    caller::Caller,
    sandbox::{Account, Sandbox},
    tool::{Hint, define},
};

/// Name of the tool.
pub(in crate::sandbox) const NAME: &str = "claim_handle";

/// Who wants which handle.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Arguments {
    /// The agent.
    agent_id: AgentId,
    /// 1 to 30 of a–z, 0–9 and `_`, with or without `@`.
    handle: String,
    /// Name for people, at most 60 characters.
    #[serde(default)]
    display_name: Option<String>,
}

/// The account as it is now.
#[derive(Serialize, JsonSchema)]
pub(super) struct Answer {
    /// The agent.
    agent_id: AgentId,
    /// Its handle.
    handle: String,
    /// Its name for people, when it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<String>,
}

pub(super) fn definition() -> Tool {
    define::<Arguments, Answer>(
        NAME,
        "Gives an agent's sandbox account its handle and name. One handle per agent, one agent per handle.",
        Hint::WritesOnce,
    )
}

pub(super) async fn call(
    sandbox: &Sandbox,
    caller: Caller,
    wanted: Arguments,
) -> Result<Answer, Fault> {
    let account = Account {
        agent: wanted.agent_id,
        handle: wanted.handle,
        display_name: wanted.display_name,
    };
    let account = sandbox
        .on_network(move |network| network.claim(&caller, account))
        .await?;
    Ok(Answer {
        agent_id: account.agent,
        handle: account.handle,
        display_name: account.display_name,
    })
}
