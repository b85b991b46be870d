//! Pausing one agent and letting it go on.

use chimera_contract::swarm::{Agent, AgentPause};
use chimera_door::{
    extract::{Body, IfMatch, Path, id},
    problem::Answer,
    respond::Versioned,
    signed::Desk,
};

use super::swarm;

/// Pauses an agent: nothing of it begins and nothing of it leaves. What is in hand is finished and judged.
#[utoipa::path(post, path = "/api/v1/swarm/agents/{agent}/pause", tag = "swarm",
    request_body = AgentPause, responses((status = 200, body = Agent)))]
pub(crate) async fn pause_agent(
    Desk { api, signed }: Desk,
    Path(agent): Path<String>,
    seen: IfMatch,
    Body(asked): Body<AgentPause>,
) -> Answer<Versioned<Agent>> {
    let key = id("agent", &agent)?;
    let done = api
        .runtime
        .pause_agent(&signed.caller, key, seen.version()?, &asked.reason)
        .await;
    swarm::one(&api, &seen.guard(done)?).await
}

/// Lets a paused agent go on.
#[utoipa::path(post, path = "/api/v1/swarm/agents/{agent}/resume", tag = "swarm",
    responses((status = 200, body = Agent)))]
pub(crate) async fn resume_agent(
    Desk { api, signed }: Desk,
    Path(agent): Path<String>,
    seen: IfMatch,
) -> Answer<Versioned<Agent>> {
    let done = api
        .runtime
        .resume_agent(&signed.caller, id("agent", &agent)?, seen.version()?)
        .await;
    swarm::one(&api, &seen.guard(done)?).await
}

/// Takes back what the agent has in hand, with no try counted, and lets it go on with fresh workers.
#[utoipa::path(post, path = "/api/v1/swarm/agents/{agent}/restart", tag = "swarm",
    responses((status = 200, body = Agent)))]
pub(crate) async fn restart_agent(
    Desk { api, signed }: Desk,
    Path(agent): Path<String>,
    seen: IfMatch,
) -> Answer<Versioned<Agent>> {
    let done = api
        .runtime
        .restart_agent(&signed.caller, id("agent", &agent)?, seen.version()?)
        .await;
    swarm::one(&api, &seen.guard(done)?).await
}
