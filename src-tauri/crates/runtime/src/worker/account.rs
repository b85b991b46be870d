//! The account that an agent posts from, as its network names it.
//!
//! What the review card shows and what readers see later come from the same answer of the network's server.
//! Claiming a handle stays inside: a server whose tool for it acts on the outside is not asked.
//!
//! Never here: posting.

use chimera_domain::{
    action::{EffectClass, ToolRef},
    fault::{Fault, FaultClass},
    persona::handle,
    platform::Platform,
    trace::TraceContext,
};
use chimera_ports::tools::{ToolReply, ToolRequest};
use serde_json::{Value, json};

use super::observe::Observation;
use crate::runtime::Runtime;

/// The tool by which a network gives an account its handle.
const CLAIM_TOOL: &str = "claim_handle";
/// What the network answers when another agent has the handle.
const TAKEN: &str = "SANDBOX_HANDLE_TAKEN";
/// Longest name for people, in characters.
const MAX_NAME_CHARS: usize = 60;
/// Handles that are tried: `mara`, `mara_2` … `mara_9`.
const MAX_TRIES: u32 = 9;

/// The account of the agent on `platform`. Where the network takes handles it is the one that the agent has
/// there from now on; elsewhere the persona's own word for itself.
pub(super) async fn account(
    runtime: &Runtime,
    observed: &Observation,
    platform: Platform,
    trace: TraceContext,
) -> Result<String, Fault> {
    let persona = &observed.persona.persona;
    let tool = ToolRef {
        server: platform.as_str().to_owned(),
        tool: CLAIM_TOOL.to_owned(),
    };
    let tools = &runtime.parts().tools;
    let catalogue = tools
        .tools(observed.task.tenant)
        .await
        .map_err(|error| error.fault)?;
    let stays_inside = catalogue
        .iter()
        .any(|info| info.tool == tool && info.effect == EffectClass::InternalWrite);
    if !stays_inside {
        return Ok(persona.id.clone());
    }
    let name: String = persona.name.chars().take(MAX_NAME_CHARS).collect();
    for number in 1..=MAX_TRIES {
        let request = ToolRequest {
            tenant: observed.task.tenant,
            agent: None,
            words_of: None,
            tool: tool.clone(),
            arguments: json!({
                "agent_id": observed.task.agent, "handle": handle(&persona.id, number), "display_name": name,
            }),
            trace,
            timeout: runtime.bounds().tool_call,
        };
        let reply = tools.read(request).await.map_err(|error| error.fault)?;
        if !reply.is_error {
            return named(&reply);
        }
        if reply.content.get("code").and_then(Value::as_str) != Some(TAKEN) {
            return Err(unnamed(&reply.content.to_string()));
        }
    }
    Err(unnamed(&format!(
        "{} and its variants are taken",
        handle(&persona.id, 1)
    )))
}

fn named(reply: &ToolReply) -> Result<String, Fault> {
    reply
        .content
        .get("handle")
        .and_then(Value::as_str)
        .map(str::to_owned)
        .ok_or_else(|| unnamed("its server named none"))
}

fn unnamed(why: &str) -> Fault {
    let message = format!(
        "The account on the network got no handle: {why}. Nothing was sent; give the persona another id."
    );
    Fault::new(FaultClass::Permanent, "ACCOUNT_UNNAMED", message)
}
