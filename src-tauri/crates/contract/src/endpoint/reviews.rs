//! The review queue, decisions, and undoing them.

use super::{Endpoint, Group, Precondition};
use crate::tag::{Tag, Topic};

const READ: Group = Group::ReviewRead;
const DECIDE: Group = Group::ReviewDecide;
/// What a decision moves besides the review itself.
const DECISION: &[Tag] = &[
    Topic::Review.by("review"),
    Topic::Task.any(),
    Topic::CampaignTasks.any(),
    Topic::Effect.any(),
    Topic::Content.any(),
    Topic::Gauge.any(),
];
/// The same where the review is not in the address.
const ANY_DECISION: &[Tag] = &[
    Topic::Review.any(),
    Topic::Task.any(),
    Topic::CampaignTasks.any(),
    Topic::Effect.any(),
    Topic::Content.any(),
    Topic::Gauge.any(),
];

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/api/v1/reviews", "list_reviews", READ).provides(&[Topic::Review.any()]),
    Endpoint::get("/api/v1/reviews/{review}", "get_review", READ)
        .provides(&[Topic::Review.by("review"), Topic::Effect.any()]),
    Endpoint::post("/api/v1/reviews/{review}/claim", "claim_review", DECIDE)
        .invalidates(&[Topic::Review.by("review")]),
    Endpoint::delete("/api/v1/reviews/{review}/claim", "release_claim", DECIDE)
        .invalidates(&[Topic::Review.by("review")]),
    // Judging an edit changes nothing: it is a question with a body.
    Endpoint::post("/api/v1/reviews/{review}/check-edit", "check_edit", DECIDE).never_replayed(),
    Endpoint::post("/api/v1/reviews/{review}/decision", "decide_review", DECIDE)
        .if_match(Precondition::Required)
        .invalidates(DECISION),
    Endpoint::get("/api/v1/effects", "list_effects", READ).provides(&[Topic::Effect.any()]),
    Endpoint::get("/api/v1/effects/{effect}", "get_effect", READ)
        .provides(&[Topic::Effect.by("effect")]),
    Endpoint::post("/api/v1/effects/{effect}/undo", "undo_effect", DECIDE)
        .invalidates(ANY_DECISION),
    Endpoint::post(
        "/api/v1/effects/{effect}/reconcile",
        "reconcile_effect",
        DECIDE,
    )
    .if_match(Precondition::Required)
    .invalidates(ANY_DECISION),
    Endpoint::post("/api/approve/{task}", "approve_task", DECIDE)
        .if_match(Precondition::Optional)
        .invalidates(ANY_DECISION),
    Endpoint::post("/api/reject/{task}", "reject_task", DECIDE)
        .if_match(Precondition::Optional)
        .invalidates(ANY_DECISION),
];
