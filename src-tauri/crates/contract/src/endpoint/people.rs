//! First run, signing in, accounts, own settings, how long data are kept, the return brief, the event stream.

use super::{Endpoint, Group, Precondition};
use crate::tag::Topic;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/api/v1/setup", "get_setup", Group::Open).provides(&[Topic::Session.any()]),
    Endpoint::post("/api/v1/setup", "set_up", Group::Open).invalidates(&[
        Topic::Session.any(),
        Topic::Person.any(),
        Topic::Agent.any(),
        Topic::Persona.any(),
    ]),
    Endpoint::post("/api/v1/session", "sign_in", Group::Open).invalidates(&[Topic::Session.any()]),
    Endpoint::get("/api/v1/session", "get_session", Group::Own).provides(&[Topic::Session.any()]),
    Endpoint::delete("/api/v1/session", "sign_out", Group::Own)
        .never_replayed()
        .invalidates(&[Topic::Session.any()]),
    Endpoint::put("/api/v1/session/password", "change_password", Group::Own)
        .never_replayed()
        .invalidates(&[Topic::Session.any()]),
    Endpoint::get("/api/v1/users", "list_users", Group::People).provides(&[Topic::Person.any()]),
    Endpoint::post("/api/v1/users", "create_user", Group::People)
        .never_replayed()
        .invalidates(&[Topic::Person.any()]),
    Endpoint::get("/api/v1/users/{user}", "get_user", Group::People)
        .provides(&[Topic::Person.by("user")]),
    Endpoint::put("/api/v1/users/{user}", "change_user", Group::People)
        .never_replayed()
        .invalidates(&[Topic::Person.by("user"), Topic::Session.any()]),
    Endpoint::get("/api/v1/preferences", "get_preferences", Group::Own)
        .provides(&[Topic::Setting.any()]),
    Endpoint::put("/api/v1/preferences", "put_preferences", Group::Own)
        .invalidates(&[Topic::Setting.any()]),
    Endpoint::get("/api/v1/retention", "get_retention", Group::AuditRead)
        .provides(&[Topic::Setting.any()]),
    Endpoint::put("/api/v1/retention", "put_retention", Group::Data)
        .if_match(Precondition::Required)
        .invalidates(&[Topic::Setting.any(), Topic::Audit.any()]),
    // The answer is a person's data, and the request names the person: nothing of either is kept.
    Endpoint::post("/api/v1/persons/export", "export_person", Group::Data)
        .never_replayed()
        .invalidates(&[Topic::Audit.any()]),
    Endpoint::post("/api/v1/persons/erase", "erase_person", Group::Data)
        .never_replayed()
        .invalidates(&[
            Topic::Audit.any(),
            Topic::Person.any(),
            Topic::Campaign.any(),
            Topic::Task.any(),
            Topic::Review.any(),
            Topic::Content.any(),
            Topic::Trend.any(),
            Topic::Trace.any(),
            Topic::Alert.any(),
            Topic::Incident.any(),
        ]),
    Endpoint::get("/api/v1/home", "get_home", Group::Own).provides(&[
        Topic::Audit.any(),
        Topic::Review.any(),
        Topic::Alert.any(),
        Topic::Campaign.any(),
    ]),
    Endpoint::get("/api/v1/events", "events", Group::Own),
];
