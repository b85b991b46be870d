//! Campaigns, plans and tasks.

use super::{Endpoint, Group, Precondition};
use crate::tag::{Tag, Topic};

const READ: Group = Group::CampaignRead;
const WRITE: Group = Group::CampaignWrite;
/// What changes with a campaign's status.
const STATUS: &[Tag] = &[
    Topic::Campaign.by("campaign"),
    Topic::CampaignTasks.by("campaign"),
    Topic::Review.any(),
    Topic::Effect.any(),
    Topic::Gauge.any(),
];

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/api/v1/campaigns", "list_campaigns", READ).provides(&[Topic::Campaign.any()]),
    Endpoint::post("/api/v1/campaigns", "create_campaign", WRITE)
        .invalidates(&[Topic::Campaign.any()]),
    Endpoint::get("/api/v1/campaigns/{campaign}", "get_campaign", READ)
        .provides(&[Topic::Campaign.by("campaign")]),
    Endpoint::patch("/api/v1/campaigns/{campaign}", "amend_campaign", WRITE)
        .if_match(Precondition::Required)
        .invalidates(STATUS),
    Endpoint::get("/api/v1/campaigns/{campaign}/plan", "get_plan", READ)
        .provides(&[Topic::Plan.by("campaign")]),
    Endpoint::post("/api/v1/campaigns/{campaign}/plan", "make_plan", WRITE)
        .invalidates(&[Topic::Plan.by("campaign"), Topic::Campaign.by("campaign")]),
    Endpoint::put("/api/v1/campaigns/{campaign}/plan", "edit_plan", WRITE)
        .if_match(Precondition::Required)
        .invalidates(&[Topic::Plan.by("campaign"), Topic::Campaign.by("campaign")]),
    Endpoint::post(
        "/api/v1/campaigns/{campaign}/start",
        "start_campaign",
        WRITE,
    )
    .if_match(Precondition::Optional)
    .invalidates(STATUS),
    Endpoint::post(
        "/api/v1/campaigns/{campaign}/pause",
        "pause_campaign",
        WRITE,
    )
    .if_match(Precondition::Optional)
    .invalidates(STATUS),
    Endpoint::post(
        "/api/v1/campaigns/{campaign}/resume",
        "resume_campaign",
        WRITE,
    )
    .if_match(Precondition::Optional)
    .invalidates(STATUS),
    Endpoint::post(
        "/api/v1/campaigns/{campaign}/cancel",
        "cancel_campaign",
        WRITE,
    )
    .if_match(Precondition::Optional)
    .invalidates(STATUS),
    Endpoint::get(
        "/api/v1/campaigns/{campaign}/progress",
        "get_progress",
        READ,
    )
    .provides(&[Topic::CampaignTasks.by("campaign")]),
    Endpoint::get("/api/v1/campaigns/{campaign}/tasks", "list_tasks", READ)
        .provides(&[Topic::CampaignTasks.by("campaign")]),
    Endpoint::get("/api/v1/campaigns/{campaign}/graph", "get_graph", READ)
        .provides(&[Topic::CampaignTasks.by("campaign")]),
    Endpoint::get(
        "/api/v1/campaigns/{campaign}/effects",
        "list_campaign_effects",
        READ,
    )
    .provides(&[Topic::Effect.any()]),
    Endpoint::get(
        "/api/v1/campaigns/{campaign}/publications",
        "list_campaign_publications",
        READ,
    )
    .provides(&[Topic::Content.any()]),
    Endpoint::get(
        "/api/v1/campaigns/{campaign}/content",
        "list_campaign_content",
        READ,
    )
    .provides(&[Topic::Content.any()]),
    Endpoint::get(
        "/api/v1/campaigns/{campaign}/calls",
        "list_campaign_calls",
        Group::SpendingRead,
    )
    .provides(&[Topic::CampaignTasks.by("campaign")]),
    Endpoint::get("/api/v1/tasks/{task}", "get_task", READ).provides(&[Topic::Task.by("task")]),
    Endpoint::post("/api/v1/tasks/{task}/cancel", "cancel_task", WRITE).invalidates(&[
        Topic::Task.by("task"),
        Topic::CampaignTasks.any(),
        Topic::Review.any(),
        Topic::Effect.any(),
        Topic::Gauge.any(),
    ]),
    Endpoint::get("/api/v1/skills", "list_skills", READ).provides(&[Topic::Skill.any()]),
];
