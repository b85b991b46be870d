//! S0's swarm API: agents, the gauge, the stop, and the tenant form of requirements §11.7.

use super::{Endpoint, Group, Precondition};
use crate::tag::{Tag, Topic};

/// What changes when an agent is paused or goes on.
const AGENT_ACT: &[Tag] = &[
    Topic::Agent.by("agent"),
    Topic::Status.any(),
    Topic::Gauge.any(),
    Topic::Audit.any(),
];

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/api/v1/swarm/agents", "list_agents", Group::FleetRead)
        .provides(&[Topic::Agent.any()]),
    Endpoint::get(
        "/api/v1/swarm/agents/{agent}",
        "get_agent",
        Group::FleetRead,
    )
    .provides(&[Topic::Agent.by("agent")]),
    Endpoint::post(
        "/api/v1/swarm/agents/{agent}/pause",
        "pause_agent",
        Group::FleetWrite,
    )
    .if_match(Precondition::Optional)
    .invalidates(AGENT_ACT),
    Endpoint::post(
        "/api/v1/swarm/agents/{agent}/resume",
        "resume_agent",
        Group::FleetWrite,
    )
    .if_match(Precondition::Optional)
    .invalidates(AGENT_ACT),
    Endpoint::post(
        "/api/v1/swarm/agents/{agent}/restart",
        "restart_agent",
        Group::FleetWrite,
    )
    .if_match(Precondition::Optional)
    .invalidates(AGENT_ACT),
    Endpoint::get("/api/v1/status", "get_status", Group::Own).provides(&[Topic::Status.any()]),
    Endpoint::get("/api/v1/swarm/gauge", "get_gauge", Group::Own).provides(&[Topic::Gauge.any()]),
    Endpoint::post("/api/v1/swarm/stop", "stop_everything", Group::Stop).invalidates(&[
        Topic::Gauge.any(),
        Topic::Campaign.any(),
        Topic::CampaignTasks.any(),
        Topic::Effect.any(),
    ]),
    Endpoint::post("/api/v1/swarm/release", "release_stop", Group::Release)
        .invalidates(&[Topic::Gauge.any()]),
    Endpoint::post(
        "/api/v1/swarm/tenants/{tenant}/sessions",
        "open_swarm_session",
        Group::CampaignWrite,
    )
    .invalidates(&[Topic::Campaign.any(), Topic::Gauge.any()]),
    Endpoint::get(
        "/api/v1/swarm/tenants/{tenant}/sessions/{session}",
        "get_swarm_session",
        Group::CampaignRead,
    )
    .provides(&[Topic::Campaign.by("session")]),
    Endpoint::get(
        "/api/v1/swarm/tenants/{tenant}/tasks/{task}",
        "get_swarm_task",
        Group::CampaignRead,
    )
    .provides(&[Topic::Task.by("task")]),
    Endpoint::get(
        "/api/v1/swarm/tenants/{tenant}/tasks/{task}/result",
        "get_swarm_task_result",
        Group::CampaignRead,
    )
    .provides(&[Topic::Task.by("task")]),
    Endpoint::get(
        "/api/v1/swarm/tenants/{tenant}/reviews",
        "list_swarm_reviews",
        Group::ReviewRead,
    )
    .provides(&[Topic::Review.any()]),
    Endpoint::post(
        "/api/v1/swarm/tenants/{tenant}/reviews/{review}/decision",
        "decide_swarm_review",
        Group::ReviewDecide,
    )
    .if_match(Precondition::Optional)
    .invalidates(&[
        Topic::Review.by("review"),
        Topic::Effect.any(),
        Topic::Gauge.any(),
    ]),
];
