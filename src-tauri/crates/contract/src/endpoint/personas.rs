//! Personas: SOUL.md as text, its versions, and what is wrong with a draft.

use super::{Endpoint, Group, Precondition};
use crate::tag::Topic;

const READ: Group = Group::PersonaRead;
const WRITE: Group = Group::PersonaWrite;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/api/v1/personas", "list_personas", READ).provides(&[Topic::Persona.any()]),
    Endpoint::post("/api/v1/personas", "create_persona", WRITE).invalidates(&[
        Topic::Persona.any(),
        Topic::Agent.any(),
        Topic::Gauge.any(),
    ]),
    // Linting changes nothing: it is a question with a body.
    Endpoint::post("/api/v1/personas/lint", "lint_soul", READ).never_replayed(),
    Endpoint::post("/api/v1/personas/edit-field", "edit_soul_field", READ).never_replayed(),
    Endpoint::get("/api/v1/personas/{agent}", "get_persona", READ)
        .provides(&[Topic::Persona.by("agent")]),
    Endpoint::put("/api/v1/personas/{agent}", "save_persona", WRITE)
        .if_match(Precondition::Required)
        .invalidates(&[
            Topic::Persona.by("agent"),
            Topic::Agent.by("agent"),
            Topic::Campaign.any(),
        ]),
    Endpoint::get(
        "/api/v1/personas/{agent}/versions",
        "list_persona_versions",
        READ,
    )
    .provides(&[Topic::Persona.by("agent")]),
    Endpoint::get(
        "/api/v1/personas/{agent}/versions/{number}",
        "get_persona_version",
        READ,
    )
    .provides(&[Topic::Persona.by("agent")]),
    Endpoint::get("/api/v1/personas/{agent}/diff", "diff_persona", READ)
        .provides(&[Topic::Persona.by("agent")]),
    Endpoint::get("/api/v1/personas/{agent}/memories", "list_memories", READ)
        .provides(&[Topic::Memory.by("agent")]),
    Endpoint::get(
        "/api/v1/personas/{agent}/memories/search",
        "search_memories",
        READ,
    )
    .provides(&[Topic::Memory.by("agent")]),
    Endpoint::post(
        "/api/v1/personas/{agent}/memories/{memory}/forget",
        "forget_memory",
        WRITE,
    )
    .invalidates(&[Topic::Memory.by("agent"), Topic::Audit.any()]),
];
